"""Stories about the API, one module per subject; each step names the clause it proves."""

from factify_contract.scenarios.story import Api, Story

__all__ = ["STORIES", "SUITES", "Api", "Story"]

STORIES: tuple[Story, ...] = ()
SUITES: tuple[str, ...] = tuple(dict.fromkeys(story.suite for story in STORIES))
