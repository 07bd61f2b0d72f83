"""Versions: a document's content over time, and the processing of it."""

from collections.abc import Mapping
from typing import Any

from factify_contract.scenarios.documents import read, readers, shared_document, upload_version, versions
from factify_contract.scenarios.paging import comes_in_pages, paged
from factify_contract.scenarios.steps import CLOSED, refuses_malformed, unknown_id
from factify_contract.scenarios.story import Api, story

_SUITE = "versions"


def _current(api: Api, document: Mapping[str, Any]) -> str | None:
    """The id of the document's current version."""
    seen = read(api.owner, document).body["document"]
    current: str | None = (seen.get("current_version") or {}).get("id")
    return current


@story(suite=_SUITE, title="A new version becomes the current one", needs=("owner", "member"), smoke=True)
def uploaded(api: Api) -> None:
    """The document changes its content and keeps its history and its readers."""
    document = shared_document(api, [api.member])
    readers(document, [api.member])
    first = versions(api.owner, document)[0]
    before = api.owner.call("getVersion", version_id=first).body

    title = api.unique("second")
    answer = upload_version(api, api.owner, document, title=title, description="Corrected figures.")
    version = answer.succeeds("versions.create-returns-version")
    api.equals("versions.create-returns-version", "document", version.get("document_id"), document["id"])
    api.equals("versions.create-returns-version", "title", version.get("title"), title)
    api.equals("identifiers.unique", "the first version's id again", version["id"] == first, False)
    status = api.owner.call("getVersion", version_id=version["id"]).body.get("processing_status")
    current = _current(api, document)
    # A service that promotes a version only when it is processed shows the one before until then.
    if status == "ready" or current == version["id"]:
        api.equals("versions.create-becomes-current", "current version", current, version["id"])
    expected = sorted([first, version["id"]])
    api.equals("versions.create-keeps-older", "versions", versions(api.owner, document), expected)
    after = api.owner.call("getVersion", version_id=first).succeeds("versions.create-keeps-older")
    for field in ("document_id", "title", "description", "created_at", "created_by"):
        api.equals(
            "versions.create-keeps-older", f"{field} of the first", after.get(field), before.get(field)
        )
    read(api.member, document).succeeds("versions.carry-over-sharing")

    retitled = {first: api.unique("first"), version["id"]: title}
    change = {"title": retitled[first]}
    api.owner.call("updateVersion", version_id=first, body=change).succeeds("versions.update-title")
    shown = {each: api.owner.call("getVersion", version_id=each).body.get("title") for each in retitled}
    api.equals("versions.update-title", "titles of first and second", shown, retitled)


@story(suite=_SUITE, title="A version names who uploaded it", needs=("owner", "member"))
def uploaded_by_a_colleague(api: Api) -> None:
    """A collaborator uploads to the owner's document, and gives his version a title."""
    document = shared_document(api, [api.member], role="collaborator")
    readers(document, [api.member])
    answer = upload_version(api, api.member, document, title=api.unique("by-a-colleague"))
    api.require(answer.status == 200, f"a collaborator could not upload: {answer.exchange.line}")
    seen = api.owner.call("getVersion", version_id=answer.body["id"]).succeeds("versions.get-by-id")
    api.equals("versions.create-by-caller", "creator", seen["created_by"]["id"], api.member.user_id)
    body = read(api.owner, document).body["document"]
    api.equals(
        "documents.create-by-caller", "creator of the document", body["created_by"]["id"], api.owner.user_id
    )
    api.equals("versions.title-apart", "title of the document", body["title"], document["title"])


@story(suite=_SUITE, title="A version is described, but not changed", needs=("owner", "outsider"), smoke=True)
def described(api: Api) -> None:
    """Title and description may be set later; strangers set and upload nothing."""
    document = api.new_document(access_level="private")
    version_id = versions(api.owner, document)[0]
    title = api.unique("titled")
    body = {"title": title, "description": "As signed."}
    answer = api.owner.call("updateVersion", version_id=version_id, body=body)
    changed = answer.succeeds("versions.update-title")
    api.equals("versions.update-title", "version", changed["id"], version_id)
    seen = api.owner.call("getVersion", version_id=version_id).body
    shown = {name: seen.get(name) for name in body}
    api.equals("versions.update-title", "title and description", shown, body)
    count = len(versions(api.owner, document))
    api.equals("versions.content-fixed", "versions after describing one", count, 1)

    renamed = api.outsider.call("updateVersion", version_id=version_id, body={"title": "Mine now"})
    renamed.is_refused("versions.outsider-refused", codes=CLOSED)
    upload_version(api, api.outsider, document).is_refused("versions.outsider-refused", codes=CLOSED)
    missing = api.owner.call("getVersion", version_id=unknown_id(version_id))
    if missing.is_refused("identifiers.unknown-refused", codes=CLOSED):
        missing.is_refused("identifiers.unknown-is-not-found", codes=("not_found",))
    wrong = api.owner.call("getVersion", version_id=version_id.removeprefix("ver_"))
    refuses_malformed(wrong)


@story(suite=_SUITE, title="Versions come in pages", needs=("owner",))
def listed_in_pages(api: Api) -> None:
    """Five versions of one document, two to a page, there and back again."""
    document = api.new_document(access_level="private")
    for number in range(4):
        made = upload_version(api, api.owner, document, title=f"version {number}")
        api.require(made.status == 200, f"no version could be made: {made.exchange.line}")
    listed = paged(api.owner, "listDocumentVersions", document_id=document["id"])
    comes_in_pages(api, listed, versions(api.owner, document))


@story(suite=_SUITE, title="A document is processed", needs=("owner",), smoke=True)
def processed(api: Api) -> None:
    """Asked to process, the API names the current version, and says how far it is."""
    document = api.new_document(access_level="private")
    current = versions(api.owner, document)[0]
    before = read(api.owner, document).body["document"]["processing_status"]
    version = api.owner.call("getVersion", version_id=current).body["processing_status"]
    after = read(api.owner, document).body["document"]["processing_status"]
    if before == after:
        api.equals("processing.document-follows-current", "status of the version", version, before)

    answer = api.owner.call("processDocument", document_id=document["id"], body={"async": True})
    outcome = answer.succeeds("processing.names-version")
    api.equals("processing.names-version", "document", outcome.get("document_id"), document["id"])
    api.equals("processing.default-version", "version", outcome.get("version_id"), current)
    if version == "ready":
        status = outcome.get("status")
        done = "PROCESSING_OUTCOME_ALREADY_COMPLETED"
        api.equals("processing.outcome-completed", "outcome for a ready version", status, done)

    api.require(upload_version(api, api.owner, document).status == 200, "no second version could be made")
    current = _current(api, document) or current
    again = api.owner.call("processDocument", document_id=document["id"], body={"async": True}).body
    if _current(api, document) == current:
        api.equals("processing.default-version", "version", again.get("version_id"), current)
