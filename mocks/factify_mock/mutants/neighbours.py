"""Defects by which what belongs to one document or organization is shown at its neighbours."""

from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.model.permissions import role_on
from factify_mock.model.records import Document
from factify_mock.mutants.bends import edits, in_charge
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _open_to_keys(call: "Call") -> "Call":
    is_key = call.actor is not None and call.actor.api_key_id is not None
    return replace(call, actor=in_charge(call) or call.actor) if is_key else call


def _any_version(call: "Call") -> "Call":
    """The version named in the query is exported, whichever document the path names and the caller has."""
    version = call.world.tables.versions.get(call.query.get("version_id", ""))
    if version is None or role_on(call.world, call.caller, _document(call)) is None:
        return call
    call = replace(call, path={"document_id": version.document_id})
    return replace(call, actor=in_charge(call) or call.actor)


def _document(call: "Call") -> Document:
    return call.world.tables.documents[call.path["document_id"]]


def _any_request(call: "Call") -> "Call":
    """The request is decided about, whichever document the path names and the caller administers."""
    request_id, found = call.path["access_request_id"], call.world.tables.access_requests
    home = next((each for each, requests in found.items() if request_id in requests), None)
    is_his = call.path["document_id"] in call.world.tables.documents and (
        role_on(call.world, call.caller, _document(call)) in ("admin", "owner")
    )
    if home is None or not is_his:
        return call
    call = replace(call, path={**call.path, "document_id": home})
    return replace(call, actor=in_charge(call) or call.actor)


def _newest_version(call: "Call") -> "Call":
    version = call.world.tables.versions.get(call.path["version_id"])
    if version is None:
        return call
    call.world.remembered[f"asked for on {version.document_id}"] = version.id
    newest = call.world.tables.versions_of[version.document_id][-1]
    return replace(call, path={"version_id": newest})


def _named_as_asked(call: "Call", body: Json) -> Json:
    document = call.world.tables.versions[body["id"]].document_id
    return {**body, "id": call.world.remembered.get(f"asked for on {document}", body["id"])}


def _id_of_the_same_file(call: "Call", body: Json) -> Json:
    """Documents of one user with the same file are one document."""
    tables = call.world.tables
    new = tables.documents[body["document"]["id"]]

    def content(document: Document) -> str:
        return tables.versions[document.current_version_id].sha256

    own = (each for each in tables.documents.values() if each.owner_id == new.owner_id)
    same = [each.id for each in own if content(each) == content(new)]
    return {"document": {**body["document"], "id": min(same)}}


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "export.any-version",
        "export.outsider-refused",
        "Who may read one document may export the versions of any other by way of it.",
        Bend(("exportDocument",), question=_any_version),
    ),
    Mutant(
        "access-requests.decided-elsewhere",
        "access-requests.decide-outsider-refused",
        "Who administers one document decides about requests for any other by way of it.",
        Bend(("approveAccessRequest", "denyAccessRequest"), question=_any_request),
    ),
    Mutant(
        "versions.newest-is-described",
        "versions.update-title",
        "Title and description of the newest version are changed, whichever is named.",
        Bend(("updateVersion",), question=_newest_version, answer=_named_as_asked),
    ),
    Mutant(
        "documents.same-file-is-one",
        "identifiers.unique",
        "A file that its owner has uploaded before is answered as the first document made of it.",
        edits("createDocument", by=_id_of_the_same_file),
    ),
    Mutant(
        "api-keys.of-every-organization",
        "api-keys.list",
        "The list of keys holds those of other organizations too.",
    ),
    Mutant(
        "api-keys.open-every-organization",
        "api-keys.outsider-refused",
        "A key may list the keys of any organization.",
        Bend(("listApiKeys",), question=_open_to_keys),
    ),
    Mutant(
        "access-requests.of-every-document",
        "access-requests.list-pending",
        "The list of requests for a document holds those for other documents too.",
    ),
    Mutant(
        "access-requests.status-of-every-document",
        "access-requests.own-status",
        "Who has a pending request for one document is told so of every document.",
    ),
    Mutant(
        "invites.of-every-organization",
        "invites.organizations-apart",
        "The list of invitations holds those of other organizations too.",
    ),
    Mutant(
        "policies.on-every-document",
        "policies.attach",
        "The list of a document's policies holds those of other documents too.",
    ),
)
