"""Handlers of invitations to an organization."""

from typing import Any

from factify_mock.api.arguments import listing, range_of
from factify_mock.api.call import Call, Handler
from factify_mock.api.render import people
from factify_mock.model import invites
from factify_mock.model.pages import moment


def list_invites(call: Call) -> dict[str, Any]:
    """A page of the organization's invitations, filtered."""
    wanted = invites.InviteFilter(
        statuses=frozenset(call.query.get("status", ())),
        email_contains=call.query.get("email.contains"),
        email_exact=call.query.get("email.exact"),
        sender_id=call.query.get("sender_id"),
        created=range_of(call.query, "created"),
    )
    found = invites.search(
        call.world, call.caller, call.now, organization_id=call.path["organization_id"], wanted=wanted
    )
    return listing(
        call,
        found,
        position=lambda each: (moment(each.created_at), each.id),
        descending=True,
        render=lambda each: people.invite(call.world, each, call.now),
    )


def create_invite(call: Call) -> dict[str, Any]:
    """The invitation, new or sent again; the reserved idempotency_key has no effect."""
    invite = invites.create(
        call.world,
        call.caller,
        call.now,
        organization_id=call.path["organization_id"],
        email=call.body["email"],
        message=call.body.get("message"),
    )
    return {"invite": people.invite(call.world, invite, call.now)}


def accept_invite(call: Call) -> dict[str, Any]:
    """The organization that the caller has joined."""
    organization = invites.accept(
        call.world,
        call.caller,
        call.now,
        organization_id=call.path["organization_id"],
        token=call.body["token"],
    )
    return {"organization": people.organization(organization)}


def resend_invite(call: Call) -> dict[str, Any]:
    """The invitation with its new expiry."""
    invite = invites.resend(
        call.world,
        call.caller,
        call.now,
        organization_id=call.path["organization_id"],
        invite_id=call.path["invite_id"],
    )
    return {"invite": people.invite(call.world, invite, call.now)}


def revoke_invite(call: Call) -> dict[str, Any]:
    """The revoked invitation."""
    invite = invites.revoke(
        call.world,
        call.caller,
        call.now,
        organization_id=call.path["organization_id"],
        invite_id=call.path["invite_id"],
    )
    return {"invite": people.invite(call.world, invite, call.now)}


HANDLERS: dict[str, Handler] = {
    "listOrganizationInvites": list_invites,
    "createOrganizationInvite": create_invite,
    "acceptOrganizationInvite": accept_invite,
    "resendOrganizationInvite": resend_invite,
    "revokeOrganizationInvite": revoke_invite,
}
