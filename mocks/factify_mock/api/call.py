"""One validated call on its way to a handler."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from factify_contract.spec import Operation
from factify_mock.api.links import Links
from factify_mock.model.errors import DomainError
from factify_mock.model.records import Actor, Upload
from factify_mock.model.world import World
from factify_mock.store.blobs import Blobs
from factify_mock.store.contents import Contents
from factify_mock.tokens import Signer

# Where the files of a call would be that does not come from a server.
_NO_SERVER = Links(Signer(0), lambda: "http://mock.invalid")


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose path, query and body are already valid against the document."""

    operation: Operation
    world: World
    now: datetime
    actor: Actor | None = None  # None only where an operation needs no authentication
    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    upload: Upload | None = None
    links: Links = _NO_SERVER
    contents: Contents = field(default_factory=lambda: Contents(Blobs()))

    @property
    def caller(self) -> Actor:
        """The authenticated actor; a DomainError where nobody is."""
        if self.actor is None:
            raise DomainError("unauthenticated", "authentication_required", "Authentication is required")
        return self.actor


# The JSON body of the answer. A handler that has to wait for a file to be read decides everything about
# the world first: while it waits, other calls change it.
Handler = Callable[[Call], dict[str, Any] | Awaitable[dict[str, Any]]]
