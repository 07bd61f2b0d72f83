"""The older generation that the published Python SDK 1.0.1 was built from, where it differs from this one.

In March 2026 general access moved from `/general-access` to `/access`, the caller's own permissions from
`/access` to `/capabilities`, and the kinds of timeline events lost their upper case. One path cannot answer
in two shapes, so a world speaks either generation: a legacy world is served by the document made here.
"""

from typing import Any

from factify_contract.spec import Document

_OF_DOCUMENT = "/v1beta/documents/{document_id}"
_ACCESS = f"{_OF_DOCUMENT}/access"
_CAPABILITIES = f"{_OF_DOCUMENT}/capabilities"
_GENERAL_ACCESS = f"{_OF_DOCUMENT}/general-access"

# Operation id, method and path of what has moved.
MOVED = frozenset(
    {
        ("getGeneralAccess", "GET", _GENERAL_ACCESS),
        ("setGeneralAccess", "PUT", _GENERAL_ACCESS),
        ("inspectDocumentAccess", "GET", _ACCESS),
    }
)


def legacy_document(document: Document) -> Document:
    """The document as the older generation would have it; the same one where it knows none of this."""
    paths: dict[str, Any] = document.raw["paths"]
    if _ACCESS not in paths or _CAPABILITIES not in paths:
        return document
    kept = {path: item for path, item in paths.items() if path not in (_ACCESS, _CAPABILITIES)}
    moved = {_GENERAL_ACCESS: paths[_ACCESS], _ACCESS: paths[_CAPABILITIES]}
    return Document.from_dict(
        {**document.raw, "paths": {**kept, **moved}, "components": _components(document)}
    )


def event_type(kind: str) -> str:
    """How the older generation spells a kind of timeline event."""
    return f"TIMELINE_EVENT_TYPE_{kind.upper()}"


def _components(document: Document) -> dict[str, Any]:
    components: dict[str, Any] = document.raw.get("components", {})
    schemas = components.get("schemas", {})
    kinds = schemas.get("TimelineEventType")
    if kinds is None:
        return components
    spelled = {**kinds, "enum": [event_type(kind) for kind in kinds["enum"]]}
    return {**components, "schemas": {**schemas, "TimelineEventType": spelled}}
