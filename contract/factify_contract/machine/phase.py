"""The machine phase: scripts are written, played and judged; what breaks is confirmed and made short."""

import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from factify_contract.clauses import Catalogue, Level, catalogue
from factify_contract.events import ClauseJudged, Emit, FindingMade, StoryFinished, StoryStarted, Warned
from factify_contract.findings import Finding, Status, make_finding, merge
from factify_contract.machine.performance import Cause, Performance, Stage
from factify_contract.machine.reduction import reduced
from factify_contract.machine.script import Script
from factify_contract.safety.costs import Cost
from factify_contract.spec import Document
from factify_contract.target import Target

SUITE = "machine"
DEFAULT_EXAMPLES = 48
DEFAULT_STEPS = 25
# How the examples are spread over the topics, in hundredths.
_SHARES = {"documents": 50, "memberships": 20, "keys": 10, "everything": 20}
_TITLES = {
    "documents": "Documents are made, shared, trashed and restored in any order",
    "memberships": "People are invited, join, change roles and leave in any order",
    "keys": "API keys are made, limited, used and revoked in any order",
    "everything": "All of this goes on at once",
}
# An answer that does not come back in two of these plays is no stable fault.
_CONFIRMATIONS = 3
# Plays to make one failure short; where nothing can be thrown away, every play leaves documents behind.
_ATTEMPTS, _LASTING_ATTEMPTS = 80, 6
# A defect that shows everywhere needs no more than a few examples that are as short as can be.
_MOST_SHORTENED, _FEW_ATTEMPTS = 12, 8
_LASTING_EXAMPLES, _LASTING_DOCUMENTS = 8, 24
# What so many plays came to at most, as measured over six seeds.
_LASTING_COST = Cost(
    910,
    {
        "createDocument": 9,
        "createDocumentVersion": 9,
        "createOrganizationInvite": 20,
        "createApiKey": 6,
        "setAPIKeyQuota": 8,
        "addOrganizationMember": 9,
        "acceptOrganizationInvite": 17,
    },
)


class Writing(Protocol):
    """Writes the scripts of one seed."""

    def __call__(self, topic: str, *, examples: int, steps: int) -> list[Script]:
        """At most so many scripts about the topic, of at most so many steps."""


def run_machine(
    target: Target,
    document: Document,
    *,
    seed: int,
    emit: Emit,
    examples: int = DEFAULT_EXAMPLES,
    steps: int = DEFAULT_STEPS,
    prefix: str = "",
    clauses: Catalogue | None = None,
    clock: Callable[[], float] = time.perf_counter,
    writing: Writing | None = None,
) -> None:
    """Plays up to `examples` scripts of up to `steps` steps each, and emits what they show.

    What is done depends on the seed and on what the target answers. The target needs an identity
    `owner`; what others would do is left out where they are missing. Without sandboxes fewer scripts
    are played, no time is moved, and what was made is trashed, revoked and removed afterwards.
    Keeps to the budget of the profile. `writing` gives the scripts of the seed where somebody has them
    already. Raises TargetUnreachable and AdapterError.
    """
    if writing is None:
        from factify_contract.machine.rules import written  # noqa: PLC0415 - hypothesis is heavy

        writing = partial(written, number=seed)
    known = clauses or catalogue()
    stage = Stage(target, document, known, prefix=prefix or f"fct-{seed}m", documents=_LASTING_DOCUMENTS)
    phase = _Phase(stage, known, emit, clock)
    for topic, count in shares(examples, is_fresh=stage.is_fresh).items():
        phase.tell(topic, writing(topic, examples=count, steps=steps))


def shares(examples: int, *, is_fresh: bool) -> dict[str, int]:
    """How many scripts of each topic are written, by topic, in the order in which they are played."""
    whole = examples if is_fresh else min(examples, _LASTING_EXAMPLES)
    return {topic: max(1, round(whole * share / 100)) for topic, share in _SHARES.items()}


def lasting_cost(examples: int) -> Cost:
    """What the phase takes at most where nothing can be thrown away and nothing is wrong."""
    share = min(examples, _LASTING_EXAMPLES) / _LASTING_EXAMPLES
    writes = {name: math.ceil(count * share) for name, count in _LASTING_COST.writes.items()}
    return Cost(math.ceil(_LASTING_COST.requests * share), writes)


class _Phase:
    """One run of the phase. Mutable: it remembers what it found."""

    def __init__(self, stage: Stage, clauses: Catalogue, emit: Emit, clock: Callable[[], float]) -> None:
        self._stage = stage
        self._clauses = clauses
        self._emit = emit
        self._clock = clock
        self._found: dict[Cause, Status] = {}

    def tell(self, topic: str, scripts: Sequence[Script]) -> None:
        """Plays the scripts as one story and emits its judgements and confirmed findings."""
        story, began = f"{SUITE}/{topic}", self._clock()
        self._emit(StoryStarted(story, SUITE, _TITLES[topic]))
        performances, reason = self._played(scripts)
        kept = dict.fromkeys(
            outcome.verdict.clause
            for shown in performances
            for outcome in shown.record.outcomes
            if not outcome.verdict.broken
        )
        for clause in kept:
            self._emit(ClauseJudged(clause, Status.PASS, story))
        unaided = [shown.unaided for shown in performances if shown.unaided]
        for cause in dict.fromkeys(cause for shown in performances for cause in shown.first):
            if cause not in self._found:
                self._found[cause] = self._pursue(cause, performances, story)
        status = merge(
            [
                Status.PASS if kept else Status.NOT_EXERCISED,
                *([Status.ERROR] if unaided else ()),
                *(self._found[cause] for shown in performances for cause in shown.first),
            ]
        )
        if unaided:
            reason = f"{len(unaided)} of {len(performances)} life cycles were cut short: {unaided[0]}"
        self._emit(StoryFinished(story, SUITE, _TITLES[topic], status, reason, self._clock() - began))

    def _played(self, scripts: Sequence[Script]) -> tuple[list[Performance], str]:
        """The performances, and why there are not more of them."""
        performances: list[Performance] = []
        for script in scripts:
            if reason := self._stage.why_too_dear():
                return performances, reason
            performances.append(self._stage.play(script, looking=True))
        return performances, ""

    def _pursue(self, cause: Cause, performances: Sequence[Performance], story: str) -> Status:
        """Confirms the failure by playing it again from fresh data, then reports its shortest form."""
        clause = self._clauses[cause[0]]
        if clause.level is Level.CHOICE:
            self._emit(ClauseJudged(clause.id, Status.UNKNOWN, story))
            return Status.PASS
        scripts = sorted((shown.until(cause) for shown in performances if cause in shown.first), key=len)
        for script in scripts[:_CONFIRMATIONS]:
            shown = self._stage.play(script, looking=False)
            if cause in shown.first:
                shown = self._shortened(shown, cause)
                self._emit(ClauseJudged(clause.id, Status.FAIL, story))
                replay = {"script": [step.as_json() for step in shown.until(cause)]}
                self._emit(FindingMade(self._finding(shown, cause), story, replay))
                return Status.FAIL if clause.level is Level.DOCUMENTED else Status.PASS
        self._emit(ClauseJudged(clause.id, Status.INCONCLUSIVE, story))
        self._emit(Warned(f"{story}: {clause.id} was broken once, but not when played again"))
        return Status.INCONCLUSIVE

    def _shortened(self, shown: Performance, cause: Cause) -> Performance:
        """The performance of the shortest script that was found to show the same."""
        best = shown

        def shows(script: Script) -> bool:
            nonlocal best
            tried = self._stage.play(script, looking=False)
            if cause not in tried.first:
                return False
            best = tried
            return True

        attempts = _ATTEMPTS if self._stage.is_fresh else _LASTING_ATTEMPTS
        if len(self._found) >= _MOST_SHORTENED:
            attempts = min(attempts, _FEW_ATTEMPTS)
        reduced(shown.until(cause), shows, attempts=attempts)
        return best

    def _finding(self, shown: Performance, cause: Cause) -> Finding:
        outcome = shown.outcome(cause)
        verdict = outcome.verdict
        return make_finding(
            self._clauses[verdict.clause],
            operation=outcome.operation,
            message=verdict.message,
            expected=verdict.expected,
            actual=verdict.actual,
            exchanges=outcome.exchanges,
        )
