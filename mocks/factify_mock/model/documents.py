"""Documents: created with their first version, described, trashed and restored, passed on, never deleted."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from factify_mock.model import timeline, users, versions
from factify_mock.model.errors import invalid, missing, precondition
from factify_mock.model.indexes import drop_document, drop_grant, put_document, put_grant, put_view
from factify_mock.model.permissions import require, require_active
from factify_mock.model.quotas import require_document_room
from factify_mock.model.records import Actor, Document, Grant, Upload
from factify_mock.model.world import World


def create(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    upload: Upload,
    title: str,
    description: str | None = None,
    access_level: str | None = None,
) -> Document:
    """A document of the actor's organization, owned by the actor, with the file as its first version.

    Without an access level it is open to the organization, or private where the actor has none. An invalid
    payload where the file's format is not recognised; quota_exceeded where the organization has no room.
    """
    organization_id = actor.organization_id
    if access_level == "organization" and organization_id is None:
        raise invalid("access_level", "access_level organization needs an organization; you belong to none")
    source_format = versions.accepted_format(world, upload)
    require_document_room(world, organization_id)
    level = access_level or _default_access(world, organization_id)
    if "documents.access-level-ignored" in world.settings.mutants:
        level = _default_access(world, organization_id)
    document_id = world.ids.new("doc")
    version = versions.make(
        world, actor, now, document_id=document_id, upload=upload, source_format=source_format
    )
    document = Document(
        id=document_id,
        organization_id=organization_id,
        owner_id=actor.id,
        created_by=_creator(world, actor),
        title=title,
        created_at=now,
        updated_at=now,
        access_level=level,
        current_version_id=version.id,
        description=None if "documents.description-lost" in world.settings.mutants else description,
        first_access_level=level,
    )
    put_document(world.tables, document)
    put_grant(world.tables, Grant(document_id, actor.id, "owner", now))
    timeline.record(world, actor, now, document_id, timeline.CREATED, version_id=version.id)
    return document


def _creator(world: World, actor: Actor) -> str:
    if "documents.created-by-owner" not in world.settings.mutants:
        return actor.id
    members = world.tables.members.get(actor.organization_id or "", {}).values()
    return next((each.user_id for each in members if each.role == "owner"), actor.id)


def _default_access(world: World, organization_id: str | None) -> str:
    if organization_id is None or "documents.default-access-private" in world.settings.mutants:
        return "private"
    return "organization"


def get(world: World, actor: Actor, *, document_id: str) -> Document:
    """The document, for whoever may see it; its owner also while it is in the trash."""
    return require(world, actor, document_id, "view")


def update(
    world: World, actor: Actor, now: datetime, *, document_id: str, changes: Mapping[str, Any]
) -> Document:
    """The document with its new title and description; `versions.texts` says what null does."""
    document = require_active(world, actor, document_id, "create_version")
    mutants = world.settings.mutants
    changed = replace(document, **versions.texts(world, changes))
    if "documents.description-not-updated" in mutants:
        changed = replace(changed, description=document.description)
    if "documents.update-makes-version" in mutants:
        current = versions.again(world, now, world.tables.versions[document.current_version_id])
        changed = replace(changed, current_version_id=current.id)
    if changed == document:
        return document
    changed = replace(changed, updated_at=now)
    if "documents.update-not-persisted" not in mutants:
        put_document(world.tables, changed)
        timeline.record(world, actor, now, document_id, timeline.UPDATED)
    return changed


def trash(world: World, actor: Actor, now: datetime, *, document_id: str) -> None:
    """The document is in the trash, and nobody but its owner has access to it any more.

    All other grants are revoked and general access is closed, for good: untrash brings neither back.
    """
    mutants = world.settings.mutants
    permission = "view" if "trash.anyone-may-trash" in mutants else "trash"
    document = require(world, actor, document_id, permission)
    if document.trash_state == "trashed":
        if world.settings.variants.repeats_succeed:
            return
        raise precondition(f"Document {document_id} is in the trash already")
    if "trash.deletes-document" in mutants:
        drop_document(world.tables, document_id)
        return
    if "trash.keeps-grants" not in mutants:
        _revoke_all(world, actor, now, document)
    is_kept = "trash.general-access-stays" in mutants or (
        "trash.link-stays-open" in mutants and document.access_level == "public"
    )
    level = document.access_level if is_kept else "private"
    if level != document.access_level:
        timeline.access_level_changed(world, actor, now, document, level)
    trashed = replace(document, trash_state="trashed", trashed_at=now, access_level=level)
    put_document(world.tables, trashed)


def _revoke_all(world: World, actor: Actor, now: datetime, document: Document) -> None:
    for grant in list(world.tables.grants[document.id].values()):
        if grant.recipient_id != document.owner_id:
            drop_grant(world.tables, grant)
            timeline.record(
                world,
                actor,
                now,
                document.id,
                timeline.REVOKED,
                recipient_id=grant.recipient_id,
                document_role=grant.role,
            )


def untrash(world: World, actor: Actor, now: datetime, *, document_id: str) -> None:
    """The document is active again, and still nobody but its owner has access to it."""
    mutants = world.settings.mutants
    if "trash.former-recipient-restores" in mutants and _had_access(world, actor, document_id):
        actor = users.actor_of(world, world.tables.documents[document_id].owner_id)
    document = require(world, actor, document_id, "trash")
    if document.trash_state == "active":
        if world.settings.variants.repeats_succeed:
            return
        raise precondition(f"Document {document_id} is not in the trash")
    if "trash.untrash-does-nothing" in mutants:
        return
    trashed_at = document.trashed_at if "trash.untrash-keeps-trashed-at" in mutants else None
    restored = replace(document, trash_state="active", trashed_at=trashed_at)
    put_document(world.tables, restored)
    if mutants:
        _damage(world, now, restored)
    if mutants & {"sharing.untrash-restores-grants", "sharing.untrash-restores-general-access"}:
        _restore_access(world, document)


def _had_access(world: World, actor: Actor, document_id: str) -> bool:
    revoked = (each for each in world.tables.events.get(document_id, ()) if each.type == timeline.REVOKED)
    return any(dict(each.details)["recipient_id"] == actor.id for each in revoked)


def _damage(world: World, now: datetime, restored: Document) -> None:
    """What must not be: a document that came back from the trash is not what it was."""
    tables, mutants = world.tables, world.settings.mutants
    if "trash.restore-loses-description" in mutants:
        put_document(tables, replace(restored, description=None))
    if "trash.restore-loses-versions" in mutants:
        tables.versions_of[restored.id] = (restored.current_version_id,)
    if "trash.restore-goes-back-to-first" in mutants:
        put_document(tables, replace(restored, current_version_id=tables.versions_of[restored.id][0]))
    if "quota.restored-counts-twice" in mutants:
        twin = replace(restored, id=world.ids.new("doc"))
        put_document(tables, twin)
        put_grant(tables, Grant(twin.id, twin.owner_id, "owner", now))
    members = tables.members.get(restored.organization_id or "", {})
    colleagues = [each for each in members if each != restored.owner_id]
    if "trash.restore-demotes-owner" in mutants and colleagues:
        put_document(tables, replace(restored, owner_id=colleagues[0]))
        put_grant(tables, Grant(restored.id, colleagues[0], "owner", now))
        put_grant(tables, Grant(restored.id, restored.owner_id, "admin", now))


def _restore_access(world: World, document: Document) -> None:
    """What must not be: the access that the last trash took away is back."""
    mutants = world.settings.mutants
    for event in world.tables.events[document.id]:
        details = dict(event.details)
        if event.occurred_at != document.trashed_at:
            continue
        if event.type == timeline.REVOKED and "sharing.untrash-restores-grants" in mutants:
            recipient_id, role = details["recipient_id"], details["document_role"]
            put_grant(world.tables, Grant(document.id, recipient_id, role, event.occurred_at))
        if event.type == timeline.SETTINGS_CHANGED and "sharing.untrash-restores-general-access" in mutants:
            restored = world.tables.documents[document.id]
            put_document(world.tables, replace(restored, access_level=details["former_access_level"]))


def transfer(
    world: World, actor: Actor, now: datetime, *, document_id: str, new_owner_id: str | None
) -> Document:
    """The document belongs to another user of its organization; the former owner remains as an admin.

    Or leaves: what general access gives is then all that the former owner has.
    """
    document = require_active(world, actor, document_id, "trash")
    if new_owner_id is None:
        raise missing("new_owner_id", "new_owner_id is required")
    if new_owner_id == document.owner_id:
        if world.settings.variants.repeats_succeed:
            return document
        raise precondition(f"Document {document_id} belongs to {new_owner_id} already")
    members = world.tables.members.get(document.organization_id or "", {})
    mutants = world.settings.mutants
    anyone = "transfer.to-anyone" in mutants and new_owner_id in world.tables.users
    bot = "transfer.to-bots" in mutants and new_owner_id.startswith("bot_")
    if new_owner_id not in members and not anyone and not bot:
        raise precondition(f"{new_owner_id} is not a member of the organization that has the document")
    if "transfer.forgotten" in mutants:
        return replace(document, owner_id=new_owner_id)
    if world.settings.variants.former_owner_leaves:
        drop_grant(world.tables, world.tables.grants[document_id][document.owner_id])
    else:
        put_grant(world.tables, Grant(document_id, document.owner_id, "admin", now))
    put_grant(world.tables, Grant(document_id, new_owner_id, "owner", now))
    changed = replace(document, owner_id=new_owner_id)
    put_document(world.tables, changed)
    return changed


def view(world: World, actor: Actor, now: datetime, *, document_id: str) -> None:
    """The actor has opened the document in the app. No call of the API does that, reading one included."""
    require(world, actor, document_id, "view")
    put_view(world.tables, document_id, actor.id, now)
    timeline.record(world, actor, now, document_id, timeline.LOADED)
