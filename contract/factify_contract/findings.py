"""What the judge says about an API: statuses of clauses, and findings with their evidence."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from factify_contract.clauses import Clause, Level
from factify_contract.exchange import Exchange

__all__ = ["Finding", "Level", "Status", "Verdict", "describe", "make_finding", "merge"]


class Status(IntEnum):
    """What is known of a clause after a run, from least to most telling; `merge` keeps the most telling.

    `UNKNOWN` is for what is observed but never judged, `ERROR` says that the tool or an adapter broke, not
    the API.
    """

    UNKNOWN = 0
    NOT_EXERCISED = 1
    PASS = 2
    INCONCLUSIVE = 3
    FAIL = 4
    ERROR = 5

    @property
    def word(self) -> str:
        """The status as reports spell it."""
        return self.name.lower().replace("_", " ")


def merge(statuses: Iterable[Status]) -> Status:
    """The most telling of the statuses; not exercised when there are none."""
    return max(statuses, default=Status.NOT_EXERCISED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """One judgement of one clause on what was seen: kept, or broken in a way that the texts tell."""

    clause: str
    broken: bool = False
    message: str = ""
    expected: str = ""
    actual: str = ""

    @classmethod
    def on(cls, clause: str, kept: bool, *, message: str, expected: str, actual: object) -> "Verdict":
        """The clause kept, or broken with these texts."""
        return cls(clause) if kept else cls(clause, True, message, expected, describe(actual))


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that the API broke, with all that is needed to see it again.

    `steps` are the requests that led there, one readable line each; `curl` replays them with tokens
    from the environment. Findings of one cause share a `fingerprint`, also over runs with other ids.
    """

    clause: str
    level: str
    operation: str | None
    message: str
    expected: str
    actual: str
    steps: tuple[str, ...]
    curl: tuple[str, ...]
    source: str
    fingerprint: str


# A story that calls until it is refused may have made thousands of them.
_MOST_STEPS = 200


def make_finding(
    clause: Clause,
    *,
    operation: str | None,
    message: str,
    expected: str,
    actual: str,
    exchanges: Sequence[Exchange],
) -> Finding:
    """A finding against the clause, with the latest exchanges as its evidence, oldest first."""
    exchanges = exchanges[-_MOST_STEPS:]
    return Finding(
        clause=clause.id,
        level=clause.level.value,
        operation=operation,
        message=message,
        expected=expected,
        actual=actual,
        steps=tuple(exchange.step for exchange in exchanges),
        curl=tuple(exchange.curl for exchange in exchanges),
        source=clause.source,
        fingerprint=_fingerprint(clause.id, operation, expected),
    )


# Whatever differs from run to run without changing the cause: texts made unique for the run, quoted
# values, ids, uuids, times, numbers.
_VOLATILE = re.compile(
    r"\bfct-[\w@.-]+|'[^']*'|\"[^\"]*\"|\b[a-z]{2,4}_[0-9a-z]{26}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\d[\d:.TZ+-]*"
)


def _fingerprint(clause_id: str, operation: str | None, expected: str) -> str:
    parts = (clause_id, operation or "", _VOLATILE.sub("#", expected))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


# Enough to recognise a value in a report line without drowning the sentence around it.
_DESCRIBED = 200


def describe(value: object) -> str:
    """The value as a short text for `expected` and `actual`."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _DESCRIBED else f"{text[:_DESCRIBED]}… ({len(text)} characters)"
