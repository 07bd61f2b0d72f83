"""Writes documents, grants and views so that the indexes over them never fall behind."""

from datetime import datetime

from factify_mock.model.records import Document, Grant
from factify_mock.model.world import Tables


def put_document(tables: Tables, document: Document) -> None:
    """The document is stored, new or in place of its former state, and found by its organization."""
    tables.revision += 1
    tables.documents[document.id] = document
    if document.organization_id is not None:
        tables.documents_of.setdefault(document.organization_id, {})[document.id] = None
    tables.grants.setdefault(document.id, {})


def drop_document(tables: Tables, document_id: str) -> None:
    """The document, its versions and every access to it are gone; the API has no such call."""
    tables.revision += 1
    document = tables.documents.pop(document_id)
    for version_id in tables.versions_of.pop(document_id):
        del tables.versions[version_id]
    if document.organization_id is not None:
        del tables.documents_of[document.organization_id][document_id]
    for grant in tables.grants.pop(document_id).values():
        del tables.access_of[grant.recipient_id][document_id]


def put_grant(tables: Tables, grant: Grant) -> None:
    """The recipient has this role and no other; in the order of granting, a change keeps its place."""
    tables.revision += 1
    tables.grants[grant.document_id][grant.recipient_id] = grant
    tables.access_of.setdefault(grant.recipient_id, {})[grant.document_id] = grant


def drop_grant(tables: Tables, grant: Grant) -> None:
    """The recipient has no role of its own on the document any more."""
    tables.revision += 1
    del tables.grants[grant.document_id][grant.recipient_id]
    del tables.access_of[grant.recipient_id][grant.document_id]


def put_view(tables: Tables, document_id: str, viewer_id: str, now: datetime) -> None:
    """The viewer's last view of the document is now."""
    tables.revision += 1
    tables.views.setdefault(document_id, {})[viewer_id] = now
