"""The control calls about what the service does to documents by itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from factify_mock.control.call import ControlCall
from factify_mock.model.errors import not_found
from factify_mock.model.indexes import put_document
from factify_mock.model.processing import HELD_SECONDS, settle


def set_processing(call: ControlCall) -> dict[str, Any]:
    """The version's processing is held or has ended; without a version that of all that will be uploaded."""
    world, outcome = call.world, call.body["outcome"]
    version_id = call.body.get("version_id")
    if version_id is None:
        seconds = HELD_SECONDS if outcome == "processing" else 0.0
        world.settings = replace(world.settings, processing_seconds=seconds)
        return {"outcome": outcome}
    if version_id not in world.tables.versions:
        raise not_found("Version", version_id[:100])
    settle(world, world.clock.now(), version_id=version_id, outcome=outcome)
    return {"outcome": outcome, "version_id": version_id}


def mark_demo_document(call: ControlCall) -> dict[str, Any]:
    """The document is a demo, which counts in no quota."""
    document = call.world.tables.documents.get(call.body["document_id"])
    if document is None:
        raise not_found("Document", call.body["document_id"][:100])
    put_document(call.world.tables, replace(document, is_demo=True))
    return {"document_id": document.id, "is_demo": True}


CALLS: dict[str, Callable[[ControlCall], dict[str, Any]]] = {
    "setProcessing": set_processing,
    "markDemoDocument": mark_demo_document,
}
