"""Who has access to a document: grants one by one, and general access for everybody else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from factify_mock.model import timeline, users
from factify_mock.model.errors import not_found, precondition
from factify_mock.model.indexes import drop_grant, put_document, put_grant
from factify_mock.model.permissions import RANK, organizations_of, require, require_active, role_on
from factify_mock.model.records import Actor, Document, Grant, Mail, ShareLink
from factify_mock.model.world import World

# Two vocabularies for one setting: the document's own access_level, and that of the sharing calls.
GENERAL_ACCESS = {"private": "restricted", "organization": "organization", "public": "anyone_with_link"}
ACCESS_LEVEL = {general: level for level, general in GENERAL_ACCESS.items()}

_OWNER_STAYS = "The owner's access cannot be changed; ownership is passed on by a transfer"

_ID = re.compile(r"(user|bot|org)_[0-9a-hjkmnp-tv-z]{26}")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True, slots=True)
class Wish:
    """One recipient, as the caller named it, and the role it shall have."""

    recipient: str  # an e-mail address, or the id of a user, a bot or an organization
    role: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one wish; `error` says why it failed, None where it did not."""

    recipient: str
    error: str | None = None


def grant(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    document_id: str,
    wishes: Iterable[Wish],
    notify: bool = True,
) -> list[Outcome]:
    """One outcome a wish, in order; a wish that fails does not keep the others from being granted.

    An unknown e-mail address becomes a user of that name. Users who gain access get a mail unless `notify`
    is false.
    """
    document = require_active(world, actor, document_id, "grant_access")
    outcomes = [_grant(world, actor, now, document, wish, notify=notify) for wish in wishes]
    if "sharing.all-or-nothing" in world.settings.mutants and any(each.error for each in outcomes):
        for each in list(world.tables.grants[document_id].values()):
            if each.granted_at == now and each.role != "owner":
                drop_grant(world.tables, each)
    return outcomes


def _grant(
    world: World, actor: Actor, now: datetime, document: Document, wish: Wish, *, notify: bool
) -> Outcome:
    recipient_id = _find(world, actor, wish.recipient)
    error = _refusal(world, actor, document, recipient_id, wish)
    if error is not None:
        return Outcome(wish.recipient, error)
    if recipient_id is None:
        recipient_id = users.for_email(world, now, email=wish.recipient).id
    role = "viewer" if "sharing.grants-viewers-only" in world.settings.mutants else wish.role
    if "sharing.grant-does-nothing" not in world.settings.mutants:
        put_grant(world.tables, Grant(document.id, recipient_id, role, now))
    _note(world, actor, now, timeline.GRANTED, document, recipient_id, wish.role)
    if notify and recipient_id.startswith("user_"):
        _send(world, actor, now, document, recipient_id)
    return Outcome(wish.recipient)


def _find(world: World, actor: Actor, recipient: str) -> str | None:
    """The recipient's id where there is such a user, bot or organization, as far as the actor can know."""
    tables = world.tables
    if recipient.startswith("org_"):
        return recipient if recipient in organizations_of(world, actor) else None
    if recipient.startswith("bot_"):
        return recipient if recipient in tables.key_by_bot else None
    if recipient.startswith("user_"):
        return recipient if recipient in tables.users else None
    known = users.by_email(world, recipient)
    return known.id if known is not None else None


def _refusal(
    world: World, actor: Actor, document: Document, recipient_id: str | None, wish: Wish
) -> str | None:
    is_known_by_id_only = "sharing.recipients-by-id-only" in world.settings.mutants
    if recipient_id is None and not _EMAIL.fullmatch(wish.recipient):
        if _ID.fullmatch(wish.recipient):
            return f"{wish.recipient} not found"
        return "The recipient is neither an e-mail address nor the id of a user, a bot or an organization"
    if is_known_by_id_only and not _ID.fullmatch(wish.recipient):
        return "The recipient is not an id"
    held = world.tables.grants[document.id].get(recipient_id or "")
    if held is not None and not world.settings.variants.shared_again_updates:
        return "The recipient has access already; change the role by updating it"
    if held is not None and (above := _role_refusal(world, actor, document, held.role)):
        return above
    if recipient_id is None and world.settings.variants.unknown_recipient_fails:
        return f"Nobody is known by the address {wish.recipient}"
    return _role_refusal(world, actor, document, wish.role)


def _role_refusal(world: World, actor: Actor, document: Document, role: str) -> str | None:
    if role == "owner":
        return "A document has one owner; ownership is passed on by a transfer"
    if "sharing.role-ceiling-missing" in world.settings.mutants:
        return None
    own = role_on(world, actor, document)
    if own is None or RANK[role] > RANK[own]:
        return f"The role {role} is above your own"
    return None


def _send(world: World, actor: Actor, now: datetime, document: Document, user_id: str) -> None:
    mail = Mail(
        id=world.ids.new("mail"),
        to=world.tables.users[user_id].email,
        kind="document_shared",
        sent_at=now,
        subject=f"{actor.name} shared “{document.title}” with you",
        organization_id=document.organization_id,
        document_id=document.id,
    )
    world.tables.outbox.append(mail)


def _note(
    world: World, actor: Actor, now: datetime, kind: str, document: Document, recipient_id: str, role: str
) -> None:
    timeline.record(world, actor, now, document.id, kind, recipient_id=recipient_id, document_role=role)


def update(
    world: World, actor: Actor, now: datetime, *, document_id: str, recipient_id: str, role: str
) -> str | None:
    """The recipient has the role, None; or the reason why it could not be given."""
    document = require_active(world, actor, document_id, "manage_access")
    held = _held(world, document_id, recipient_id)
    error = _untouchable(held) or _role_refusal(world, actor, document, role)
    is_kept = "sharing.role-change-forgotten" not in world.settings.mutants
    if error is None and held is not None and held.role != role and is_kept:
        put_grant(world.tables, replace(held, role=role))
        _note(world, actor, now, timeline.GRANTED, document, recipient_id, role)
    return error


def revoke(world: World, actor: Actor, now: datetime, *, document_id: str, recipient_id: str) -> str | None:
    """The recipient has no access of its own any more, None; or the reason why that could not be done."""
    document = require_active(world, actor, document_id, "manage_access")
    held = _held(world, document_id, recipient_id)
    error = _untouchable(held)
    if error is None and held is not None and "sharing.revoke-does-nothing" not in world.settings.mutants:
        drop_grant(world.tables, held)
        _note(world, actor, now, timeline.REVOKED, document, recipient_id, held.role)
    return error


def _held(world: World, document_id: str, recipient_id: str) -> Grant | None:
    """What the recipient holds; where failures are refusals, a DomainError for nothing and for the owner."""
    held = world.tables.grants[document_id].get(recipient_id)
    if world.settings.variants.share_failure_is_refusal:
        if held is None:
            raise not_found("Recipient", recipient_id)
        if held.role == "owner":
            raise precondition(_OWNER_STAYS)
    return held


def _untouchable(held: Grant | None) -> str | None:
    if held is None:
        return "The recipient has no access of its own to this document"
    if held.role == "owner":
        return _OWNER_STAYS
    return None


def recipients(world: World, actor: Actor, *, document_id: str) -> list[Grant]:
    """Everyone with access of their own, the owner included, in the order of granting."""
    document = require(world, actor, document_id, "view")
    found = list(world.tables.grants[document_id].values())
    if world.settings.mutants & _LISTS_LOST[document.trash_state]:
        lost = lost_recipients(world, document)
        found += [Grant(document_id, each, role, document.created_at) for each, role in lost.items()]
    return found


# The defects by which the list of recipients names those who lost a document, by the state that it is in.
_LISTS_LOST = {
    "active": frozenset({"sharing.revoked-stays-listed", "trash.recipients-listed-again"}),
    "trashed": frozenset({"trash.recipients-still-listed"}),
}


def lost_recipients(world: World, document: Document) -> dict[str, str]:
    """Who had a role on the document that was revoked, with the last such role."""
    events = world.tables.events.get(document.id, ())
    revoked = (dict(each.details) for each in events if each.type == timeline.REVOKED)
    roles = {each["recipient_id"]: each["document_role"] for each in revoked}
    return {each: role for each, role in roles.items() if each not in world.tables.grants[document.id]}


def general_access(world: World, actor: Actor, *, document_id: str) -> str:
    """`restricted`, `organization` or `anyone_with_link`."""
    return GENERAL_ACCESS[require(world, actor, document_id, "view").access_level]


def access_level_of(world: World, document: Document) -> str:
    """What the document shows as its access level: its general access, or what it was made with."""
    if world.settings.variants.access_level_stays and document.first_access_level is not None:
        return document.first_access_level
    return document.access_level


def set_general_access(world: World, actor: Actor, now: datetime, *, document_id: str, level: str) -> None:
    """Everyone whom `level` means sees the document; grants stay as they are."""
    document = require_active(world, actor, document_id, "manage_access")
    if level == "organization" and document.organization_id is None:
        raise precondition(f"Document {document_id} belongs to no organization that could be given access")
    mutants = world.settings.mutants
    if "general-access.not-kept" in mutants or (
        level == "restricted" and "general-access.never-restricted" in mutants
    ):
        return
    access_level = ACCESS_LEVEL[level]
    if access_level != document.access_level:
        put_document(world.tables, replace(document, access_level=access_level))
        timeline.access_level_changed(world, actor, now, document, access_level)


def create_link(world: World, actor: Actor, now: datetime, *, document_id: str) -> ShareLink:
    """A new link to the document. It leads there and grants nothing; nothing revokes it."""
    require_active(world, actor, document_id, "grant_access")
    link = ShareLink(world.ids.new("shl"), document_id, actor.id, now, world.ids.token(10))
    world.tables.share_links[link.id] = link
    return link
