"""Records of versions in the form of the wire."""

from typing import Any

import msgspec

from factify_mock.api.render.values import timestamp
from factify_mock.content.jobs import Found
from factify_mock.model.records import Version

# Who brought a file in; the API has one way, and a service would have more of them.
_SOURCE_ID = "upload"


def record(version: Version, found: Found) -> dict[str, Any]:
    """What was found in the file of a version; equal from the end of its processing on."""
    extracted_at = timestamp(version.ready_at)
    source = {
        "source_id": _SOURCE_ID,
        "remote_id": version.id,
        "ingested_at": timestamp(version.created_at),
        "attributes": {"sha256": version.sha256, "size": version.size},
    }
    metadata: dict[str, Any] = {"extracted_at": extracted_at}
    if found.title is not None:
        metadata["title"] = found.title
    if not found.is_whole:
        metadata["attributes"] = {"truncated": True}
    bundle: dict[str, Any] = {
        "record": {"id": version.record_id, "source": source, "metadata": metadata, **found.record}
    }
    if found.layout is not None:
        head = {"record_id": version.record_id, "source": source, "extracted_at": extracted_at}
        bundle["layout"] = {**head, **found.layout}
    return {"id": version.record_id, "source_format": version.source_format, found.kind: bundle}


def defective(found: Found, source_format: str, mutants: frozenset[str]) -> Found:
    """What a mock with these defects finds instead."""
    if "records.table-as-text" in mutants and found.kind == "spreadsheet":
        return Found("document", {"blocks": msgspec.Raw(b"[]")}, None, found.title, found.is_whole)
    if "records.markdown-layout" in mutants and source_format == "markdown":
        return Found(found.kind, found.record, {"pages": msgspec.Raw(b"[]")}, found.title, found.is_whole)
    return found
