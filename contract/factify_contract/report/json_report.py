"""report.json: the whole outcome of a run as one JSON object, described by report.schema.json."""

import json
from pathlib import Path
from typing import Any

from factify_contract.events import Event, RunFinished
from factify_contract.findings import Finding
from factify_contract.summary import Summary


class JsonReport:
    """Writes the report when the run is over."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def receive(self, event: Event) -> None:
        """Writes the file at the last event."""
        if isinstance(event, RunFinished):
            text = json.dumps(as_json(event.summary), indent=2, ensure_ascii=False)
            self._path.write_text(text + "\n", encoding="utf-8", errors="replace")


def as_json(summary: Summary) -> dict[str, Any]:
    """The summary in the report's form; all that differs between equal runs is under `timings`."""
    return {
        "verdict": summary.outcome.value,
        "interrupted": summary.interrupted or None,
        "suite_version": summary.suite_version,
        "target": summary.target,
        "seed": summary.seed,
        "document": {
            "title": summary.document_title,
            "version": summary.document_version,
            "digest": summary.document_digest,
        },
        "counts": {
            "requests": summary.requests,
            "stories": len(summary.stories),
            "clauses": summary.clause_counts,
            "findings": summary.finding_counts,
        },
        "clauses": {clause: status.word for clause, status in summary.clauses.items()},
        "not_exercised": dict(summary.reasons),
        "findings": [
            {
                **_finding(finding, summary.occurrences[finding.fingerprint]),
                "known": summary.excused.get(finding.fingerprint),
            }
            for finding in summary.findings
        ],
        "stories": [
            {
                "id": story.id,
                "suite": story.suite,
                "title": story.title,
                "status": story.status.word,
                "reason": story.reason or None,
            }
            for story in summary.stories
        ],
        "warnings": list(summary.warnings),
        "stale_known_issues": list(summary.stale),
        "timings": {
            "seconds": round(summary.elapsed, 3),
            "phases": {phase: round(seconds, 3) for phase, seconds in summary.phase_seconds.items()},
        },
    }


def _finding(finding: Finding, occurrences: int) -> dict[str, Any]:
    return {
        "clause": finding.clause,
        "level": finding.level,
        "operation": finding.operation,
        "message": finding.message,
        "expected": finding.expected,
        "actual": finding.actual,
        "steps": list(finding.steps),
        "curl": list(finding.curl),
        "source": finding.source,
        "fingerprint": finding.fingerprint,
        "occurrences": occurrences,
    }
