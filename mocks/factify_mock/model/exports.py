"""Files that leave the service: a version's own, and the entry page that leads readers to a document."""

from datetime import datetime, timedelta

from factify_mock.model import api_keys, timeline, users
from factify_mock.model.permissions import require, require_active
from factify_mock.model.processing import version_of
from factify_mock.model.records import Actor, Document, Version
from factify_mock.model.world import World

# How long an address works: long enough to fetch a file, and to print a page.
EXPORT_LIFETIME = timedelta(minutes=15)
ENTRY_PAGE_LIFETIME = timedelta(hours=24)


def export(world: World, actor: Actor, *, document_id: str, version_id: str | None) -> Version:
    """The version to be fetched: the one that is named, or the current one, whatever its processing came to.

    For admins and the owner; the owner also while the document is in the trash.
    """
    document = require(world, actor, document_id, "export")
    version = version_of(world, document, version_id)
    mutants = world.settings.mutants
    if version_id is None and "export.oldest-by-default" in mutants:
        return world.tables.versions[world.tables.versions_of[document_id][0]]
    if version_id is not None and "export.ignores-version" in mutants:
        return world.tables.versions[document.current_version_id]
    return version


def entry_page(world: World, actor: Actor, *, document_id: str) -> Document:
    """The document whose entry page may be made: by those who may share it, while it is active."""
    return require_active(world, actor, document_id, "grant_access")


def entry_page_fetched(world: World, now: datetime, document: Document, *, by: str) -> None:
    """The document's timeline tells that its entry page was fetched, in the name of who asked for it."""
    actor = users.actor_of(world, by) if by in world.tables.users else _bot(world, by)
    timeline.record(world, actor, now, document.id, timeline.ENTRY_PAGE_DOWNLOADED)


def _bot(world: World, bot_id: str) -> Actor:
    return api_keys.actor_of(world.tables.api_keys[world.tables.key_by_bot[bot_id]])
