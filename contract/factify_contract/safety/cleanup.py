"""Takes back what a run made and changed, as far as the API can, and tells what stays."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from factify_contract.adapters import AdapterError
from factify_contract.errors import Withheld
from factify_contract.exchange import Exchange
from factify_contract.safety.errands import MANAGERS, Errands, field, members, pending_invites
from factify_contract.safety.guard import Guard
from factify_contract.safety.holdings import Holdings
from factify_contract.safety.ledger import Ledger
from factify_contract.spec import Document
from factify_contract.target import Target


@dataclass(slots=True, frozen=False)
class Leftovers:
    """What cleaning up came to, each a phrase; `stays` has the ids to each. Mutable: it grows meanwhile."""

    done: list[str] = dataclasses.field(default_factory=list)
    stays: dict[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    failed: list[str] = dataclasses.field(default_factory=list)


class Cleaner:
    """Cleans up after one run. What it has taken back it notes in the ledger, so nothing is done twice."""

    def __init__(self, target: Target, document: Document, guard: Guard, ledger: Ledger) -> None:
        self._target = target
        self._errands = Errands(target, document)
        self._guard = guard
        self._ledger = ledger
        self._left = Leftovers()

    def tidy(self) -> None:
        """Takes back what is known to be there; what does not succeed is left for `clear`."""
        self._clean(self._things, self._people, self._organization)

    def clear(self) -> Leftovers:
        """Takes back all that can be, also what nobody told the id of, and tells what stays."""
        self._left = Leftovers()
        self._clean(self._quotas, self._things, self._people, self._organization, self._unnoticed)
        self._left.stays |= _lasting(self._held)
        return self._left

    @property
    def _held(self) -> Holdings:
        return self._ledger.holdings

    def _clean(self, *steps: Callable[[], None]) -> None:
        self._guard.is_cleaning = True
        try:
            for step in steps:
                step()
        except Withheld as reason:
            self._left.failed.append(f"not everything was taken back: {reason}")
        finally:
            self._guard.is_cleaning = False

    def _things(self) -> None:
        for (document, policy), actor in list(self._held.policies.items()):
            path = {"document_id": document, "policy_id": policy}
            what = f"policy {policy} of {document}"
            self._undo("detachDocumentPolicy", path, ("policy", document, policy), what, (actor,))
        for document, actor in list(self._held.documents.items()):
            self._trash(document, actor)
        for key, actor in list(self._held.limits.items()):
            path = {"api_key_id": key}
            self._undo("deleteAPIKeyQuota", path, ("limit", key), f"limit of {key}", (actor, *MANAGERS))
        for key, actor in list(self._held.keys.items()):
            self._revoke_key(key, actor)
        for (organization, invite), actor in list(self._held.invites.items()):
            self._revoke_invite(organization, invite, actor)

    def _trash(self, document: str, actor: str) -> None:
        path = {"document_id": document}
        made_by = self._guard.maker_of(document)
        self._undo("trashDocument", path, ("document", document), document, (actor,), also=made_by)

    def _revoke_key(self, key: str, actor: str) -> None:
        self._undo("revokeApiKey", {"api_key_id": key}, ("api_key", key), key, (actor, *MANAGERS))

    def _revoke_invite(self, organization: str, invite: str, actor: str) -> None:
        path = {"organization_id": organization, "invite_id": invite}
        settles = ("invite", organization, invite)
        self._undo("revokeOrganizationInvite", path, settles, invite, (actor, *MANAGERS))

    def _undo(
        self,
        operation: str,
        path: Mapping[str, str],
        settles: Sequence[str],
        what: str,
        actors: Sequence[str],
        *,
        also: str | None = None,
    ) -> None:
        """Calls the operation in the name of the first who may; what is gone already needs no undoing."""
        exchange = self._errands.call(operation, actors, path=path, body={}, also=also)
        if exchange is None:
            self._left.failed.append(f"{what}: nobody in the profile can take it back")
        elif 200 <= exchange.status < 300 or _is_gone(exchange):
            self._ledger.note({"settled": list(settles)})
            self._left.done.append(what)
        else:
            self._left.failed.append(f"{what}: {exchange.line}")

    def _people(self) -> None:
        """Puts the identities' memberships back; nobody else's are touched."""
        before, organization = self._held.before.get("members"), self._ledger.header.organization_id
        if not self._held.members_changed or not isinstance(before, Mapping):
            return
        now = members(self._errands, organization)
        if now is None:
            self._left.failed.append("members of the organization: they cannot be listed")
            return
        path = {"organization_id": organization}
        ours = [one.user_id for one in self._target.identities.values() if one.kind == "user" and one.user_id]
        kept = [self._put_back(user, before.get(user), now.get(user), path) for user in ours]
        if all(kept):
            self._ledger.note({"settled": ["members"]})

    def _put_back(self, user: str, before: str | None, now: str | None, path: Mapping[str, str]) -> bool:
        if before == now:
            return True
        at = {**path, "user_id": user}
        if before is None:
            exchange = self._errands.call("removeOrganizationMember", MANAGERS, path=at)
        elif now is None:
            body = {"user_id": user, "role": before}
            exchange = self._errands.call("addOrganizationMember", MANAGERS, path=path, body=body)
        else:
            exchange = self._errands.call(
                "updateOrganizationMember", MANAGERS, path=at, body={"role": before}
            )
        what = f"membership of {user} ({before or 'none'})"
        return self._note(what, exchange)

    def _organization(self) -> None:
        """Puts name and logo back, unless somebody else has changed the name since."""
        before = self._held.before.get("organization")
        if not self._held.organization_changed or not isinstance(before, Mapping):
            return
        path = {"organization_id": self._ledger.header.organization_id}
        exchange = self._errands.call("getOrganization", MANAGERS, path=path)
        now = field(exchange, "organization")
        if now is None:
            self._left.failed.append("name of the organization: it cannot be read")
            return
        body = {}
        if now.get("name") != before.get("name") and now.get("name") == self._held.name:
            body["name"] = before.get("name")
        if before.get("logo") and now.get("logo_image_url") != before["logo"]:
            body["logo_image_url"] = before["logo"]
        if not body or self._note(
            "name of the organization",
            self._errands.call("updateOrganization", MANAGERS, path=path, body=body),
        ):
            self._ledger.note({"settled": ["organization"]})
        if now.get("logo_image_url") and not before.get("logo"):
            self._ledger.note({"stays": "the organization's logo, which the API cannot take away"})

    def _quotas(self) -> None:
        """Sets the limits back to what they were, where the last to set them was the run."""
        if not self._held.quotas:
            return
        quota, failures = self._target.quota, len(self._left.failed)
        for name, values in list(self._held.quotas.items()):
            before = self._held.before.get(name)
            if not isinstance(before, Mapping) or values.get("limit") == before.get("limit"):
                continue
            try:
                if quota is None:
                    self._left.failed.append(f"{name}: the profile has no adapter for it")
                elif name == "quota":
                    quota.set_requests(before["limit"], before.get("used"))
                    self._left.done.append("request quota of the organization")
                else:
                    quota.set_documents(before["limit"])
                    self._left.done.append("document quota of the organization")
            except AdapterError as error:
                self._left.failed.append(f"{name}: {error}")
        if len(self._left.failed) == failures:
            self._ledger.note({"settled": ["quotas"]})

    def _unnoticed(self) -> None:
        """Looks for what was made by calls whose answers never came, by the names that all of it has."""
        if not self._held.doubtful:
            return
        failures = len(self._left.failed)
        for actor in self._target.identities:
            for document in self._documents_of(actor):
                self._trash(document, actor)
        for key in self._keys():
            self._revoke_key(key, "owner")
        for invite in self._invites():
            self._revoke_invite(self._ledger.header.organization_id, invite, "owner")
        if len(self._left.failed) == failures:
            self._ledger.note({"settled": ["open"]})

    def _documents_of(self, actor: str) -> list[str]:
        """The active documents with the run's name that the actor made."""
        query = {"title_contains": self._ledger.header.prefix}
        items = self._errands.items("listDocuments", (actor,), query=query) or []
        name, me = self._ledger.header.prefix.lower(), self._target.identities[actor].user_id
        ours = [
            item for item in items if name in str(item.get("title")).lower() and not item.get("trashed_at")
        ]
        made = [item for item in ours if _maker(item) in ("", me) or not me.startswith("user_")]
        return [
            str(item["id"]) for item in made if item.get("id") and str(item["id"]) not in self._held.trashed
        ]

    def _keys(self) -> list[str]:
        query = {"organization_id": self._ledger.header.organization_id}
        items = self._errands.items("listApiKeys", MANAGERS, query=query) or []
        prefix = self._ledger.header.prefix
        return [
            str(item["id"])
            for item in items
            if prefix in str(item.get("name")) and not item.get("revoked_at")
        ]

    def _invites(self) -> list[str]:
        """Pending invitations to invented addresses of the run, and to its people where there was none."""
        before = set(self._held.before.get("invites", ()))
        prefix = self._ledger.header.prefix.lower()
        return [
            invite
            for invite, email in pending_invites(self._errands, self._ledger.header.organization_id).items()
            if prefix in email or (email in self._errands.emails and invite not in before)
        ]

    def _note(self, what: str, exchange: Exchange | None) -> bool:
        if exchange is not None and 200 <= exchange.status < 300:
            self._left.done.append(what)
            return True
        said = exchange.line if exchange is not None else "nobody in the profile can take it back"
        self._left.failed.append(f"{what}: {said}")
        return False


def _is_gone(exchange: Exchange) -> bool:
    """Whether the refusal says that there is nothing to take back."""
    body = exchange.json
    code = body.get("code") if isinstance(body, dict) else None
    return exchange.status == 404 or (exchange.status in (400, 409, 412) and code != "invalid_argument")


def _maker(item: Mapping[str, Any]) -> str:
    made_by = item.get("created_by")
    return str(made_by.get("id", "")) if isinstance(made_by, Mapping) else ""


def _lasting(held: Holdings) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What no call of the API takes away, by its kind, with ids where it has them."""
    yield from ((phrase, ()) for phrase in held.stays)
    if trashed := tuple(held.trashed):
        where = "in the trash, where they count against the document quota"
        yield f"{_counted(len(trashed), 'document', 'documents')} {where}", trashed
    if founded := tuple(held.organizations):
        made = _counted(len(founded), "organization", "organizations")
        yield f"{made} that the run made", founded
    for kind, word in (
        ("version", "version"),
        ("share_link", "share link"),
        ("access_request", "access request"),
    ):
        if count := held.lasting[kind]:
            yield f"{_counted(count, word, f'{word}s')}, with their documents", ()
    if held.seconds_moved:
        yield f"the target's time, moved by {held.seconds_moved:.0f} seconds", ()


def _counted(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
