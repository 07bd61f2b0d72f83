"""Deliberate defects: each a named switch that breaks one promise, so that the judge can be tested on it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect; `breaks` is the id of the clause that a judge should name."""

    name: str
    breaks: str
    sentence: str


_ALL: tuple[Mutant, ...] = (
    Mutant(
        "sharing.untrash-restores-grants",
        "trash.restore-keeps-grants-revoked",
        "Untrashing a document brings back the grants that trashing it revoked.",
    ),
    Mutant(
        "sharing.untrash-restores-general-access",
        "trash.restore-keeps-general-access-revoked",
        "Untrashing a document brings back the general access that trashing it closed.",
    ),
    Mutant(
        "sharing.revoke-does-nothing",
        "sharing.revoke-takes-access",
        "Revoking access answers success and takes nothing away.",
    ),
    Mutant(
        "sharing.role-ceiling-missing",
        "sharing.role-ceiling",
        "Anybody who may grant gives away any role.",
    ),
    Mutant(
        "trash.keeps-grants",
        "trash.revokes-grants",
        "Trashing a document leaves the grants on it in force.",
    ),
    Mutant(
        "trash.general-access-stays",
        "trash.revokes-general-access",
        "Trashing a document leaves its general access open.",
    ),
    Mutant(
        "trash.still-listed",
        "trash.leaves-default-list",
        "A document in the trash stays in the default list.",
    ),
    Mutant(
        "trash.deletes-document",
        "trash.listed-as-trashed",
        "Trashing a document deletes it.",
    ),
    Mutant(
        "trash.anyone-may-trash",
        "trash.viewer-refused",
        "Whoever sees a document may trash it.",
    ),
    Mutant(
        "trash.untrash-does-nothing",
        "trash.restore-lists-again",
        "Untrashing answers and leaves the document in the trash.",
    ),
    Mutant(
        "trash.untrash-keeps-trashed-at",
        "trash.restore-clears-trashed-at",
        "A document that was untrashed still says when it was trashed.",
    ),
    Mutant(
        "documents.update-not-persisted",
        "documents.update-title",
        "An update is answered and forgotten.",
    ),
    Mutant(
        "documents.viewer-may-write",
        "sharing.viewer-cannot-change",
        "Whoever sees a document may change and share it.",
    ),
    Mutant(
        "documents.cross-tenant-read",
        "documents.outsider-refused",
        "Anybody reads any document by its id.",
    ),
    Mutant(
        "documents.default-access-private",
        "documents.default-access-level",
        "Without an access level a document is private, whoever makes it.",
    ),
    Mutant(
        "documents.filter-ignored",
        "documents.list-query",
        "The list of documents heeds no filter but the trash state.",
    ),
    Mutant(
        "documents.sort-ignored",
        "documents.list-sort",
        "The list of documents is always the newest first.",
    ),
    Mutant(
        "documents.page-drops-item",
        "pagination.pages-make-whole",
        "Every page of documents but the first lacks its first item.",
    ),
    Mutant(
        "documents.page-repeats-item",
        "pagination.pages-make-whole",
        "Every page of documents but the first repeats the item before it.",
    ),
    Mutant(
        "versions.not-current",
        "versions.create-becomes-current",
        "A new version does not become the current one.",
    ),
    Mutant(
        "transfer.to-anyone",
        "transfer.inside-organization",
        "A document can be transferred to any user.",
    ),
    Mutant(
        "access-requests.approve-grants-nothing",
        "access-requests.approve-gives-access",
        "Approving a request for access gives none.",
    ),
    Mutant(
        "access-requests.deny-grants",
        "access-requests.deny-gives-nothing",
        "Denying a request for access gives it.",
    ),
    Mutant(
        "timeline.shows-everything",
        "timeline.viewer-sees-own",
        "Everybody who sees a document sees its whole timeline.",
    ),
    Mutant(
        "invites.accept-any-email",
        "invites.accept-wrong-person",
        "Anybody who has the token may accept an invitation.",
    ),
    Mutant(
        "invites.token-reusable",
        "invites.accept-once",
        "The token of an accepted invitation is accepted again.",
    ),
    Mutant(
        "invites.expired-token-accepted",
        "invites.accept-expired",
        "An invitation can be accepted after it expired.",
    ),
    Mutant(
        "invites.resend-keeps-token",
        "invites.repeat-new-token",
        "An invitation that is sent again keeps its token.",
    ),
    Mutant(
        "invites.resend-keeps-expiry",
        "invites.repeat-refreshes-expiry",
        "An invitation that is sent again still expires when it would have.",
    ),
    Mutant(
        "invites.old-token-accepted",
        "invites.repeat-ends-old-token",
        "The tokens of earlier mails go on working.",
    ),
    Mutant(
        "invites.already-member-accepted",
        "invites.accept-member-refused",
        "Somebody who is a member already accepts an invitation without a complaint.",
    ),
    Mutant(
        "invites.wrong-organization-accepted",
        "invites.accept-other-organization",
        "A token is accepted under the path of any organization.",
    ),
    Mutant(
        "invites.create-duplicates",
        "invites.repeat-same-invite",
        "Inviting an address again makes a second pending invitation.",
    ),
    Mutant(
        "invites.revoked-token-accepted",
        "invites.accept-revoked",
        "The token of a revoked invitation is accepted.",
    ),
    Mutant(
        "invites.status-stays-pending",
        "invites.accept-marks-accepted",
        "An accepted invitation is still shown as pending.",
    ),
    Mutant(
        "invites.joins-as-admin",
        "invites.accept-role-member",
        "Who accepts an invitation becomes an admin.",
    ),
    Mutant(
        "invites.accept-heeds-case",
        "invites.accept-ignores-case",
        "The invited address must match letter by letter, case included.",
    ),
    Mutant(
        "invites.acceptance-unrecorded",
        "invites.accept-records-when-and-who",
        "An accepted invitation does not tell by whom.",
    ),
    Mutant(
        "invites.expiry-not-shown",
        "invites.expired-status",
        "An invitation past its expiry is shown as pending.",
    ),
    Mutant(
        "invites.accepted-revocable",
        "invites.revoke-pending-only",
        "An accepted invitation can be revoked.",
    ),
    Mutant(
        "invites.member-invited",
        "invites.member-refused",
        "The address of a member can be invited.",
    ),
    Mutant(
        "invites.status-filter-ignored",
        "invites.list-status",
        "The list of invitations ignores the filter by status.",
    ),
    Mutant(
        "quota.key-limit-not-enforced",
        "request-quota.key-enforced",
        "A key goes on working after it used up its limit.",
    ),
    Mutant(
        "quota.organization-not-enforced",
        "request-quota.org-enforced",
        "An organization's requests go on after they are used up.",
    ),
    Mutant(
        "quota.wrong-code",
        "request-quota.refusal-code",
        "A request over a quota is refused as failed_precondition.",
    ),
    Mutant(
        "quota.wrong-reason",
        "request-quota.refusal-reason",
        "A refusal for quota gives the reason precondition_failed.",
    ),
    Mutant(
        "quota.off-by-one",
        "request-quota.key-not-early",
        "The last request of a quota is refused.",
    ),
    Mutant(
        "quota.one-too-many",
        "request-quota.key-enforced",
        "One request more than the quota is answered.",
    ),
    Mutant(
        "quota.counts-other-keys",
        "request-quota.key-not-early",
        "A key's limit is used up by whatever its organization does.",
    ),
    Mutant(
        "quota.key-escapes-organization",
        "request-quota.key-independent",
        "A key with a limit of its own is not stopped by its organization's.",
    ),
    Mutant(
        "quota.delete-keeps-limit",
        "request-quota.key-delete-works-again",
        "Removing a key's limit leaves it in force.",
    ),
    Mutant(
        "quota.remaining-wrong",
        "request-quota.org-remaining",
        "What remains is always the whole limit.",
    ),
    Mutant(
        "quota.never-resets",
        "request-quota.org-resets",
        "A new month goes on counting where the last one ended.",
    ),
    Mutant(
        "quota.documents-unlimited",
        "document-quota.full-refused",
        "Documents can be created over the quota.",
    ),
    Mutant(
        "quota.trashed-documents-free",
        "document-quota.trashed-counts",
        "A document in the trash no longer counts as used.",
    ),
    Mutant(
        "responses.created-201",
        "transport.success-is-200",
        "What was created is answered with status 201.",
    ),
    Mutant(
        "responses.text-for-json",
        "responses.media-type",
        "JSON is sent as text/plain.",
    ),
    Mutant(
        "responses.document-without-title",
        "responses.body-matches-schema",
        "A document is answered without its title.",
    ),
    Mutant(
        "errors.status-of-another-code",
        "errors.code-matches-status",
        "What is forbidden is answered with status 404.",
    ),
    Mutant(
        "errors.unknown-code",
        "errors.code-known",
        "Every refusal has a code of its own invention.",
    ),
    Mutant(
        "errors.unknown-reason",
        "errors.reason-known",
        "Every refusal has a reason of its own invention.",
    ),
    Mutant(
        "errors.older-envelope",
        "errors.envelope",
        "Errors have the shape that the API gave up in February 2026.",
    ),
    Mutant(
        "processing.never-ends",
        "processing.ends",
        "A version stays in processing for a hundred years.",
    ),
    Mutant(
        "processing.corrupt-ready",
        "processing.unreadable-fails",
        "Processing a file that can't be opened ends in ready.",
    ),
    Mutant(
        "processing.repeats-itself",
        "processing.outcome-completed",
        "A version that is ready is processed again.",
    ),
    Mutant(
        "processing.starts-twice",
        "processing.outcome-running",
        "A version in processing is started once more.",
    ),
    Mutant(
        "processing.oldest-by-default",
        "processing.default-version",
        "Without a version the oldest one is processed.",
    ),
    Mutant(
        "records.of-current-version",
        "processing.record-of-version",
        "The record of an older version is that of the current one.",
    ),
    Mutant(
        "records.table-as-text",
        "processing.record-one-content",
        "The record of a spreadsheet holds a document.",
    ),
    Mutant(
        "records.markdown-layout",
        "processing.record-layout-absent",
        "The record of a Markdown text has a layout.",
    ),
    Mutant(
        "export.oldest-by-default",
        "export.current-version",
        "Without a version the oldest one is exported.",
    ),
    Mutant(
        "export.ignores-version",
        "export.named-version",
        "The current version is exported, whichever was named.",
    ),
    Mutant(
        "export.headers-useless",
        "export.headers-needed",
        "The headers that come with a download address do not open it.",
    ),
    Mutant(
        "export.expired-already",
        "export.expires-later",
        "A download address says that it expired before it was given.",
    ),
    Mutant(
        "export.entry-page-expired",
        "export.entry-page-url",
        "The address of an entry page has expired when it is given.",
    ),
    Mutant(
        "duplicates.shows-hidden",
        "export.duplicates-visible",
        "Duplicates are found among documents that the caller can't see.",
    ),
    Mutant(
        "duplicates.equal-bytes-only",
        "export.duplicates-visual",
        "Only copies of the very same bytes are duplicates.",
    ),
)

MUTANTS: dict[str, Mutant] = {mutant.name: mutant for mutant in _ALL}
