"""The kill table as files: kill-table.json, described by kill-table.schema.json, and kill-table.html."""

import json
from pathlib import Path
from typing import Any

from factify_contract.clauses import Catalogue, Clause, Level, catalogue
from factify_contract.errors import UsageError
from factify_contract.selftest.kill_table import KillTable, Row, Verdict

NAMES = ("kill-table.json", "kill-table.html")


def prepared(folder: Path) -> None:
    """The folder is there, without a table of a former run; UsageError where that can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in NAMES:
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"--output {str(folder)!r} cannot be used: {error.strerror}") from error


def written(table: KillTable, folder: Path) -> None:
    """Both files are in the folder."""
    from factify_contract.selftest.page import page  # noqa: PLC0415 - only where it is asked for

    clauses = catalogue()
    data = as_json(table, clauses)
    for name, text in zip(NAMES, (json.dumps(data, indent=2, ensure_ascii=False), page(data)), strict=True):
        (folder / name).write_text(f"{text}\n", encoding="utf-8", errors="replace")


def as_json(table: KillTable, clauses: Catalogue) -> dict[str, Any]:
    """The table; all that differs between equal runs is under `timings`."""
    return {
        "verdict": table.word,
        "suite_version": table.suite_version,
        "seed": table.seed,
        "counts": {
            "mutants": len(table.rows),
            **{verdict.value: table.count(verdict) for verdict in Verdict},
            "clauses_broken": len({row.mutant.breaks for row in table.rows}),
        },
        "control": {
            "findings": list(table.control.findings),
            "stories": table.control.told,
            "requests": table.control.requests,
            "reason": table.control.reason or None,
        },
        "mutants": [_row(row) for row in table.rows],
        "clauses": [_clause(clause, table) for clause in clauses.values() if _concerns(clause, table)],
        "timings": {
            "seconds": round(table.seconds, 1),
            "mutants": {row.mutant.name: round(row.seconds, 2) for row in table.rows},
        },
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "name": row.mutant.name,
        "breaks": row.mutant.breaks,
        "sentence": row.mutant.sentence,
        "verdict": row.verdict.value,
        "clauses": {clause: list(where) for clause, where in row.clauses.items()},
        "expected": row.expected or None,
        "actual": row.actual or None,
        "reason": row.reason or None,
        "stories": row.told,
        "requests": row.requests,
    }


def _concerns(clause: Clause, table: KillTable) -> bool:
    """Documented clauses, and whatever others were broken or found broken."""
    return clause.level is Level.DOCUMENTED or any(
        clause.id == row.mutant.breaks or clause.id in row.clauses for row in table.rows
    )


def _clause(clause: Clause, table: KillTable) -> dict[str, Any]:
    return {
        "id": clause.id,
        "sentence": clause.sentence,
        "level": clause.level.value,
        "exercised": clause.exercised,
        "reason": clause.reason or None,
        "broken_by": [row.mutant.name for row in table.rows if row.mutant.breaks == clause.id],
        "triggered_by": [row.mutant.name for row in table.rows if clause.id in row.clauses],
    }
