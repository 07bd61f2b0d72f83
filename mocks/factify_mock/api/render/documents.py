"""Documents, versions, sharing, access requests, policies and timelines in the form of the wire."""

from datetime import datetime
from typing import Any

from factify_mock.api.render.values import timestamp
from factify_mock.model import listing
from factify_mock.model.permissions import PERMISSION_SETS, role_on
from factify_mock.model.processing import status_of
from factify_mock.model.records import (
    AccessRequest,
    Actor,
    Attachment,
    Document,
    Event,
    Grant,
    ShareLink,
    Version,
)
from factify_mock.model.sharing import Outcome, access_level_of
from factify_mock.model.world import World

_DOCUMENTS = "https://app.factify.com/d"
_SHORT = "https://ffy.co/d"
_KINDS = {"user": "user", "bot": "bot", "org": "organization"}  # an id's prefix to the kind of recipient


def document_url(record: Document) -> str:
    """Where people open a document."""
    return f"{_DOCUMENTS}/{record.id[4:]}"


def document(
    world: World, actor: Actor, record: Document, now: datetime, *, status: str | None = None
) -> dict[str, Any]:
    """A document as `actor` sees it; `status` stands in for where its current version is at `now`."""
    version = world.tables.versions[record.current_version_id]
    wire: dict[str, Any] = {
        "id": record.id,
        "url": document_url(record),
        "title": record.title,
        "access_level": access_level_of(world, record),
        "general_access": record.access_level,
        "processing_status": status or status_of(version, now),
        "source_format": version.source_format,
        "current_version": {"id": version.id},
        "created_at": timestamp(record.created_at),
        "updated_at": timestamp(record.updated_at),
        "created_by": subject(world, record.created_by),
        "owner_organization_id": record.organization_id or "",
        "is_demo": record.is_demo,
    }
    if record.description is not None:
        wire["description"] = record.description
    if record.trashed_at is not None:
        wire["trashed_at"] = timestamp(record.trashed_at)
    _add_personal(world, actor, record, wire)
    return wire


def _add_personal(world: World, actor: Actor, record: Document, wire: dict[str, Any]) -> None:
    role = role_on(world, actor, record)
    if role is not None:
        wire["permission_set"] = PERMISSION_SETS[role]
    shared_at = listing.shared_at(world, actor, record)
    if shared_at is not None:
        wire["shared_at"] = timestamp(shared_at)
    viewed_at = listing.last_viewed_at(world, actor, record)
    if viewed_at is not None:
        wire["last_viewed_at"] = timestamp(viewed_at)


def subject(world: World, subject_id: str) -> dict[str, Any]:
    """A user or a bot, as the one who did something."""
    return {"id": subject_id, "type": subject_id.partition("_")[0], "name": _name(world, subject_id)}


def _name(world: World, holder_id: str) -> str:
    tables = world.tables
    if holder_id.startswith("user_"):
        return tables.users[holder_id].name
    if holder_id.startswith("bot_"):
        return tables.api_keys[tables.key_by_bot[holder_id]].name
    return tables.organizations[holder_id].name


def version(world: World, record: Version, now: datetime, *, status: str | None = None) -> dict[str, Any]:
    """A version of a document; `status` as for a document."""
    wire: dict[str, Any] = {
        "id": record.id,
        "document_id": record.document_id,
        "url": f"{_DOCUMENTS}/{record.document_id[4:]}/v/{record.ordinal}",
        "processing_status": status or status_of(record, now),
        "created_at": timestamp(record.created_at),
        "created_by": subject(world, record.created_by),
    }
    if record.title is not None:
        wire["title"] = record.title
    if record.description is not None:
        wire["description"] = record.description
    return wire


def recipient(world: World, grant: Grant) -> dict[str, Any]:
    """One holder of a role on a document."""
    holder = grant.recipient_id
    wire = {
        "id": holder,
        "type": _KINDS[holder.partition("_")[0]],
        "document_role": grant.role,
        "name": _name(world, holder),
    }
    if holder.startswith("user_"):
        wire["email"] = world.tables.users[holder].email
    return wire


def outcome(record: Outcome) -> dict[str, Any]:
    """What came of sharing with one recipient."""
    return {"recipient": record.recipient, **success(record.error)}


def success(error: str | None) -> dict[str, Any]:
    """Whether a change of access came about, and why not."""
    return {"success": True} if error is None else {"success": False, "error": error}


def share_link(record: ShareLink) -> dict[str, Any]:
    """A share link with its short form."""
    return {
        "share_link": {
            "id": record.id,
            "document_id": record.document_id,
            "creator_id": record.creator_id,
            "created_at": timestamp(record.created_at),
        },
        "short_url": f"{_SHORT}/{record.slug}",
    }


def access_request(world: World, record: AccessRequest) -> dict[str, Any]:
    """A request for access and what became of it."""
    wire: dict[str, Any] = {
        "id": record.id,
        "document_id": record.document_id,
        "subject": subject(world, record.subject_id),
        "permission": record.permission,
        "request_status": record.status,
        "created_at": timestamp(record.created_at),
        "updated_at": timestamp(record.updated_at),
    }
    if record.subject_id.startswith("user_"):
        wire["subject_email"] = world.tables.users[record.subject_id].email
    if record.message is not None:
        wire["message"] = record.message
    return wire


def attachment(world: World, record: Attachment) -> dict[str, Any]:
    """A policy as it is attached to a document."""
    policy = world.tables.policies[record.policy_id]
    return {
        "document_id": record.document_id,
        "attached_at": timestamp(record.attached_at),
        "policy": {"id": policy.id, "name": policy.name, "created_at": timestamp(policy.created_at)},
    }


def event(world: World, record: Event) -> dict[str, Any]:
    """One entry of a timeline; the payload names the document, the actor and what else was touched."""
    payload = {
        "document_id": record.document_id,
        "user_id": record.actor_id,
        "user_name": _name(world, record.actor_id),
        **dict(record.details),
    }
    if record.actor_id.startswith("user_"):
        payload["user_email"] = world.tables.users[record.actor_id].email
    return {
        "event_id": record.id,
        "event_type": record.type,
        "occurred_at": timestamp(record.occurred_at),
        "payload": payload,
    }
