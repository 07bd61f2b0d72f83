"""What is kept of a story while it is told, and the ways in which it can end early."""

from dataclasses import dataclass, field
from typing import Protocol

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict


class StoryStopped(Exception):
    """The story cannot go on after a broken promise; what it would have proved later is not exercised."""


class NotExercised(Exception):
    """Something the story needs is not there, and nobody promised it; the message says what."""


class AdapterFailed(Exception):
    """An adapter that the profile declares did not do its work; that is a fault of neither API nor story."""


class Inconclusive(Exception):
    """The target could not answer just now, so nothing can be said."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One verdict of a story, with the exchanges that led to it."""

    verdict: Verdict
    operation: str | None
    exchanges: tuple[Exchange, ...]


class Recorder(Protocol):
    """Receives what happens while a story is told."""

    def exchanged(self, exchange: Exchange) -> None:
        """A call came back."""

    def judged(self, verdict: Verdict, operation: str | None) -> None:
        """A clause was kept or broken."""


@dataclass(slots=True, frozen=False)
class StoryRecord:
    """All that was seen and judged while one story was told. Mutable: it grows with the story."""

    exchanges: list[Exchange] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    def exchanged(self, exchange: Exchange) -> None:
        """A call came back."""
        self.exchanges.append(exchange)

    def judged(self, verdict: Verdict, operation: str | None) -> None:
        """A clause was kept or broken; the steps so far are the evidence of a broken one."""
        evidence = tuple(self.exchanges) if verdict.broken else ()
        self.outcomes.append(Outcome(verdict, operation, evidence))

    @property
    def broken(self) -> list[Outcome]:
        """The outcomes that are against the API."""
        return [outcome for outcome in self.outcomes if outcome.verdict.broken]
