"""Documents: making, reading, changing and listing them, and the trash."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from contrary.call import PERMISSIONS, Call, Route
from contrary.estate import ROLES, Document, Version
from contrary.intake import PAGE, RANGE, Field
from contrary.keys import documents_used
from contrary.wire import Refusal, invalid

GENERAL = {"private": "restricted", "organization": "organization", "public": "anyone_with_link"}
LEVEL = {general: level for level, general in GENERAL.items()}
_SORTS: dict[str, Callable[[Call, Document], Any]] = {
    "created_at": lambda call, each: each.created_at,
    "updated_at": lambda call, each: each.updated_at,
    "name": lambda call, each: each.title,
    # Nobody ever views anything here.
    "last_viewed_at": lambda call, each: 0,
    "last_shared_at": lambda call, each: each.shared_at.get(call.actor.id) or call.estate.wall() - _LONG_AGO,
}
_LONG_AGO = timedelta(days=36500)
_ADDRESS = "https://contrary.example"


def log(call: Call, document: Document, kind: str) -> None:
    """Notes an event in the document's timeline."""
    number = call.estate.rng.getrandbits(128)
    text = f"{number:032x}"
    event_id = "-".join((text[:8], text[8:12], f"4{text[13:16]}", f"8{text[17:20]}", text[20:]))
    document.events.append(
        {"event_id": event_id, "event_type": kind, "occurred_at": call.estate.now(), "by": call.actor.id}
    )


def status_of(call: Call, version: Version) -> str:
    """How far processing is; somebody may have it in his hands."""
    if version.outcome is not None:
        return version.outcome
    is_done = {
        "done": True,
        "slow": call.estate.wall().timestamp() >= version.done_at,
        "days": call.estate.now() >= version.ready_at,
    }[call.choices.processing]
    return "ready" if is_done else "processing"


def source_format(version: Version) -> str | None:
    """What kind of file it is; None for a kind that nobody asked to know."""
    if version.content.startswith(b"%PDF-"):
        return "pdf"
    return "markdown" if version.content.startswith(b"# ") else None


def current_version(call: Call, document: Document) -> Version | None:
    """The version that the document shows; None where processing has to end first."""
    if call.choices.current == "newest":
        return document.versions[-1]
    ready = [each for each in document.versions if status_of(call, each) == "ready"]
    return ready[-1] if ready else None


def permission_set(call: Call, document: Document) -> dict[str, bool]:
    """What the caller may do."""
    role = call.estate.document_role(call.actor, document)
    rank = ROLES.index(role) if role else -1
    return {name: rank >= ROLES.index(least) for name, least in PERMISSIONS.items()}


def show(call: Call, document: Document) -> dict[str, Any]:
    """The document as answers name it."""
    current = current_version(call, document)
    newest = current or document.versions[-1]
    shown = {
        "id": document.id,
        "url": f"{_ADDRESS}/documents/{document.id}",
        "title": document.title,
        "description": document.description,
        "access_level": document.access_level,
        "general_access": LEVEL[document.general] if call.choices.levels_linked else None,
        "processing_status": status_of(call, newest),
        "source_format": source_format(newest),
        "current_version": {"id": current.id} if current else None,
        "created_at": document.created_at,
        "created_by": document.created_by,
        "updated_at": document.updated_at,
        "trashed_at": document.trashed_at,
        "shared_at": document.shared_at.get(call.actor.id),
        "owner_organization_id": document.organization.id if document.organization else "",
        "is_demo": document.is_demo,
        "last_viewed_at": max(document.viewed_at.values(), default=None)
        if "views-are-everybodys" in call.faults
        else document.viewed_at.get(call.actor.id),
        "permission_set": permission_set(call, document),
    }
    if document.trashed_at is not None and "trashed-without-zone" in call.faults:
        shown["trashed_at"] = document.trashed_at.replace(tzinfo=None).isoformat()
    return shown


def add_version(call: Call, document: Document) -> Version:
    """A new current version from the upload in the call."""
    now = call.estate.now()
    version = Version(
        id=call.estate.id("ver"),
        document_id=document.id,
        ordinal=len(document.versions) + 1,
        title=call.input.body.get("title"),
        description=call.input.body.get("description"),
        content=call.input.file,
        created_at=now,
        created_by=call.actor.subject,
        ready_at=now + timedelta(days=1),
        done_at=call.estate.wall().timestamp() + 1,
        outcome="processing" if call.estate.is_held else None,
    )
    document.versions.append(version)
    call.estate.versions[version.id] = version
    return version


def create_document(call: Call) -> dict[str, Any]:
    """createDocument"""
    home, fields = call.actor.home, call.input.body
    if home is not None and 0 < home.document_limit <= documents_used(call, home):
        raise Refusal(call.choices.document_quota_code, "No room for documents.", reason="quota_exceeded")
    level = fields.get("access_level") or ("organization" if home else "private")
    now = call.estate.now()
    document = Document(
        id=call.estate.id("doc"),
        title=fields["title"],
        description=fields.get("description"),
        access_level=level,
        general=GENERAL[level],
        owner=call.actor.id,
        organization=home,
        created_at=now,
        created_by=call.actor.subject,
        updated_at=now,
    )
    add_version(call, document)
    call.estate.documents[document.id] = document
    log(call, document, "document_created")
    return {"document": show(call, document)}


def get_document(call: Call) -> dict[str, Any]:
    """getDocument"""
    document = call.document()
    if call.choices.reading_views:
        document.viewed_at[call.actor.id] = call.estate.now()
    return {"document": show(call, document)}


def update_document(call: Call) -> dict[str, Any]:
    """updateDocument"""
    document = call.document("create_version", writes=True)
    fields = call.input.body
    if not fields and not call.choices.lenient:
        raise Refusal("failed_precondition", "Nothing is to be changed.")
    document.title = fields.get("title") or document.title
    if "description" in fields:
        # Null is no change for one reading, and an empty description for the other.
        document.description = fields["description"] or (
            document.description if call.choices.lenient else None
        )
    document.updated_at = call.estate.now()
    log(call, document, "document_updated")
    return {"document": show(call, document)}


def trash(call: Call) -> dict[str, Any]:
    """trashDocument"""
    document = call.document("trash")
    if document.trashed_at is None:
        document.lost, document.grants = document.grants, {}
        document.shared_at = {}
        document.general = "restricted"
        document.access_level = "private" if call.choices.levels_linked else document.access_level
        document.trashed_at = call.estate.now()
    elif call.choices.settled != "again":
        raise Refusal(call.choices.settled, "It is in the trash.")
    return {}


def untrash(call: Call) -> dict[str, Any]:
    """untrashDocument"""
    document = call.document("trash")
    if document.trashed_at is not None:
        document.trashed_at = None
        if "untrash-restores-grants" in call.faults:
            document.grants = document.lost
    elif call.choices.settled != "again":
        raise Refusal(call.choices.settled, "It is not in the trash.")
    return {}


def list_documents(call: Call) -> dict[str, Any]:
    """listDocuments"""
    query = call.input.query
    sort = query.get("sort") or "-created_at"
    key = _SORTS.get(sort.removeprefix("-"))
    if key is None:
        raise invalid("sort", "is nothing to sort by")
    found = [each for each in call.estate.documents.values() if _is_visible(call, each) and _fits(call, each)]
    # Equal ones come in an order of their own.
    found.sort(key=lambda each: each.id)
    found.sort(key=lambda each: key(call, each), reverse=sort.startswith("-"))
    return call.listing(found, lambda each: show(call, each), bound=call.actor.id)


def _is_visible(call: Call, document: Document) -> bool:
    if "trash-leaks-into-lists" in call.faults and call.actor.id in document.lost:
        return True
    role = call.estate.document_role(call.actor, document)
    if role is None:
        return False
    if role == "owner" or call.actor.id in document.grants:
        return True
    is_asked = call.input.query.get("organization_scope") or call.choices.lists_organization
    return bool(is_asked) and document.general == "organization"


def _fits(call: Call, document: Document) -> bool:
    query = call.input.query
    states = query.get("trash_state") or ["active"]
    title, text = document.title.lower(), (document.description or "").lower()
    scope = document.organization is call.actor.home if query.get("organization_scope") else True
    owned = "owned" if document.owner == call.actor.id else "not_owned"
    word = (query.get("query") or "").lower()
    described = (query.get("description_contains") or "").lower()
    after: datetime = query.get("created.after", document.created_at)
    before: datetime = query.get("created.before", document.created_at)
    return (
        ("trashed" if document.trashed_at else "active") in states
        and scope
        and after <= document.created_at <= before
        and document.created_by["id"] in query.get("created_by_id", [document.created_by["id"]])
        and document.access_level in query.get("access_level", [document.access_level])
        and (
            show(call, document)["processing_status"]
            in query.get("processing_status", ["ready", "processing"])
        )
        and owned in query.get("ownership", [owned])
        and (word in title or word in text)
        and (query.get("title_contains") or "").lower() in title
        and (not described or described in text)
        and ("source_format" not in query or source_format(document.versions[-1]) in query["source_format"])
    )


_ONE = "/documents/{document_id}"
_LEVELS = "private|organization|public"
_FORMATS = "pdf|docx|xlsx|csv|markdown"
_TEXT = Field(most=255)

ROUTES = (
    Route(
        "listDocuments", "GET", "/documents", list_documents, core=True,
        query={
            **PAGE, **RANGE, "created_by_id": Field("id", among="user|bot", many=True),
            "access_level": Field("one_of", among=_LEVELS, many=True),
            "processing_status": Field("one_of", among="processing|ready|failed", many=True),
            "sort": Field(), "query": Field(), "organization_scope": Field("flag"),
            "ownership": Field("one_of", among="owned|not_owned", many=True),
            "trash_state": Field("one_of", among="active|trashed", many=True),
            "title_contains": _TEXT, "description_contains": _TEXT,
            "source_format": Field("one_of", among=_FORMATS, many=True),
        },
    ),
    Route(
        "createDocument", "POST", "/documents", create_document, core=True,
        form={
            "title": Field(least=1, most=255, required=True), "description": Field(most=2000),
            "access_level": Field("one_of", among=_LEVELS),
        },
    ),
    Route("getDocument", "GET", _ONE, get_document, core=True),
    Route(
        "updateDocument", "PATCH", _ONE, update_document, core=True,
        body={
            "title": Field(least=1, most=255, nullable=True), "description": Field(most=2000, nullable=True)
        },
    ),
    Route("trashDocument", "POST", f"{_ONE}/trash", trash, body={}, core=True),
    Route("untrashDocument", "POST", f"{_ONE}/untrash", untrash, body={}, core=True),
)  # fmt: skip
