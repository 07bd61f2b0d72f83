"""All worlds of one server: made, found by what a request carries, reset and forgotten."""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from itertools import chain, count
from typing import Any, Protocol

from factify_mock.faults.plan import Faults
from factify_mock.journal import Journal
from factify_mock.model.clock import Clock
from factify_mock.model.errors import invalid
from factify_mock.model.ids import BASE32, Ids
from factify_mock.model.seeding import seed_world
from factify_mock.model.world import Settings, Tables, World
from factify_mock.states import Identities, State
from factify_mock.tokens import Signer

# Years that a clock may show: whatever expires later still has a date that Python can hold.
FIRST_YEAR, LAST_YEAR = 1970, 9000


def within_years(param: str, at: datetime) -> datetime:
    """`at`, where a clock may show it; a DomainError naming `param` otherwise."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise invalid(param, f"A world's clock runs from {FIRST_YEAR} to {LAST_YEAR}, not in {at.year}")
    return at


class Beginning(Protocol):
    """What a world can begin with instead of being seeded."""

    def state(self, world_id: str, origin: str) -> State:
        """The state in which a world of this id and origin begins; the same whenever it is asked for."""


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """How a world begins, and what a reset brings it back to."""

    seed: int | None = None  # None: derived from the server's seed and the world's number
    now: datetime | None = None  # None: real time
    is_frozen: bool = False
    settings: Settings = field(default_factory=Settings)
    beginning: Beginning | None = None  # None: seeded with people, a key and policies, and nothing else


@dataclass(frozen=False, slots=True)
class Sandbox:
    """A world with what the server keeps beside it: how it began, who is in it, what it received."""

    id: str
    options: WorldOptions
    origin: str  # what all randomness of the world follows from
    world: World
    identities: Identities
    ready: dict[str, Any]  # their ids, tokens and secrets, as the ready line has them
    journal: Journal
    snapshots: dict[str, State] = field(default_factory=dict)  # by the names that a test gave them
    faults: Faults | None = None  # None: nothing is planned, and no call pays for asking
    fields_read: dict[str, frozenset[object]] = field(default_factory=dict)  # by the operation's handler

    @property
    def state(self) -> State:
        """What the world is now."""
        return State.of(self.world, self.identities, self.journal.count)


class Worlds:
    """The worlds of a server, the first of which is there from the start.

    A world's ids and keys follow from the server's seed and the world's number, or from a seed of its
    own, so that the same calls to a server started again meet the same ids.
    """

    def __init__(self, *, seed: int, wall: Callable[[], datetime], defaults: WorldOptions) -> None:
        self.signer = Signer(seed)
        self.defaults = defaults
        self.wall = wall
        self._seed = seed
        self._count = 0
        self._sandboxes: dict[str, Sandbox] = {}
        self._by_secret: dict[str, str] = {}
        self._by_organization: dict[str, str] = {}
        self._legacy_ids: set[str] = set()
        self.default = self.create(defaults)

    def __iter__(self) -> Iterator[Sandbox]:
        return iter(list(self._sandboxes.values()))

    def __len__(self) -> int:
        return len(self._sandboxes)

    @property
    def youngest(self) -> Sandbox:
        """The world that was made last, of those that are there."""
        return next(reversed(self._sandboxes.values()))

    @property
    def has_legacy(self) -> bool:
        """Whether any world speaks the older generation of the API."""
        return bool(self._legacy_ids)

    def create(self, options: WorldOptions) -> Sandbox:
        """A new world: seeded, or as the options say that it begins.

        A token leads to one world only, so a second world of a seed, while the first is there, has other
        ids and secrets than the first; they too follow from the seed.
        """
        self._count += 1
        origin = f"{self._seed}/{self._count}"
        if options.seed is not None:
            origin = self._free(f"world/{options.seed}")
        world_id = _world_id(origin)
        world, identities, received = self._begin(world_id, origin, options)
        ready = self._ready(world, identities)
        sandbox = Sandbox(world_id, options, origin, world, identities, ready, Journal(world_id, received))
        self._sandboxes[world_id] = sandbox
        self._note_generation(sandbox)
        return sandbox

    def reset(self, sandbox: Sandbox) -> None:
        """The world is as it was at first, with the same ids, tokens and secrets; its journal is empty.

        Nothing that was planned to go wrong outlives the state it was planned for, here and in `restore`.
        """
        self._change(sandbox, *self._begin(sandbox.id, sandbox.origin, sandbox.options))

    def restore(self, sandbox: Sandbox, state: State) -> None:
        """The world is what the state says, in its own time; its tokens work on, its journal is empty."""
        self._change(sandbox, state.world(sandbox.world), state.identities, state.received)

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

    def _begin(self, world_id: str, origin: str, options: WorldOptions) -> tuple[World, Identities, int]:
        """The world at its beginning, who is who there, and how many calls it has received."""
        clock = Clock(self.wall)
        if options.is_frozen:
            clock.freeze(options.now)
        elif options.now is not None:
            clock.set(options.now)
        seed = self._seed if options.seed is None else options.seed
        world = World(world_id, seed, clock, Ids(origin), options.settings)
        if options.beginning is None:
            return world, Identities.of(seed_world(world, clock.now())), 0
        state = replace(options.beginning.state(world_id, origin), present=None, settings=None)
        return state.world(world), state.identities, state.received

    def _change(self, sandbox: Sandbox, world: World, identities: Identities, received: int) -> None:
        """The sandbox holds another world; tokens that it gave away are good there, or replaced."""
        sandbox.world = world
        sandbox.journal = Journal(sandbox.id, received)
        sandbox.faults = None
        sandbox.fields_read = {}
        if identities != sandbox.identities or self._has_expired(sandbox.ready["owner"]["token"], world):
            sandbox.identities = identities
            sandbox.ready = self._ready(world, identities)
        self._forget_indexes(sandbox)
        self._note_generation(sandbox)

    def _has_expired(self, token: str, world: World) -> bool:
        claims = self.signer.verify(token)
        return claims is None or claims.exp <= world.clock.now().timestamp()

    def _note_generation(self, sandbox: Sandbox) -> None:
        if sandbox.world.settings.is_legacy:
            self._legacy_ids.add(sandbox.id)
        else:
            self._legacy_ids.discard(sandbox.id)

    def _ready(self, world: World, identities: Identities) -> dict[str, Any]:
        def person(user_id: str) -> dict[str, str]:
            token = self.signer.issue(world, user_id, world.clock.now())
            return {"user_id": user_id, "email": world.tables.users[user_id].email, "token": token}

        key = world.tables.api_keys[identities.api_key]
        return {
            "id": world.id,
            "organization_id": identities.organization_id,
            "owner": person(identities.owner),
            "admin": person(identities.admin),
            "member": person(identities.member),
            "outsider": person(identities.outsider),
            "invitee": person(identities.invitee),
            "api_key": {"id": key.id, "secret": key.secret, "bot_id": key.bot_id},
            "policy_ids": list(identities.policy_ids),
        }


def _world_id(origin: str) -> str:
    digest = blake2b(origin.encode(), digest_size=25).digest()
    return "wld_0" + "".join(BASE32[byte & 31] for byte in digest)
