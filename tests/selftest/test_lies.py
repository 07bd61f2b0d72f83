"""The judge sees through lies: answers and questions bent on the way to a mock that means well."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from lying import (
    Lie,
    LyingTransport,
    allows,
    asks,
    blames,
    edits,
    empties,
    heads,
    heeds_one,
    ignores,
    misreads,
    pretends,
    puts,
    puts_in_items,
    refuses,
    stories_about,
    takes_preset_ids,
    turns_back,
)

from factify_contract.clauses import Level, catalogue
from factify_contract.summary import Summary
from factify_mock.mutants import MUTANTS

CATALOGUE = catalogue()

OTHER_USER = "user_01h2xcejqtf2nbrexx3vqjhp41"
OTHER_ORGANIZATION = "org_01h2xcejqtf2nbrexx3vqjhp41"
OTHER_DOCUMENT = "doc_01h2xcejqtf2nbrexx3vqjhp41"
OTHER_INVITE = "inv_01h2xcejqtf2nbrexx3vqjhp41"
OTHER_VERSION = "ver_01h2xcejqtf2nbrexx3vqjhp41"
LONG_AGO, FAR_AHEAD = "2001-01-01T00:00:00Z", "2091-01-01T00:00:00Z"

_LIES: list[tuple[str, Lie]] = [
    # Invitations
    ("invites.create-pending", puts("createOrganizationInvite", "invite.status", "accepted")),
    ("invites.create-names", puts("createOrganizationInvite", "invite.message", "something else")),
    ("invites.sender-is-caller", puts("createOrganizationInvite", "invite.sender.id", OTHER_USER)),
    ("invites.expires-in-seven-days", puts("createOrganizationInvite", "invite.expires_at", FAR_AHEAD)),
    ("invites.acceptance-fields-together", puts("createOrganizationInvite", "invite.accepted_at", LONG_AGO)),
    (
        "invites.unaccepted-has-no-acceptance",
        puts("createOrganizationInvite", "invite.accepted_at", LONG_AGO),
    ),
    ("invites.email-required", allows("createOrganizationInvite")),
    ("invites.message-limit", allows("createOrganizationInvite")),
    ("invites.repeat-token-works", refuses("acceptOrganizationInvite", "not_found", 404)),
    ("invites.repeat-stays-pending", puts("createOrganizationInvite", "invite.status", "revoked")),
    ("invites.after-expiry-new", puts("createOrganizationInvite", "invite.status", "expired")),
    ("invites.after-revocation-new", puts("createOrganizationInvite", "invite.status", "revoked")),
    ("invites.idempotency-key-reserved", refuses("createOrganizationInvite", after=1)),
    (
        "invites.accept-returns-organization",
        puts("acceptOrganizationInvite", "organization.id", OTHER_ORGANIZATION),
    ),
    ("invites.accept-joins", empties("listOrganizationMembers")),
    ("invites.accept-shows-organization", empties("listOrganizations")),
    ("trash.restore-lists-again", pretends("untrashDocument", {})),
    ("invites.accept-unknown-token", allows("acceptOrganizationInvite")),
    ("invites.accept-needs-token", allows("acceptOrganizationInvite")),
    ("invites.accept-needs-credentials", allows("acceptOrganizationInvite", actor="anonymous")),
    ("invites.accept-before-expiry", refuses("acceptOrganizationInvite", "not_found", 404)),
    ("invites.resend-same-invite", refuses("resendOrganizationInvite")),
    ("invites.resend-token-works", refuses("acceptOrganizationInvite", "not_found", 404)),
    ("invites.resend-after-expiry", refuses("resendOrganizationInvite")),
    ("invites.resend-revives", puts("resendOrganizationInvite", "invite.status", "expired")),
    ("invites.revoke-status", puts("revokeOrganizationInvite", "invite.status", "pending")),
    ("invites.revoke-status", puts_in_items("listOrganizationInvites", "status", "pending")),
    ("invites.revoke-needs-manage", allows("revokeOrganizationInvite", actor="member")),
    ("invites.outsider-refused", allows("listOrganizationInvites", actor="outsider")),
    ("invites.outsider-refused", allows("createOrganizationInvite", actor="outsider")),
    ("invites.outsider-refused", allows("resendOrganizationInvite", actor="outsider")),
    ("invites.outsider-refused", allows("revokeOrganizationInvite", actor="outsider")),
    ("invites.list-shows", empties("listOrganizationInvites")),
    ("invites.list-email-contains", ignores("listOrganizationInvites", "email.contains")),
    ("invites.list-email-exact", misreads("listOrganizationInvites", "email.exact", "email.contains")),
    ("invites.list-email-either", ignores("listOrganizationInvites", "email.exact")),
    ("invites.list-sender", ignores("listOrganizationInvites", "sender_id")),
    ("invites.list-created", ignores("listOrganizationInvites", "created.after")),
    ("invites.list-created", ignores("listOrganizationInvites", "created.before")),
    ("invites.list-status", heeds_one("listOrganizationInvites", "status")),
    ("transport.repeated-query-array", heeds_one("listOrganizationInvites", "status")),
    ("timestamps.range-order", allows("listOrganizationInvites")),
    # The trash
    ("trash.answers-empty", puts("trashDocument", "document", {})),
    ("trash.restore-answers-empty", puts("untrashDocument", "document", {})),
    ("transport.empty-object-accepted", refuses("trashDocument")),
    (
        "trash.sets-trashed-at",
        edits("listDocuments", lambda body: [each.pop("trashed_at", 0) for each in body["items"]]),
    ),
    ("trash.listed-in-either", heeds_one("listDocuments", "trash_state")),
    ("trash.not-listed-as-active", asks("listDocuments", trash_state=["active", "trashed"])),
    ("trash.restore-leaves-trash", ignores("listDocuments", "trash_state")),
    ("trash.outsider-refused", allows("trashDocument", actor="outsider")),
    ("trash.outsider-refused", allows("untrashDocument", actor="outsider")),
    ("trash.former-recipient-cannot-restore", allows("untrashDocument", actor="member")),
    ("trash.restore-keeps-content", puts("getDocument", "document.title", "Another", after=1)),
    ("trash.restore-keeps-content", puts("getDocument", "document.description", "Another", after=1)),
    ("trash.restore-keeps-versions", empties("listDocumentVersions", after=1)),
    (
        "trash.restore-keeps-versions",
        puts("getDocument", "document.current_version", {"id": OTHER_VERSION}, after=1),
    ),
    ("trash.restore-owner-keeps-rights", puts("getDocument", "document.permission_set", {}, after=1)),
    ("trash.still-counts", puts("getDocumentQuota", "used", 0, after=2)),
    ("document-quota.used-grows", puts("getDocumentQuota", "used", 0)),
    # Quotas
    ("document-quota.restore-counts-once", puts("getDocumentQuota", "used", 0, after=4)),
    ("document-quota.available", puts("getDocumentQuota", "available", 77)),
    ("document-quota.unlimited-available", puts("getDocumentQuota", "available", 77)),
    ("document-quota.unlimited", refuses("createDocument")),
    ("document-quota.last-one-fits", refuses("createDocument")),
    ("document-quota.raised-works", refuses("createDocument", after=2)),
    ("document-quota.own-organization", puts("getDocumentQuota", "used", 0)),
    (
        "request-quota.org-own-by-default",
        puts("getOrganizationQuota", "quota.organization_id", OTHER_ORGANIZATION),
    ),
    ("request-quota.org-named", puts("getOrganizationQuota", "quota.organization_id", OTHER_ORGANIZATION)),
    ("request-quota.org-others-refused", allows("getOrganizationQuota", actor="outsider")),
    ("request-quota.org-percent", puts("getOrganizationQuota", "quota.usage_percent", 55)),
    ("request-quota.org-exceeded-flag", puts("getOrganizationQuota", "quota.is_exceeded", True)),
    ("request-quota.org-period", puts("getOrganizationQuota", "quota.reset_at", LONG_AGO)),
    ("request-quota.org-effective-limit", puts("getOrganizationQuota", "quota.effective_limit", 99)),
    ("request-quota.org-usage-grows", puts("getOrganizationQuota", "quota.current_usage", 7)),
    (
        "request-quota.org-not-early",
        refuses("getOrganization", "resource_exhausted", 429, actor="spender", after=3),
    ),
    ("request-quota.org-exceeded-reported", puts("getOrganizationQuota", "quota.is_exceeded", False)),
    ("request-quota.key-set", puts("setAPIKeyQuota", "quota.limit", 9)),
    ("request-quota.key-set-again", puts_in_items("listAPIKeyQuotas", "limit", 9, items="quotas")),
    ("request-quota.key-limit-positive", allows("setAPIKeyQuota")),
    ("request-quota.key-listed", empties("listAPIKeyQuotas", "quotas")),
    ("request-quota.key-remaining", puts("setAPIKeyQuota", "quota.remaining", 77)),
    ("request-quota.key-exceeded-flag", puts("setAPIKeyQuota", "quota.is_exceeded", True)),
    ("request-quota.key-usage-grows", puts_in_items("listAPIKeyQuotas", "current_usage", 0, items="quotas")),
    (
        "request-quota.key-exceeded-reported",
        puts_in_items("listAPIKeyQuotas", "is_exceeded", False, items="quotas"),
    ),
    (
        "request-quota.key-leaves-organization",
        refuses("getOrganization", "resource_exhausted", 429, actor="owner"),
    ),
    (
        "request-quota.key-raised-works",
        refuses("getOrganization", "resource_exhausted", 429, actor="key", after=2),
    ),
    ("request-quota.key-lowered-stops", pretends("setAPIKeyQuota", {"quota": {}}, after=2)),
    ("request-quota.key-delete-empty", puts("deleteAPIKeyQuota", "quota", {})),
    ("request-quota.key-delete-unlists", puts_in_items("listAPIKeyQuotas", "limit", 9, items="quotas")),
    # Documents
    ("documents.create-returns-document", puts("createDocument", "document.description", "Another")),
    ("documents.create-makes-version", empties("listDocumentVersions")),
    ("documents.create-by-caller", puts("createDocument", "document.created_by.id", OTHER_USER)),
    ("documents.access-level-kept", puts("getDocument", "document.access_level", "public")),
    ("documents.get-returns-document", puts("getDocument", "document.title", "Another")),
    ("documents.trashed-at-only-in-trash", puts("getDocument", "document.trashed_at", LONG_AGO)),
    (
        "documents.permission-set-present",
        edits("getDocument", lambda body: body["document"].pop("permission_set")),
    ),
    ("documents.permission-set-personal", puts("getDocument", "document.permission_set.trash", False)),
    ("documents.outsider-refused", allows("getDocument", actor="outsider")),
    ("documents.outsider-refused", allows("updateDocument", actor="member")),
    ("documents.update-title", puts("getDocument", "document.title", "Another")),
    ("documents.update-description", puts("getDocument", "document.description", "Another")),
    (
        "documents.update-makes-no-version",
        edits("listDocumentVersions", lambda body: body["items"].append({"id": OTHER_VERSION})),
    ),
    ("documents.source-format", puts("getDocument", "document.source_format", "docx")),
    ("documents.shared-at-personal", puts("getDocument", "document.shared_at", LONG_AGO, actor="owner")),
    ("documents.list-shows-own", empties("listDocuments")),
    ("documents.list-default-order", edits("listDocuments", lambda body: body["items"].reverse())),
    ("documents.list-sort-unknown-refused", allows("listDocuments")),
    ("documents.list-title-contains", misreads("listDocuments", "title_contains", "query")),
    ("documents.list-description-contains", misreads("listDocuments", "description_contains", "query")),
    ("documents.list-query", misreads("listDocuments", "query", "title_contains")),
    ("documents.list-created-range", ignores("listDocuments", "created.after")),
    ("documents.list-created-range", ignores("listDocuments", "created.before")),
    ("documents.list-created-by", ignores("listDocuments", "created_by_id")),
    ("documents.list-created-by", heeds_one("listDocuments", "created_by_id")),
    ("documents.list-access-level", ignores("listDocuments", "access_level")),
    ("documents.list-access-level", heeds_one("listDocuments", "access_level")),
    ("documents.list-processing-status", ignores("listDocuments", "processing_status")),
    ("documents.list-ownership", ignores("listDocuments", "ownership")),
    ("documents.list-trash-state", ignores("listDocuments", "trash_state")),
    ("documents.list-source-format", ignores("listDocuments", "source_format")),
    ("timestamps.range-inclusive", empties("listDocuments", after=1)),
    ("timestamps.range-order", allows("listDocuments")),
    ("identifiers.unique", puts("createOrganizationInvite", "invite.id", OTHER_INVITE)),
    ("identifiers.unknown-refused", allows("getDocument")),
    ("identifiers.malformed-refused", allows("getDocument")),
    ("identifiers.well-formed", puts("getDocument", "document.id", "doc_short")),
    ("identifiers.matches-path", puts("getDocument", "document.id", OTHER_DOCUMENT)),
    ("identifiers.subject-prefix-matches-type", puts("getDocument", "document.created_by.type", "bot")),
    ("timestamps.well-formed", puts("getDocument", "document.created_at", "2026-01-01 10:00")),
    ("pagination.last-page", edits("listDocuments", turns_back)),
    ("pagination.pages-make-whole", puts("listDocuments", "pagination.next_page_token", "more")),
    ("pagination.first-page-has-no-previous", puts("listDocuments", "pagination.prev_page_token", "before")),
    ("pagination.next-token-agrees-with-has-more", puts("listDocuments", "pagination.has_more", True)),
    ("pagination.shape", edits("listDocuments", lambda body: body.pop("pagination"))),
    ("pagination.page-size-respected", ignores("listDocuments", "page_size")),
    ("pagination.goes-back", edits("listDocuments", lambda body: body["items"].reverse(), after=5)),
    ("pagination.empty-token-is-first", refuses("listDocuments", after=4)),
    # Sharing and general access
    ("sharing.grant-gives-access", refuses("getDocument", "not_found", 404, actor="member")),
    (
        "sharing.grant-listed",
        puts_in_items("listDocumentAccess", "document_role", "admin", items="recipients"),
    ),
    ("sharing.grant-result-per-recipient", empties("grantDocumentAccess", "results")),
    ("sharing.grant-counts-agree", puts("grantDocumentAccess", "failed", 3)),
    ("sharing.grant-partial-failure", refuses("grantDocumentAccess", "not_found", 404)),
    ("sharing.grant-by-email", refuses("getDocument", "not_found", 404, actor="outsider")),
    (
        "sharing.update-changes-role",
        puts_in_items("listDocumentAccess", "document_role", "admin", items="recipients"),
    ),
    ("sharing.revoke-takes-access", allows("getDocument", actor="member")),
    ("sharing.revoke-unlisted", pretends("revokeDocumentAccess", {"success": True})),
    ("sharing.list-general-access", puts("listDocumentAccess", "general_access_level", "organization")),
    ("sharing.outsider-refused", allows("listDocumentAccess", actor="outsider")),
    (
        "sharing.outsider-refused",
        pretends("grantDocumentAccess", {"results": [{"success": True}]}, actor="outsider"),
    ),
    ("sharing.outsider-refused", pretends("updateDocumentAccess", {"success": True}, actor="outsider")),
    ("sharing.outsider-refused", pretends("revokeDocumentAccess", {"success": True}, actor="outsider")),
    ("sharing.capabilities-agree", puts("inspectDocumentAccess", "permission_set.view", False)),
    ("general-access.set-then-get", puts("setGeneralAccess", "general_access_level", "restricted")),
    ("general-access.set-then-get", puts("getGeneralAccess", "general_access_level", "restricted")),
    ("general-access.organization-opens", refuses("getDocument", "not_found", 404, actor="member")),
    ("general-access.organization-closes-outside", allows("getDocument", actor="outsider")),
    ("general-access.restricted-closes", allows("getDocument", actor="member")),
    ("general-access.outsider-refused", allows("getGeneralAccess", actor="outsider")),
    ("general-access.outsider-refused", allows("setGeneralAccess", actor="outsider")),
    # Keys, organizations, members, users
    ("api-keys.create-returns-secret", refuses("createApiKey")),
    ("api-keys.secret-form", puts("createApiKey", "secret", "ffy_prod_short")),
    ("api-keys.secret-works", refuses("getOrganization", "unauthenticated", 401, actor="new-key")),
    ("api-keys.prefix-of-secret", puts("createApiKey", "api_key.key_prefix", "ffy_test_00000000...")),
    ("api-keys.create-echoes", puts("createApiKey", "api_key.name", "Another")),
    ("api-keys.expiry-optional", puts("createApiKey", "api_key.expires_at", FAR_AHEAD)),
    ("api-keys.expiry-future", allows("createApiKey")),
    ("api-keys.expiry-within-year", allows("createApiKey")),
    ("api-keys.expired-refused", allows("getOrganization", actor="new-key")),
    ("api-keys.expired-inactive", puts_in_items("listApiKeys", "is_active", True)),
    ("api-keys.active-agrees", puts("revokeApiKey", "api_key.is_active", True)),
    ("api-keys.list", empties("listApiKeys")),
    ("api-keys.list-needs-organization", allows("listApiKeys")),
    ("api-keys.list-hides-revoked", asks("listApiKeys", include_revoked=True)),
    ("api-keys.list-includes-revoked", ignores("listApiKeys", "include_revoked")),
    ("api-keys.list-includes-expired", empties("listApiKeys")),
    ("api-keys.revoke-sets-time", edits("revokeApiKey", lambda body: body["api_key"].pop("revoked_at"))),
    ("api-keys.revoke-at-once", allows("getOrganization", actor="new-key")),
    ("api-keys.outsider-refused", allows("listApiKeys", actor="outsider")),
    ("api-keys.outsider-refused", allows("createApiKey", actor="outsider")),
    ("api-keys.outsider-refused", allows("revokeApiKey", actor="outsider")),
    ("authentication.required", allows("listDocuments", actor="anonymous")),
    ("authentication.unknown-token-refused", allows("getMe", actor="forger")),
    ("authentication.user-token-accepted", puts("getMe", "user.id", OTHER_USER)),
    ("authentication.api-key-accepted", refuses("getOrganization", "unauthenticated", 401, actor="api_key")),
    ("authentication.user-only-refuses-key", allows("getMe", actor="api_key")),
    ("users.me", puts("getMe", "user.id", OTHER_USER)),
    ("users.me-organizations", empties("getMe", "organizations")),
    ("users.preferences", refuses("getUserPreferences")),
    ("members.list", empties("listOrganizationMembers")),
    ("members.list-outsider-refused", allows("listOrganizationMembers", actor="outsider")),
    ("members.one-owner", puts_in_items("listOrganizationMembers", "role", "owner")),
    ("members.add", refuses("addOrganizationMember")),
    ("members.add-needs-manage", allows("addOrganizationMember", actor="member")),
    ("members.add-owner-refused", allows("addOrganizationMember")),
    ("members.update-role", puts("updateOrganizationMember", "member.role", "member")),
    ("members.update-needs-manage", allows("updateOrganizationMember", actor="member")),
    ("members.update-owner-refused", allows("updateOrganizationMember", actor="admin")),
    ("members.update-to-owner-refused", allows("updateOrganizationMember", actor="owner")),
    ("members.remove", puts("removeOrganizationMember", "member", {})),
    ("members.remove-self", refuses("removeOrganizationMember", actor="invitee")),
    ("members.remove-needs-manage", allows("removeOrganizationMember", actor="member")),
    ("members.remove-owner-refused", allows("removeOrganizationMember", actor="admin")),
    ("members.outsider-refused", allows("addOrganizationMember", actor="outsider")),
    ("members.outsider-refused", allows("updateOrganizationMember", actor="outsider")),
    ("members.outsider-refused", allows("removeOrganizationMember", actor="outsider")),
    ("organizations.get", refuses("getOrganization", "not_found", 404, actor="member")),
    ("organizations.outsider-refused", allows("updateOrganization", actor="outsider")),
    ("organizations.update-name", puts("getOrganization", "organization.name", "Another")),
    ("organizations.update-omitted-keeps", puts("getOrganization", "organization.name", "Another")),
    ("organizations.update-needs-admin", allows("updateOrganization", actor="member")),
    ("organizations.list-mine", empties("listOrganizations")),
    ("organizations.list-role-filter", ignores("listOrganizations", "role")),
    (
        "organizations.public-profile",
        refuses("getOrganizationPublicProfile", "unauthenticated", 401, actor="anonymous"),
    ),
    ("organizations.public-profile", puts("getOrganizationPublicProfile", "display_name", "Another")),
    ("usage.names-organization", puts("getUsageHistory", "organization_id", OTHER_ORGANIZATION)),
    ("usage.total-is-sum", puts("getUsageHistory", "total_requests", 100_000)),
    ("timestamps.usage-range-order", allows("getUsageHistory")),
    # What else is done with documents
    ("versions.create-returns-version", puts("createDocumentVersion", "title", "Another")),
    ("versions.create-keeps-older", puts("getVersion", "title", "Another", after=1)),
    ("versions.create-keeps-older", edits("listDocumentVersions", lambda body: body["items"].pop(), after=1)),
    ("versions.get-by-id", puts("getVersion", "document_id", OTHER_DOCUMENT)),
    ("versions.update-title", puts("getVersion", "title", "Another")),
    ("versions.list-belongs", puts("listDocumentVersions", "items", [{"id": OTHER_VERSION}])),
    (
        "versions.content-fixed",
        edits("listDocumentVersions", lambda body: body["items"].append({"id": OTHER_VERSION}), after=1),
    ),
    ("versions.outsider-refused", allows("getVersion", actor="outsider")),
    ("versions.outsider-refused", allows("updateVersion", actor="outsider")),
    ("versions.outsider-refused", allows("createDocumentVersion", actor="outsider")),
    ("processing.document-follows-current", puts("getVersion", "processing_status", "failed")),
    ("processing.names-version", puts("processDocument", "document_id", OTHER_DOCUMENT)),
    ("processing.default-version", puts("processDocument", "version_id", OTHER_VERSION)),
    (
        "access-requests.create-pending",
        puts("createAccessRequest", "access_request.request_status", "approved"),
    ),
    ("access-requests.own-status", puts("checkAccessRequestStatus", "has_pending_request", True)),
    ("access-requests.own-status", puts("checkAccessRequestStatus", "has_pending_request", False)),
    ("access-requests.list-pending", empties("listAccessRequests")),
    ("access-requests.approve", puts("approveAccessRequest", "access_request.request_status", "pending")),
    ("access-requests.deny", puts("denyAccessRequest", "access_request.request_status", "pending")),
    ("access-requests.deny-gives-nothing", allows("getDocument", actor="member")),
    ("access-requests.decide-outsider-refused", allows("listAccessRequests", actor="member")),
    ("access-requests.decide-outsider-refused", allows("approveAccessRequest", actor="outsider")),
    ("access-requests.decide-outsider-refused", allows("denyAccessRequest", actor="outsider")),
    ("transfer.answers", puts("transferDocumentOwnership", "new_owner_id", OTHER_USER)),
    ("transfer.changes-owner", refuses("trashDocument", "permission_denied", 403, actor="member")),
    ("transfer.users-only", allows("transferDocumentOwnership", actor="owner")),
    ("transfer.outsider-refused", allows("transferDocumentOwnership", actor="outsider")),
    ("share-links.create", puts("createShareLink", "share_link.creator_id", OTHER_USER)),
    ("share-links.outsider-refused", allows("createShareLink", actor="outsider")),
    ("policies.attach", empties("listDocumentPolicies")),
    ("policies.detach", refuses("detachDocumentPolicy", actor="owner")),
    ("policies.unknown-refused", allows("attachDocumentPolicy", actor="owner")),
    ("policies.outsider-refused", allows("listDocumentPolicies", actor="outsider")),
    ("policies.outsider-refused", allows("attachDocumentPolicy", actor="outsider")),
    ("policies.outsider-refused", allows("detachDocumentPolicy", actor="outsider")),
    ("timeline.admin-sees-all", refuses("getDocumentTimeline", actor="owner")),
    ("timeline.cursor-continues", edits("getDocumentTimeline", lambda body: body["events"].reverse())),
    ("timeline.cursor-continues", ignores("getDocumentTimeline", "cursor")),
    ("timeline.outsider-refused", allows("getDocumentTimeline", actor="outsider")),
    ("export.gives-url", puts("exportDocument", "url", "")),
    ("export.outsider-refused", allows("exportDocument", actor="outsider")),
    ("export.outsider-refused", allows("generateDocumentEntryPage", actor="outsider")),
    ("documents.list-organization-scope", ignores("listDocuments", "organization_scope")),
    ("organizations.logo-upload", refuses("uploadOrganizationLogo")),
    ("organizations.logo-formats", allows("uploadOrganizationLogo", actor="owner")),
    ("organizations.logo-size", allows("uploadOrganizationLogo", actor="owner")),
    (
        "organizations.logo-not-set-by-upload",
        puts("getOrganization", "organization.logo_image_url", "x", after=1),
    ),
    ("organizations.logo-set", puts("getOrganization", "organization.logo_image_url", None)),
    ("organizations.create-makes-owner", puts_in_items("listOrganizationMembers", "role", "admin")),
    ("organizations.create-for-other-refused", allows("createOrganization")),
    ("usage.days-inside-range", puts("getUsageHistory", "daily_usage", [{"date": "2025-01-01"}])),
    # What holds for every answer
    ("transport.no-internal-error", refuses("getDocument", "internal", 500)),
    ("responses.documented-status", refuses("getDocument", "not_found", 418)),
    ("errors.param-only-for-validation", blames("updateOrganization")),
    ("rate-limits.headers-are-integers", heads("getOrganization", x_ratelimit_limit="many")),
    # What others still see
    (
        "invites.outsider-changes-nothing",
        puts_in_items("listOrganizationInvites", "status", "revoked", after=1),
    ),
    (
        "trash.access-list-empties",
        edits("listDocumentAccess", lambda body: body["recipients"].append({"id": OTHER_USER})),
    ),
    (
        "trash.restore-keeps-access-list-empty",
        edits("listDocumentAccess", lambda body: body["recipients"].append({"id": OTHER_USER})),
    ),
    ("documents.server-fields-ignored", Lie("createDocument", takes_preset_ids)),
]


# By the tests of what leaks and of who should not be listed.
_BROKEN_ELSEWHERE = {
    "api-keys.revoke-reason-hidden",
    "api-keys.secret-once",
    "export.duplicates-different",
    "invites.accept-wrong-person-stays-out",
    "invites.create-sends-mail",
    "invites.token-only-in-mail",
    "trash.leaves-lists-of-others",
}


def _named(lies: list[tuple[str, Lie]]) -> list[Any]:
    counted: Counter[str] = Counter()
    params = []
    for clause, lie in lies:
        counted[clause] += 1
        params.append(pytest.param(clause, lie, id=f"{clause}-{counted[clause]}"))
    return params


@pytest.mark.parametrize(("clause", "lie"), _named(_LIES))
def test_the_judge_sees_through_the_lie(
    clause: str, lie: Lie, ready: dict[str, Any], judge: Callable[..., Summary]
) -> None:
    summary = judge(stories_about(clause), transport=LyingTransport(ready["url"], lie))
    assert clause in {finding.clause for finding in summary.findings}


def test_every_documented_clause_that_stories_judge_was_broken_once() -> None:
    broken = {clause for clause, _ in _LIES} | {mutant.breaks for mutant in MUTANTS.values()}
    broken |= _BROKEN_ELSEWHERE
    judged = {
        clause.id
        for clause in CATALOGUE.values()
        if clause.level is Level.DOCUMENTED and clause.exercised in ("scenario", "check")
    }
    assert sorted(judged - broken) == []
