"""The kill table: which clauses each mutant triggered, and whether its own was among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from factify_contract.selftest.mutants import Mutant


class Verdict(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"  # under the name of the clause that it breaks
    MISNAMED = "misnamed"  # something was found, but not that
    SURVIVED = "survived"
    ERROR = "error"  # the judge or the implementation broke


@dataclass(frozen=True, slots=True)
class Row:
    """What a run said of an implementation with one mutant.

    `clauses` maps those that were found broken to where: stories, or operations of the properties phase.
    `expected` and `actual` are of the first finding against the mutant's own clause. `reason` says why
    there is none. `seconds` is the time that judging took.
    """

    mutant: Mutant
    verdict: Verdict
    clauses: Mapping[str, Sequence[str]]
    told: int
    requests: int
    expected: str = ""
    actual: str = ""
    reason: str = ""
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class Control:
    """What the same judge says of the implementation without mutants: `findings` should be empty."""

    findings: Sequence[str]
    told: int
    requests: int
    reason: str = ""
    seconds: float = field(default=0.0, compare=False)


@dataclass(frozen=True, slots=True)
class KillTable:
    """A whole self-test. `seconds` is by the clock on the wall, with all workers together."""

    rows: Sequence[Row]
    control: Control
    seed: int
    suite_version: str
    seconds: float = field(default=0.0, compare=False)

    def count(self, *verdicts: Verdict) -> int:
        """How many mutants had one of the verdicts."""
        return sum(row.verdict in verdicts for row in self.rows)

    @property
    def word(self) -> str:
        """PASS, FAIL for a mutant that got away or a false alarm, ERROR for a broken tool."""
        if self.control.findings or self.count(Verdict.SURVIVED, Verdict.MISNAMED):
            return "FAIL"
        return "ERROR" if self.control.reason or self.count(Verdict.ERROR) else "PASS"

    @property
    def exit_code(self) -> int:
        """The exit code of the command for that word."""
        return {"PASS": 0, "FAIL": 1, "ERROR": 3}[self.word]

    @property
    def line(self) -> str:
        """The result in one line."""
        killed = self.count(Verdict.KILLED, Verdict.MISNAMED)
        alarms = f", {len(self.control.findings)} false alarms" if self.control.findings else ""
        broken = f", {count} not judged" if (count := self.count(Verdict.ERROR)) else ""
        return (
            f"SELFTEST {self.word}: {len(self.rows)} mutants, {killed} killed,"
            f" {self.count(Verdict.KILLED)} by the right clause{alarms}{broken}, in {self.seconds:.1f} s"
        )
