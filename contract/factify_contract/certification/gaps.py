"""What is missing for a certificate, and what to do about each of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from factify_contract.capabilities import EXHAUSTING
from factify_contract.certification.requirements import CertificateLevel, Way, open_ways
from factify_contract.clauses import Level, catalogue
from factify_contract.findings import Status
from factify_contract.preflight import entry_for, missing_needs
from factify_contract.summary import Summary
from factify_contract.target import Target


@dataclass(frozen=True, slots=True)
class Gap:
    """A clause that a certificate can't do without: what became of it, and the next step."""

    clause: str
    status: str
    step: str


def gaps_of_profile(required: Iterable[str], level: CertificateLevel, target: Target) -> tuple[Gap, ...]:
    """The required clauses that no run with the target's profile can exercise, known before it begins."""
    return tuple(
        Gap(clause_id, Status.NOT_EXERCISED.word, step)
        for clause_id in required
        if (step := _step(clause_id, level, target))
    )


def gaps_of_run(
    required: Sequence[str], level: CertificateLevel, summary: Summary, target: Target
) -> tuple[Gap, ...]:
    """What the run failed to show: required clauses that were not passed, and any broken promise."""
    gaps = []
    for clause_id, status in summary.clauses.items():
        if catalogue()[clause_id].level is not Level.DOCUMENTED:
            continue
        if status in (Status.FAIL, Status.INCONCLUSIVE, Status.ERROR):
            gaps.append(Gap(clause_id, status.word, _AFTER[status]))
        elif status is not Status.PASS and clause_id in required:
            gaps.append(Gap(clause_id, status.word, _why_idle(clause_id, level, summary.reasons, target)))
    return tuple(gaps)


_AFTER: Mapping[Status, str] = {
    Status.FAIL: "the promise is broken; the finding shows how",
    Status.INCONCLUSIVE: "it was broken once and held when tried again; find out why it is not steady",
    Status.ERROR: "the tool broke; run again with --debug and report it",
}


def _why_idle(clause_id: str, level: CertificateLevel, reasons: Mapping[str, str], target: Target) -> str:
    if step := _step(clause_id, level, target):
        return step
    if reason := reasons.get(clause_id):
        return reason
    return "no answer showed it; the stories that should have are in the report"


def _step(clause_id: str, level: CertificateLevel, target: Target) -> str:
    """What the profile lacks for the easiest way to exercise the clause; empty when it lacks nothing."""
    ways = [list(_lacks(clause_id, way, target)) for way in open_ways(clause_id, level)]
    easiest = min(ways, key=len, default=[])
    return ", and ".join(easiest)


def _lacks(clause_id: str, way: Way, target: Target) -> Iterator[str]:
    profile = target.profile
    operations = way.operations or catalogue()[clause_id].operations
    absent = {profile.absent(name) for name in operations}
    if not way.operations and None in absent:
        absent = {None}
    for name in sorted(filter(None, absent)):
        yield f"take '{name} = false' out of [capabilities]"
    missing = missing_needs(way.story, target) if way.story else []
    for need in missing:
        yield f"add {entry_for(need)} to the profile"
    for need in way.needs:
        permission = EXHAUSTING.get(need)
        if permission and need not in missing and not profile.allows(permission):
            yield f"allow it with '{permission} = true' in [capabilities]"


def told(gaps: Iterable[Gap]) -> list[str]:
    """The gaps as lines: each next step once, with its clauses."""
    waiting: dict[tuple[str, str], list[str]] = {}
    for gap in gaps:
        waiting.setdefault((gap.status, gap.step), []).append(gap.clause)
    lines = []
    for (status, step), clauses in waiting.items():
        lines.append(f"  {status}: {step}")
        lines += [f"    {clause}" for clause in clauses]
    return lines
