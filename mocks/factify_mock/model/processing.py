"""Where a version stands on its way from upload to readable, by the world's time alone."""

from dataclasses import replace
from datetime import datetime, timedelta

from factify_mock.model.errors import not_found
from factify_mock.model.permissions import require_active
from factify_mock.model.records import Actor, Document, Version
from factify_mock.model.world import World

# A year of the world's time: so long is processing that somebody holds.
HELD_SECONDS = 31_557_600.0


def version_of(world: World, document: Document, version_id: str | None) -> Version:
    """The version of the document with this id, or the current one; not found where it is another's."""
    wanted = version_id if version_id is not None else document.current_version_id
    version = world.tables.versions.get(wanted)
    if version is None or version.document_id != document.id:
        raise not_found("Version", wanted)
    return version


def status_of(version: Version, now: datetime) -> str:
    """`processing` until the version's time has come, then `ready` or `failed`."""
    if now < version.ready_at:
        return "processing"
    return "failed" if version.failed else "ready"


def ready_at(world: World, now: datetime) -> datetime:
    """When processing that starts now is over."""
    if "processing.never-ends" in world.settings.mutants:
        return now + timedelta(days=36_500)
    return now + timedelta(seconds=world.settings.processing_seconds)


def process(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    document_id: str,
    version_id: str | None = None,
    wait: bool = True,
) -> tuple[Version, str]:
    """The version and what the request to process it came to: a wire ProcessingOutcome.

    Only a failed version is processed anew. Its content has not changed, so that it fails again: `wait`
    gets to see that, without it the outcome is a start. Nothing ever waits for real; a version that is
    being processed says so to both.
    """
    document = require_active(world, actor, document_id, "create_version")
    mutants = world.settings.mutants
    version = version_of(world, document, version_id)
    if version_id is None and "processing.oldest-by-default" in mutants:
        version = world.tables.versions[world.tables.versions_of[document_id][0]]
    status = status_of(version, now)
    if status == "processing" and "processing.starts-twice" not in mutants:
        return version, "PROCESSING_OUTCOME_ALREADY_PROCESSING"
    if status == "ready" and "processing.repeats-itself" not in mutants:
        return version, "PROCESSING_OUTCOME_ALREADY_COMPLETED"
    if status == "failed" and wait:
        return version, "PROCESSING_OUTCOME_FAILED"
    restarted = replace(version, ready_at=ready_at(world, now))
    world.tables.versions[version.id] = restarted
    return restarted, "PROCESSING_OUTCOME_STARTED"


def settle(world: World, now: datetime, *, version_id: str, outcome: str) -> None:
    """The version's processing is over with `ready` or `failed`, or held with `processing`."""
    if "processing.never-ends" in world.settings.mutants:
        return
    version = world.tables.versions[version_id]
    is_held = outcome == "processing"
    ready = now + timedelta(seconds=HELD_SECONDS) if is_held else min(version.ready_at, now)
    failed = version.failed if is_held else outcome == "failed"
    world.tables.versions[version_id] = replace(version, ready_at=ready, failed=failed)
