"""Invitations to an organization: sent by e-mail, renewed, accepted once by their recipient, or revoked."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from factify_mock.model import members, roles, users
from factify_mock.model.errors import DomainError, forbidden, invalid, not_found, precondition
from factify_mock.model.ranges import ALWAYS, TimeRange
from factify_mock.model.records import Actor, Invite, Mail, Organization, User
from factify_mock.model.world import World

LIFETIME = timedelta(days=7)
LONGEST_MESSAGE = 2000  # bytes of UTF-8; the document's own limit of 2000 characters lets longer ones pass
TOKEN_LENGTH = 43


@dataclass(frozen=True, slots=True)
class InviteFilter:
    """Which invitations a list shows; what is empty or None filters nothing."""

    statuses: Collection[str] = ()
    email_contains: str | None = None
    email_exact: str | None = None
    sender_id: str | None = None
    created: TimeRange = ALWAYS

    def matches(self, world: World, now: datetime, invite: Invite) -> bool:
        """Whether the list shows this invitation at this time."""
        is_stored = "invites.listed-as-stored" in world.settings.mutants
        status = invite.status if is_stored else status_of(world, now, invite)
        return (
            (
                not self.statuses
                or status in self.statuses
                or "invites.status-filter-ignored" in world.settings.mutants
            )
            and (self.email_contains is None or _contains(world, invite.email, self.email_contains))
            and (self.email_exact is None or self.email_exact == invite.email)
            and (self.sender_id is None or self.sender_id == invite.sender_id)
            and invite.created_at in self.created
        )


def _contains(world: World, email: str, part: str) -> bool:
    if "invites.email-filter-heeds-case" in world.settings.mutants:
        return part in email
    return part.lower() in email.lower()


def status_of(world: World, now: datetime, invite: Invite) -> str:
    """The status at `now`: what is pending when its time has come is expired from that instant on."""
    if invite.status == "accepted" and "invites.status-stays-pending" in world.settings.mutants:
        return "pending"
    if "invites.expiry-not-shown" in world.settings.mutants:
        return invite.status
    return _status(now, invite)


def search(
    world: World, actor: Actor, now: datetime, *, organization_id: str, wanted: InviteFilter
) -> list[Invite]:
    """The organization's invitations that `wanted` lets through, newest first; for owner and admins."""
    if wanted.email_contains is not None and wanted.email_exact is not None:
        raise invalid("email.exact", "email.exact and email.contains exclude each other")
    roles.require_inviter(world, actor, organization_id)
    invites = list(world.tables.invites[organization_id].values())
    if "invites.of-every-organization" in world.settings.mutants:
        invites = [each for sent in world.tables.invites.values() for each in sent.values()]
    found = [each for each in invites if wanted.matches(world, now, each)]
    return sorted(found, key=lambda each: (each.created_at, each.id), reverse=True)


def create(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    organization_id: str,
    email: str,
    message: str | None = None,
) -> Invite:
    """The one pending invitation of this address, mailed with a fresh token and seven days to live.

    One that is pending already is renewed instead of doubled, and keeps its sender and, unless a new one
    is given, its message. Letters' case does not tell addresses apart. For owner and admins.
    """
    _require_short(world, message)
    organization = roles.require_inviter(world, actor, organization_id)
    _require_stranger(world, organization_id, email)
    pending = _pending(world, now, organization_id, email)
    mutants = world.settings.mutants
    if pending is not None and "invites.colleagues-unnoticed" in mutants and pending.sender_id != actor.id:
        pending = None
    if pending is not None and "invites.create-duplicates" not in mutants:
        kept = replace(pending, message=message) if message is not None else pending
        return _repeated(world, now, organization, kept)
    invite = Invite(
        world.ids.new("inv"),
        organization_id,
        email,
        _sender_id(world, actor),
        now,
        now + LIFETIME,
        world.ids.token(TOKEN_LENGTH),
        message=message,
    )
    if world.settings.mutants:
        invite = _misshapen(world.settings.mutants, invite)
    return _send(world, now, organization, invite)


def _repeated(world: World, now: datetime, organization: Organization, pending: Invite) -> Invite:
    mutants = world.settings.mutants
    repeated = _send(world, now, organization, _renewed(world, now, pending))
    if "invites.repeated-token-dead" in mutants:
        del world.tables.invite_by_token[repeated.token]
    if "invites.repeat-revokes" in mutants:
        repeated = replace(repeated, status="revoked")
        _close(world, repeated)
    return repeated


def _misshapen(mutants: frozenset[str], invite: Invite) -> Invite:
    """A new invitation as deliberate defects make it."""
    if "invites.message-lost" in mutants:
        invite = replace(invite, message=None)
    if "invites.expires-a-day-late" in mutants:
        invite = replace(invite, expires_at=invite.expires_at + timedelta(days=1))
    if "invites.accepted-when-sent" in mutants:
        invite = replace(invite, accepted_at=invite.created_at, accepted_by=invite.sender_id)
    return invite


def resend(world: World, actor: Actor, now: datetime, *, organization_id: str, invite_id: str) -> Invite:
    """The invitation, mailed again with a fresh token and seven days to live; pending also if it had expired.

    Refused once it was accepted or revoked, and where its recipient has meanwhile become a member or was
    sent a newer invitation that is still pending. For owner and admins.
    """
    organization = roles.require_inviter(world, actor, organization_id)
    invite = _invite(world, organization_id, invite_id)
    mutants = world.settings.mutants
    if invite.status != "pending":
        raise precondition(f"Invitation {invite_id} is {invite.status} and cannot be sent again")
    if "invites.expired-not-resent" in mutants and now >= invite.expires_at:
        raise precondition(f"Invitation {invite_id} has expired")
    _require_stranger(world, organization_id, invite.email)
    newer = _pending(world, now, organization_id, invite.email)
    if newer is not None and newer.id != invite_id:
        raise precondition(f"Invitation {newer.id} to the same address is pending")
    if "invites.resend-makes-another" in mutants:
        invite = replace(invite, id=world.ids.new("inv"))
    sent = _send(world, now, organization, _renewed(world, now, invite))
    if "invites.resent-token-dead" in mutants:
        del world.tables.invite_by_token[sent.token]
    return sent


def revoke(world: World, actor: Actor, now: datetime, *, organization_id: str, invite_id: str) -> Invite:
    """The invitation can no longer be accepted; only a pending one can be revoked. For owner and admins."""
    mutants = world.settings.mutants
    if "invites.refused-revokes" in mutants and roles.role_of(world, actor, organization_id) is None:
        _close(world, replace(_invite(world, organization_id, invite_id), status="revoked"))
    roles.require_manager(world, actor, organization_id)
    invite = _invite(world, organization_id, invite_id)
    status = _status(now, invite)
    if status == "revoked" and world.settings.variants.repeats_succeed:
        return invite
    if status != "pending" and "invites.accepted-revocable" not in mutants:
        raise precondition(f"Invitation {invite_id} is {status}; only a pending one can be revoked")
    revoked = replace(invite, status="revoked")
    if "invites.revoke-forgotten" not in mutants:
        _close(world, revoked)
    return revoked


def accept(world: World, actor: Actor, now: datetime, *, organization_id: str, token: str) -> Organization:
    """The caller is a member of the organization, and the token is used up.

    The token has to be the latest of a pending invitation of this organization, sent to the caller's own
    address. For users only.
    """
    user = users.require_user(world, actor)
    mutants = world.settings.mutants
    if "invites.unknown-token-accepted" in mutants and token not in world.tables.invite_by_token:
        members.join(world, now, organization_id=organization_id, user_id=user.id, role="member")
        return world.tables.organizations[organization_id]
    invite = _acceptable(world, now, organization_id, token)
    _require_recipient(world, now, user, invite)
    if user.id not in world.tables.members[invite.organization_id]:
        _join(world, now, user, invite)
    elif invite.status == "pending" and "invites.already-member-accepted" not in mutants:
        raise precondition(f"You are a member of organization {invite.organization_id} already")
    accepted_by = None if "invites.acceptance-unrecorded" in mutants else user.id
    accepted_at = None if "invites.accepted-at-forgotten" in mutants else now
    _close(world, replace(invite, status="accepted", accepted_at=accepted_at, accepted_by=accepted_by))
    return world.tables.organizations[invite.organization_id]


def _join(world: World, now: datetime, user: User, invite: Invite) -> None:
    tables, mutants = world.tables, world.settings.mutants
    if "invites.accept-joins-nothing" in mutants:
        return
    role = "admin" if "invites.joins-as-admin" in mutants else "member"
    members.join(world, now, organization_id=invite.organization_id, user_id=user.id, role=role)
    if "invites.joined-not-shown" in mutants:
        tables.organizations_of[user.id] = tables.organizations_of[user.id][:-1]


def sender_of(world: World, invite: Invite) -> User:
    """Who sent the invitation."""
    return world.tables.users[invite.sender_id]


def _status(now: datetime, invite: Invite) -> str:
    return "expired" if invite.status == "pending" and now >= invite.expires_at else invite.status


def _acceptable(world: World, now: datetime, organization_id: str, token: str) -> Invite:
    """The invitation that the token opens; the same refusal whatever is wrong, since tokens are secrets."""
    mutants = world.settings.mutants
    refused = DomainError("not_found", "resource_not_found", "The invitation is invalid or has expired")
    home, invite_id = world.tables.invite_by_token.get(token, ("", ""))
    if not invite_id or (home != organization_id and "invites.wrong-organization-accepted" not in mutants):
        raise refused
    invite = world.tables.invites[home][invite_id]
    tolerated = {
        "expired": "invites.expired-token-accepted",
        "accepted": "invites.token-reusable",
        "revoked": "invites.revoked-token-accepted",
    }
    status = _status(now, invite)
    if status != "pending" and tolerated[status] not in mutants:
        raise refused
    if "invites.ends-a-day-early" in mutants and now >= invite.expires_at - timedelta(days=1):
        raise refused
    return invite


def _require_recipient(world: World, now: datetime, user: User, invite: Invite) -> None:
    mutants = world.settings.mutants
    same = invite.email.lower() == user.email.lower()
    if "invites.accept-heeds-case" in mutants:
        same = invite.email == user.email
    if not same and "invites.refused-joins" in mutants:
        members.join(world, now, organization_id=invite.organization_id, user_id=user.id, role="member")
    if not same and "invites.accept-any-email" not in mutants:
        raise forbidden("The invitation was sent to another e-mail address")


def _pending(world: World, now: datetime, organization_id: str, email: str) -> Invite | None:
    invite_id = world.tables.open_invites.get(organization_id, {}).get(email.lower())
    invite = world.tables.invites[organization_id][invite_id] if invite_id else None
    is_for_ever = "invites.expired-blocks-new" in world.settings.mutants
    return invite if invite is not None and (now < invite.expires_at or is_for_ever) else None


def _renewed(world: World, now: datetime, invite: Invite) -> Invite:
    mutants = world.settings.mutants
    expires_at = invite.expires_at if "invites.resend-keeps-expiry" in mutants else now + LIFETIME
    if "invites.resend-keeps-token" in mutants:
        return replace(invite, expires_at=expires_at)
    if "invites.old-token-accepted" not in mutants:
        world.tables.invite_by_token.pop(invite.token, None)
    return replace(invite, expires_at=expires_at, token=world.ids.token(TOKEN_LENGTH))


def _send(world: World, now: datetime, organization: Organization, invite: Invite) -> Invite:
    """The invitation is stored, found by token and address, and its mail lies in the outbox."""
    tables = world.tables
    tables.invites[organization.id][invite.id] = invite
    tables.invite_by_token[invite.token] = (organization.id, invite.id)
    tables.open_invites.setdefault(organization.id, {})[invite.email.lower()] = invite.id
    if "invites.never-mailed" in world.settings.mutants:
        return invite
    tables.outbox.append(
        Mail(
            world.ids.new("mail"),
            invite.email,
            "organization_invite",
            now,
            f"{sender_of(world, invite).name} invites you to {organization.name}",
            token=invite.token,
            invite_id=invite.id,
            organization_id=organization.id,
        )
    )
    return invite


def _close(world: World, invite: Invite) -> None:
    """The invitation, accepted or revoked, is stored and does not stand in the way of a new one."""
    world.tables.invites[invite.organization_id][invite.id] = invite
    if invite.status == "revoked" and "invites.revoked-blocks-new" in world.settings.mutants:
        return
    pending = world.tables.open_invites[invite.organization_id]
    if pending.get(invite.email.lower()) == invite.id:
        del pending[invite.email.lower()]


def _invite(world: World, organization_id: str, invite_id: str) -> Invite:
    invite = world.tables.invites[organization_id].get(invite_id)
    if invite is None:
        raise not_found("Invitation", invite_id)
    return invite


def _sender_id(world: World, actor: Actor) -> str:
    """A person in any case, as the answer demands: a key invites in the name of the user who made it."""
    if "invites.sent-by-somebody-else" in world.settings.mutants:
        return next(reversed(world.tables.members[actor.organization_id or ""]))
    return world.tables.api_keys[actor.api_key_id].created_by if actor.api_key_id else actor.id


def _require_stranger(world: World, organization_id: str, email: str) -> None:
    user = users.by_email(world, email)
    if "invites.member-invited" in world.settings.mutants:
        return
    if user is not None and user.id in world.tables.members[organization_id]:
        raise precondition(f"{email} belongs to a member of organization {organization_id}")


def _require_short(world: World, message: str | None) -> None:
    size = len(message.encode()) if message else 0
    if size > LONGEST_MESSAGE and "invites.message-unlimited" not in world.settings.mutants:
        raise invalid("message", f"message has {size} bytes, at most {LONGEST_MESSAGE} are allowed")
