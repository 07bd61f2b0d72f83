"""What a whole run came to: the verdict, each clause's status, the findings and the counts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from factify_contract.clauses import Level
from factify_contract.findings import Finding, Status


class Outcome(StrEnum):
    """The last word of a run."""

    PASS = "PASS"  # noqa: S105 - a verdict, no password
    FAIL = "FAIL"
    ERROR = "ERROR"

    @property
    def exit_code(self) -> int:
        """The exit code of the command line for this outcome."""
        return {Outcome.PASS: 0, Outcome.FAIL: 1, Outcome.ERROR: 3}[self]


@dataclass(frozen=True, slots=True)
class StoryResult:
    """How one story ended."""

    id: str
    suite: str
    title: str
    status: Status
    reason: str
    elapsed: float = field(compare=False)


@dataclass(frozen=True, slots=True)
class Summary:
    """A run in figures. Apart from `elapsed`, the same seed on the same data gives an equal summary.

    `findings` has one finding for each fingerprint, the one with the fewest steps, and `occurrences`
    how often it was met. `reasons` tells for clauses that were not exercised why, as far as it is known.
    `interrupted` is the sentence that explains why the run ended early, empty when it did not.
    `excused` tells for the fingerprints of known failures why they do not count, and `stale` what is
    wrong with the list of known failures: sentences that each fail the run.
    Durations are in seconds.
    """

    clauses: Mapping[str, Status]
    reasons: Mapping[str, str]
    findings: tuple[Finding, ...]
    occurrences: Mapping[str, int]
    stories: tuple[StoryResult, ...]
    warnings: tuple[str, ...]
    requests: int
    seed: int
    target: str
    document_title: str
    document_version: str
    document_digest: str
    suite_version: str
    interrupted: str = ""
    elapsed: float = field(default=0.0, compare=False)
    phase_seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
    excused: Mapping[str, str] = field(default_factory=dict)
    stale: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """ERROR for a run cut short, FAIL for a broken documented clause, ERROR for a broken tool, else PASS.

        A confirmed finding stands even if another story broke the tool. Known failures do not count,
        but what is wrong with their list does. A run that exercised nothing proves nothing: it fails.
        """
        if self.interrupted:
            return Outcome.ERROR
        if self.stale or any(self.is_failure(finding) for finding in self.findings):
            return Outcome.FAIL
        if any(story.status is Status.ERROR for story in self.stories):
            return Outcome.ERROR
        exercised = any(status in (Status.PASS, Status.FAIL) for status in self.clauses.values())
        return Outcome.PASS if exercised else Outcome.FAIL

    def is_failure(self, finding: Finding) -> bool:
        """Whether the finding fails the run: a broken documented clause that nobody has excused."""
        return finding.level == Level.DOCUMENTED and finding.fingerprint not in self.excused

    @property
    def clause_counts(self) -> dict[str, int]:
        """How many clauses have each status, by its word, worst first."""
        counts = Counter(self.clauses.values())
        return {status.word: counts[status] for status in sorted(Status, reverse=True) if counts[status]}

    @property
    def finding_counts(self) -> dict[str, int]:
        """How many findings there are of each level, without the known ones."""
        counts = Counter(each.level for each in self.findings if each.fingerprint not in self.excused)
        return {level.value: counts[level.value] for level in Level if level is not Level.CHOICE}
