"""The switches behind `--variant NAME=VALUE`: where clients may meet more than one behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from factify_contract.errors import advice_on
from factify_mock.model.variants import DEFAULT, Variants


@dataclass(frozen=True, slots=True)
class Switch:
    """One question that the documentation leaves open.

    `values` maps each answer to the flag of `Variants` that it sets; the first is the mock's own choice
    and sets none. `sentence` says what the others mean, `clause` is the id of the choice.
    """

    name: str
    values: Mapping[str, str]
    sentence: str
    clause: str

    @property
    def default(self) -> str:
        """The mock's own choice."""
        return next(iter(self.values))

    def value_in(self, variants: Variants) -> str:
        """The answer that `variants` gives."""
        return next(
            (value for value, flag in self.values.items() if flag and getattr(variants, flag)), self.default
        )


def _switch(name: str, default: str, other: str, flag: str, clause: str, sentence: str) -> Switch:
    return Switch(name, {default: "", other: flag}, sentence, clause)


_ALL = (
    _switch(
        "hidden-documents",
        "404",
        "403",
        "hidden_is_forbidden",
        "identifiers.hidden-as-missing",
        "403: a document, organization or key that exists but is closed to the caller is openly forbidden.",
    ),
    _switch(
        "key-actor",
        "bot",
        "user",
        "key_acts_as_user",
        "authentication.key-acts-as-bot",
        "user: an API key acts as the person who made it, with that person's rights.",
    ),
    _switch(
        "key-on-user-endpoint",
        "403",
        "401",
        "user_only_is_unauthenticated",
        "authentication.user-only-status",
        "401: an API key on an operation for people is refused with authentication_required.",
    ),
    _switch(
        "member-invites",
        "refused",
        "allowed",
        "members_invite",
        "invites.plain-member-may-invite",
        "allowed: plain members list, send and resend invitations; revoking still takes an admin.",
    ),
    _switch(
        "double-transition",
        "refused",
        "idempotent",
        "repeats_succeed",
        "trash.twice",
        "idempotent: trashing, restoring, revoking an invitation, deciding a request or transferring "
        "succeeds and changes nothing where the outcome is there already.",
    ),
    _switch(
        "api-key-second-revoke",
        "idempotent",
        "refused",
        "second_key_revocation_refused",
        "api-keys.revoke-twice",
        "refused: revoking a revoked key is a failed_precondition.",
    ),
    _switch(
        "existing-member",
        "409",
        "400",
        "existing_member_is_precondition",
        "errors.already-exists-undeclared",
        "400: adding somebody who is a member already is a failed_precondition.",
    ),
    _switch(
        "duplicate-access-request",
        "409",
        "returned",
        "duplicate_request_returned",
        "access-requests.duplicate",
        "returned: asking again while a request is pending answers with that request.",
    ),
    _switch(
        "policy-second-attach",
        "idempotent",
        "409",
        "second_attach_refused",
        "policies.attach-twice",
        "409: attaching an attached policy is refused as already_exists.",
    ),
    _switch(
        "policy-second-detach",
        "404",
        "idempotent",
        "second_detach_succeeds",
        "policies.detach-missing",
        "idempotent: detaching a policy that is not attached succeeds.",
    ),
    _switch(
        "key-quota-second-delete",
        "idempotent",
        "404",
        "missing_key_limit_is_not_found",
        "request-quota.key-delete-missing",
        "404: removing the limit of a key that has none is not_found.",
    ),
    _switch(
        "already-shared",
        "failed",
        "updated",
        "shared_again_updates",
        "sharing.grant-already-shared",
        "updated: a grant to somebody who has access gives the new role.",
    ),
    _switch(
        "unknown-recipient",
        "invited",
        "failed",
        "unknown_recipient_fails",
        "sharing.grant-unknown-email",
        "failed: a grant to an address that belongs to nobody fails in its result.",
    ),
    _switch(
        "share-failures",
        "in-body",
        "refused",
        "share_failure_is_refusal",
        "sharing.revoke-unknown-recipient",
        "refused: changing or revoking access that is not there is not_found, "
        "the owner's a failed_precondition.",
    ),
    _switch(
        "share-notification",
        "sent",
        "unsent",
        "grants_unannounced",
        "sharing.notification-default",
        "unsent: a grant sends mail only where should_send_notification is true.",
    ),
    _switch(
        "former-owner",
        "admin",
        "none",
        "former_owner_leaves",
        "transfer.former-owner",
        "none: a transfer leaves the former owner without a role of his own.",
    ),
    _switch(
        "trashed-documents",
        "readable",
        "hidden",
        "trash_is_hidden",
        "trash.owner-may-read",
        "hidden: a trashed document is in the list of the trash only; by its id it is restored, not read.",
    ),
    _switch(
        "description-null",
        "clears",
        "keeps",
        "null_keeps_description",
        "documents.update-null",
        "keeps: a null description changes nothing.",
    ),
    _switch(
        "last-viewed",
        "app",
        "reads",
        "reading_is_viewing",
        "documents.last-viewed",
        "reads: getting a document counts as viewing it.",
    ),
    _switch(
        "general-access",
        "mirrored",
        "separate",
        "access_level_stays",
        "documents.general-access-mirrors",
        "separate: setting general access leaves a document's access_level as it was.",
    ),
    _switch(
        "upload-formats",
        "all",
        "pdf",
        "only_pdf_accepted",
        "documents.upload-formats",
        "pdf: other files than PDF are refused.",
    ),
    _switch(
        "unready-record",
        "400",
        "404",
        "unready_record_is_missing",
        "processing.record-not-ready",
        "404: the record of a version that is not ready is not_found.",
    ),
    _switch(
        "quota-counts",
        "all",
        "successful",
        "refusals_uncounted",
        "request-quota.what-counts",
        "successful: a refused call gives its request back.",
    ),
    _switch(
        "quota-retry-after",
        "absent",
        "sent",
        "quota_says_when",
        "request-quota.retry-after",
        "sent: a refusal for quota has Retry-After, which can be weeks.",
    ),
    _switch(
        "rate-retry-after",
        "sent",
        "absent",
        "rate_hides_when",
        "rate-limits.retry-after",
        "absent: a refusal for the rate has no Retry-After.",
    ),
    _switch(
        "rate-headers",
        "always",
        "on-refusal",
        "rate_headers_on_refusal",
        "rate-limits.headers-always",
        "on-refusal: only refusals for the rate tell it in their headers.",
    ),
    _switch(
        "rate-writes",
        "post",
        "all",
        "all_writes_are_creations",
        "rate-limits.which-methods",
        "all: PUT, PATCH and DELETE have the lower limit of POST.",
    ),
    _switch(
        "usage-idle-days",
        "omitted",
        "listed",
        "idle_days_listed",
        "usage.zero-days",
        "listed: days without requests are in the history, from the organization's first day to today.",
    ),
    _switch(
        "unknown-fields",
        "refused",
        "ignored",
        "unknown_fields_ignored",
        "transport.unknown-field-refused",
        "ignored: fields that a body should not have are left out.",
    ),
    _switch(
        "unknown-parameters",
        "refused",
        "ignored",
        "unknown_parameters_ignored",
        "transport.unknown-query-refused",
        "ignored: query parameters that the operation does not know have no effect.",
    ),
    _switch(
        "empty-body",
        "refused",
        "accepted",
        "no_body_is_empty",
        "transport.empty-body-refused",
        "accepted: no body at all is read as {}.",
    ),
    _switch(
        "page-size-out-of-range",
        "refused",
        "clamped",
        "page_size_clamped",
        "pagination.size-range",
        "clamped: a page_size below 1 is 1, above 100 it is 100.",
    ),
    _switch(
        "zoneless-times",
        "refused",
        "utc",
        "zoneless_is_utc",
        "timestamps.zoneless-refused",
        "utc: a time without a zone in the query is in UTC.",
    ),
    _switch(
        "next-page-token",
        "empty",
        "absent",
        "empty_tokens_omitted",
        "pagination.token-when-none",
        "absent: a page token or cursor that leads nowhere is left out.",
    ),
    _switch(
        "empty-lists",
        "present",
        "omitted",
        "empty_lists_omitted",
        "pagination.items-always-present",
        "omitted: a list without items is left out of an answer.",
    ),
    _switch(
        "zero-values",
        "present",
        "omitted",
        "zeros_omitted",
        "responses.zero-values",
        "omitted: optional fields that are false, 0 or empty text are left out.",
    ),
    _switch(
        "absent-values",
        "omitted",
        "null",
        "absent_is_null",
        "responses.absent-values",
        "null: fields without a value are null where the schema allows it.",
    ),
    _switch(
        "timestamps",
        "shortest",
        "nanoseconds",
        "nine_digits",
        "timestamps.fraction",
        "nanoseconds: every point in time has nine digits after the second.",
    ),
    _switch(
        "list-order",
        "usual",
        "reversed",
        "lists_reversed",
        "pagination.order-choice",
        "reversed: lists without a documented order begin at their other end.",
    ),
)

SWITCHES = {switch.name: switch for switch in _ALL}


class UnknownVariant(ValueError):
    """No switch has that name or value; the message lists those that there are."""


def resolved(choices: Mapping[str, str], base: Variants = DEFAULT) -> Variants:
    """`base` with these answers by name of their switch; UnknownVariant for a name or value that is none."""
    flags: dict[str, bool] = {}
    for name, value in choices.items():
        switch = SWITCHES.get(name)
        if switch is None:
            raise UnknownVariant(f"There is no variant {name[:60]!r}; {advice_on(name[:60], SWITCHES)}")
        if value not in switch.values:
            raise UnknownVariant(
                f"Variant {name} has no value {value[:60]!r}; {advice_on(value[:60], switch.values)}"
            )
        flags.update((flag, each == value) for each, flag in switch.values.items() if flag)
    return replace(base, **flags)


def chosen(variants: Variants) -> dict[str, str]:
    """The answer to every switch, by name."""
    return {name: switch.value_in(variants) for name, switch in SWITCHES.items()}
