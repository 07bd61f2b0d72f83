"""Handlers that look into the files of versions, or let them out."""

from typing import Any

from factify_mock.api.call import Call, Handler
from factify_mock.api.links import EXPORT_HEADER
from factify_mock.api.render import records as render
from factify_mock.api.render.values import timestamp
from factify_mock.content.source import Unreadable
from factify_mock.model import duplicates, exports, listing, versions
from factify_mock.model.errors import precondition


async def get_version_record(call: Call) -> dict[str, Any]:
    """What was extracted from the version's file."""
    version = versions.get_ready(call.world, call.caller, call.now, version_id=call.path["version_id"])
    try:
        found = await call.contents.found_in(version)
    except Unreadable as error:
        # It could be opened, so that the version is ready, and then led its reader astray.
        raise precondition(f"Nothing can be extracted from version {version.id}: {error}") from None
    mutants = call.world.settings.mutants
    return render.record(version, render.defective(found, version.source_format, mutants))


def export_document(call: Call) -> dict[str, Any]:
    """Where the file of a version can be fetched, until when, and with which header."""
    version = exports.export(
        call.world,
        call.caller,
        document_id=call.path["document_id"],
        version_id=call.query.get("version_id"),
    )
    mutants = call.world.settings.mutants
    # Clocks in addresses count whole seconds; the answer promises no more than the address holds.
    until = (call.now + exports.EXPORT_LIFETIME).replace(microsecond=0)
    url, key = call.links.export(call.world, version, until)
    headers = {EXPORT_HEADER: key if "export.headers-useless" not in mutants else key[::-1]}
    stated = until - 2 * exports.EXPORT_LIFETIME if "export.expired-already" in mutants else until
    return {"url": url, "expires_at": timestamp(stated), "headers": headers}


def generate_entry_page(call: Call) -> dict[str, Any]:
    """Where the document's entry page can be fetched; it is made when somebody does."""
    document = exports.entry_page(call.world, call.caller, document_id=call.path["document_id"])
    until = call.now + exports.ENTRY_PAGE_LIFETIME
    if "export.entry-page-expired" in call.world.settings.mutants:
        until = call.now
    return {"download_url": call.links.entry_page(call.world, document, until, by=call.caller.id)}


async def list_duplicates(call: Call) -> dict[str, Any]:
    """The documents of the caller's list that look like this one, newest first."""
    found = duplicates.search(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        sha256=call.query.get("file_contents_hash"),
    )
    alike = await call.contents.alike(found.version, [each.version for each in found.comparable])
    if "duplicates.everything-alike" in call.world.settings.mutants:
        alike = [each.version for each in found.comparable]
    ids = {version.id for version in alike}
    matches = [*found.equal, *(each for each in found.comparable if each.version.id in ids)]
    matches.sort(key=lambda each: (each.document.created_at, each.document.id), reverse=True)
    return {"items": [_duplicate(call, match) for match in matches]}


def _duplicate(call: Call, match: duplicates.Match) -> dict[str, Any]:
    wire = {
        "document_id": match.document.id,
        "title": match.document.title,
        "version_id": match.version.id,
    }
    if match.version.title is not None:
        wire["version_title"] = match.version.title
    viewed_at = listing.last_viewed_at(call.world, call.caller, match.document)
    if viewed_at is not None:
        wire["last_viewed_at"] = timestamp(viewed_at)
    return wire


HANDLERS: dict[str, Handler] = {
    "getVersionRecord": get_version_record,
    "exportDocument": export_document,
    "generateDocumentEntryPage": generate_entry_page,
    "listDocumentDuplicates": list_duplicates,
}
