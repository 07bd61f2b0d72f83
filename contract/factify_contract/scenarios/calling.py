"""Which stories call which operations, read from the stories themselves."""

from collections.abc import Container

from factify_contract.scenarios import STORIES, Story
from factify_contract.scenarios.naming import clauses_named


def stories_by_operation(known: Container[str]) -> dict[str, list[Story]]:
    """For each of the known operation ids that stories name, the stories, in their order."""
    found: dict[str, list[Story]] = {}
    for story in STORIES:
        for operation in clauses_named(story.tell, known):
            found.setdefault(operation, []).append(story)
    return found
