"""summary.md: the run on one page of Markdown, for the summary of a CI job or a comment."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from factify_contract.clauses import Catalogue, Level
from factify_contract.events import Event, RunFinished
from factify_contract.findings import Finding, Status
from factify_contract.report.wording import files_named, one_line
from factify_contract.summary import Outcome, Summary

_SIGNS = {Outcome.PASS: "✅", Outcome.FAIL: "❌", Outcome.ERROR: "⚠️"}
_COLUMNS = (Status.PASS, Status.FAIL, Status.INCONCLUSIVE, Status.NOT_EXERCISED)
# A job's summary holds a mebibyte at most; more findings than this are a defect that shows everywhere.
_MOST_FINDINGS = 50
# All that begins a tag, a cell, a link, an emphasis or a mention where Markdown meets it.
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>()#|~@!])")


class MarkdownReport:
    """Writes the page to a file when the run is over, behind what stands there when it `adds`."""

    def __init__(self, path: Path, catalogue: Catalogue, *, adds: bool = False) -> None:
        self._path = path
        self._catalogue = catalogue
        self._mode = "a" if adds else "w"

    def receive(self, event: Event) -> None:
        """Writes the page at the last event."""
        if not isinstance(event, RunFinished):
            return
        text = "\n".join(page(event.summary, self._catalogue)) + "\n"
        with self._path.open(self._mode, encoding="utf-8", errors="replace") as file:
            file.write(text)


def page(summary: Summary, catalogue: Catalogue) -> Iterator[str]:
    """The lines of the page: verdict, clauses by resource, findings, what stayed open and why."""
    yield f"## {_SIGNS[summary.outcome]} Factify contract: {summary.outcome.value}"
    yield ""
    document = _plain(f"{summary.document_title} {summary.document_version}")
    yield f"{_plain(summary.target)} judged by {document}"
    yield f"(`{summary.document_digest[:19]}…`), {summary.requests} requests, seed {summary.seed}."
    for sentence in (summary.interrupted, *summary.stale):
        if sentence:
            yield f"\n**{_plain(sentence)}**"
    yield from _resources(summary, catalogue)
    yield from _findings(summary, catalogue)
    yield from _open(summary)


def _resources(summary: Summary, catalogue: Catalogue) -> Iterator[str]:
    by_resource: dict[str, Counter[Status]] = {}
    for clause, status in summary.clauses.items():
        if catalogue[clause].level is not Level.CHOICE:
            by_resource.setdefault(clause.split(".")[0], Counter())[status] += 1
    yield "\n| resource | " + " | ".join(status.word for status in _COLUMNS) + " |"
    yield "|---|" + "---:|" * len(_COLUMNS)
    for resource in sorted(by_resource):
        counts = by_resource[resource]
        if any(counts[status] for status in _COLUMNS):
            yield f"| {resource} | " + " | ".join(str(counts[status] or "") for status in _COLUMNS) + " |"


def _findings(summary: Summary, catalogue: Catalogue) -> Iterator[str]:
    shown = sorted(summary.findings, key=lambda finding: not summary.is_failure(finding))
    if shown:
        yield f"\n### Findings ({len(shown)})"
    for finding in shown[:_MOST_FINDINGS]:
        yield from _finding(finding, summary, catalogue)
    if len(shown) > _MOST_FINDINGS:
        yield f"\n… and {len(shown) - _MOST_FINDINGS} more; report.json has all of them."


def _finding(finding: Finding, summary: Summary, catalogue: Catalogue) -> Iterator[str]:
    excuse = summary.excused.get(finding.fingerprint)
    level = f"known: {_plain(excuse)}" if excuse else finding.level
    sentence = _plain(catalogue[finding.clause].sentence)
    yield f"\n<details><summary><code>{finding.clause}</code> ({level}) {sentence}</summary>\n"
    yield f"- expected: {_plain(finding.expected)}"
    yield f"- actual: {_plain(finding.actual)}"
    yield f"- source: {_plain(finding.source)}"
    files = files_named(finding.curl)
    comments = [f"# {line}" for line in (*finding.steps, files) if line]
    yield from _fenced((*comments, "", *finding.curl))
    yield "</details>"


def _fenced(lines: Sequence[str]) -> Iterator[str]:
    """The lines as code, in a fence longer than any in them."""
    runs = (len(run) for line in lines for run in re.findall("`+", line))
    fence = "`" * max(3, *(run + 1 for run in runs), 3)
    yield f"\n{fence}sh"
    yield from map(one_line, lines)
    yield fence


def _open(summary: Summary) -> Iterator[str]:
    counted = Counter(summary.reasons.values())
    if counted:
        yield "\n### Not exercised\n"
    for reason, count in counted.most_common():
        yield f"- {count} clause{'s' if count > 1 else ''}: {_plain(reason)}"


def _plain(text: str) -> str:
    """The text as Markdown that shows just these characters."""
    return _ACTIVE.sub(r"\\\1", one_line(text))
