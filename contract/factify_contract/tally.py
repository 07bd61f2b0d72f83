"""Adds up the events of a run."""

from collections import Counter

from factify_contract.clauses import Catalogue
from factify_contract.events import (
    ClauseJudged,
    Event,
    ExchangeDone,
    FindingMade,
    PhaseFinished,
    StoryFinished,
    Warned,
)
from factify_contract.findings import Finding, Status, merge
from factify_contract.spec import Document
from factify_contract.summary import StoryResult, Summary


class Tally:
    """Receives every event and can say at any time what the run has come to so far. Mutable."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._clauses = dict.fromkeys(catalogue, Status.NOT_EXERCISED)
        self._reasons: dict[str, str] = {}
        self._findings: dict[str, Finding] = {}
        self._occurrences: Counter[str] = Counter()
        self._stories: list[StoryResult] = []
        self._warnings: dict[str, None] = {}
        self._phase_seconds: dict[str, float] = {}
        self._requests = 0

    def receive(self, event: Event) -> None:
        """Takes one event into account."""
        match event:
            case ExchangeDone():
                self._requests += 1
            case ClauseJudged():
                self._judge(event)
            case FindingMade(finding=finding):
                known = self._findings.get(finding.fingerprint)
                if known is None or len(finding.steps) < len(known.steps):
                    self._findings[finding.fingerprint] = finding
                self._occurrences[finding.fingerprint] += 1
            case StoryFinished():
                self._stories.append(
                    StoryResult(event.id, event.suite, event.title, event.status, event.reason, event.elapsed)
                )
            case Warned(message=message):
                self._warnings[message] = None
            case PhaseFinished(phase=phase, elapsed=elapsed):
                self._phase_seconds[phase] = elapsed
            case _:
                pass

    def _judge(self, event: ClauseJudged) -> None:
        self._clauses[event.clause] = merge((self._clauses[event.clause], event.status))
        if event.reason:
            self._reasons.setdefault(event.clause, event.reason)

    def summary(
        self,
        *,
        seed: int,
        target: str,
        document: Document,
        suite_version: str,
        interrupted: str,
        elapsed: float,
    ) -> Summary:
        """All events so far as one value."""
        idle = {clause for clause, status in self._clauses.items() if status is Status.NOT_EXERCISED}
        return Summary(
            clauses=dict(self._clauses),
            reasons={clause: why for clause, why in self._reasons.items() if clause in idle},
            findings=tuple(self._findings.values()),
            occurrences=dict(self._occurrences),
            stories=tuple(self._stories),
            warnings=tuple(self._warnings),
            requests=self._requests,
            seed=seed,
            target=target,
            document_title=document.title,
            document_version=document.version,
            document_digest=document.digest,
            suite_version=suite_version,
            interrupted=interrupted,
            elapsed=elapsed,
            phase_seconds=dict(self._phase_seconds),
        )
