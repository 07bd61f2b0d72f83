"""What is in a document: versions, processing, records, export, duplicates, policies, timeline."""

import hashlib
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from contrary.call import Call, Route
from contrary.documents import add_version, log, permission_set, source_format, status_of
from contrary.estate import Document, Version
from contrary.intake import PAGE, Field
from contrary.people import scrambled
from contrary.wire import Refusal, invalid

_LINE = re.compile(rb"\(([^()]*)\) Tj")
_PAGE = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)


def show_version(call: Call, version: Version) -> dict[str, Any]:
    """The version as answers name it."""
    return {
        "id": version.id,
        "document_id": version.document_id,
        "url": f"https://contrary.example/versions/{version.id}",
        "title": version.title,
        "description": version.description,
        "processing_status": status_of(call, version),
        "created_at": version.created_at,
        "created_by": version.created_by,
    }


def create_version(call: Call) -> dict[str, Any]:
    """createDocumentVersion"""
    document = call.document("create_version", writes=True)
    version = add_version(call, document)
    log(call, document, "document_version_uploaded")
    return show_version(call, version)


def list_versions(call: Call) -> dict[str, Any]:
    """listDocumentVersions"""
    document = call.document("list_versions")
    versions = document.versions
    if call.choices.order == "scrambled":
        versions = sorted(versions, key=lambda each: scrambled(each.id))
    return call.listing(versions, lambda each: show_version(call, each), bound=document.id)


def _version(call: Call, permission: str, *, writes: bool = False) -> Version:
    version = call.estate.versions.get(call.input.path["version_id"])
    if version is None:
        raise call.unknown("version")
    call.on_document(call.estate.documents[version.document_id], permission, writes=writes)
    return version


def get_version(call: Call) -> dict[str, Any]:
    """getVersion"""
    return show_version(call, _version(call, "view"))


def update_version(call: Call) -> dict[str, Any]:
    """updateVersion"""
    version = _version(call, "create_version", writes=True)
    for name in ("title", "description"):
        if name in call.input.body and (call.input.body[name] is not None or not call.choices.lenient):
            setattr(version, name, call.input.body[name])
    return show_version(call, version)


def get_record(call: Call) -> dict[str, Any]:
    """getVersionRecord"""
    version = _version(call, "view")
    if status_of(call, version) != "ready" or source_format(version) is None:
        raise Refusal("not_found", "There is no record.")
    record_id = str(UUID(bytes=hashlib.sha256(version.id.encode()).digest()[:16], version=4))
    lines = [text.decode("latin-1") for text in _LINE.findall(version.content)]
    blocks = [{"id": str(number), "paragraph": {"text": line}} for number, line in enumerate(lines)]
    record = {"id": record_id, "blocks": blocks}
    return {"id": record_id, "source_format": source_format(version), "document": {"record": record}}


def _of_document(call: Call, document: Document, identifier: str | None) -> Version:
    if identifier is None:
        return document.versions[-1]
    found = next((each for each in document.versions if each.id == identifier), None)
    if found is None:
        raise invalid("version_id", "is no version of this document")
    return found


def process(call: Call) -> dict[str, Any]:
    """processDocument"""
    document = call.document("create_version", writes=True)
    version = _of_document(call, document, call.input.body.get("version_id"))
    status = status_of(call, version)
    if "async-waits" in call.faults and status == "processing":
        version.outcome = status = "ready"
    outcome = {"ready": "ALREADY_COMPLETED", "processing": "ALREADY_PROCESSING", "failed": "FAILED"}[status]
    return {
        "document_id": document.id,
        "version_id": version.id,
        "status": f"PROCESSING_OUTCOME_{outcome}",
    }


def export(call: Call) -> dict[str, Any]:
    """exportDocument"""
    document = call.document("export")
    version = _of_document(call, document, call.input.query.get("version_id"))
    if call.choices.current == "ready" and status_of(call, version) != "ready":
        raise Refusal("failed_precondition", "The file is not checked yet.")
    return {
        "url": f"{call.estate.files}/{version.id}.pdf",
        "expires_at": call.estate.now() + timedelta(minutes=5),
        "headers": {} if call.choices.lenient else {"X-Fetch": "yes"},
    }


def entry_page(call: Call) -> dict[str, Any]:
    """generateDocumentEntryPage"""
    version = call.document().versions[-1]
    return {"download_url": f"{call.estate.files}/{version.id}.entry"}


def _looks(document: Document) -> list[bytes]:
    """What is drawn on the pages, whatever else is in the file."""
    return _PAGE.findall(document.versions[-1].content)


def duplicates(call: Call) -> dict[str, Any]:
    """listDocumentDuplicates"""
    document = call.document()
    look = _looks(document)
    found = [
        each
        for each in call.estate.documents.values()
        if each is not document and call.estate.document_role(call.actor, each) and _looks(each) == look
    ]
    return {
        "items": [
            {"document_id": each.id, "title": each.title, "version_id": each.versions[-1].id}
            for each in found
        ]
    }


def capabilities(call: Call) -> dict[str, Any]:
    """inspectDocumentAccess"""
    document = call.document()
    return {"document_id": document.id, "permission_set": permission_set(call, document)}


def _attached(call: Call, document: Document, policy_id: str) -> dict[str, Any]:
    return {
        "document_id": document.id,
        "attached_at": document.policies[policy_id],
        "policy": call.estate.policies[policy_id],
    }


def list_policies(call: Call) -> dict[str, Any]:
    """listDocumentPolicies"""
    document = call.document()
    return call.listing(
        list(document.policies), lambda each: _attached(call, document, each), bound=document.id
    )


def attach_policy(call: Call) -> dict[str, Any]:
    """attachDocumentPolicy"""
    document = call.document("attach_policy", writes=True)
    policy_id = call.input.body["policy_id"]
    if policy_id not in call.estate.policies:
        raise call.unknown("policy")
    if policy_id in document.policies and not call.choices.lenient:
        raise Refusal(call.choices.duplicate, "This policy is attached.")
    document.policies[policy_id] = call.estate.now()
    return _attached(call, document, policy_id)


def detach_policy(call: Call) -> dict[str, Any]:
    """detachDocumentPolicy"""
    document = call.document("attach_policy", writes=True)
    if document.policies.pop(call.input.path["policy_id"], None) is None and not call.choices.lenient:
        raise Refusal("failed_precondition", "This policy is not attached.")
    return {}


def timeline(call: Call) -> dict[str, Any]:
    """getDocumentTimeline"""
    document = call.document()
    role = call.estate.document_role(call.actor, document)
    whole = document.events[::-1] if call.choices.latest_first else document.events
    events = [each for each in whole if role in ("admin", "owner") or each["by"] == call.actor.id]
    cursor, size = call.input.query.get("cursor") or "0", call.input.query.get("page_size", 20)
    if not cursor.isdecimal() or len(cursor) > 9:
        raise invalid("cursor", "leads nowhere")
    start = int(cursor)
    more = start + size < len(events)
    shown = [
        {"event_id": each["event_id"], "event_type": each["event_type"], "occurred_at": each["occurred_at"]}
        for each in events[start : start + size]
    ]
    return {"events": shown, "has_more": more, "next_cursor": str(start + size) if more else None}


_ONE = "/documents/{document_id}"
_VERSION_FORM = {"title": Field(most=255), "description": Field()}

ROUTES = (
    Route("listDocumentVersions", "GET", f"{_ONE}/versions", list_versions, query=PAGE, core=True),
    Route("createDocumentVersion", "POST", f"{_ONE}/versions", create_version, form=_VERSION_FORM, core=True),
    Route("getVersion", "GET", "/versions/{version_id}", get_version),
    Route(
        "updateVersion", "PATCH", "/versions/{version_id}", update_version,
        body={"title": Field(most=255, nullable=True), "description": Field(nullable=True)},
    ),
    Route("getVersionRecord", "GET", "/versions/{version_id}/record", get_record),
    Route(
        "processDocument", "POST", f"{_ONE}/process", process,
        body={"async": Field("flag"), "version_id": Field("id", among="ver", nullable=True)},
    ),
    Route(
        "exportDocument", "GET", f"{_ONE}/export", export, query={"version_id": Field("id", among="ver")}
    ),
    Route("generateDocumentEntryPage", "POST", f"{_ONE}/entry_page", entry_page),
    Route(
        "listDocumentDuplicates", "GET", f"{_ONE}/duplicates", duplicates,
        query={"file_contents_hash": Field(least=64, most=64)},
    ),
    Route("inspectDocumentAccess", "GET", f"{_ONE}/capabilities", capabilities),
    Route("listDocumentPolicies", "GET", f"{_ONE}/policies", list_policies, query=PAGE),
    Route(
        "attachDocumentPolicy", "POST", f"{_ONE}/policies", attach_policy,
        body={"policy_id": Field("id", among="pol", required=True)},
    ),
    Route("detachDocumentPolicy", "DELETE", f"{_ONE}/policies/{{policy_id}}", detach_policy),
    Route(
        "getDocumentTimeline", "GET", f"{_ONE}/timeline", timeline,
        query={"cursor": Field(), "page_size": Field("whole", least=1, most=100)},
    ),
)  # fmt: skip
