"""One validated control call on its way to what it does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from factify_mock.api.editions import Edition
from factify_mock.control.seeds import Seeds
from factify_mock.model.errors import not_found
from factify_mock.model.world import World
from factify_mock.store.blobs import Blobs
from factify_mock.worlds import Sandbox, Worlds


@dataclass(frozen=True, slots=True)
class ControlCall:
    """A control call that is valid against the control document."""

    worlds: Worlds
    blobs: Blobs
    seeds: Seeds
    edition_of: Callable[[Sandbox], Edition]
    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def sandbox(self) -> Sandbox:
        """The world that the path names; not_found when it is not there."""
        sandbox = self.worlds.get(self.path["world_id"])
        if sandbox is None:
            raise not_found("World", self.path["world_id"][:100])
        return sandbox

    @property
    def edition(self) -> Edition:
        """The document that serves the world which the path names, and its routes."""
        return self.edition_of(self.sandbox)

    @property
    def world(self) -> World:
        """The state of the world that the path names."""
        return self.sandbox.world
