"""What happened to a document, in the 24 kinds of event that the API knows, and who may read it."""

from collections.abc import Sequence
from datetime import datetime

from factify_mock.model.pages import Position, moment
from factify_mock.model.permissions import PERMISSION_SETS, require, role_on
from factify_mock.model.records import Actor, Document, Event
from factify_mock.model.world import World

# The kinds that calls of the API leave behind. The others come from the app (comments, approvals,
# annotations, printing); trash, transfer, policies and share links have no kind at all.
CREATED = "document_created"
UPDATED = "document_updated"
LOADED = "document_loaded"
VERSION_UPLOADED = "document_version_uploaded"
GRANTED = "document_user_access_granted"
REVOKED = "document_user_access_revoked"
ENTRY_PAGE_DOWNLOADED = "document_entry_page_downloaded"
SETTINGS_CHANGED = "document_settings_access_changed"


def record(
    world: World, actor: Actor, now: datetime, document_id: str, kind: str, /, **details: str | None
) -> None:
    """The document's timeline ends with this event; details that are None are left out."""
    known = tuple((name, value) for name, value in details.items() if value is not None)
    event = Event(world.ids.uuid(), document_id, kind, now, actor.id, known)
    world.tables.events.setdefault(document_id, []).append(event)


def access_level_changed(world: World, actor: Actor, now: datetime, document: Document, level: str) -> None:
    """The timeline tells that the document's access level is `level` now, and what it was."""
    former = document.access_level
    record(world, actor, now, document.id, SETTINGS_CHANGED, access_level=level, former_access_level=former)


def read(world: World, actor: Actor, *, document_id: str) -> Sequence[Event]:
    """The events, newest first: all of them for an admin, for everyone else those of their own making."""
    document = require(world, actor, document_id, "view")
    events = sorted(world.tables.events.get(document_id, ()), key=position, reverse=True)
    role = role_on(world, actor, document)
    mutants = world.settings.mutants
    is_admin = role is not None and PERMISSION_SETS[role]["view_timeline"]
    if "timeline.for-owners-only" in mutants:
        is_admin = role == "owner"
    if is_admin and "timeline.own-events-only" not in mutants:
        return events
    if "timeline.shows-everything" in mutants:
        return events
    return [event for event in events if event.actor_id == actor.id]


def position(event: Event) -> Position:
    """Where the event stands in time; ids made later are greater, which orders events of one instant."""
    return (moment(event.occurred_at), event.id)
