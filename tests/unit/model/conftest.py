"""A seeded world whose time stands still until a test moves it, and the people who act in it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from factify_mock.model import api_keys, documents, users
from factify_mock.model.clock import Clock
from factify_mock.model.errors import DomainError
from factify_mock.model.ids import Ids
from factify_mock.model.records import Actor, Document, Upload
from factify_mock.model.seeding import Seeded, seed_world
from factify_mock.model.world import Settings, World

NOW = datetime(2026, 3, 10, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Cast:
    """A world and those who act in it, looked up at each use since memberships change."""

    world: World
    seeded: Seeded

    @property
    def organization_id(self) -> str:
        return self.seeded.organization_id

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    @property
    def owner(self) -> Actor:
        return users.actor_of(self.world, self.seeded.owner.id)

    @property
    def admin(self) -> Actor:
        return users.actor_of(self.world, self.seeded.admin.id)

    @property
    def member(self) -> Actor:
        return users.actor_of(self.world, self.seeded.member.id)

    @property
    def outsider(self) -> Actor:
        return users.actor_of(self.world, self.seeded.outsider.id)

    @property
    def invitee(self) -> Actor:
        return users.actor_of(self.world, self.seeded.invitee.id)

    @property
    def key(self) -> Actor:
        return api_keys.actor_of(self.world.tables.api_keys[self.seeded.api_key_id])

    def passes(self, **span: float) -> None:
        self.world.clock.advance(timedelta(**span))


MakeCast = Callable[..., Cast]


@pytest.fixture
def make_cast() -> MakeCast:
    """Makes a cast in a new world, with the named deliberate defects."""

    def make(*mutants: str) -> Cast:
        clock = Clock(lambda: NOW)
        clock.freeze()
        world = World("wld_1", 1, clock, Ids("1"), settings=Settings(mutants=frozenset(mutants)))
        return Cast(world, seed_world(world, clock.now()))

    return make


@pytest.fixture
def cast(make_cast: MakeCast) -> Cast:
    return make_cast()


@pytest.fixture
def refusal() -> Callable[[Callable[[], object]], tuple[str, str, str | None]]:
    """The code, reason and parameter with which a call is refused."""

    def refused(call: Callable[[], object]) -> tuple[str, str, str | None]:
        with pytest.raises(DomainError) as caught:
            call()
        return caught.value.code, caught.value.reason, caught.value.param

    return refused


MakeUpload = Callable[..., Upload]
MakeDocument = Callable[..., Document]


@pytest.fixture
def make_upload() -> MakeUpload:
    """Makes a received file; without arguments the smallest thing that passes for a PDF."""

    def make(head: bytes = b"%PDF-1.7\n", filename: str = "letter.pdf", size: int | None = None) -> Upload:
        return Upload("0" * 64, len(head) if size is None else size, filename, head)

    return make


@pytest.fixture
def make_document(cast: Cast, make_upload: MakeUpload) -> MakeDocument:
    """Creates a document of the given actor in the cast's world."""

    def make(actor: Actor, title: str = "Lease", *, of: Cast = cast, **fields: object) -> Document:
        fields.setdefault("upload", make_upload())
        return documents.create(of.world, actor, of.now, title=title, **fields)

    return make


@pytest.fixture
def slow_processing(cast: Cast) -> Callable[[float], None]:
    """Makes processing take so many seconds from now on."""

    def slow(seconds: float) -> None:
        cast.world.settings = replace(cast.world.settings, processing_seconds=seconds)

    return slow
