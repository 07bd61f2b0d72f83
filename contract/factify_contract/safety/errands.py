"""Asks the target on the judge's own account: for what surrounds the stories, and judging nothing."""

from collections.abc import Mapping, Sequence
from typing import Any

from factify_contract.exchange import Exchange
from factify_contract.profile import API_KEY
from factify_contract.spec import Document
from factify_contract.target import Target

# Who may manage an organization's things, whoever made them.
MANAGERS = ("owner", "admin", API_KEY)
_MOST_PAGES = 50


class Errands:
    """Calls operations of the document in the name of the first identity that may."""

    def __init__(self, target: Target, document: Document) -> None:
        self._target = target
        self._document = document

    @property
    def emails(self) -> set[str]:
        """The addresses of the identities, in lower case."""
        return {one.email.lower() for one in self._target.identities.values() if one.email}

    def call(
        self,
        operation_id: str,
        actors: Sequence[str],
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        also: str | None = None,
    ) -> Exchange | None:
        """The answer to the first actor who is neither unknown nor forbidden, or else the last answer.

        Actors are names of identities or ids of users; `also` is one more token to try. None when there
        is nobody to ask, or no such operation.
        """
        operation = self._document.operations.get(operation_id)
        if operation is None:
            return None
        sent = body if operation.body is not None else None
        transport, exchange = self._target.transport, None
        for name, token in self._callers(actors, also):
            exchange = transport.send(operation, name, token, path=path, query=query, json=sent)
            if exchange.status == 401 and name in self._target.identities:
                renewed = self._target.renewed(name)
                if renewed is not None:
                    exchange = transport.send(operation, name, renewed, path=path, query=query, json=sent)
            if exchange.status not in (401, 403):
                break
        return exchange

    def items(
        self,
        operation_id: str,
        actors: Sequence[str],
        *,
        path: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> list[dict[str, Any]] | None:
        """All items of a list; None when it cannot be read to its end."""
        items: list[dict[str, Any]] = []
        token = ""
        for _ in range(_MOST_PAGES):
            asked = {"page_size": 100, **(query or {}), **({"page_token": token} if token else {})}
            exchange = self.call(operation_id, actors, path=path, query=asked)
            if exchange is None or exchange.status != 200 or not isinstance(exchange.json, dict):
                return None
            items += [item for item in exchange.json.get("items") or [] if isinstance(item, dict)]
            token = (exchange.json.get("pagination") or {}).get("next_page_token") or ""
            if not token:
                return items
        return None

    def _callers(self, actors: Sequence[str], also: str | None) -> list[tuple[str, str]]:
        identities = self._target.identities
        by_id = {identity.user_id: name for name, identity in identities.items() if identity.user_id}
        names = dict.fromkeys(by_id.get(actor, actor) for actor in actors)
        known = [(name, identities[name].token) for name in names if name in identities]
        return [*known, ("maker", also)] if also and also not in dict(known).values() else known


def field(exchange: Exchange | None, name: str) -> Mapping[str, Any] | None:
    """The object under the name in a successful answer; None when there is none."""
    body = exchange.json if exchange is not None and exchange.status == 200 else None
    value = body.get(name) if isinstance(body, dict) else None
    return value if isinstance(value, dict) else None


def pending_invites(errands: Errands, organization_id: str) -> dict[str, str]:
    """The addresses, in lower case, of the organization's pending invitations by id."""
    path = {"organization_id": organization_id}
    query = {"status": ["pending"]}
    items = errands.items("listOrganizationInvites", MANAGERS, path=path, query=query) or []
    return {
        str(item["id"]): str(item.get("email", "")).lower()
        for item in items
        if item.get("id") and item.get("status") == "pending"
    }


def members(errands: Errands, organization_id: str) -> dict[str, str] | None:
    """The roles of the organization's members by user id; None when they cannot be listed."""
    path = {"organization_id": organization_id}
    items = errands.items("listOrganizationMembers", MANAGERS, path=path)
    if items is None:
        return None
    users = [(item.get("user"), item.get("role")) for item in items]
    return {str(user["id"]): str(role) for user, role in users if isinstance(user, dict) and user.get("id")}
