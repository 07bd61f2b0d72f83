"""Moves around documents that several stories make: read, share, trash, look up."""

from collections.abc import Mapping, Sequence
from typing import Any

from factify_contract.scenarios.steps import every, ids
from factify_contract.scenarios.story import Answer, Api, NotExercised, Person

# New documents come first, so a document of this run is near the beginning of every list.
_MOST_PAGES = 5


def read(person: Person, document: Mapping[str, Any]) -> Answer:
    """What happens when the person reads the document by id."""
    return person.call("getDocument", document_id=document["id"])


def trash(person: Person, document: Mapping[str, Any]) -> Answer:
    """What happens when the person trashes the document."""
    return person.call("trashDocument", document_id=document["id"])


def untrash(person: Person, document: Mapping[str, Any]) -> Answer:
    """What happens when the person restores the document."""
    return person.call("untrashDocument", document_id=document["id"])


def upload_version(
    api: Api, person: Person, document: Mapping[str, Any], *, content: bytes | None = None, **fields: str
) -> Answer:
    """What happens when the person uploads a new version of the document."""
    return person.call(
        "createDocumentVersion",
        document_id=document["id"],
        body=fields,
        files={"payload": ("version.pdf", content or api.pdf(), "application/pdf")},
    )


def current_version(document: Mapping[str, Any]) -> str:
    """The id of the version that the document shows; the story ends where it shows none."""
    version_id = (document.get("current_version") or {}).get("id")
    if not version_id:
        raise NotExercised("the document shows no current version")
    return str(version_id)


def grant(person: Person, document: Mapping[str, Any], to: Person, role: str) -> Answer:
    """What happens when the person gives somebody a role on the document."""
    return person.call(
        "grantDocumentAccess",
        document_id=document["id"],
        body={
            "recipients": [{"recipient": to.user_id, "role": role}],
            "should_send_notification": False,
        },
    )


def shared_document(api: Api, recipients: Sequence[Person], *, role: str = "viewer") -> dict[str, Any]:
    """A private document of the owner, with the role given to the recipients."""
    document = api.new_document(access_level="private")
    for person in recipients:
        given = grant(api.owner, document, person, role)
        api.require(given.status == 200, f"nothing could be granted: {given.exchange.line}")
    return document


def readers(document: Mapping[str, Any], people: Sequence[Person]) -> list[Person]:
    """Those of the people who can read the document; the story ends where nobody can."""
    found = [person for person in people if read(person, document).status == 200]
    if not found:
        raise NotExercised("nobody can read the shared document")
    return found


def is_listed(person: Person, document: Mapping[str, Any], **query: Any) -> dict[str, Any] | None:
    """The document as the person's list shows it; None when the list is without it."""
    return next((each for each in _newest(person, **query) if each["id"] == document["id"]), None)


def accessible_ids(person: Person, **query: Any) -> list[str]:
    """The ids of the newest documents in the person's list."""
    return ids(_newest(person, **query))


def _newest(person: Person, **query: Any) -> list[dict[str, Any]]:
    """The first pages of the list, newest first: more than a run creates."""
    items: list[dict[str, Any]] = []
    token = ""
    for _ in range(_MOST_PAGES):
        asked = {"page_size": 100, **query} | ({"page_token": token} if token else {})
        answer = person.call("listDocuments", query=asked)
        if answer.status != 200:
            raise NotExercised(f"the list could not be read: {answer.exchange.line}")
        items += answer.body.get("items") or []
        token = (answer.body.get("pagination") or {}).get("next_page_token") or ""
        if not token:
            break
    return items


def versions(person: Person, document: Mapping[str, Any]) -> list[str]:
    """The ids of the document's versions, in a fixed order."""
    return sorted(ids(every(person, "listDocumentVersions", document_id=document["id"])))


def other_recipients(access: Mapping[str, Any], owner: Person) -> list[str]:
    """Who, besides the owner, is in an answer of listDocumentAccess."""
    return [each["id"] for each in access.get("recipients") or [] if each["id"] != owner.user_id]
