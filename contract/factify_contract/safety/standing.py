"""Who the people of a profile really are to its organization, by what the target says."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from factify_contract.profile import API_KEY
from factify_contract.safety.errands import MANAGERS, Errands, field, members
from factify_contract.spec import Document
from factify_contract.target import Identity, Target

_ROLES = ("owner", "admin", "member")
# How every API key begins, as the document says.
_KEY = "ffy_"


@dataclass(frozen=True, slots=True)
class Misplaced:
    """An identity that is not what its name says; judging with it would accuse the target falsely."""

    name: str
    what: str


def misplaced(target: Target, document: Document) -> list[Misplaced]:
    """The identities that are not what they should be, as far as the target tells; it is only read."""
    return list(_misplaced(target, Errands(target, document)))


def _misplaced(target: Target, errands: Errands) -> Iterator[Misplaced]:
    organization = target.organization_id
    people = {name: one for name, one in target.identities.items() if one.kind == "user" and one.user_id}
    shared = Counter(one.user_id for one in people.values())
    for name, one in target.identities.items():
        if one.kind == "user" and one.token.startswith(_KEY):
            yield Misplaced(name, "has the token of an API key")
    for name, one in people.items():
        if shared[one.user_id] > 1 and name != "owner":
            yield Misplaced(name, "is the same user as another identity")
    roles = members(errands, organization) if organization else None
    if roles is None and organization and _is_of_others(errands, organization):
        yield Misplaced("owner", f"is in no organization {organization}")
    for name, one in people.items() if roles is not None else ():
        role = (roles or {}).get(one.user_id)
        if name in _ROLES and role != name:
            yield Misplaced(name, f"is {_as(role)} the organization")
        elif name not in _ROLES and role is not None:
            yield Misplaced(name, f"is {_as(role)} the organization, and should be outside")
    if "outsider" in people and _lists(errands, "owner") and not _lists(errands, "outsider"):
        yield Misplaced("outsider", "owns no organization")
    has_key = API_KEY in target.identities and bool(organization)
    if has_key and _reads(errands, "owner", organization) and not _reads(errands, API_KEY, organization):
        yield Misplaced(API_KEY, "cannot read the organization")
    if API_KEY in target.identities:
        yield from _wrong_key(target.identities[API_KEY], organization, errands)


def _wrong_key(key: Identity, organization: str, errands: Errands) -> Iterator[Misplaced]:
    if not key.token.startswith(_KEY) and field(errands.call("getMe", (API_KEY,)), "user") is not None:
        yield Misplaced(API_KEY, "has the token of a user")
    elif key.user_id and organization:
        keys = errands.items("listApiKeys", MANAGERS, query={"organization_id": organization})
        if keys and key.user_id not in {one.get("id") for one in keys}:
            yield Misplaced(API_KEY, f"is {key.user_id} in the profile, which is no key of the organization")


def _is_of_others(errands: Errands, organization: str) -> bool:
    """Whether the owner is told of organizations, and neither hears of this one nor can read it."""
    told = errands.items("listOrganizations", ("owner",))
    is_told = bool(told) and organization not in {one.get("id") for one in told or []}
    return is_told and not _reads(errands, "owner", organization)


def _lists(errands: Errands, name: str) -> bool:
    """Whether the identity is told of an organization that it owns."""
    return bool(errands.items("listOrganizations", (name,), query={"role": ["owner"]}))


def _reads(errands: Errands, name: str, organization: str) -> bool:
    path = {"organization_id": organization}
    return field(errands.call("getOrganization", (name,), path=path), "organization") is not None


def _as(role: str | None) -> str:
    return f"{role} of" if role is not None else "not in"
