"""All worlds of one server: made, found by what a request carries, reset and forgotten."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from itertools import chain, count
from typing import Any

from factify_mock.journal import Journal
from factify_mock.model.clock import Clock
from factify_mock.model.ids import BASE32, Ids
from factify_mock.model.records import User
from factify_mock.model.seeding import Seeded, seed_world
from factify_mock.model.world import Settings, Tables, World
from factify_mock.tokens import Signer

# Years that a clock may show: whatever expires later still has a date that Python can hold.
FIRST_YEAR, LAST_YEAR = 1970, 9000


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """How a world begins, and what a reset brings it back to."""

    seed: int | None = None  # None: derived from the server's seed and the world's number
    now: datetime | None = None  # None: real time
    is_frozen: bool = False
    settings: Settings = field(default_factory=Settings)


@dataclass(frozen=False, slots=True)
class Sandbox:
    """A world with what the server keeps beside it: how it began, who is in it, what it received."""

    id: str
    options: WorldOptions
    origin: str  # what all randomness of the world follows from
    world: World
    ready: dict[str, Any]  # ids, tokens and secrets of what it was seeded with, as the ready line has them
    journal: Journal


class Worlds:
    """The worlds of a server, the first of which is there from the start.

    A world's ids and keys follow from the server's seed and the world's number, or from a seed of its
    own, so that the same calls to a server started again meet the same ids.
    """

    def __init__(self, *, seed: int, wall: Callable[[], datetime], defaults: WorldOptions) -> None:
        self.signer = Signer(seed)
        self.defaults = defaults
        self._seed = seed
        self._wall = wall
        self._count = 0
        self._sandboxes: dict[str, Sandbox] = {}
        self._by_secret: dict[str, str] = {}
        self._by_organization: dict[str, str] = {}
        self._legacy_ids: set[str] = set()
        self.default = self.create(defaults)

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(list(self._sandboxes.values()))

    @property
    def has_legacy(self) -> bool:
        """Whether any world speaks the older generation of the API."""
        return bool(self._legacy_ids)

    def create(self, options: WorldOptions) -> Sandbox:
        """A new, seeded world.

        A token leads to one world only, so a second world of a seed, while the first is there, has other
        ids and secrets than the first; they too follow from the seed.
        """
        self._count += 1
        origin = f"{self._seed}/{self._count}"
        if options.seed is not None:
            origin = self._free(f"world/{options.seed}")
        world_id = _world_id(origin)
        world, seeded = self._begin(world_id, origin, options)
        ready = self._ready(world, seeded)
        sandbox = Sandbox(world_id, options, origin, world, ready, Journal(world_id))
        self._sandboxes[world_id] = sandbox
        if options.settings.is_legacy:
            self._legacy_ids.add(world_id)
        return sandbox

    def reset(self, sandbox: Sandbox) -> None:
        """The world is as it was at first, with the same ids, tokens and secrets; its journal is empty."""
        sandbox.world, _ = self._begin(sandbox.id, sandbox.origin, sandbox.options)
        sandbox.journal = Journal(sandbox.id)
        self._forget_indexes(sandbox)

    def delete(self, sandbox: Sandbox) -> None:
        """The world is gone; its tokens and keys are unknown from now on."""
        del self._sandboxes[sandbox.id]
        self._legacy_ids.discard(sandbox.id)
        self._forget_indexes(sandbox)

    def get(self, world_id: str) -> Sandbox | None:
        """The world with this id, if it is there."""
        return self._sandboxes.get(world_id)

    def by_secret(self, secret: str) -> Sandbox | None:
        """The world that has an API key with this secret, whatever the key's state."""
        return self._find(self._by_secret, secret, lambda tables: tables.key_by_secret)

    def by_organization(self, organization_id: str) -> Sandbox | None:
        """The world that has this organization."""
        return self._find(self._by_organization, organization_id, lambda tables: tables.organizations)

    def _find(
        self, index: dict[str, str], key: str, table: Callable[[Tables], Container[str]]
    ) -> Sandbox | None:
        """A world makes keys and organizations and knows of no index, so a miss asks every world."""
        sandbox = self._sandboxes.get(index.get(key, ""))
        if sandbox is not None and key in table(sandbox.world.tables):
            return sandbox
        for candidate in self._sandboxes.values():
            if key in table(candidate.world.tables):
                index[key] = candidate.id
                return candidate
        return None

    def _forget_indexes(self, sandbox: Sandbox) -> None:
        for index in (self._by_secret, self._by_organization):
            for key in [key for key, world_id in index.items() if world_id == sandbox.id]:
                del index[key]

    def _free(self, origin: str) -> str:
        """`origin`, or the first of its successors that no world here began from."""
        candidates = chain([origin], (f"{origin}/{number}" for number in count(2)))
        return next(each for each in candidates if _world_id(each) not in self._sandboxes)

    def _begin(self, world_id: str, origin: str, options: WorldOptions) -> tuple[World, Seeded]:
        clock = Clock(self._wall)
        if options.is_frozen:
            clock.freeze(options.now)
        elif options.now is not None:
            clock.set(options.now)
        seed = self._seed if options.seed is None else options.seed
        world = World(world_id, seed, clock, Ids(origin), options.settings)
        return world, seed_world(world, clock.now())

    def _ready(self, world: World, seeded: Seeded) -> dict[str, Any]:
        def person(user: User) -> dict[str, str]:
            token = self.signer.issue(world, user.id, world.clock.now())
            return {"user_id": user.id, "email": user.email, "token": token}

        return {
            "id": world.id,
            "organization_id": seeded.organization_id,
            "owner": person(seeded.owner),
            "admin": person(seeded.admin),
            "member": person(seeded.member),
            "outsider": person(seeded.outsider),
            "invitee": person(seeded.invitee),
            "api_key": {"id": seeded.api_key_id, "secret": seeded.api_key_secret},
            "policy_ids": list(seeded.policy_ids),
        }


def _world_id(origin: str) -> str:
    digest = blake2b(origin.encode(), digest_size=25).digest()
    return "wld_0" + "".join(BASE32[byte & 31] for byte in digest)
