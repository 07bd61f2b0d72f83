"""Handlers of documents."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from factify_mock.api.arguments import listing as page_of
from factify_mock.api.arguments import range_of
from factify_mock.api.call import Call, Handler
from factify_mock.api.defects import NO_FILE
from factify_mock.api.render import documents as render
from factify_mock.model import documents, listing, processing
from factify_mock.model.errors import missing
from factify_mock.model.records import Document


def create_document(call: Call) -> dict[str, Any]:
    """The new document, in processing however short that takes."""
    if call.upload is None and "documents.file-optional" in call.world.settings.mutants:
        call = replace(call, upload=NO_FILE)
    if call.upload is None:
        raise missing("payload", "payload is required: the file to upload")
    document = documents.create(
        call.world,
        call.caller,
        call.now,
        upload=call.upload,
        title=call.body["title"],
        description=call.body.get("description"),
        access_level=call.body.get("access_level"),
    )
    return _answer(call, document, status="processing")


def get_document(call: Call) -> dict[str, Any]:
    """The document as the caller sees it."""
    if call.world.settings.variants.reading_is_viewing:
        documents.view(call.world, call.caller, call.now, document_id=call.path["document_id"])
    return _answer(call, documents.get(call.world, call.caller, document_id=call.path["document_id"]))


def update_document(call: Call) -> dict[str, Any]:
    """The document with its new title and description."""
    document = documents.update(
        call.world, call.caller, call.now, document_id=call.path["document_id"], changes=call.body
    )
    return _answer(call, document)


def _answer(call: Call, document: Document, *, status: str | None = None) -> dict[str, Any]:
    return {"document": render.document(call.world, call.caller, document, call.now, status=status)}


def list_documents(call: Call) -> dict[str, Any]:
    """A page of the caller's documents, filtered and sorted."""
    sorted_by = listing.order(call.world, call.caller, call.query.get("sort") or listing.NEWEST_FIRST)
    filters = _filters(call)
    if call.query.get("page_token") and "pagination.filters-forgotten" in call.world.settings.mutants:
        filters = listing.Filters(trash_states=filters.trash_states)
    found = listing.select(call.world, call.caller, call.now, filters=filters, sorted_by=sorted_by)
    page = page_of(
        call,
        found,
        position=sorted_by.position,
        descending=sorted_by.descending,
        render=lambda each: render.document(call.world, call.caller, each, call.now),
        is_order_documented=True,
    )
    if call.query.get("page_token") and page["items"]:
        _disturb(call, found, page["items"])
    return page


def _filters(call: Call) -> listing.Filters:
    query = call.query
    return listing.Filters(
        created=range_of(query, "created"),
        created_by_ids=frozenset(query.get("created_by_id", ())),
        access_levels=frozenset(query.get("access_level", ())),
        processing_statuses=frozenset(query.get("processing_status", ())),
        ownership=frozenset(query.get("ownership", ())),
        trash_states=frozenset(query.get("trash_state") or ("active",)),
        organization_scope=query.get("organization_scope", False),
        query=query.get("query"),
        title_contains=query.get("title_contains"),
        description_contains=query.get("description_contains"),
        source_formats=frozenset(query.get("source_format", ())),
    )


def _disturb(call: Call, found: Sequence[Document], items: list[dict[str, Any]]) -> None:
    """What a page after the first must not be: without its first item, or with the last of the one before."""
    mutants = call.world.settings.mutants
    first = items[0]["id"]
    if "documents.page-drops-item" in mutants:
        del items[0]
    if "documents.page-repeats-item" in mutants:
        before = [each.id for each in found].index(first) - 1
        items.insert(0, render.document(call.world, call.caller, found[before], call.now))


def trash_document(call: Call) -> dict[str, Any]:
    """Nothing: the document is in the trash."""
    documents.trash(call.world, call.caller, call.now, document_id=call.path["document_id"])
    return {}


def untrash_document(call: Call) -> dict[str, Any]:
    """Nothing: the document is active again."""
    documents.untrash(call.world, call.caller, call.now, document_id=call.path["document_id"])
    return {}


def transfer_document_ownership(call: Call) -> dict[str, Any]:
    """The document and its new owner."""
    document = documents.transfer(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        new_owner_id=call.body.get("new_owner_id"),
    )
    return {"document_id": document.id, "new_owner_id": document.owner_id}


def process_document(call: Call) -> dict[str, Any]:
    """What the request for processing came to."""
    version, outcome = processing.process(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        version_id=call.body.get("version_id"),
        wait=not call.body.get("async", False),
    )
    return {"document_id": version.document_id, "version_id": version.id, "status": outcome}


HANDLERS: dict[str, Handler] = {
    "createDocument": create_document,
    "getDocument": get_document,
    "updateDocument": update_document,
    "listDocuments": list_documents,
    "trashDocument": trash_document,
    "untrashDocument": untrash_document,
    "transferDocumentOwnership": transfer_document_ownership,
    "processDocument": process_document,
}
