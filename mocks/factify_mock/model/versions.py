"""Versions of a document: content that never changes, under a title and description that may."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from factify_mock.model import timeline
from factify_mock.model.errors import invalid, not_found, precondition
from factify_mock.model.formats import recognise
from factify_mock.model.hiding import hidden
from factify_mock.model.indexes import put_document
from factify_mock.model.pages import Position
from factify_mock.model.permissions import require, require_active, role_on
from factify_mock.model.processing import ready_at, status_of
from factify_mock.model.records import Actor, Upload, Version
from factify_mock.model.world import World


def make(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    document_id: str,
    upload: Upload,
    source_format: str,
    title: str | None = None,
    description: str | None = None,
) -> Version:
    """The document's next version, stored but not yet current."""
    earlier = world.tables.versions_of.get(document_id, ())
    version = Version(
        id=world.ids.new("ver"),
        document_id=document_id,
        ordinal=len(earlier) + 1,
        created_by=actor.id,
        created_at=now,
        ready_at=ready_at(world, now),
        sha256=upload.sha256,
        size=upload.size,
        source_format=source_format,
        record_id=world.ids.uuid(),
        title=title,
        description=description,
        failed=not upload.is_readable and "processing.corrupt-ready" not in world.settings.mutants,
    )
    world.tables.versions[version.id] = version
    world.tables.versions_of[document_id] = (*earlier, version.id)
    return version


def again(world: World, now: datetime, version: Version) -> Version:
    """What must not be: a change of texts has made another version with the same content."""
    earlier = world.tables.versions_of[version.document_id]
    made = replace(version, id=world.ids.new("ver"), ordinal=len(earlier) + 1, created_at=now)
    world.tables.versions[made.id] = made
    world.tables.versions_of[version.document_id] = (*earlier, made.id)
    return made


def create(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    document_id: str,
    upload: Upload,
    title: str | None = None,
    description: str | None = None,
) -> Version:
    """The uploaded file is the document's current version at once; sharing and policies stay as they are.

    An invalid payload where the file's format is not recognised.
    """
    document = require_active(world, actor, document_id, "create_version")
    version = make(
        world,
        actor,
        now,
        document_id=document_id,
        upload=upload,
        source_format=accepted_format(world, upload),
        title=title,
        description=description,
    )
    current = version.id
    if "versions.not-current" in world.settings.mutants:
        current = document.current_version_id
    if world.settings.mutants:
        _damage_older(world, version)
    put_document(world.tables, replace(document, current_version_id=current, updated_at=now))
    timeline.record(world, actor, now, document_id, timeline.VERSION_UPLOADED, version_id=version.id)
    return version


def _damage_older(world: World, version: Version) -> None:
    """What must not be: a new version leaves its mark on the older ones."""
    tables = world.tables
    *older, _ = tables.versions_of[version.document_id]
    if "versions.replaces-older" in world.settings.mutants:
        tables.versions_of[version.document_id] = (version.id,)
    if "versions.older-retitled" in world.settings.mutants:
        for each in older:
            tables.versions[each] = replace(tables.versions[each], title=version.title)


def accepted_format(world: World, upload: Upload) -> str:
    """The format of the file; an invalid payload where it is none that is accepted."""
    found = recognise(upload)
    if found != "pdf" and world.settings.variants.only_pdf_accepted:
        raise invalid("payload", f"payload is a {found} file; only PDF is accepted")
    return found


def texts(world: World, changes: Mapping[str, Any]) -> dict[str, Any]:
    """The texts that a change sets: null leaves a title as it is, and clears a description or leaves it."""
    keeps = world.settings.variants.null_keeps_description
    return {
        name: changes[name]
        for name in ("title", "description")
        if name in changes and (changes[name] is not None or (name == "description" and not keeps))
    }


def get(world: World, actor: Actor, *, version_id: str) -> Version:
    """The version, for whoever may see its document."""
    version = world.tables.versions.get(version_id)
    if version is None:
        raise not_found("Version", version_id)
    if role_on(world, actor, world.tables.documents[version.document_id]) is None:
        raise hidden(world, "Version", version_id)
    require(world, actor, version.document_id, "view")
    return version


def get_ready(world: World, actor: Actor, now: datetime, *, version_id: str) -> Version:
    """As `get`, for a version whose processing ended well, so that there is something to read in it."""
    version = get(world, actor, version_id=version_id)
    if "records.of-current-version" in world.settings.mutants:
        document = world.tables.documents[version.document_id]
        version = world.tables.versions[document.current_version_id]
    status = status_of(version, now)
    if status != "ready" and world.settings.variants.unready_record_is_missing:
        raise not_found("Record of version", version_id)
    if status == "processing":
        raise precondition(f"Version {version_id} is still being processed")
    if status == "failed":
        raise precondition(f"Version {version_id} could not be processed")
    return version


def update(
    world: World, actor: Actor, now: datetime, *, version_id: str, changes: Mapping[str, Any]
) -> Version:
    """The version with its new title and description; `texts` says what null does.

    Content cannot change: another upload makes another version.
    """
    version = get(world, actor, version_id=version_id)
    document = require_active(world, actor, version.document_id, "create_version")
    changed = replace(version, **texts(world, changes))
    if "versions.update-makes-version" in world.settings.mutants:
        again(world, version.created_at, version)
    if changed != version and "versions.update-not-persisted" not in world.settings.mutants:
        world.tables.versions[version_id] = changed
        timeline.record(world, actor, now, document.id, timeline.UPDATED, version_id=version_id)
    return changed


def list_of(world: World, actor: Actor, *, document_id: str) -> list[Version]:
    """All versions of the document, newest first."""
    require(world, actor, document_id, "list_versions")
    versions = world.tables.versions
    found = [versions[version_id] for version_id in reversed(world.tables.versions_of[document_id])]
    if "versions.first-not-listed" in world.settings.mutants:
        del found[-1]
    if "versions.lists-other-documents" in world.settings.mutants:
        mine = (each for each in versions.values() if each.created_by == actor.id)
        found = sorted(mine, key=position, reverse=True)
    return found


def position(version: Version) -> Position:
    """Where the version stands among its document's."""
    return (version.ordinal, version.id)
