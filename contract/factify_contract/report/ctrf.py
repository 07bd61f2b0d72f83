"""ctrf-report.json: the stories as tests in the Common Test Report Format, which many dashboards read."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from factify_contract.clauses import Catalogue
from factify_contract.events import Event, FindingMade, RunFinished, RunStarted
from factify_contract.findings import Finding, Status
from factify_contract.report.wording import finding_lines
from factify_contract.summary import StoryResult, Summary

_SPEC_VERSION = "0.0.0"
_WORDS = {
    Status.PASS: "passed",
    Status.FAIL: "failed",
    Status.ERROR: "failed",
    Status.INCONCLUSIVE: "other",
    Status.NOT_EXERCISED: "skipped",
    Status.UNKNOWN: "other",
}
_STATUSES = ("passed", "failed", "skipped", "pending", "other")


class CtrfReport:
    """Collects findings by story and writes the file when the run is over. `clock` tells the time."""

    def __init__(self, path: Path, catalogue: Catalogue, *, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._catalogue = catalogue
        self._clock = clock
        self._began = 0
        self._by_story: defaultdict[str, list[Finding]] = defaultdict(list)

    def receive(self, event: Event) -> None:
        """Notes when the run began, and findings; writes the file at the last event."""
        match event:
            case RunStarted():
                self._began = self._now()
            case FindingMade():
                self._by_story[event.story].append(event.finding)
            case RunFinished(summary=summary):
                text = json.dumps(self._report(summary), indent=2, ensure_ascii=False)
                self._path.write_text(text + "\n", encoding="utf-8", errors="replace")
            case _:
                pass

    def _now(self) -> int:
        return round(self._clock().timestamp() * 1000)

    def _report(self, summary: Summary) -> dict[str, Any]:
        tests = [self._test(story, summary) for story in summary.stories]
        tests += [_broken_run(sentence) for sentence in _why_no_success(summary)]
        counted = Counter(test["status"] for test in tests)
        return {
            "reportFormat": "CTRF",
            "specVersion": _SPEC_VERSION,
            "results": {
                "tool": {"name": "factify-contract", "version": summary.suite_version},
                "summary": {
                    "tests": len(tests),
                    **{status: counted[status] for status in _STATUSES},
                    "start": self._began,
                    "stop": self._now(),
                },
                "tests": tests,
                "environment": {
                    "testEnvironment": summary.target,
                    "extra": {
                        "verdict": summary.outcome.value,
                        "seed": summary.seed,
                        "document": summary.document_digest,
                        "clauses": summary.clause_counts,
                    },
                },
            },
        }

    def _test(self, story: StoryResult, summary: Summary) -> dict[str, Any]:
        findings = self._by_story[story.id]
        status = _WORDS[story.status]
        if story.status is Status.FAIL and not any(map(summary.is_failure, findings)):
            status = "other"
        test: dict[str, Any] = {
            "name": story.title,
            "status": status,
            "rawStatus": story.status.word,
            "duration": round(story.elapsed * 1000),
            "suite": [story.suite],
        }
        if findings:
            test["message"] = "; ".join(f"{each.clause}: {each.message}" for each in findings)
            told = ("\n".join(finding_lines(finding, self._catalogue)) for finding in findings)
            test["trace"] = "\n\n".join(told)
        elif story.reason:
            test["message"] = story.reason
        return test


def _why_no_success(summary: Summary) -> list[str]:
    return [*summary.stale, *([summary.interrupted] if summary.interrupted else [])]


def _broken_run(sentence: str) -> dict[str, Any]:
    return {
        "name": "the run itself",
        "status": "failed",
        "duration": 0,
        "suite": ["run"],
        "message": sentence,
    }
