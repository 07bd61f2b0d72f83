"""Findings as workflow commands, which GitHub shows beside a run's changes."""

from collections.abc import Callable

from factify_contract.events import Event, RunFinished
from factify_contract.findings import Finding
from factify_contract.report.places import Place
from factify_contract.summary import Summary

# GitHub shows ten of each kind for a step and drops the rest.
_MOST = 10


class Annotations:
    """Says the findings to whoever reads the job's output, when the run is over.

    Without a `place` they name no file: the document that was judged by is none of the job's repository.
    """

    def __init__(self, say: Callable[[str], None], place: Place | None) -> None:
        self._say = say
        self._place = place

    def receive(self, event: Event) -> None:
        """Says everything at the last event."""
        if isinstance(event, RunFinished):
            self._say_all(event.summary)

    def _say_all(self, summary: Summary) -> None:
        broken = [finding for finding in summary.findings if summary.is_failure(finding)]
        others = [finding for finding in summary.findings if not summary.is_failure(finding)]
        for kind, findings in (("error", broken), ("warning", others)):
            for finding in findings[:_MOST]:
                self._say(self._command(kind, finding))
        for sentence in (*summary.stale, summary.interrupted):
            if sentence:
                self._say(f"::error title=factify-contract::{_data(sentence)}")

    def _command(self, kind: str, finding: Finding) -> str:
        where = f"title={_property(finding.clause)}"
        if self._place is not None:
            line = self._place.line_of(finding.operation)
            where = f"file={_property(self._place.shown_as)},line={line},{where}"
        told = f"{finding.message}\nexpected: {finding.expected}\nactual: {finding.actual}"
        return f"::{kind} {where}::{_data(told)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
