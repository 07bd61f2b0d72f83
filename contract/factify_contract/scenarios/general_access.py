"""General access: opening a document to the organization or to everybody, and closing it again."""

from collections.abc import Mapping
from typing import Any

from factify_contract.scenarios.documents import grant, is_listed, read, readers, shared_document
from factify_contract.scenarios.invitations import stranger
from factify_contract.scenarios.steps import CLOSED, REFUSALS
from factify_contract.scenarios.story import Answer, Api, Person, story

_SUITE = "general-access"


def _open(person: Person, document: Mapping[str, Any], level: str) -> Answer:
    """What happens when the person sets the document's general access."""
    return person.call("setGeneralAccess", document_id=document["id"], body={"general_access_level": level})


def _level(api: Api, document: Mapping[str, Any]) -> str | None:
    """The document's general access as the owner reads it."""
    answer = api.owner.call("getGeneralAccess", document_id=document["id"])
    api.require(answer.status == 200, f"the general access could not be read: {answer.exchange.line}")
    level: str | None = answer.body.get("general_access_level")
    return level


def _level_beside_recipients(api: Api, document: Mapping[str, Any]) -> str | None:
    """The document's general access as the owner's list of recipients shows it."""
    listing = api.owner.call("listDocumentAccess", document_id=document["id"])
    level: str | None = listing.body.get("general_access_level")
    return level


@story(
    suite=_SUITE,
    title="A document is opened step by step and closed again",
    needs=("owner", "member", "outsider"),
    smoke=True,
)
def opened_and_closed(api: Api) -> None:
    """First to the organization, then to everybody, then to nobody."""
    document = api.new_document(access_level="private")
    read(api.member, document).is_refused("general-access.restricted-closes", codes=CLOSED)

    body = _open(api.owner, document, "organization").succeeds("general-access.set-then-get")
    answered = body.get("general_access_level")
    api.equals("general-access.set-then-get", "answered level", answered, "organization")
    api.equals("general-access.set-then-get", "level read back", _level(api, document), "organization")
    read(api.member, document).succeeds("general-access.organization-opens")
    read(api.outsider, document).is_refused("general-access.organization-closes-outside", codes=CLOSED)

    _open(api.owner, document, "anyone_with_link").succeeds("general-access.set-then-get")
    api.equals("general-access.set-then-get", "level read back", _level(api, document), "anyone_with_link")
    read(api.outsider, document).succeeds("general-access.anyone-opens")
    shown = _level_beside_recipients(api, document)
    api.equals("sharing.list-general-access", "level in the list of recipients", shown, "anyone_with_link")

    _open(api.owner, document, "restricted").succeeds("general-access.set-then-get")
    api.equals("general-access.set-then-get", "level read back", _level(api, document), "restricted")
    for person in (api.member, api.outsider):
        read(person, document).is_refused("general-access.restricted-closes", codes=CLOSED)
    shown = _level_beside_recipients(api, document)
    api.equals("sharing.list-general-access", "level in the list of recipients", shown, "restricted")


@story(suite=_SUITE, title="Roles outlive a change of general access", needs=("owner", "member"))
def roles_are_kept(api: Api) -> None:
    """A colleague with a role keeps it when the document is closed to the others."""
    document = shared_document(api, [api.member], role="commenter")
    readers(document, [api.member])
    for level in ("organization", "restricted"):
        api.require(_open(api.owner, document, level).status == 200, "the level could not be set")
    read(api.member, document).succeeds("general-access.keeps-grants")
    listing = api.owner.call("listDocumentAccess", document_id=document["id"]).body
    roles = {each["id"]: each["document_role"] for each in listing.get("recipients") or []}
    role = roles.get(api.member.user_id)
    api.equals("general-access.keeps-grants", "role of the member", role, "commenter")


@story(suite=_SUITE, title="Who leaves the organization leaves its documents", needs=("owner", "invitee"))
def closed_behind_members(api: Api) -> None:
    """Somebody reads what is open to the organization as long as he belongs to it."""
    newcomer, organization_id = stranger(api), api.organization_id
    document = api.new_document(access_level="organization")
    read(newcomer, document).is_refused("general-access.organization-closes-outside", codes=CLOSED)
    body = {"user_id": newcomer.user_id, "role": "member"}
    added = api.owner.call("addOrganizationMember", organization_id=organization_id, body=body)
    api.require(added.status == 200, f"nobody could be added: {added.exchange.line}")
    read(newcomer, document).succeeds("general-access.organization-opens")

    removed = api.owner.call(
        "removeOrganizationMember", organization_id=organization_id, user_id=newcomer.user_id
    )
    api.require(removed.status == 200, f"nobody could be removed: {removed.exchange.line}")
    read(newcomer, document).is_refused("general-access.organization-closes-outside", codes=CLOSED)
    listed = is_listed(newcomer, document) is not None
    api.equals("documents.list-hides-foreign", "in the list of who left", listed, False)


@story(suite=_SUITE, title="Who may not open a document", needs=("owner", "member", "outsider"))
def closed_to_others(api: Api) -> None:
    """Strangers and viewers do not set it, and nobody sets a level that does not exist."""
    document = api.new_document(access_level="private")
    given = grant(api.owner, document, api.member, "viewer")
    api.require(given.status == 200, f"nothing could be granted: {given.exchange.line}")
    readers(document, [api.member])
    peeked = api.outsider.call("getGeneralAccess", document_id=document["id"])
    peeked.is_refused("general-access.outsider-refused", codes=CLOSED)
    forced = _open(api.outsider, document, "anyone_with_link")
    forced.is_refused("general-access.outsider-refused", codes=CLOSED)
    _open(api.member, document, "anyone_with_link").is_refused(
        "general-access.viewer-cannot-set", codes=REFUSALS
    )
    strange = _open(api.owner, document, "everybody")
    strange.is_refused("general-access.unknown-level-refused", codes=("invalid_argument",))
    api.equals(
        "general-access.outsider-refused", "level after the attempts", _level(api, document), "restricted"
    )
