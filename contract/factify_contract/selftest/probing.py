"""Chooses where to look for a broken clause: the stories that concern it, the operations to ask at random."""

from collections.abc import Sequence
from dataclasses import dataclass

from factify_contract.clauses import Catalogue, Clause
from factify_contract.scenarios.naming import clauses_named
from factify_contract.scenarios.story import Story

# Where to look for promises about every answer: suites in which most kinds of answers occur.
_EVERYWHERE = ("organizations", "documents")
# Where to ask at random about such promises: operations with a query, with a body, and with both.
_TYPICAL = (
    "createApiKey",
    "createOrganizationInvite",
    "listDocuments",
    "updateDocument",
    "updateOrganization",
)
# A check sees the same fault in many stories; these are enough to see it at all.
_MOST_STORIES = 16
_EVERY_OPERATION = "*"


@dataclass(frozen=True, slots=True)
class Probe:
    """Stories to tell, and operations to ask generated requests, none of them if there are none."""

    stories: tuple[Story, ...]
    operations: tuple[str, ...] = ()


def probe(clause: Clause, stories: Sequence[Story], catalogue: Catalogue) -> Probe:
    """Where a break of the clause must show, by what the catalogue says of it and the stories name."""
    naming = tuple(story for story in stories if clause.id in story.clauses(catalogue))
    if clause.exercised == "property":
        is_about_all = _EVERY_OPERATION in clause.operations
        return Probe(naming, _TYPICAL if is_about_all else clause.operations)
    return Probe(naming or _calling(clause, stories, catalogue))


def _calling(clause: Clause, stories: Sequence[Story], catalogue: Catalogue) -> tuple[Story, ...]:
    """Stories in which the clause's operations are called, those first that tell most of its subject."""
    if _EVERY_OPERATION in clause.operations:
        return tuple(story for story in stories if story.suite in _EVERYWHERE)
    subject = clause.id.partition(".")[0]

    def telling(story: Story) -> tuple[int, int]:
        related = sum(each.partition(".")[0] == subject for each in story.clauses(catalogue))
        return related, len(clauses_named(story.tell, frozenset(clause.operations)))

    ranked = sorted(((telling(story), story) for story in stories), key=lambda pair: pair[0], reverse=True)
    return tuple(story for (_, called), story in ranked if called)[:_MOST_STORIES]
