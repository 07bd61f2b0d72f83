"""What happens to a version after its upload, with the reins of processing in the judge's hands."""

from collections.abc import Mapping
from typing import Any

from factify_contract.scenarios.documents import is_listed, read, upload_version, versions
from factify_contract.scenarios.story import Api, story

_SUITE = "processing"
_RUNNING = "PROCESSING_OUTCOME_ALREADY_PROCESSING"


def _status(api: Api, version_id: str) -> str:
    """The processing status of the version."""
    status: str = api.owner.call("getVersion", version_id=version_id).body["processing_status"]
    return status


def _agrees(api: Api, document: Mapping[str, Any]) -> None:
    """The document shows the status of its current version."""
    seen = read(api.owner, document).body["document"]
    if current := (seen.get("current_version") or {}).get("id"):
        status, shown = _status(api, current), seen["processing_status"]
        api.equals("processing.document-follows-current", "status of document and version", shown, status)


@story(
    suite=_SUITE,
    title="A version is in processing, and then it is ready",
    needs=("owner", "processing"),
    smoke=True,
)
def becomes_ready(api: Api) -> None:
    """Held in processing, the version says so; asked to process without waiting, the API answers at once."""
    api.processing.hold()
    try:
        document = api.new_document(access_level="private")
        status = document["processing_status"]
        api.equals("documents.create-processing", "status of a new document", status, "processing")
        version_id = versions(api.owner, document)[0]
        api.require(_status(api, version_id) == "processing", "processing could not be held")
        _agrees(api, document)
        held = is_listed(api.owner, document, processing_status=["processing"])
        api.equals("documents.list-processing-status", "in the list of processing", held is not None, True)

        asked = {"async": True, "version_id": version_id}
        answer = api.owner.call("processDocument", document_id=document["id"], body=asked)
        outcome = answer.succeeds("processing.async-returns-at-once").get("status")
        still = _status(api, version_id)
        api.equals("processing.async-returns-at-once", "status after the answer", still, "processing")
        api.equals("processing.outcome-running", "outcome", outcome, _RUNNING)

        api.processing.end(document["id"], version_id, "ready")
        api.equals("processing.ends", "status after its end", _status(api, version_id), "ready")
        _agrees(api, document)
        held = is_listed(api.owner, document, processing_status=["processing"])
        api.equals("documents.list-processing-status", "in the list of processing", held is not None, False)
    finally:
        api.processing.release()


@story(suite=_SUITE, title="A version cannot be processed", needs=("owner", "processing"))
def fails(api: Api) -> None:
    """The second version fails; the first stays as it was."""
    document = api.new_document(access_level="private")
    first = versions(api.owner, document)[0]
    api.processing.hold()
    try:
        before = _status(api, first)
        uploaded = upload_version(api, api.owner, document)
        api.require(uploaded.status == 200, f"no version could be made: {uploaded.exchange.line}")
        second = uploaded.body["id"]
        api.require(_status(api, second) == "processing", "processing could not be held")
        api.processing.end(document["id"], second, "failed")
        api.equals("processing.ends", "status after its end", _status(api, second), "failed")
        _agrees(api, document)
        if before == "ready":
            api.equals("versions.create-keeps-older", "status of the first", _status(api, first), before)
    finally:
        api.processing.release()
