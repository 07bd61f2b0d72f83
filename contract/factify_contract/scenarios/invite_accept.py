"""Accepting invitations: once, in time, by the person they were sent to."""

from factify_contract.scenarios.invitations import (
    accept,
    as_listed,
    invitations,
    invite,
    mailed_token,
    revoke,
    stranger,
)
from factify_contract.scenarios.steps import REFUSALS, every, ids, instant, members, own_organization
from factify_contract.scenarios.story import Api, story

_SUITE = "invite-accept"


@story(
    suite=_SUITE,
    title="An invitation is accepted by the person it was sent to",
    needs=("owner", "invitee", "mailbox"),
    smoke=True,
)
def accepted_by_the_invited(api: Api) -> None:
    """The invited person accepts, becomes a member, and cannot accept a second time."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)
    token = mailed_token(api, sent)

    accepted = accept(api, invitee, token)
    organization = accepted.succeeds("invites.accept-joins")["organization"]
    api.equals("invites.accept-returns-organization", "answer", organization["id"], api.organization_id)
    is_told = token in accepted.exchange.content.decode("utf-8", "replace")
    api.equals("invites.token-only-in-mail", "the token is in the answer", is_told, False)

    everybody = members(api)
    api.equals("invites.accept-joins", "listed as a member", invitee.user_id in everybody, True)
    if invitee.user_id in everybody:
        role = everybody[invitee.user_id]["role"]
        api.equals("invites.accept-role-member", "role of the new member", role, "member")

    settled = as_listed(api, sent)
    api.equals("invites.accept-marks-accepted", "status of the invitation", settled["status"], "accepted")
    who = (settled.get("accepted_by") or {}).get("id")
    api.equals("invites.accept-records-when-and-who", "accepted_by", who, invitee.user_id)
    has_time = bool(settled.get("accepted_at"))
    api.equals("invites.accept-records-when-and-who", "accepted_at is given", has_time, True)

    mine = ids(invitee.call("getMe").body.get("organizations") or [])
    api.equals("invites.accept-shows-organization", "in getMe", api.organization_id in mine, True)
    seen = ids(every(invitee, "listOrganizations"))
    api.equals("invites.accept-shows-organization", "in the list", api.organization_id in seen, True)

    again = accept(api, invitee, token)
    again.is_refused("invites.accept-once", codes=("failed_precondition", "not_found"))


@story(
    suite=_SUITE,
    title="The invited address is compared without regard to case",
    needs=("owner", "invitee", "mailbox"),
)
def accepted_in_spite_of_case(api: Api) -> None:
    """Somebody invited as MICHAEL@EXAMPLE.COM accepts as michael@example.com."""
    invitee = stranger(api)
    sent = invite(api, invitee.email.swapcase())
    token = mailed_token(api, sent)

    accept(api, invitee, token).succeeds("invites.accept-ignores-case")
    is_member = invitee.user_id in members(api)
    api.equals("invites.accept-ignores-case", "listed as a member", is_member, True)


@story(
    suite=_SUITE,
    title="Somebody else cannot accept an invitation",
    needs=("owner", "invitee", "outsider", "mailbox"),
)
def refused_to_the_wrong_person(api: Api) -> None:
    """Another user has the token, but not the address; the invited person still can accept."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)
    token = mailed_token(api, sent)

    wrong = accept(api, api.outsider, token)
    wrong.is_refused("invites.accept-wrong-person", codes=("permission_denied",))
    is_member = api.outsider.user_id in members(api)
    api.equals("invites.accept-wrong-person-stays-out", "listed as a member", is_member, False)

    status = as_listed(api, sent)["status"]
    api.equals("invites.accept-wrong-person-keeps-invite", "status of the invitation", status, "pending")
    accept(api, invitee, token).succeeds("invites.accept-wrong-person-keeps-invite")


@story(
    suite=_SUITE,
    title="Accepting an invitation takes a user",
    needs=("owner", "invitee", "api_key", "mailbox"),
)
def refused_without_a_user(api: Api) -> None:
    """Neither nobody nor an API key, which has no address, can accept."""
    invitee = stranger(api)
    token = mailed_token(api, invite(api, invitee.email))

    nobody = accept(api, api.anonymous, token)
    nobody.is_refused("invites.accept-needs-credentials", codes=("unauthenticated",))
    machine = accept(api, api.key, token)
    machine.is_refused(
        "invites.accept-users-only", codes=("permission_denied", "unauthenticated", "not_found")
    )


@story(
    suite=_SUITE,
    title="Only a token that was mailed opens the door",
    needs=("owner", "invitee"),
)
def refused_with_a_wrong_token(api: Api) -> None:
    """Tokens that nobody sent, that are missing, or that are too long."""
    invitee = stranger(api)

    unknown = accept(api, invitee, api.unique("never-sent"))
    unknown.is_refused("invites.accept-unknown-token", codes=("not_found",))
    missing = invitee.call("acceptOrganizationInvite", organization_id=api.organization_id, body={})
    missing.is_refused("invites.accept-needs-token", codes=("invalid_argument",))
    overlong = accept(api, invitee, "t" * 129)
    overlong.is_refused("invites.accept-overlong-token", codes=("invalid_argument", "not_found"))


@story(
    suite=_SUITE,
    title="A token is good for its own organization only",
    needs=("owner", "invitee", "outsider", "mailbox"),
)
def refused_under_another_organization(api: Api) -> None:
    """The token is right, the organization in the path is not."""
    invitee = stranger(api)
    token = mailed_token(api, invite(api, invitee.email))
    elsewhere = own_organization(api.outsider)

    wrong = invitee.call("acceptOrganizationInvite", organization_id=elsewhere, body={"token": token})
    if wrong.is_refused("invites.accept-other-organization", codes=REFUSALS):
        wrong.is_refused("invites.accept-other-organization-not-found", codes=("not_found",))
    joined = {elsewhere, api.organization_id} & set(ids(every(invitee, "listOrganizations")))
    api.equals("invites.accept-other-organization", "organizations joined", sorted(joined), [])


@story(
    suite=_SUITE,
    title="An invitation can be accepted until it expires",
    needs=("owner", "invitee", "mailbox", "clock"),
)
def accepted_in_the_last_hour(api: Api) -> None:
    """An hour before its end an invitation is as good as new."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)
    token = mailed_token(api, sent)
    lifetime = instant(sent["expires_at"]) - instant(sent["created_at"])

    api.clock.advance(seconds=lifetime.total_seconds() - 3600)
    status = as_listed(api, sent)["status"]
    api.equals("invites.accept-before-expiry", "status an hour before the end", status, "pending")
    accept(api, invitee, token).succeeds("invites.accept-before-expiry")


@story(
    suite=_SUITE,
    title="An expired invitation cannot be accepted",
    needs=("owner", "invitee", "mailbox", "clock"),
)
def refused_after_expiry(api: Api) -> None:
    """Seven days pass; the token is dead, and a new invitation takes the old one's place."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)
    token = mailed_token(api, sent)
    lifetime = instant(sent["expires_at"]) - instant(sent["created_at"])

    api.clock.advance(seconds=lifetime.total_seconds() + 60)
    accept(api, invitee, token).is_refused("invites.accept-expired", codes=("not_found",))
    is_member = invitee.user_id in members(api)
    api.equals("invites.accept-expired", "listed as a member", is_member, False)
    status = as_listed(api, sent)["status"]
    api.equals("invites.expired-status", "status after the end", status, "expired")
    for asked, is_there in (("pending", False), ("expired", True)):
        found = sent["id"] in ids(invitations(api, status=[asked]))
        api.equals("invites.list-status", f"listed as {asked} after the end", found, is_there)

    renewed = invite(api, invitee.email)
    api.equals("invites.after-expiry-new", "the old invitation again", renewed["id"] == sent["id"], False)
    api.equals("invites.after-expiry-new", "status of the new invitation", renewed["status"], "pending")
    new_token = mailed_token(api, renewed, other_than=token)
    accept(api, invitee, new_token).succeeds("invites.after-expiry-new")


@story(
    suite=_SUITE,
    title="A revoked invitation cannot be accepted",
    needs=("owner", "invitee", "mailbox"),
)
def refused_after_revocation(api: Api) -> None:
    """The owner thinks better of it before the invited person answers."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)
    token = mailed_token(api, sent)

    revoked = revoke(api, api.owner, sent).succeeds("invites.revoke-status")["invite"]
    api.equals("invites.revoke-status", "answered invitation", revoked["id"], sent["id"])
    api.equals("invites.revoke-status", "answered status", revoked["status"], "revoked")
    api.equals("invites.revoke-status", "listed status", as_listed(api, sent)["status"], "revoked")

    late = accept(api, invitee, token)
    if late.is_refused("invites.accept-revoked", codes=REFUSALS):
        late.is_refused("invites.accept-revoked-not-found", codes=("not_found",))
    is_member = invitee.user_id in members(api)
    api.equals("invites.accept-revoked", "listed as a member", is_member, False)

    renewed = invite(api, invitee.email)
    again = renewed["id"] == sent["id"]
    api.equals("invites.after-revocation-new", "the old invitation again", again, False)
    api.equals("invites.after-revocation-new", "status of the new one", renewed["status"], "pending")


@story(
    suite=_SUITE,
    title="Who has become a member meanwhile cannot accept",
    needs=("owner", "invitee", "mailbox"),
)
def refused_to_a_member(api: Api) -> None:
    """Invited, then added directly, and only then the mail is read."""
    invitee = stranger(api)
    token = mailed_token(api, invite(api, invitee.email))
    added = api.owner.call(
        "addOrganizationMember",
        organization_id=api.organization_id,
        body={"user_id": invitee.user_id, "role": "admin"},
    )
    api.require(added.status == 200, f"the invitee could not be added: {added.exchange.line}")

    late = accept(api, invitee, token)
    # Becoming a member may also end the invitation, which leaves the token without one.
    late.is_refused("invites.accept-member-refused", codes=("failed_precondition", "not_found"))
    role = members(api)[invitee.user_id]["role"]
    api.equals("invites.accept-member-refused", "role of the member", role, "admin")


@story(
    suite=_SUITE,
    title="An accepted invitation is not revoked",
    needs=("owner", "invitee", "mailbox"),
)
def acceptance_is_final(api: Api) -> None:
    """Revoking comes too late: it is refused, or has no effect."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)
    accepted = accept(api, invitee, mailed_token(api, sent))
    api.require(accepted.status == 200, f"the invitation was not accepted: {accepted.exchange.line}")

    revoke(api, api.owner, sent)
    status = as_listed(api, sent)["status"]
    api.equals("invites.revoke-pending-only", "status of the invitation", status, "accepted")
    is_member = invitee.user_id in members(api)
    api.equals("invites.revoke-pending-only", "listed as a member", is_member, True)
