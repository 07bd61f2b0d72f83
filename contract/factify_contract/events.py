"""What happens during a run, as values: the engine emits them, reporters and the tally receive them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from factify_contract.exchange import Exchange
from factify_contract.findings import Finding, Status
from factify_contract.summary import Summary


@dataclass(frozen=True, slots=True)
class Terms:
    """What a run may do, and what it has to do it with.

    A `tier` other than `full` tells only some stories; `suites` empty means all. `most_requests` and
    `most_objects` are None where any number is allowed. `people` and `adapters` are those of the
    profile, in its order.
    """

    tier: str = "full"
    suites: tuple[str, ...] = ()
    examples: int = 0
    plays: int = 0
    steps: int = 0
    most_requests: int | None = None
    most_objects: int | None = None
    is_read_only: bool = False
    has_sandboxes: bool = False
    people: tuple[str, ...] = ()
    adapters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The first event."""

    target: str
    document: str
    seed: int
    phases: tuple[str, ...]
    terms: Terms = Terms()


@dataclass(frozen=True, slots=True)
class PhaseStarted:
    """A phase begins; `total` is the number of its stories when it is known beforehand."""

    phase: str
    total: int | None = None


@dataclass(frozen=True, slots=True)
class StoryStarted:
    """A story begins. In the properties phase a story is what one operation went through."""

    id: str
    suite: str
    title: str


@dataclass(frozen=True, slots=True)
class ExchangeDone:
    """A request was answered."""

    exchange: Exchange


@dataclass(frozen=True, slots=True)
class ClauseJudged:
    """A clause was exercised, or could not be; `story` is where, `reason` why it was not."""

    clause: str
    status: Status
    story: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FindingMade:
    """A broken promise, already confirmed where that is possible.

    `replay` is what it takes to see it again on another target: `story` with its id, or `script` with
    its steps; None where there is no such thing.
    """

    finding: Finding
    story: str
    replay: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StoryFinished:
    """A story is over; `reason` tells why it stopped early, if it did."""

    id: str
    suite: str
    title: str
    status: Status
    reason: str = ""
    elapsed: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class PhaseFinished:
    """A phase is over."""

    phase: str
    elapsed: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something the reader should know that is no finding."""

    message: str


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The last event, with what the whole run came to."""

    summary: Summary


Event = (
    RunStarted
    | PhaseStarted
    | StoryStarted
    | ExchangeDone
    | ClauseJudged
    | FindingMade
    | StoryFinished
    | PhaseFinished
    | Warned
    | RunFinished
)
Emit = Callable[[Event], None]
