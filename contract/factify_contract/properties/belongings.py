"""What the phase may touch: objects of its own, by what may happen to them, and whom it may speak of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

ID = re.compile(r"([a-z]{2,5})_[0-9a-hjkmnp-tv-z]{26}")

# These take the document away from its owner, so each has one of its own.
_TRASHING = frozenset({"trashDocument", "untrashDocument"})
_GIVING = frozenset({"transferDocumentOwnership"})
# A resent or revoked invitation, a decided request: each operation uses up what it touches.
_SECOND = frozenset({"revokeOrganizationInvite", "denyAccessRequest", "setAPIKeyQuota", "deleteAPIKeyQuota"})


@dataclass(frozen=True, slots=True)
class Belongings:
    """Objects that exist in the target, and that no later run and no identity under test depends on.

    `people` may be named as recipients; the first of them is of the organization. `documents` and
    `versions` are by use: reading, playing, trashing, giving. Pairs hold one object for each of two
    operations that would spoil it for the other. A missing object is an empty text.
    """

    owner_id: str = ""
    people: tuple[str, ...] = ()
    spare_user_id: str = ""
    documents: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    organization_id: str = ""
    organization_name: str = ""
    own_organization_id: str = ""
    api_keys: tuple[str, ...] = ()
    invites: tuple[str, ...] = ()
    access_requests: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()

    @property
    def known(self) -> frozenset[str]:
        """Every id that stands for something real."""
        single = (self.owner_id, self.spare_user_id, self.organization_id, self.own_organization_id)
        several = (
            *self.people, *self.documents.values(), *self.versions.values(), *self.api_keys,
            *self.invites, *self.access_requests, *self.policies,
        )  # fmt: skip
        return frozenset(one for one in (*single, *several) if one)

    def candidates(self, operation_id: str, method: str, name: str, prefix: str) -> tuple[str, ...]:
        """Ids that the named parameter or field of the operation may be given; empty when there are none."""
        special = self._people_for(operation_id, name)
        if special is not None:
            return special
        match prefix:
            case "doc":
                found: tuple[str, ...] = (self.documents.get(_use(operation_id, method), ""),)
            case "ver":
                found = (self.versions.get(_use(operation_id, method), ""),)
            case "org":
                found = (self._organization_for(operation_id),)
            case "key":
                found = _one_of(self.api_keys, operation_id)
            case "inv":
                found = _one_of(self.invites, operation_id)
            case "acr":
                found = _one_of(self.access_requests, operation_id)
            case "pol":
                found = self.policies
            case "user" | "bot":
                found = (self.owner_id, *self.people)
            case _:
                found = ()
        return tuple(one for one in found if one)

    def _organization_for(self, operation_id: str) -> str:
        if operation_id in ("updateOrganization", "uploadOrganizationLogo") and self.own_organization_id:
            return self.own_organization_id
        return self.organization_id

    def _people_for(self, operation_id: str, name: str) -> tuple[str, ...] | None:
        """Whom an operation that changes people's standing may name: never the identities under test."""
        if operation_id.endswith("OrganizationMember"):
            return (self.spare_user_id,) if self.spare_user_id and name == "user_id" else self._own(name)
        if name == "recipient_id":
            return self.people
        if name == "new_owner_id":
            return self.people[:1]
        if name == "owner_user_id":
            return (self.owner_id,) if self.owner_id else ()
        return None

    def _own(self, name: str) -> tuple[str, ...] | None:
        return () if name == "user_id" else None


def _use(operation_id: str, method: str) -> str:
    if operation_id in _TRASHING:
        return "trashing"
    if operation_id in _GIVING:
        return "giving"
    return "reading" if method == "GET" else "playing"


def _one_of(pair: tuple[str, ...], operation_id: str) -> tuple[str, ...]:
    if not pair:
        return ()
    return (pair[-1],) if operation_id in _SECOND else (pair[0],)
