"""Defects of invitations."""

from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.model import users
from factify_mock.mutants.bends import (
    OTHER_ORGANIZATION,
    assumes,
    edits,
    heeds_first,
    ignores,
    misreads,
    open_to_insiders,
    open_to_strangers,
    overlooks,
    puts,
    turns_round,
)
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _token_in_answer(call: "Call", body: Json) -> Json:
    invite = body["invite"]
    invite["token"] = call.world.tables.invites[invite["organization_id"]][invite["id"]].token
    return body


def _address_of_key(call: "Call") -> "Call":
    key = call.body.get("idempotency_key")
    if key is None:
        return call
    email = call.world.remembered.setdefault(f"idempotency_key {key}", call.body["email"])
    return replace(call, body={**call.body, "email": email})


def _another_organization(call: "Call", body: Json) -> Json:
    return {"organization": {**body["organization"], "id": OTHER_ORGANIZATION}}


def _last_token(call: "Call") -> "Call":
    tokens = call.world.tables.invite_by_token
    return replace(call, body={"token": next(reversed(tokens), ""), **call.body})


def _addressee(call: "Call") -> "Call":
    """The call as of the one who was invited."""
    tables = call.world.tables
    organization_id, invite_id = tables.invite_by_token.get(call.body["token"], ("", ""))
    invite = tables.invites.get(organization_id, {}).get(invite_id)
    user = users.by_email(call.world, invite.email) if invite else None
    return replace(call, actor=users.actor_of(call.world, user.id)) if user else call


def _one_email_filter(call: "Call") -> "Call":
    query = dict(call.query)
    if "email.contains" in query:
        query.pop("email.exact", None)
    return replace(call, query=query)


MUTANTS: tuple[Mutant, ...] = (
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
        "invites.born-expired",
        "invites.create-pending",
        "A new invitation is answered as expired.",
        puts("createOrganizationInvite", "invite.status", "expired"),
    ),
    Mutant(
        "invites.message-lost",
        "invites.create-names",
        "An invitation forgets the sender's message.",
    ),
    Mutant(
        "invites.sent-by-somebody-else",
        "invites.sender-is-caller",
        "The sender of an invitation is the one who joined the organization last.",
    ),
    Mutant(
        "invites.expires-a-day-late",
        "invites.expires-in-seven-days",
        "An invitation expires eight days after it was created.",
    ),
    Mutant(
        "invites.never-mailed",
        "invites.create-sends-mail",
        "No invitation is mailed.",
    ),
    Mutant(
        "invites.token-in-answer",
        "invites.token-only-in-mail",
        "The answer to an invitation gives its token away.",
        edits("createOrganizationInvite", by=_token_in_answer),
    ),
    Mutant(
        "invites.accepted-at-forgotten",
        "invites.acceptance-fields-together",
        "An accepted invitation tells by whom, but not when.",
    ),
    Mutant(
        "invites.accepted-when-sent",
        "invites.unaccepted-has-no-acceptance",
        "A new invitation says that its sender has accepted it.",
    ),
    Mutant(
        "invites.address-optional",
        "invites.email-required",
        "An invitation can be created without an address.",
        overlooks("createOrganizationInvite", "email", email="nobody@example.com"),
    ),
    Mutant(
        "invites.message-unlimited",
        "invites.message-limit",
        "The message of an invitation may have any length.",
        overlooks("createOrganizationInvite", "message"),
    ),
    Mutant(
        "invites.repeated-token-dead",
        "invites.repeat-token-works",
        "The token of a repeated invitation opens nothing.",
    ),
    Mutant(
        "invites.repeat-revokes",
        "invites.repeat-stays-pending",
        "Inviting an address again revokes its invitation.",
    ),
    Mutant(
        "invites.expired-blocks-new",
        "invites.after-expiry-new",
        "An address whose invitation expired gets that one again.",
    ),
    Mutant(
        "invites.revoked-blocks-new",
        "invites.after-revocation-new",
        "An address whose invitation was revoked gets that one again.",
    ),
    Mutant(
        "invites.idempotency-key-heeded",
        "invites.idempotency-key-reserved",
        "An idempotency key that was used before leads to the address that it was used with.",
        Bend(("createOrganizationInvite",), question=_address_of_key),
    ),
    Mutant(
        "invites.accept-answers-another",
        "invites.accept-returns-organization",
        "Accepting answers with another organization than the one that was joined.",
        edits("acceptOrganizationInvite", by=_another_organization),
    ),
    Mutant(
        "invites.accept-joins-nothing",
        "invites.accept-joins",
        "Who accepts an invitation does not become a member.",
    ),
    Mutant(
        "invites.joined-not-shown",
        "invites.accept-shows-organization",
        "The joined organization is missing from the new member's organizations.",
    ),
    Mutant(
        "invites.refused-joins",
        "invites.accept-wrong-person-stays-out",
        "Who is refused an invitation for its address has become a member all the same.",
    ),
    Mutant(
        "invites.unknown-token-accepted",
        "invites.accept-unknown-token",
        "A token that belongs to no invitation lets its bearer join.",
    ),
    Mutant(
        "invites.token-optional",
        "invites.accept-needs-token",
        "Who gives no token accepts the last invitation that was sent.",
        Bend(("acceptOrganizationInvite",), question=_last_token, overlooked=frozenset({"token"})),
    ),
    Mutant(
        "invites.token-suffices",
        "invites.accept-needs-credentials",
        "A token is accepted from a caller without credentials.",
        Bend(("acceptOrganizationInvite",), question=_addressee, admits=True),
    ),
    Mutant(
        "invites.ends-a-day-early",
        "invites.accept-before-expiry",
        "An invitation can't be accepted on its last day.",
    ),
    Mutant(
        "invites.resend-makes-another",
        "invites.resend-same-invite",
        "Sending an invitation again makes another one.",
    ),
    Mutant(
        "invites.resent-token-dead",
        "invites.resend-token-works",
        "The token of an invitation that was sent again opens nothing.",
    ),
    Mutant(
        "invites.expired-not-resent",
        "invites.resend-after-expiry",
        "An expired invitation can't be sent again.",
    ),
    Mutant(
        "invites.revoke-forgotten",
        "invites.revoke-status",
        "Revoking is answered and forgotten.",
    ),
    Mutant(
        "invites.members-may-revoke",
        "invites.revoke-needs-manage",
        "A plain member may revoke invitations.",
        open_to_insiders("revokeOrganizationInvite"),
    ),
    Mutant(
        "invites.stranger-may-list",
        "invites.outsider-refused",
        "Somebody from outside may list an organization's invitations.",
        open_to_strangers("listOrganizationInvites"),
    ),
    Mutant(
        "invites.stranger-may-invite",
        "invites.outsider-refused",
        "Somebody from outside may invite to an organization, even himself.",
        open_to_strangers("createOrganizationInvite"),
    ),
    Mutant(
        "invites.stranger-may-resend",
        "invites.outsider-refused",
        "Somebody from outside may send an organization's invitations again.",
        open_to_strangers("resendOrganizationInvite"),
    ),
    Mutant(
        "invites.stranger-may-revoke",
        "invites.outsider-refused",
        "Somebody from outside may revoke an organization's invitations.",
        open_to_strangers("revokeOrganizationInvite"),
    ),
    Mutant(
        "invites.refused-revokes",
        "invites.outsider-changes-nothing",
        "An attempt to revoke from outside is refused after it has succeeded.",
    ),
    Mutant(
        "invites.list-pending-only",
        "invites.list-shows",
        "Without a status the list shows pending invitations only.",
        assumes("listOrganizationInvites", status=["pending"]),
    ),
    Mutant(
        "invites.email-filter-heeds-case",
        "invites.list-email-contains",
        "email.contains finds only what has the very same case.",
    ),
    Mutant(
        "invites.email-exact-finds-parts",
        "invites.list-email-exact",
        "email.exact finds parts of addresses.",
        misreads("listOrganizationInvites", "email.exact", "email.contains"),
    ),
    Mutant(
        "invites.both-email-filters",
        "invites.list-email-either",
        "Of both filters by address only email.contains counts.",
        Bend(("listOrganizationInvites",), question=_one_email_filter),
    ),
    Mutant(
        "invites.sender-filter-ignored",
        "invites.list-sender",
        "The list of invitations ignores the filter by sender.",
        ignores("listOrganizationInvites", "sender_id"),
    ),
    Mutant(
        "invites.created-after-ignored",
        "invites.list-created",
        "created.after has no effect on the list of invitations.",
        ignores("listOrganizationInvites", "created.after"),
    ),
    Mutant(
        "invites.created-before-ignored",
        "invites.list-created",
        "created.before has no effect on the list of invitations.",
        ignores("listOrganizationInvites", "created.before"),
    ),
    Mutant(
        "invites.range-turned-round",
        "timestamps.range-order",
        "A range of invitations that ends before it begins is turned round.",
        turns_round("listOrganizationInvites", "created"),
    ),
    Mutant(
        "invites.one-status",
        "transport.repeated-query-array",
        "Of a repeated status of invitations the first value counts.",
        heeds_first("listOrganizationInvites", "status"),
    ),
    Mutant(
        "invites.resent-stays-expired",
        "invites.resend-revives",
        "An expired invitation that is sent again is answered as expired.",
        puts("resendOrganizationInvite", "invite.status", "expired"),
    ),
)
