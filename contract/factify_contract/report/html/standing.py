"""How a clause stands after a run, in the words and the order of the page."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from factify_contract.clauses import Level
from factify_contract.findings import Finding, Status
from factify_contract.report.html.record import Record


class Standing(StrEnum):
    """What became of a clause or a story, from what needs attention first to what needs none."""

    ERROR = "error"
    FAIL = "fail"
    WARN = "warning"
    INCONCLUSIVE = "inconclusive"
    KNOWN = "known"
    OPEN = "not exercised"
    PASS = "pass"  # noqa: S105 - a status, no password
    CHOICE = "choice"

    @property
    def key(self) -> str:
        """The standing as the page's style and script name it."""
        return self.value.replace(" ", "-")


_BY_STATUS = {
    Status.UNKNOWN: Standing.OPEN,
    Status.NOT_EXERCISED: Standing.OPEN,
    Status.PASS: Standing.PASS,
    Status.INCONCLUSIVE: Standing.INCONCLUSIVE,
    Status.FAIL: Standing.FAIL,
    Status.ERROR: Standing.ERROR,
}


def standing_of(status: Status, level: Level = Level.DOCUMENTED) -> Standing:
    """The standing of a clause of the level: a choice is never judged, a broken inferred clause warns."""
    if level is Level.CHOICE:
        return Standing.CHOICE
    if status is Status.FAIL and level is Level.INFERRED:
        return Standing.WARN
    return _BY_STATUS[status]


def standings(record: Record) -> Mapping[str, Standing]:
    """The standing of every clause; `known` where everything that broke it is excused."""
    summary = record.summary
    breaking: dict[str, list[Finding]] = {}
    for finding in summary.findings:
        breaking.setdefault(finding.clause, []).append(finding)
    found = {}
    for clause_id, status in summary.clauses.items():
        findings = breaking.get(clause_id, ())
        is_known = bool(findings) and all(each.fingerprint in summary.excused for each in findings)
        standing = standing_of(status, record.catalogue[clause_id].level)
        found[clause_id] = Standing.KNOWN if is_known else standing
    return found


@dataclass(frozen=True, slots=True)
class Share:
    """A piece of a bar: where it begins and how wide it is, in hundredths of the whole."""

    standing: Standing
    count: int
    begin: float
    width: float


def shares(standings: Iterable[Standing]) -> tuple[Share, ...]:
    """The pieces of a bar for the standings, one for each that occurs, in the page's order."""
    counts = Counter(standings)
    total, begin = sum(counts.values()), 0.0
    pieces = []
    for standing in Standing:
        if count := counts[standing]:
            width = 100 * count / total
            pieces.append(Share(standing, count, round(begin, 2), round(width, 2)))
            begin += width
    return tuple(pieces)
