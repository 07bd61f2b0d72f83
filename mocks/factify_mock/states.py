"""What a world is at one moment, kept apart from the world so that it can be gone back to."""

from dataclasses import dataclass, replace
from datetime import datetime

from factify_mock.model.clock import Clock
from factify_mock.model.ids import Ids
from factify_mock.model.rates import Window
from factify_mock.model.seeding import Seeded
from factify_mock.model.world import Settings, Tables, World


@dataclass(frozen=True, slots=True)
class Identities:
    """Who is who in a world: ids of the people and things that its ready line names."""

    organization_id: str
    owner: str
    admin: str
    member: str
    outsider: str
    invitee: str
    api_key: str
    policy_ids: tuple[str, ...]

    @classmethod
    def of(cls, seeded: Seeded) -> "Identities":
        """The people and things that a world was seeded with."""
        return cls(
            organization_id=seeded.organization_id,
            owner=seeded.owner.id,
            admin=seeded.admin.id,
            member=seeded.member.id,
            outsider=seeded.outsider.id,
            invitee=seeded.invitee.id,
            api_key=seeded.api_key_id,
            policy_ids=seeded.policy_ids,
        )


@dataclass(frozen=True, slots=True)
class Present:
    """Where a clock stands: it stands still there, or runs on from there."""

    now: datetime
    is_frozen: bool

    @classmethod
    def of(cls, clock: Clock) -> "Present":
        """Where this clock stands."""
        return cls(clock.now(), clock.is_frozen)

    def apply(self, clock: Clock) -> None:
        """The clock stands there, too."""
        if self.is_frozen:
            clock.freeze(self.now)
        else:
            clock.resume()
            clock.set(self.now)


@dataclass(frozen=True, slots=True)
class State:
    """All that the answers of a world depend on; nothing that happens to the world later reaches it.

    What `present` or `settings` leave open (None) is as it is in the world that takes the state on.
    """

    identities: Identities
    present: Present | None
    settings: Settings | None
    made: int  # by the world's source of ids
    received: int  # calls, whose numbers the ids of requests follow from
    tables: Tables
    windows: dict[str, Window]

    @classmethod
    def of(cls, world: World, identities: Identities, received: int) -> "State":
        """What the world is now; tables are copied, records are shared."""
        return cls(
            identities=identities,
            present=Present.of(world.clock),
            settings=world.settings,
            made=world.ids.made,
            received=received,
            tables=world.tables.copy(),
            windows=_copied(world.windows),
        )

    def world(self, base: World) -> World:
        """A world in this state, of the id and origin of `base`, whose clock it takes over."""
        if self.present is not None:
            self.present.apply(base.clock)
        return World(
            base.id,
            base.seed,
            base.clock,
            Ids(base.ids.origin, self.made),
            self.settings or base.settings,
            self.tables.copy(),
            windows=_copied(self.windows),
        )


def _copied(windows: dict[str, Window]) -> dict[str, Window]:
    return {caller: replace(window) for caller, window in windows.items()}
