"""Stories about the API, one module per subject; each step names the clause it proves."""

from factify_contract.scenarios import (
    access_requests,
    api_keys,
    at_once,
    declarations,
    document_life,
    document_list,
    document_order,
    document_quota,
    files,
    general_access,
    handing_over,
    invite_accept,
    invite_list,
    invite_sending,
    organization_life,
    processing,
    quota_exhaustion,
    rates,
    sharing,
    times,
    trash_restore,
    version_life,
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
    document_order,
    sharing,
    general_access,
    organization_life,
    api_keys,
    version_life,
    access_requests,
    handing_over,
    files,
    declarations,
    processing,
    times,
    at_once,
    rates,
)

_TOLD = tuple(story for module in _MODULES for story in stories_of(module))
SUITES: tuple[str, ...] = tuple(dict.fromkeys(story.suite for story in _TOLD))
# Suite by suite, though a module may have stories of several, and a suite stories in several.
STORIES: tuple[Story, ...] = tuple(story for suite in SUITES for story in _TOLD if story.suite == suite)
