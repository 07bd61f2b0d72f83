"""Handlers of a document's versions."""

from dataclasses import replace
from typing import Any

from factify_mock.api.arguments import listing
from factify_mock.api.call import Call, Handler
from factify_mock.api.defects import NO_FILE
from factify_mock.api.render import documents as render
from factify_mock.model import versions
from factify_mock.model.errors import missing


def create_version(call: Call) -> dict[str, Any]:
    """The new version, in processing however short that takes."""
    if call.upload is None and "versions.file-optional" in call.world.settings.mutants:
        call = replace(call, upload=NO_FILE)
    if call.upload is None:
        raise missing("payload", "payload is required: the file to upload")
    version = versions.create(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        upload=call.upload,
        title=call.body.get("title"),
        description=call.body.get("description"),
    )
    return render.version(call.world, version, call.now, status="processing")


def list_versions(call: Call) -> dict[str, Any]:
    """A page of the document's versions."""
    return listing(
        call,
        versions.list_of(call.world, call.caller, document_id=call.path["document_id"]),
        position=versions.position,
        descending=True,
        render=lambda each: render.version(call.world, each, call.now),
    )


def get_version(call: Call) -> dict[str, Any]:
    """The version."""
    version = versions.get(call.world, call.caller, version_id=call.path["version_id"])
    return render.version(call.world, version, call.now)


def update_version(call: Call) -> dict[str, Any]:
    """The version with its new title and description."""
    version = versions.update(
        call.world, call.caller, call.now, version_id=call.path["version_id"], changes=call.body
    )
    return render.version(call.world, version, call.now)


HANDLERS: dict[str, Handler] = {
    "createDocumentVersion": create_version,
    "listDocumentVersions": list_versions,
    "getVersion": get_version,
    "updateVersion": update_version,
}
