"""Tells stories to a target, twice where something broke, and says what can be held against it."""

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from factify_contract.clauses import Catalogue, Level
from factify_contract.errors import ContractError
from factify_contract.events import ClauseJudged, Emit, FindingMade, StoryFinished, StoryStarted, Warned
from factify_contract.findings import Finding, Status, make_finding, merge
from factify_contract.preflight import SUITE as PREFLIGHT
from factify_contract.scenarios.story import (
    AdapterFailed,
    Api,
    Inconclusive,
    NotExercised,
    Outcome,
    Story,
    StoryRecord,
    StoryStopped,
)
from factify_contract.spec import Document
from factify_contract.target import Target


@dataclass(frozen=True, slots=True)
class Telling:
    """How one telling of a story went; `status` is FAIL, whatever broke, until it is confirmed."""

    record: StoryRecord
    status: Status
    reason: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells stories and emits what comes of them.

    `clock` gives seconds for durations; `prefix` begins every text that stories make unique.
    """

    document: Document
    catalogue: Catalogue
    prefix: str
    emit: Emit
    clock: Callable[[], float]

    def tell(self, story: Story, ordinal: int, target: Callable[[], Target]) -> Status:
        """Tells the story; what broke is told again on another target before it counts.

        `target` gives the target for each telling: a fresh one where there are sandboxes.
        """
        began = self.clock()
        self.emit(StoryStarted(story.id, story.suite, story.title))
        telling = self._tell_once(story, target(), f"{self.prefix}-{ordinal}a")
        broken = self._against(telling)
        confirmed: set[tuple[str, str | None]] = set()
        if broken:
            again = self._tell_once(story, target(), f"{self.prefix}-{ordinal}b")
            confirmed = {_key(outcome) for outcome in self._against(again)}
        status = merge((telling.status, *self._publish(story, telling, confirmed)))
        if telling.reason:
            self._explain_rest(story, telling)
        self.emit(
            StoryFinished(story.id, story.suite, story.title, status, telling.reason, self.clock() - began)
        )
        return status

    def skip(self, story: Story, reason: str) -> None:
        """Notes that the story could not be told, and which clauses stay open for that reason."""
        self.emit(StoryStarted(story.id, story.suite, story.title))
        for clause in story.clauses(self.catalogue):
            self.emit(ClauseJudged(clause, Status.NOT_EXERCISED, story.id, reason))
        self.emit(StoryFinished(story.id, story.suite, story.title, Status.NOT_EXERCISED, reason))

    def _tell_once(self, story: Story, target: Target, prefix: str) -> Telling:
        record = StoryRecord()
        api = Api(target, self.document, self.catalogue, record, prefix=prefix)
        try:
            story.tell(api)
        except StoryStopped as stop:
            return Telling(record, Status.PASS, str(stop))
        except NotExercised as stop:
            return Telling(record, Status.NOT_EXERCISED, str(stop))
        except AdapterFailed as failure:
            return Telling(record, Status.ERROR, str(failure))
        except Inconclusive as stop:
            return Telling(record, Status.INCONCLUSIVE, str(stop))
        except ContractError:
            raise
        except Exception as error:  # a story must not take the run with it
            return Telling(record, *_judge_crash(error, record))
        return Telling(record, Status.PASS, "")

    def _against(self, telling: Telling) -> list[Outcome]:
        """What the telling holds against the API, as far as anybody promised it."""
        return [
            outcome
            for outcome in telling.record.broken
            if self.catalogue[outcome.verdict.clause].level is not Level.CHOICE
        ]

    def _publish(
        self, story: Story, telling: Telling, confirmed: set[tuple[str, str | None]]
    ) -> Iterator[Status]:
        """Emits judgements and findings; yields what they mean for the story as a whole."""
        seen: set[str] = set()
        kept = dict.fromkeys(
            outcome.verdict.clause for outcome in telling.record.outcomes if not outcome.verdict.broken
        )
        for clause_id in kept:
            self.emit(ClauseJudged(clause_id, Status.PASS, story.id))
        for outcome in telling.record.broken:
            clause = self.catalogue[outcome.verdict.clause]
            if clause.level is Level.CHOICE:
                self.emit(ClauseJudged(clause.id, Status.UNKNOWN, story.id))
            elif _key(outcome) not in confirmed:
                self.emit(ClauseJudged(clause.id, Status.INCONCLUSIVE, story.id))
                self.emit(Warned(f"{story.id}: {clause.id} was broken once, but not when told again"))
                yield Status.INCONCLUSIVE
            else:
                finding = self._finding(outcome)
                self.emit(ClauseJudged(clause.id, Status.FAIL, story.id))
                if finding.fingerprint not in seen:
                    seen.add(finding.fingerprint)
                    replay = {"story": story.id} if story.suite != PREFLIGHT else None
                    self.emit(FindingMade(finding, story.id, replay))
                if clause.level is Level.DOCUMENTED:
                    yield Status.FAIL

    def _finding(self, outcome: Outcome) -> Finding:
        verdict = outcome.verdict
        return make_finding(
            self.catalogue[verdict.clause],
            operation=outcome.operation,
            message=verdict.message,
            expected=verdict.expected,
            actual=verdict.actual,
            exchanges=outcome.exchanges,
        )

    def _explain_rest(self, story: Story, telling: Telling) -> None:
        done = {outcome.verdict.clause for outcome in telling.record.outcomes}
        for clause in story.clauses(self.catalogue):
            if clause not in done:
                self.emit(ClauseJudged(clause, Status.NOT_EXERCISED, story.id, telling.reason))


def _key(outcome: Outcome) -> tuple[str, str | None]:
    return (outcome.verdict.clause, outcome.operation)


def _judge_crash(error: Exception, record: StoryRecord) -> tuple[Status, str]:
    """Whether an exception in a story is the answer's fault or ours, and in which words.

    After a broken promise, answers may be anything; without one, the story itself is wrong.
    """
    if record.broken:
        return Status.PASS, f"the story could not go on after a broken promise ({blame(error)})"
    return Status.ERROR, f"the story itself broke ({blame(error)})"


def blame(error: Exception) -> str:
    """An exception that should not have been: its kind, words and place."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} at {Path(frame.filename).name}:{frame.lineno}"
