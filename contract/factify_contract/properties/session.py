"""Sends trials to a target, confirms what looks broken, makes it small, and tells what came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from factify_contract.checks import judge as check
from factify_contract.clauses import Catalogue, Level
from factify_contract.errors import Withheld
from factify_contract.events import (
    ClauseJudged,
    Emit,
    FindingMade,
    StoryFinished,
    StoryStarted,
    Warned,
)
from factify_contract.exchange import Exchange
from factify_contract.findings import Finding, Status, Verdict, make_finding, merge
from factify_contract.properties.oracle import is_accepted
from factify_contract.properties.trials import Trial, smaller
from factify_contract.spec import Document
from factify_contract.target import Target

SUITE = "properties"
# Further findings of the same operation are reported as they were met.
_MOST_REDUCTIONS = 4
# An answer that does not come back for two of these requests is no stable fault.
_MOST_CONFIRMATIONS = 3


@dataclass(slots=True, frozen=False)
class Count:
    """How many requests an operation got, and how many of them it carried out. Mutable."""

    sent: int = 0
    accepted: int = 0


@dataclass(slots=True, frozen=False)
class Suspect:
    """A clause that looked broken, with all trials that showed it. Mutable."""

    clause: str
    trials: list[Trial] = field(default_factory=list)


class Session:
    """One run against one target. Mutable: counts requests by operation.

    `clock` gives seconds for durations.
    """

    def __init__(
        self, target: Target, document: Document, catalogue: Catalogue, emit: Emit, clock: Callable[[], float]
    ) -> None:
        self.target = target
        self.document = document
        self.counts: dict[str, Count] = {}
        self.watchers: list[Callable[[Exchange], None]] = []
        self._catalogue = catalogue
        self._emit = emit
        self._clock = clock

    def token(self, actor: str) -> str | None:
        """The token of an identity; None for a name that is none."""
        identity = self.target.identities.get(actor)
        return identity.token if identity else None

    def attempt(self, trial: Trial) -> tuple[Exchange, list[Verdict]]:
        """Sends the trial once and returns what all judges say of the answer."""
        exchange = trial.draft.send(self.target.transport, trial.actor, trial.token)
        count = self.counts.setdefault(trial.draft.operation.id, Count())
        count.sent += 1
        count.accepted += is_accepted(exchange)
        for watch in self.watchers:
            watch(exchange)
        return exchange, [*check(exchange, self.document), *trial.judge(trial.draft, exchange)]

    def tell(self, name: str, title: str, trials: Iterable[Trial]) -> Status:
        """Sends all trials as one story and emits its verdicts and confirmed findings."""
        story = f"{SUITE}/{name}"
        began = self._clock()
        self._emit(StoryStarted(story, SUITE, title))
        kept: dict[str, None] = {}
        suspects: dict[str, Suspect] = {}
        reason = ""
        for trial in trials:
            try:
                verdicts = self.attempt(trial)[1]
            except Withheld as withheld:
                reason = str(withheld)
                break
            for verdict in verdicts:
                if verdict.broken:
                    suspect = suspects.setdefault(self._cause(trial, verdict), Suspect(verdict.clause))
                    suspect.trials.append(trial)
                else:
                    kept[verdict.clause] = None
        for clause in kept:
            self._emit(ClauseJudged(clause, Status.PASS, story))
        statuses = [
            self._pursue(suspect, cause, story, reduce=ordinal < _MOST_REDUCTIONS)
            for ordinal, (cause, suspect) in enumerate(suspects.items())
        ]
        status = merge([*statuses, Status.PASS if kept else Status.NOT_EXERCISED])
        self._emit(StoryFinished(story, SUITE, title, status, reason, self._clock() - began))
        return status

    def skip(self, name: str, title: str, reason: str) -> None:
        """Tells that nothing is sent, and why."""
        story = f"{SUITE}/{name}"
        self._emit(StoryStarted(story, SUITE, title))
        self._emit(StoryFinished(story, SUITE, title, Status.NOT_EXERCISED, reason))

    def _pursue(self, suspect: Suspect, cause: str, story: str, *, reduce: bool) -> Status:
        """Confirms the suspect by sending it again, then reports its smallest form."""
        clause = self._catalogue[suspect.clause]
        if clause.level is Level.CHOICE:
            self._emit(ClauseJudged(clause.id, Status.UNKNOWN, story))
            return Status.PASS
        ordered = sorted(suspect.trials, key=lambda trial: len(trial.draft.key))
        for trial in ordered[:_MOST_CONFIRMATIONS]:
            shown = self._shows(trial, cause)
            if shown is not None:
                if reduce:
                    shown = self._reduced(trial, shown, cause)
                self._emit(ClauseJudged(clause.id, Status.FAIL, story))
                self._emit(FindingMade(self._finding(*shown), story))
                return Status.FAIL if clause.level is Level.DOCUMENTED else Status.PASS
        self._emit(ClauseJudged(clause.id, Status.INCONCLUSIVE, story))
        self._emit(Warned(f"{story}: {clause.id} was broken once, but not when the request was sent again"))
        return Status.INCONCLUSIVE

    def _shows(self, trial: Trial, cause: str) -> tuple[Exchange, Verdict] | None:
        try:
            exchange, verdicts = self.attempt(trial)
        except Withheld:
            return None
        return next(
            ((exchange, one) for one in verdicts if one.broken and self._cause(trial, one) == cause), None
        )

    def _reduced(self, trial: Trial, shown: tuple[Exchange, Verdict], cause: str) -> tuple[Exchange, Verdict]:
        """The smallest request found that still shows the cause, with its answer."""
        cuts = 0
        shrinking = True
        while shrinking:
            shrinking = False
            for draft in smaller(trial.draft):
                if cuts >= trial.cuts:
                    return shown
                cuts += 1
                less = self._shows(trial.with_draft(draft), cause)
                if less is not None:
                    trial, shown, shrinking = trial.with_draft(draft), less, True
                    break
        return shown

    def _cause(self, trial: Trial, verdict: Verdict) -> str:
        """What two verdicts share when one fault is behind both."""
        return make_finding(
            self._catalogue[verdict.clause],
            operation=trial.draft.operation.id,
            message="",
            expected=verdict.expected,
            actual="",
            exchanges=(),
        ).fingerprint

    def _finding(self, exchange: Exchange, verdict: Verdict) -> Finding:
        return make_finding(
            self._catalogue[verdict.clause],
            operation=exchange.operation_id,
            message=verdict.message,
            expected=verdict.expected,
            actual=verdict.actual,
            exchanges=[exchange],
        )
