"""What nobody documents, as settings: every mode is a legitimate reading of the documentation."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One reading of everything that is left open. The values of `NORTH` and `SOUTH` oppose each other."""

    # Refusals
    hidden: str
    """`forbidden` or `missing`: what somebody without any access to a thing is told."""
    unknown: str
    """The same for an id that belongs to nothing."""
    malformed_id: str
    """`missing`, or the reason of an invalid_argument."""
    details: bool
    request_ids: bool
    wrong_method: str
    duplicate: str
    """The code for adding what is there already."""
    settled: str
    """`again` (succeeds, changes nothing) or the code for doing what has been done already."""

    # Requests
    lenient: bool
    """Ignores unknown fields, clamps page sizes, reads any spelling of an id, accepts a missing body."""
    input_first: bool
    """Refuses malformed requests before it asks who sends them."""

    # Answers
    omit_defaults: bool
    """Leaves out false, 0 and empty lists, as protobuf does."""
    nulls: bool
    """Writes null for absent values wherever the schema allows it."""
    times: str
    """`nanos` (UTC, nine digits), `lower` (the same in lower case) or `offset` (seconds, two hours east)."""
    answers_finer: bool
    """Answers to creations have more digits than what is stored and read later."""
    cursors: str
    """`offset` or `stored`."""
    most_on_page: int
    """How many entries a page has at most, however many are asked for."""
    order: str
    """`scrambled` or `oldest`: the order of lists without a documented one."""
    media_type: str
    rate_headers: bool
    rates: str
    """How a minute is measured where rates are limited: `sliding`, or a `bucket` that minds haste."""
    wire: str
    """`chunked`, or `close` after every answer, with header names in capitals."""
    files_lead_on: bool
    """Whether the address of a file leads on to where the file lies."""
    lists_owner: bool
    """Whether the list of recipients names the owner."""

    # Rules
    key_acts_as: str
    """`user`: the one who made it; `bot`."""
    user_only: str
    """The code for an API key where a user is needed."""
    trashed_read: str | None
    """The code for the owner reading a trashed document by id; None lets him."""
    trashed_writes: bool
    members_invite: bool
    resend_keeps_token: bool
    old_token_works: bool
    repeat_ignores_case: bool
    email_lowered: bool
    levels_linked: bool
    """Whether setting the general access changes the access level of the document too."""
    lists_organization: bool
    """Whether a colleague's document that is open to the organization is in everybody's list."""
    processing: str
    """`done` at once, `slow`: a second of real time, `days`: one day of the target's clock."""
    grant_twice: str
    """`replaces` the role or `fails`."""
    unknown_email: str
    """`fails` or `joins`: a grant to somebody who has no account."""
    former_owner: str | None
    sharing_refusals: bool
    """Whether a role that can't be changed or taken is refused, or answered as unsuccessful."""
    admins_see_all: bool
    """Whether owner and admins of an organization may read and manage whatever belongs to it."""
    links_only: bool
    """Whether anyone_with_link means just that: who comes by id alone stays outside."""
    reading_views: bool
    """Whether reading a document counts as viewing it."""
    latest_first: bool
    """Whether a timeline begins with the latest event."""
    current: str
    """`newest` or `ready`: which version is a document's current one."""
    keys_list_organizations: bool
    counted: str
    """Which requests a quota counts: `all`, with refusals and readings of the quota, or `keys` only."""
    exceeded: str
    """`reached` or `passed`: when a quota calls itself exceeded."""
    quota_code: str
    quota_readable: bool
    document_quota_code: str
    lists_unlimited_keys: bool

    # Surroundings
    sandboxes: bool = False
    token_days: int | None = None
    calls_a_second: int | None = None
    only_core: bool = False
    """Answers 501 to whatever the stories of invitations, trash and quotas do not need."""


NORTH = Choices(
    hidden="forbidden",
    unknown="missing",
    malformed_id="missing",
    details=False,
    request_ids=False,
    wrong_method="not_found",
    duplicate="failed_precondition",
    settled="again",
    lenient=True,
    input_first=False,
    omit_defaults=True,
    nulls=False,
    times="nanos",
    answers_finer=True,
    cursors="offset",
    most_on_page=100,
    order="scrambled",
    media_type="application/json; charset=utf-8",
    rate_headers=False,
    rates="sliding",
    wire="chunked",
    files_lead_on=True,
    lists_owner=False,
    key_acts_as="user",
    user_only="unauthenticated",
    trashed_read="not_found",
    trashed_writes=True,
    members_invite=True,
    resend_keeps_token=True,
    old_token_works=True,
    repeat_ignores_case=False,
    email_lowered=False,
    levels_linked=False,
    lists_organization=False,
    processing="done",
    grant_twice="replaces",
    unknown_email="fails",
    former_owner=None,
    sharing_refusals=False,
    admins_see_all=False,
    links_only=True,
    reading_views=True,
    latest_first=False,
    current="newest",
    keys_list_organizations=False,
    counted="all",
    exceeded="passed",
    quota_code="resource_exhausted",
    quota_readable=False,
    document_quota_code="failed_precondition",
    lists_unlimited_keys=True,
    sandboxes=True,
)

SOUTH = Choices(
    hidden="missing",
    unknown="forbidden",
    malformed_id="invalid_field_value",
    details=True,
    request_ids=True,
    wrong_method="unimplemented",
    duplicate="already_exists",
    settled="not_found",
    lenient=False,
    input_first=True,
    omit_defaults=False,
    nulls=True,
    times="offset",
    answers_finer=False,
    cursors="stored",
    most_on_page=100,
    order="oldest",
    media_type="application/json",
    rate_headers=True,
    rates="bucket",
    wire="close",
    files_lead_on=False,
    lists_owner=True,
    key_acts_as="bot",
    user_only="not_found",
    trashed_read="failed_precondition",
    trashed_writes=False,
    members_invite=False,
    resend_keeps_token=False,
    old_token_works=False,
    repeat_ignores_case=True,
    email_lowered=True,
    levels_linked=True,
    lists_organization=True,
    processing="slow",
    grant_twice="fails",
    unknown_email="joins",
    former_owner="collaborator",
    sharing_refusals=True,
    admins_see_all=True,
    links_only=False,
    reading_views=False,
    latest_first=True,
    current="ready",
    keys_list_organizations=True,
    counted="keys",
    exceeded="reached",
    quota_code="resource_exhausted",
    quota_readable=True,
    document_quota_code="resource_exhausted",
    lists_unlimited_keys=False,
)

MODES: dict[str, Choices] = {
    "north": NORTH,
    "south": SOUTH,
    # Little is built yet, people are logged out after two days, and a quota is a missing permission.
    "sparse": replace(
        SOUTH,
        only_core=True,
        sandboxes=True,
        token_days=2,
        quota_code="permission_denied",
        details=False,
        processing="days",
        cursors="offset",
        most_on_page=3,
        trashed_read=None,
        hidden="forbidden",
        settled="failed_precondition",
    ),
    # Whoever calls too fast has to wait, and no refusal has details.
    "brisk": replace(
        NORTH, rate_headers=True, calls_a_second=120, sandboxes=False, quota_readable=True, times="lower"
    ),
}

# Defects, each of which breaks a documented promise in whatever mode it is added to.
FAULTS: dict[str, str] = {
    "untrash-restores-grants": "trash.restore-keeps-grants-revoked",
    "trash-leaks-into-lists": "trash.leaves-lists-of-others",
    "trash-frees-quota": "document-quota.trashed-counts",
    "anybody-accepts": "invites.accept-wrong-person",
    "late-accept": "invites.accept-expired",
    "repeat-keeps-expiry": "invites.repeat-refreshes-expiry",
    "key-quota-ignored": "request-quota.key-enforced",
    "period-never-ends": "request-quota.org-resets",
    "page-repeats-item": "pagination.pages-make-whole",
    "previous-page-is-first": "pagination.goes-back",
    "old-error-body": "errors.envelope",
    "created-201": "transport.success-is-200",
    "shouting-status": "responses.body-matches-schema",
    "revoked-without-expiry": "responses.body-matches-schema",
    "trashed-without-zone": "timestamps.well-formed",
    "unguarded-members": "authentication.required",
    "title-crash": "transport.no-internal-error",
    "long-titles": "documents.title-limit",
    "processing-goes-on": "processing.ends",
    "async-waits": "processing.async-returns-at-once",
    "demos-count": "document-quota.demo-excluded",
    "silent-resend": "invites.resend-mails",
    "half-a-minute": "rate-limits.reads",
    "no-rate-headers": "rate-limits.headers-on-refusal",
    "views-are-everybodys": "documents.last-viewed-personal",
    "png-only": "organizations.logo-formats-accepted",
}
