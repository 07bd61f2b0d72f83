"""What a run has made and changed, and what of that is still to be taken back; folded from its ledger."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from factify_contract.safety.effects import MAKES

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that writes: what it was, in whose name, and on what."""

    operation: str
    actor: str
    path: Mapping[str, str]

    def of(self, name: str) -> str:
        """A value of the call's path."""
        return self.path.get(name, "")


@dataclass(slots=True, frozen=False)
class Holdings:
    """What there is of a run. Mutable: `apply` takes the entries of a ledger one by one.

    Values of the dictionaries are who can take a thing back: the name of an identity or a user's id.
    `open` are calls whose end is not known. `before` is how the organization was before the run, `stays`
    what nobody can take back.
    """

    documents: dict[str, str] = field(default_factory=dict)
    trashed: dict[str, None] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    limits: dict[str, str] = field(default_factory=dict)
    invites: dict[tuple[str, str], str] = field(default_factory=dict)
    policies: dict[tuple[str, str], str] = field(default_factory=dict)
    organizations: dict[str, str] = field(default_factory=dict)
    lasting: Counter[str] = field(default_factory=Counter)
    open: dict[int, Call] = field(default_factory=dict)
    name: str = ""
    members_changed: bool = False
    organization_changed: bool = False
    quotas: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    seconds_moved: float = 0.0
    before: Mapping[str, Any] = field(default_factory=dict)
    stays: dict[str, None] = field(default_factory=dict)

    def apply(self, entry: Entry) -> None:
        """Takes one entry of a ledger into account; an unknown one is ignored."""
        match entry:
            case {"call": int() as number, "operation": str() as operation, "actor": str() as actor}:
                self.open[number] = Call(operation, actor, entry.get("path", {}))
            case {"call": int() as number, "status": int() as status}:
                self._end(number, status, entry.get("made", {}))
            case {"adapter": str() as name, "values": dict() as values}:
                self._adapt(name, values)
            case {"before": dict() as before}:
                self.before = before
            case {"stays": str() as phrase}:
                self.stays[phrase] = None
            case {"settled": [str() as kind, *ids]}:
                self._settle(kind, [str(one) for one in ids])

    @property
    def outstanding(self) -> int:
        """How many requests it takes to take back what is known to be there."""
        unknown = sum(call.operation in MAKES for call in self.open.values())
        known = (self.documents, self.keys, self.limits, self.invites, self.policies)
        return unknown + sum(len(things) for things in known)

    @property
    def is_changed(self) -> bool:
        """Whether the organization or its people are not as they were."""
        return self.members_changed or self.organization_changed or bool(self.quotas)

    @property
    def doubtful(self) -> list[Call]:
        """Calls that may have made something of which nobody told the id."""
        return [call for call in self.open.values() if call.operation in MAKES]

    def _end(self, number: int, status: int, made: Mapping[str, str]) -> None:
        call = self.open.get(number)
        if call is None or (status >= 500 and call.operation in MAKES):
            return
        del self.open[number]
        if 200 <= status < 300 and call.operation in _EFFECTS:
            _EFFECTS[call.operation](self, call, made)

    def _adapt(self, name: str, values: Mapping[str, Any]) -> None:
        if name in ("quota", "document_quota"):
            self.quotas[name] = values
        elif name == "clock":
            self.seconds_moved += float(values.get("seconds", 0))

    def _settle(self, kind: str, ids: list[str]) -> None:
        match kind, ids:
            case "document", [document]:
                self.documents.pop(document, None)
                self.trashed[document] = None
            case "api_key", [key]:
                self.keys.pop(key, None)
            case "limit", [key]:
                self.limits.pop(key, None)
            case "invite", [organization, invite]:
                self.invites.pop((organization, invite), None)
            case "policy", [document, policy]:
                self.policies.pop((document, policy), None)
            case "members", []:
                self.members_changed = False
            case "organization", []:
                self.organization_changed = False
            case "quotas", []:
                self.quotas.clear()
            case "open", []:
                self.open.clear()


def _make_document(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    if document := made.get("document"):
        held.documents[document] = call.actor


def _trash(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    document = call.of("document_id")
    if held.documents.pop(document, None) is not None:
        held.trashed[document] = None


def _untrash(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    document = call.of("document_id")
    if document in held.trashed:
        del held.trashed[document]
        held.documents[document] = call.actor


def _transfer(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    document, owner = call.of("document_id"), made.get("owner")
    if document in held.documents and owner:
        held.documents[document] = owner


def _make_key(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    if key := made.get("api_key"):
        held.keys[key] = call.actor


def _revoke_key(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    held.keys.pop(call.of("api_key_id"), None)


def _limit(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    held.limits[call.of("api_key_id")] = call.actor


def _unlimit(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    held.limits.pop(call.of("api_key_id"), None)


def _invite(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    if invite := made.get("invite"):
        held.invites[call.of("organization_id"), invite] = call.actor


def _revoke_invite(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    held.invites.pop((call.of("organization_id"), call.of("invite_id")), None)


def _attach(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    if policy := made.get("policy"):
        held.policies[call.of("document_id"), policy] = call.actor


def _detach(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    held.policies.pop((call.of("document_id"), call.of("policy_id")), None)


def _found(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    if organization := made.get("organization"):
        held.organizations[organization] = call.actor


def _rename(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    if call.of("organization_id") not in held.organizations:
        held.organization_changed = True
        held.name = made.get("name", "")


def _move_people(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    held.members_changed = True


def _last(held: Holdings, call: Call, made: Mapping[str, str]) -> None:
    for kind in made:
        held.lasting[kind] += 1


_EFFECTS: Mapping[str, Callable[[Holdings, Call, Mapping[str, str]], None]] = {
    "createDocument": _make_document,
    "trashDocument": _trash,
    "untrashDocument": _untrash,
    "transferDocumentOwnership": _transfer,
    "createApiKey": _make_key,
    "revokeApiKey": _revoke_key,
    "setAPIKeyQuota": _limit,
    "deleteAPIKeyQuota": _unlimit,
    "createOrganizationInvite": _invite,
    "revokeOrganizationInvite": _revoke_invite,
    "attachDocumentPolicy": _attach,
    "detachDocumentPolicy": _detach,
    "createOrganization": _found,
    "updateOrganization": _rename,
    "addOrganizationMember": _move_people,
    "updateOrganizationMember": _move_people,
    "removeOrganizationMember": _move_people,
    "acceptOrganizationInvite": _move_people,
    "createDocumentVersion": _last,
    "createShareLink": _last,
    "createAccessRequest": _last,
}
