"""Documents that may be duplicates of another one; which of them look alike is told by their files."""

from dataclasses import dataclass
from datetime import datetime

from factify_mock.model import listing
from factify_mock.model.permissions import require
from factify_mock.model.processing import status_of
from factify_mock.model.records import Actor, Document, Version
from factify_mock.model.world import World


@dataclass(frozen=True, slots=True)
class Match:
    """A document, and the version of it that matched: its current one."""

    document: Document
    version: Version


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for, and where, in the order of the actor's list."""

    version: Version
    equal: list[Match]  # files with the very bytes that are looked for
    comparable: list[Match]  # PDFs whose pages may look the same


def search(world: World, actor: Actor, now: datetime, *, document_id: str, sha256: str | None) -> Search:
    """Where duplicates of the document can be: in what the actor's own list shows, without the document.

    With a digest, duplicates are the files that have it, whatever the document looks like. Pages can be
    compared as soon as the processing of both PDFs is done.
    """
    document = require(world, actor, document_id, "view")
    version = world.tables.versions[document.current_version_id]
    others = _others(world, actor, now, document)
    wanted = sha256.lower() if sha256 is not None else version.sha256
    equal = [each for each in others if each.version.sha256 == wanted]
    is_by_looks = sha256 is None and "duplicates.equal-bytes-only" not in world.settings.mutants
    comparable = [each for each in others if each.version.sha256 != wanted and _has_pages(each.version, now)]
    return Search(version, equal, comparable if is_by_looks and _has_pages(version, now) else [])


def _others(world: World, actor: Actor, now: datetime, document: Document) -> list[Match]:
    tables = world.tables
    newest_first = listing.order(world, actor, listing.NEWEST_FIRST)
    found = listing.select(world, actor, now, filters=listing.Filters(), sorted_by=newest_first)
    if "duplicates.shows-hidden" in world.settings.mutants:
        found = [each for each in tables.documents.values() if each.trash_state == "active"]
    return [Match(each, tables.versions[each.current_version_id]) for each in found if each.id != document.id]


def _has_pages(version: Version, now: datetime) -> bool:
    return version.source_format == "pdf" and status_of(version, now) == "ready"
