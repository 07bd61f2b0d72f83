"""The clauses by resource, each with its standing and, where it was not exercised, why."""

from collections import defaultdict
from dataclasses import dataclass

from factify_contract.clauses import Clause
from factify_contract.report.html.record import Record
from factify_contract.report.html.standing import Share, Standing, shares, standings


@dataclass(frozen=True, slots=True)
class Row:
    """One clause with its standing; `why` is empty when there is nothing to explain."""

    clause: Clause
    standing: Standing
    why: str
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The clauses of one resource; `attention` tells whether one of them is broken or unsettled."""

    name: str
    rows: tuple[Row, ...]
    shares: tuple[Share, ...]
    attention: bool


_LOUD = {Standing.ERROR, Standing.FAIL, Standing.WARN, Standing.INCONCLUSIVE, Standing.KNOWN}


def clause_groups(record: Record) -> tuple[Group, ...]:
    """Every clause once; groups and clauses in the order of the catalogue."""
    findings: defaultdict[str, list[str]] = defaultdict(list)
    for finding in record.summary.findings:
        findings[finding.clause].append(finding.fingerprint)
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for clause_id, standing in standings(record).items():
        clause = record.catalogue[clause_id]
        why = record.summary.reasons.get(clause_id) or clause.reason
        if not why and standing is Standing.OPEN and clause.exercised == "not yet":
            why = "This version of the suite has nothing that judges it."
        row = Row(clause, standing, why, tuple(findings[clause_id]))
        groups[clause_id.partition(".")[0]].append(row)
    return tuple(_group(name, rows) for name, rows in groups.items())


def _group(name: str, rows: list[Row]) -> Group:
    standings = [row.standing for row in rows]
    return Group(name.replace("-", " "), tuple(rows), shares(standings), bool(_LOUD & set(standings)))
