"""One validated call on its way to a handler."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from factify_contract.spec import Operation
from factify_mock.model.errors import DomainError
from factify_mock.model.records import Actor, Upload
from factify_mock.model.world import World


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

    @property
    def caller(self) -> Actor:
        """The authenticated actor; a DomainError where nobody is."""
        if self.actor is None:
            raise DomainError("unauthenticated", "authentication_required", "Authentication is required")
        return self.actor


Handler = Callable[[Call], dict[str, Any]]
