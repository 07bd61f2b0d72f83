"""How a world behaves where the documentation is silent: by the mock's choice, or the other way."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variants:
    """One flag for each behaviour that is not the mock's own choice; all are off by default.

    The rules read the flags; names, sentences and clauses of the switches are in `factify_mock.variants`.
    """

    # Who is who, and what one may see.
    hidden_is_forbidden: bool = False  # what the caller may not see is 403, not 404
    key_acts_as_user: bool = False  # a key acts as the person who made it, not as a bot
    user_only_is_unauthenticated: bool = False  # a key on an operation for people is 401, not 403
    members_invite: bool = False  # plain members list, send and resend invitations

    # What was done already.
    repeats_succeed: bool = False  # a state that is there already is no refusal
    second_key_revocation_refused: bool = False
    existing_member_is_precondition: bool = False  # 400, not 409
    duplicate_request_returned: bool = False  # the pending access request instead of 409
    second_attach_refused: bool = False
    second_detach_succeeds: bool = False
    missing_key_limit_is_not_found: bool = False

    # Documents and their sharing.
    shared_again_updates: bool = False  # a grant to somebody with access changes the role
    unknown_recipient_fails: bool = False  # no placeholder user for an unknown address
    share_failure_is_refusal: bool = False  # an error instead of success: false
    grants_unannounced: bool = False  # no mail unless it is asked for
    former_owner_leaves: bool = False  # a transfer leaves the former owner without access
    trash_is_hidden: bool = False  # a trashed document is 404 until it is restored
    null_keeps_description: bool = False
    reading_is_viewing: bool = False  # getDocument sets last_viewed_at
    access_level_stays: bool = False  # general access leaves Document.access_level alone
    only_pdf_accepted: bool = False
    unready_record_is_missing: bool = False  # 404, not 400

    # Quotas and rates.
    refusals_uncounted: bool = False  # only successful calls count for the request quota
    quota_says_when: bool = False  # Retry-After with a used-up quota
    rate_hides_when: bool = False  # no Retry-After with the rate limit
    rate_headers_on_refusal: bool = False  # not with every answer
    all_writes_are_creations: bool = False  # PATCH, PUT and DELETE count as POST does
    idle_days_listed: bool = False  # days without requests are in the usage history

    # How requests are read.
    unknown_fields_ignored: bool = False
    unknown_parameters_ignored: bool = False
    no_body_is_empty: bool = False  # nothing at all stands for {}
    page_size_clamped: bool = False
    zoneless_is_utc: bool = False

    # How answers are written.
    empty_tokens_omitted: bool = False
    empty_lists_omitted: bool = False
    zeros_omitted: bool = False
    absent_is_null: bool = False
    nine_digits: bool = False  # fractions of a second to the nanosecond
    lists_reversed: bool = False  # those without a documented order

    @property
    def is_lenient(self) -> bool:
        """Whether some requests are accepted that do not keep to the document's schemas."""
        return (
            self.unknown_fields_ignored
            or self.unknown_parameters_ignored
            or self.page_size_clamped
            or self.zoneless_is_utc
        )

    @property
    def reshapes_answers(self) -> bool:
        """Whether answers are written in another of the forms that their schemas allow."""
        return (
            self.empty_tokens_omitted
            or self.empty_lists_omitted
            or self.zeros_omitted
            or self.absent_is_null
            or self.nine_digits
        )


DEFAULT = Variants()
