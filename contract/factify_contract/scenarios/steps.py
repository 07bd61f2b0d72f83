"""Steps that many stories take: reading a whole list, preparing people, moving points in time."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from factify_contract.scenarios.story import Answer, Api, NotExercised, Person
from factify_contract.spec.formats import parse_timestamp

# Everything but a success: where the documentation says that a call is refused, and not how.
REFUSALS = ("invalid_argument", "failed_precondition", "permission_denied", "not_found", "already_exists")
# A refusal to somebody without the right: openly, or as if the thing did not exist.
CLOSED = ("permission_denied", "not_found")
# A list of a shared organization may be long; a story reads no more than this many pages of it.
_MOST_PAGES = 20


def every(
    person: Person, operation_id: str, *, query: Mapping[str, Any] | None = None, **path: Any
) -> list[dict[str, Any]]:
    """All items of a list, page after page; the story ends where the list cannot be read to its end."""
    items: list[dict[str, Any]] = []
    token = ""
    for _ in range(_MOST_PAGES):
        asked = {"page_size": 100, **(query or {})}
        answer = person.call(operation_id, query={**asked, "page_token": token} if token else asked, **path)
        if answer.status != 200:
            raise NotExercised(f"the list could not be read: {answer.exchange.line}")
        items += answer.body.get("items") or []
        token = (answer.body.get("pagination") or {}).get("next_page_token") or ""
        if not token:
            return items
    raise NotExercised(f"{operation_id} has more than {_MOST_PAGES} pages")


def find(
    person: Person, operation_id: str, wanted: str, *, query: Mapping[str, Any] | None = None, **path: Any
) -> dict[str, Any] | None:
    """The item of a list with the wanted id; None when the list is without it."""
    return next(
        (item for item in every(person, operation_id, query=query, **path) if item["id"] == wanted), None
    )


def ids(items: list[dict[str, Any]]) -> list[str]:
    """The ids of the items, in their order."""
    return [item["id"] for item in items]


def members(api: Api, person: Person | None = None) -> dict[str, dict[str, Any]]:
    """The members of the organization by user id, as the person (or else the owner) sees them."""
    listed = every(person or api.owner, "listOrganizationMembers", organization_id=api.organization_id)
    return {member["user"]["id"]: member for member in listed}


def own_organization(person: Person) -> str:
    """The id of an organization that the person owns."""
    owned = every(person, "listOrganizations", query={"role": ["owner"]})
    if not owned:
        raise NotExercised(f"{person.name} owns no organization")
    organization_id: str = owned[0]["id"]
    return organization_id


def instant(text: str) -> datetime:
    """The point in time that a timestamp of the API names."""
    try:
        return parse_timestamp(text)
    except ValueError as error:
        raise NotExercised(str(error)) from error


def shifted(text: str, **change: float) -> str:
    """The timestamp moved by days, hours, minutes or seconds, without fractions, which not all keep."""
    moved = (instant(text) + timedelta(**change)).replace(microsecond=0)
    return moved.astimezone(UTC).isoformat().replace("+00:00", "Z")


def unknown_id(known: str) -> str:
    """A well-formed id of the same kind that, but for an unbelievable chance, belongs to nothing.

    The first 14 characters hold the time, version and variant of the UUID and stay, the rest is random.
    """
    prefix, _, suffix = known.partition("_")
    return f"{prefix}_{suffix[:14]}{'z' * (len(suffix) - 14)}"


def refuses_malformed(answer: Answer) -> None:
    """A call with an id of the wrong form is refused, and the refusal says that its input is at fault."""
    codes, reasons = ("invalid_argument",), ("invalid_id_format", "invalid_field_value")
    if answer.is_refused("identifiers.malformed-refused", codes=REFUSALS) and answer.is_refused(
        "identifiers.malformed-is-invalid-argument", codes=codes
    ):
        answer.is_refused("identifiers.malformed-reason", codes=codes, reasons=reasons)


def refuses_token(answer: Answer) -> None:
    """A call with a page token that no list issued is refused, as a cursor or as any value."""
    codes, reasons = ("invalid_argument",), ("invalid_cursor", "invalid_field_value")
    if answer.is_refused("pagination.foreign-token-refused", codes=codes):
        answer.is_refused("pagination.foreign-token-reason", codes=codes, reasons=reasons)
