"""results.sarif: findings for code scanning, SARIF 2.1.0, each beside its operation in the document."""

import json
from pathlib import Path
from typing import Any

from factify_contract.clauses import Catalogue, Clause, Level
from factify_contract.events import Event, RunFinished
from factify_contract.findings import Finding
from factify_contract.report.places import Place
from factify_contract.report.wording import finding_lines, replay_lines
from factify_contract.summary import Summary

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Level.DOCUMENTED: "error", Level.INFERRED: "warning", Level.CHOICE: "note"}


class SarifReport:
    """Writes the file when the run is over; findings stand at their operation's place in the document."""

    def __init__(self, path: Path, catalogue: Catalogue, place: Place) -> None:
        self._path = path
        self._catalogue = catalogue
        self._place = place

    def receive(self, event: Event) -> None:
        """Writes the file at the last event."""
        if isinstance(event, RunFinished):
            text = json.dumps(self._log(event.summary), indent=2, ensure_ascii=False)
            self._path.write_text(text + "\n", encoding="utf-8", errors="replace")

    def _log(self, summary: Summary) -> dict[str, Any]:
        broken = list(dict.fromkeys(finding.clause for finding in summary.findings))
        return {
            "$schema": _SCHEMA,
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {
                        "driver": {
                            "name": "factify-contract",
                            "semanticVersion": summary.suite_version,
                            "rules": [_rule(self._catalogue[clause]) for clause in broken],
                        }
                    },
                    "invocations": [_invocation(summary)],
                    "results": [
                        self._result(finding, summary, broken.index(finding.clause))
                        for finding in summary.findings
                    ],
                    "properties": {"target": summary.target, "verdict": summary.outcome.value},
                }
            ],
        }

    def _result(self, finding: Finding, summary: Summary, rule_index: int) -> dict[str, Any]:
        seen = summary.occurrences[finding.fingerprint]
        told = "\n".join(finding_lines(finding, self._catalogue, occurrences=seen))
        excuse = summary.excused.get(finding.fingerprint)
        return {
            "ruleId": finding.clause,
            "ruleIndex": rule_index,
            "level": _LEVELS[Level(finding.level)],
            "message": {"text": f"{finding.message} Expected {finding.expected}; got {finding.actual}."},
            "locations": [self._location(finding.operation)],
            "partialFingerprints": {"factifyContract/v1": finding.fingerprint},
            "occurrenceCount": seen,
            "suppressions": [{"kind": "external", "justification": excuse}] if excuse else [],
            "properties": {"told": told, "replay": "\n".join(replay_lines(finding))},
        }

    def _location(self, operation: str | None) -> dict[str, Any]:
        # Code scanning needs a line; what concerns no operation is shown at the top of the document.
        place = {
            "artifactLocation": {"uri": self._place.shown_as},
            "region": {"startLine": self._place.line_of(operation)},
        }
        if operation is None:
            return {"physicalLocation": place}
        return {
            "physicalLocation": place,
            "logicalLocations": [{"name": operation, "fullyQualifiedName": operation, "kind": "function"}],
        }


def _rule(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "shortDescription": {"text": clause.sentence},
        "fullDescription": {"text": f"{clause.sentence} Source: {clause.source}"},
        "defaultConfiguration": {"level": _LEVELS[clause.level]},
        "properties": {"tags": [clause.id.split(".")[0], clause.level.value]},
    }


def _invocation(summary: Summary) -> dict[str, Any]:
    notes = [*summary.warnings, *summary.stale]
    return {
        "executionSuccessful": not summary.interrupted,
        "exitCode": summary.outcome.exit_code,
        "toolExecutionNotifications": [{"level": "note", "message": {"text": note}} for note in notes],
        **({"exitCodeDescription": summary.interrupted} if summary.interrupted else {}),
    }
