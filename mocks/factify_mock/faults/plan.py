"""Plans of what shall go wrong in a world, and which of them is due for a call."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from factify_mock.model.errors import not_found, precondition
from factify_mock.model.records import Actor

# Addresses of files belong to no operation; a plan names them like this.
FILES = "__files__"

# Each call is compared with every plan.
_MOST = 100

Drop = Literal["close", "reset"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer in the API's own words: a documented error. Without a code it is the document's sample."""

    status: int
    code: str | None = None
    reason: str | None = None
    message: str = ""
    param: str | None = None
    retry_after: int | None = None  # seconds


@dataclass(frozen=True, slots=True)
class Plan:
    """Which calls are struck, and by what: at most one of `refusal` to `is_malformed`, at any pace."""

    operations: frozenset[str] = frozenset()  # empty: every operation
    subject: str | None = None  # id of a user, a bot or an API key; None: everybody
    after: int = 0  # so many fitting calls pass first
    times: int | None = 1  # None: always
    takes_effect: bool = False  # the call is carried out, whatever its client gets to know
    refusal: Refusal | None = None
    gateway_status: int | None = None
    gateway_retry_after: int | None = None  # seconds
    drop: Drop | None = None
    truncate_after: int | None = None  # bytes of the body
    is_malformed: bool = False
    delay_seconds: float = 0.0  # before the first byte
    bytes_per_second: int | None = None  # of the body

    @property
    def is_on_time_and_whole(self) -> bool:
        """Whether an answer comes as any other does."""
        is_on_time = not self.delay_seconds and self.bytes_per_second is None
        return is_on_time and self.drop is None and self.truncate_after is None

    @property
    def hides_success(self) -> bool:
        """Whether a client does not get to know what its call did."""
        is_replaced = self.refusal is not None or self.gateway_status is not None or self.drop is not None
        return self.takes_effect and (is_replaced or self.truncate_after is not None or self.is_malformed)

    def fits(self, operation_id: str, actor: Actor | None) -> bool:
        """Whether a call is one of those that the plan is about."""
        if self.operations and operation_id not in self.operations:
            return False
        if not self.operations and operation_id == FILES:
            return False
        if self.subject is None:
            return True
        return actor is not None and self.subject in (actor.id, actor.api_key_id)


@dataclass(frozen=False, slots=True)
class Fault:
    """A plan at work in a world; `words` are those it was asked for in."""

    id: str
    plan: Plan
    words: dict[str, Any]
    matched: int = 0  # calls that fitted, whether or not they were struck
    fired: int = 0

    @property
    def is_due(self) -> bool:
        """Whether the plan strikes the call that was counted last."""
        if self.plan.times is not None and self.fired >= self.plan.times:
            return False
        return self.matched > self.plan.after


@dataclass(frozen=False, slots=True)
class Faults:
    """The plans of one world, in the order in which they were added."""

    _count: int = 0
    _plans: dict[str, Fault] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Fault]:
        return iter(list(self._plans.values()))

    def __len__(self) -> int:
        return len(self._plans)

    def add(self, plan: Plan, words: dict[str, Any]) -> Fault:
        """The plan is the last to be asked; precondition_failed where there are too many."""
        if len(self._plans) >= _MOST:
            raise precondition(f"A world has at most {_MOST} fault plans; delete some first")
        self._count += 1
        fault = Fault(f"flt_{self._count}", plan, words)
        self._plans[fault.id] = fault
        return fault

    def remove(self, fault_id: str) -> None:
        """The plan is gone; not_found where it was not there."""
        if fault_id not in self._plans:
            raise not_found("Fault", fault_id[:100])
        del self._plans[fault_id]

    def due(self, operation_id: str, actor: Actor | None) -> Fault | None:
        """The first plan that strikes this call, which is counted for every plan that it fits."""
        struck: Fault | None = None
        for fault in self._plans.values():
            if not fault.plan.fits(operation_id, actor):
                continue
            fault.matched += 1
            if struck is None and fault.is_due:
                fault.fired += 1
                struck = fault
        return struck
