"""Stories about the API, one module per subject; each step names the clause it proves."""

from factify_contract.scenarios import (
    document_life,
    document_list,
    document_quota,
    general_access,
    invite_accept,
    invite_list,
    invite_sending,
    quota_exhaustion,
    sharing,
    trash_restore,
)
from factify_contract.scenarios.story import Api, Story, stories_of

__all__ = ["STORIES", "SUITES", "Api", "Story"]

_MODULES = (
    invite_sending,
    invite_accept,
    invite_list,
    trash_restore,
    quota_exhaustion,
    document_quota,
    document_life,
    document_list,
    sharing,
    general_access,
)

STORIES: tuple[Story, ...] = tuple(story for module in _MODULES for story in stories_of(module))
SUITES: tuple[str, ...] = tuple(dict.fromkeys(story.suite for story in STORIES))
