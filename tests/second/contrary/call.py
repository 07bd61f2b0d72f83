"""One call as the operations see it, and the table of operations."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from contrary.choices import Choices
from contrary.estate import ROLES, Actor, Document, Estate, Organization
from contrary.intake import Fields, Input
from contrary.wire import Refusal, forbidden, invalid

# The least role for each permission on a document.
PERMISSIONS = {
    "view": "viewer",
    "comment_private": "viewer",
    "open": "viewer",
    "comment_public": "commenter",
    "create_version": "collaborator",
    "list_versions": "collaborator",
    "copy_content": "collaborator",
    "screenshot": "collaborator",
    "view_analytics": "collaborator",
    "view_leads": "collaborator",
    "grant_access": "collaborator",
    "manage_access": "admin",
    "view_timeline": "admin",
    "export": "admin",
    "attach_policy": "admin",
    "trash": "owner",
}


@dataclass(slots=True)
class Call:
    """Who asks for what, where."""

    estate: Estate
    actor: Actor
    input: Input
    operation: str
    faults: frozenset[str]

    @property
    def choices(self) -> Choices:
        """The reading of the documentation that holds here."""
        return self.estate.choices

    def hidden(self, what: str) -> Refusal:
        """What somebody is told who may not know of the thing."""
        code = "permission_denied" if self.choices.hidden == "forbidden" else "not_found"
        return Refusal(code, f"You have no {what} like that.")

    def unknown(self, what: str) -> Refusal:
        """What somebody is told who asks for what is nowhere."""
        code = "permission_denied" if self.choices.unknown == "forbidden" else "not_found"
        return Refusal(code, f"There is no {what} like that.")

    def organization(self, *, least: str = "member", identifier: str | None = None) -> Organization:
        """The organization in the path, or the named one, when the actor has the role in it."""
        organization_id = identifier or self.input.path["organization_id"]
        organization = self.estate.organizations.get(organization_id)
        if organization is None:
            raise self.unknown("organization")
        role = self.estate.org_role(self.actor, organization)
        if role is None:
            raise self.hidden("organization")
        if least == "admin" and role == "member":
            raise forbidden("Only owner and admins do this.")
        return organization

    def home(self, identifier: str | None) -> Organization:
        """The named organization, or the actor's own."""
        if identifier is not None:
            return self.organization(identifier=identifier)
        if self.actor.home is None:
            raise Refusal("failed_precondition", "You are in no organization.")
        return self.actor.home

    def document(self, permission: str = "view", *, writes: bool = False) -> Document:
        """The document in the path, when the actor may do this to it."""
        document = self.estate.documents.get(self.input.path["document_id"])
        if document is None:
            raise self.unknown("document")
        return self.on_document(document, permission, writes=writes)

    def on_document(self, document: Document, permission: str, *, writes: bool = False) -> Document:
        """The document, when the actor may do this to it."""
        role = self.estate.document_role(self.actor, document)
        if role is None:
            raise self.hidden("document")
        if ROLES.index(role) < ROLES.index(PERMISSIONS[permission]):
            raise forbidden(f"A {role} may not do this.")
        if document.trashed_at is not None and permission != "trash":
            if writes and not self.choices.trashed_writes:
                raise Refusal("failed_precondition", "The document is in the trash.")
            if not writes and self.choices.trashed_read is not None:
                raise Refusal(self.choices.trashed_read, "The document is in the trash.")
        return document

    def page(self, items: Sequence[Any], *, bound: Any = None) -> tuple[list[Any], dict[str, Any]]:
        """One page of the items and the `pagination` that goes with it."""
        query = self.input.query
        size = min(query.get("page_size", 50), self.choices.most_on_page)
        filters = {name: value for name, value in query.items() if name not in ("page_token", "page_size")}
        digest = hashlib.sha256(repr((self.operation, bound, sorted(filters.items()))).encode()).hexdigest()
        start = self._start(query.get("page_token") or "", digest)
        more = start + size < len(items)
        following = self._token(start + size, digest) if more else ""
        # The page before the first full one may be shorter than the others.
        preceding = self._token(max(start - size, 0), digest) if start else ""
        if "previous-page-is-first" in self.faults and preceding:
            preceding = self._token(0, digest)
        if "page-repeats-item" in self.faults and start:
            start -= 1
        tokens: dict[str, Any] = {
            "has_more": more,
            "next_page_token": following,
            "prev_page_token": preceding,
        }
        if self.choices.cursors == "offset":
            tokens = {name: value for name, value in tokens.items() if value != ""}
        return list(items[start : start + size]), tokens

    def listing(
        self, items: Sequence[Any], show: Callable[[Any], Any], *, bound: Any = None
    ) -> dict[str, Any]:
        """The whole answer of a paged list."""
        page, tokens = self.page(items, bound=bound)
        return {"items": [show(item) for item in page], "pagination": tokens}

    def _token(self, start: int, digest: str) -> str:
        if self.choices.cursors == "stored":
            token = f"{self.estate.rng.getrandbits(96):024x}"
            self.estate.cursors[token, digest] = start
            return token
        return urlsafe_b64encode(json.dumps([start, digest[:8]]).encode()).decode()

    def _start(self, token: str, digest: str) -> int:
        if not token:
            return 0
        try:
            if self.choices.cursors == "stored":
                return self.estate.cursors[token, digest]
            start, _ = json.loads(urlsafe_b64decode(token.encode()))
            return max(int(start), 0)
        except (ValueError, KeyError, TypeError):
            raise invalid("page_token", "leads nowhere") from None


Handler = Callable[[Call], Any]


@dataclass(frozen=True, slots=True)
class Route:
    """An operation: how it is asked, what it may be asked, and who answers."""

    name: str
    method: str
    path: str
    handler: Handler
    query: Fields = field(default_factory=dict)
    body: Fields | None = None
    form: Fields | None = None
    core: bool = False
