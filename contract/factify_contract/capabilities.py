"""What an implementation may leave out, and what a run may only do where it was allowed to."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Capability:
    """Something that the profile may declare present or absent.

    `operations` are those that are absent with it; none for what a run needs permission to do. Without
    an `essential` one an implementation is not certified at any level.
    """

    name: str
    sentence: str
    operations: tuple[str, ...] = ()
    essential: bool = False


_KNOWN = (
    Capability("export", "Exports documents.", ("exportDocument",)),
    Capability("entry_pages", "Makes entry pages.", ("generateDocumentEntryPage",)),
    Capability("duplicates", "Finds documents that look alike.", ("listDocumentDuplicates",)),
    Capability("records", "Gives out what was read from a file.", ("getVersionRecord",)),
    Capability("processing", "Processes documents on demand.", ("processDocument",)),
    Capability("timeline", "Remembers what happened to a document.", ("getDocumentTimeline",)),
    Capability(
        "access_requests",
        "Lets people ask for access.",
        (
            "listAccessRequests", "createAccessRequest", "checkAccessRequestStatus", "approveAccessRequest",
            "denyAccessRequest",
        ),
        essential=True,
    ),
    Capability("access_inspection", "Tells callers what they may do.", ("inspectDocumentAccess",)),
    Capability(
        "policies",
        "Attaches policies to documents.",
        ("listDocumentPolicies", "attachDocumentPolicy", "detachDocumentPolicy"),
        essential=True,
    ),
    Capability("share_links", "Makes share links.", ("createShareLink",)),
    Capability("transfer", "Hands documents over to others.", ("transferDocumentOwnership",), essential=True),
    Capability(
        "invites",
        "Invites people by e-mail.",
        (
            "listOrganizationInvites", "createOrganizationInvite", "resendOrganizationInvite",
            "revokeOrganizationInvite", "acceptOrganizationInvite",
        ),
        essential=True,
    ),
    Capability(
        "member_management",
        "Adds, changes and removes members directly.",
        ("addOrganizationMember", "updateOrganizationMember", "removeOrganizationMember"),
        essential=True,
    ),
    Capability("create_organization", "Makes organizations.", ("createOrganization",)),
    Capability("logo", "Stores organizations' logos.", ("uploadOrganizationLogo",)),
    Capability("public_profile", "Shows an organization to everybody.", ("getOrganizationPublicProfile",)),
    Capability(
        "api_keys", "Gives out API keys.", ("listApiKeys", "createApiKey", "revokeApiKey"), essential=True
    ),
    Capability(
        "key_quotas", "Limits single keys.", ("listAPIKeyQuotas", "setAPIKeyQuota", "deleteAPIKeyQuota")
    ),
    Capability("usage_history", "Tells the requests of past days.", ("getUsageHistory",)),
    Capability("user_preferences", "Keeps people's preferences.", ("getUserPreferences",)),
    Capability(
        "request_quota_exhaustion", "A run may use up the organization's requests through the quota adapter."
    ),
    Capability(
        "document_quota_exhaustion",
        "A run may use up the organization's documents through the document_quota adapter.",
    ),
    Capability(
        "rate_limit_exhaustion",
        "A run may call faster than the rate limits allow, which are in force or enforced by an adapter.",
    ),
)  # fmt: skip

CAPABILITIES: Mapping[str, Capability] = {one.name: one for one in _KNOWN}

# What strikes everybody in an organization, by the adapter that makes it possible.
EXHAUSTING: Mapping[str, str] = {
    "quota": "request_quota_exhaustion",
    "document_quota": "document_quota_exhaustion",
    "rate_limits": "rate_limit_exhaustion",
}

_BY_OPERATION = {operation: one.name for one in _KNOWN for operation in one.operations}


def capability_of(operation_id: str) -> str | None:
    """The name of the capability that the operation is part of; None for what everybody has to have."""
    return _BY_OPERATION.get(operation_id)
