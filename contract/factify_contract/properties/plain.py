"""Which valid requests can't be refused for what they say, whatever nobody documented."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from factify_contract.properties.drafts import Draft, FormBody, JsonBody, NoBody
from factify_contract.spec import is_timestamp

# A trace of a value that only a schema would allow: leap seconds, far years, fractions beyond nanoseconds.
_ORDINARY_TIME = re.compile(r"(19[789]\d|20\d\d)-.*(?<!:60)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.IGNORECASE)
_PAGED = frozenset({"page_size"})
_DOCUMENT_FILTERS = _PAGED | {
    "created.after", "created.before", "created_by_id", "access_level", "processing_status", "ownership",
    "trash_state", "organization_scope", "title_contains", "description_contains", "source_format", "query",
}  # fmt: skip

# By operation: the fields and parameters whose every plain value has to be accepted. Left out are those
# with rules that no schema says: page tokens, sort orders, e-mail filters, expiry, hashes, roles.
_FREE: dict[str, frozenset[str]] = {
    "listApiKeys": _PAGED | {"organization_id", "include_revoked"},
    "listDocuments": _DOCUMENT_FILTERS,
    "getDocumentQuota": frozenset(),
    "getDocument": frozenset(),
    "getGeneralAccess": frozenset(),
    "setGeneralAccess": frozenset({"general_access_level"}),
    "listAccessRequests": frozenset(),
    "checkAccessRequestStatus": frozenset(),
    "inspectDocumentAccess": frozenset(),
    "listDocumentPolicies": _PAGED,
    "listDocumentAccess": frozenset(),
    "getDocumentTimeline": _PAGED,
    "listDocumentVersions": _PAGED,
    "getMe": frozenset(),
    "listOrganizations": _PAGED | {"role"},
    "getOrganization": frozenset(),
    "listOrganizationInvites": _PAGED | {"status", "sender_id", "created.after", "created.before"},
    "listOrganizationMembers": _PAGED,
    "getOrganizationPublicProfile": frozenset(),
    "getOrganizationQuota": frozenset({"organization_id"}),
    "listAPIKeyQuotas": frozenset({"organization_id"}),
    "getUsageHistory": frozenset({"organization_id"}),
    "getUserPreferences": frozenset(),
    "getVersion": frozenset(),
    "createDocument": frozenset({"title", "description", "access_level", "payload"}),
    "updateDocument": frozenset({"title", "description"}),
    "createDocumentVersion": frozenset({"title", "description", "payload"}),
    "updateVersion": frozenset({"title", "description"}),
    "createApiKey": frozenset({"organization_id", "name"}),
    "revokeApiKey": frozenset({"reason"}),
    "createOrganization": frozenset({"name"}),
    "createShareLink": frozenset(),
    "trashDocument": frozenset(),
    "untrashDocument": frozenset(),
}
# Fields that no schema requires, though the operation makes no sense without them.
_EXPECTED: dict[str, frozenset[str]] = {
    "grantDocumentAccess": frozenset({"recipients", "recipient"}),
    "transferDocumentOwnership": frozenset({"new_owner_id"}),
    "setAPIKeyQuota": frozenset({"limit"}),
    "uploadOrganizationLogo": frozenset({"image_data"}),
}
# A change that changes nothing may be refused.
_NEEDS_A_FIELD = frozenset({"updateDocument", "updateVersion"})
_RANGES = ({"created.after", "created.before"},)
# Two parameters that a server may mind together, and then names by what they have in common.
_TOGETHER = (*_RANGES, {"date.after", "date.before"}, {"email.contains", "email.exact"})


def is_surely_acceptable(draft: Draft) -> bool:
    """Whether nothing in a valid request gives a reason to call one of its values invalid."""
    free = _FREE.get(draft.operation.id)
    if free is None:
        return False
    sent = {name for name, _ in draft.query}
    if not sent <= free or any(ends <= sent for ends in _RANGES):
        return False
    return all(_is_plain(value) for _, value in draft.query) and _has_plain_body(draft, free)


def may_be_minded(draft: Draft, name: str) -> bool:
    """Whether a server may refuse something of that name by a rule of its own: an input, a pair, a gap."""
    if name in _EXPECTED.get(draft.operation.id, ()):
        return True
    sent = {key: [value for other, value in draft.query if other == key] for key, _ in draft.query}
    match draft.body:
        case JsonBody(dict() as fields) | FormBody(fields, _):
            sent |= {key: [value] for key, value in fields.items()}
    if any(pair <= set(sent) and name == min(pair).partition(".")[0] for pair in _TOGETHER):
        return True
    if name not in sent:
        return False
    if name not in _FREE.get(draft.operation.id, ()):
        return True
    is_range = any(name in ends and ends <= set(sent) for ends in _RANGES)
    return is_range or not all(_is_plain(value) for value in sent[name])


def is_ordinary(draft: Draft) -> bool:
    """Whether no text in the request gives a server a reason of its own to mind, such as a NUL."""
    texts = [value for _, value in draft.query]
    match draft.body:
        case JsonBody(value):
            texts += _texts(value)
        case FormBody(fields, file):
            texts += fields.values()
            if not fields and file is None:
                return False
    return all(text.isprintable() for text in texts)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, item in value.items():
            yield name
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _has_plain_body(draft: Draft, free: frozenset[str]) -> bool:
    match draft.body:
        case NoBody():
            return True
        case FormBody(fields, file):
            return file is not None and _are_plain(fields, free)
        case JsonBody(dict() as value):
            if draft.operation.id in _NEEDS_A_FIELD and not value:
                return False
            return _are_plain(value, free)
        case _:
            return False


def _are_plain(fields: Mapping[str, Any], free: frozenset[str]) -> bool:
    return set(fields) <= free and all(_is_plain(value) for value in fields.values())


def _is_plain(value: Any) -> bool:
    """Text that no server has a reason to mind, or a number or truth value."""
    if isinstance(value, bool | int):
        return True
    if not isinstance(value, str) or not value or value != value.strip():
        return False
    if is_timestamp(value):
        return bool(_ORDINARY_TIME.fullmatch(value))
    return value.isascii() and value.isprintable()
