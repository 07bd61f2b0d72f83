"""Invitations into an organization."""

from datetime import timedelta
from typing import Any

from contrary.call import Call, Route
from contrary.estate import Invite, Organization
from contrary.intake import PAGE, RANGE, Field
from contrary.people import scrambled, show_organization, show_user
from contrary.wire import Refusal, forbidden, invalid

_WEEK = timedelta(days=7)


def _status(call: Call, invite: Invite) -> str:
    if invite.state == "pending" and call.estate.now() > invite.expires_at:
        return "expired"
    return invite.state


def _show(call: Call, invite: Invite) -> dict[str, Any]:
    status = _status(call, invite)
    shown = {
        "id": invite.id,
        "organization_id": invite.organization.id,
        "email": invite.email,
        "status": status.upper() if "shouting-status" in call.faults else status,
        "sender": show_user(invite.sender),
        "message": invite.message,
        "created_at": invite.created_at,
        "expires_at": invite.expires_at,
        "accepted_at": invite.accepted_at,
        "accepted_by": show_user(invite.accepted_by) if invite.accepted_by else None,
    }
    if "revoked-without-expiry" in call.faults and status == "revoked":
        del shown["expires_at"]
    return shown


def _inviting(call: Call) -> Organization:
    return call.organization(least="member" if call.choices.members_invite else "admin")


def _send(call: Call, invite: Invite, *, renew: bool) -> None:
    """Mails a token: a new one, or the one that was mailed before."""
    if renew:
        token = f"{call.estate.rng.getrandbits(128):032x}"
        invite.tokens = [*invite.tokens, token] if call.choices.old_token_works else [token]
    if "silent-resend" in call.faults and call.operation == "resendOrganizationInvite":
        return
    call.estate.letters.append(
        {"address": invite.email, "about": {"invite": invite.id}, "secret": invite.tokens[-1]}
    )


def _same_address(call: Call, one: str, other: str) -> bool:
    return one.lower() == other.lower() if call.choices.repeat_ignores_case else one == other


def create_invite(call: Call) -> dict[str, Any]:
    """createOrganizationInvite"""
    organization = _inviting(call)
    email, message = call.input.body["email"], call.input.body.get("message")
    if message is not None and len(message.encode()) > 2000 and not call.choices.lenient:
        raise invalid("message", "has more than 2000 bytes")
    known = call.estate.user_by_email(email)
    if known is not None and known.id in organization.members:
        raise Refusal("failed_precondition", "This person is a member.")
    now = call.estate.now()
    for invite in call.estate.invites.values():
        is_same = invite.organization is organization and _same_address(call, invite.email, email)
        if is_same and _status(call, invite) == "pending":
            if "repeat-keeps-expiry" not in call.faults:
                invite.expires_at = now + _WEEK
            _send(call, invite, renew=True)
            return {"invite": _show(call, invite)}
    kept = email.lower() if call.choices.email_lowered else email
    maker = call.actor.key.maker.id if call.actor.key else call.actor.id
    invite = Invite(
        call.estate.id("inv"), organization, kept, call.estate.users[maker], message, now, now + _WEEK, []
    )
    call.estate.invites[invite.id] = invite
    _send(call, invite, renew=True)
    return {"invite": _show(call, invite)}


def _named(call: Call, organization: Organization) -> Invite:
    invite = call.estate.invites.get(call.input.path["invite_id"])
    if invite is None or invite.organization is not organization:
        raise call.unknown("invitation")
    return invite


def resend_invite(call: Call) -> dict[str, Any]:
    """resendOrganizationInvite"""
    invite = _named(call, _inviting(call))
    if invite.state != "pending":
        raise Refusal("not_found" if call.choices.lenient else "failed_precondition", "This is settled.")
    if _status(call, invite) == "expired" or not call.choices.lenient:
        invite.expires_at = call.estate.now() + _WEEK
    _send(call, invite, renew=not call.choices.resend_keeps_token)
    return {"invite": _show(call, invite)}


def revoke_invite(call: Call) -> dict[str, Any]:
    """revokeOrganizationInvite"""
    invite = _named(call, call.organization(least="admin"))
    if _status(call, invite) == "pending":
        invite.state = "revoked"
    elif call.choices.settled != "again":
        raise Refusal(call.choices.settled, "This invitation is not pending.")
    return {"invite": _show(call, invite)}


def accept_invite(call: Call) -> dict[str, Any]:
    """acceptOrganizationInvite"""
    if call.actor.key is not None:
        raise Refusal(call.choices.user_only, "Only people are invited.")
    estate, user = call.estate, call.estate.users[call.actor.id]
    organization = estate.organizations.get(call.input.path["organization_id"])
    invite = next((each for each in estate.invites.values() if call.input.body["token"] in each.tokens), None)
    if organization is None or invite is None or invite.organization is not organization:
        raise Refusal("not_found", "This token opens nothing.")
    status = _status(call, invite)
    if status == "expired" and "late-accept" in call.faults:
        status = "pending"
    if status == "accepted" and user.id in organization.members:
        raise Refusal("failed_precondition", "You are a member.")
    if status != "pending":
        raise Refusal("not_found", "This token opens nothing any more.")
    if user.email.lower() != invite.email.lower() and "anybody-accepts" not in call.faults:
        raise forbidden("This invitation is for somebody else.")
    if user.id in organization.members:
        raise Refusal("failed_precondition", "You are a member.")
    now = estate.now()
    organization.members[user.id] = ("member", now)
    invite.state, invite.accepted_at, invite.accepted_by = "accepted", now, user
    return {"organization": show_organization(organization)}


def list_invites(call: Call) -> dict[str, Any]:
    """listOrganizationInvites"""
    organization = _inviting(call)
    query = call.input.query
    part, whole = query.get("email.contains"), query.get("email.exact")
    if part is not None and whole is not None:
        raise invalid("email", "is asked for in two ways")

    def fits(invite: Invite) -> bool:
        return (
            invite.organization is organization
            and (not query.get("status") or _status(call, invite) in query["status"])
            and (not part or part.lower() in invite.email.lower())
            and (not whole or whole == invite.email)
            and query.get("sender_id", invite.sender.id) == invite.sender.id
            and query.get("created.after", invite.created_at) <= invite.created_at
            and query.get("created.before", invite.created_at) >= invite.created_at
        )

    found = [invite for invite in call.estate.invites.values() if fits(invite)]
    if call.choices.order == "scrambled":
        found.sort(key=lambda invite: scrambled(invite.id))
    return call.listing(found, lambda invite: _show(call, invite), bound=organization.id)


_ALL = "/organizations/{organization_id}/invites"
_ONE = f"{_ALL}/{{invite_id}}"
_STATES = "pending|accepted|expired|revoked"

ROUTES = (
    Route(
        "listOrganizationInvites", "GET", _ALL, list_invites, core=True,
        query={
            **PAGE, **RANGE, "status": Field("one_of", among=_STATES, many=True), "email.contains": Field(),
            "email.exact": Field(), "sender_id": Field("id", among="user"),
        },
    ),
    Route(
        "createOrganizationInvite", "POST", _ALL, create_invite, core=True,
        body={
            "email": Field("email", required=True), "message": Field(most=2000, nullable=True),
            "idempotency_key": Field(most=255, nullable=True),
        },
    ),
    Route(
        "acceptOrganizationInvite", "POST", f"{_ALL}/accept", accept_invite, core=True,
        body={"token": Field(most=128, required=True)},
    ),
    Route("resendOrganizationInvite", "POST", f"{_ONE}/resend", resend_invite, body={}, core=True),
    Route("revokeOrganizationInvite", "POST", f"{_ONE}/revoke", revoke_invite, body={}, core=True),
)  # fmt: skip
