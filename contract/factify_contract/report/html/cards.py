"""Findings and stories as the page shows them."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from factify_contract.clauses import Clause
from factify_contract.findings import Finding, Status
from factify_contract.report.html.record import Record
from factify_contract.report.html.standing import Share, Standing, shares, standing_of
from factify_contract.report.wording import files_named
from factify_contract.summary import StoryResult

# A target that breaks everything gives more evidence than a page can carry; report.json has all of it.
_MOST_EVIDENCE = 300_000
_VARIABLE = re.compile(r"\$(FACTIFY_\w+)")


@dataclass(frozen=True, slots=True)
class Step:
    """A request that led there; `number` is its place or, for equal ones in a row, the range of places."""

    number: str
    line: str


@dataclass(frozen=True, slots=True)
class Card:
    """One cause with its evidence.

    `has_evidence` is false where the page had no room for it. `excuse` tells why a known failure does not
    count, and is empty for others; `replay` is the command that plays it again, if there is one, and `files`
    says which files the requests upload.
    """

    finding: Finding
    clause: Clause
    standing: Standing
    place: str
    steps: tuple[Step, ...]
    curl: tuple[str, ...]
    variables: tuple[str, ...]
    has_evidence: bool
    occurrences: int
    stories: tuple[str, ...]
    replay: str
    files: str
    excuse: str


@dataclass(frozen=True, slots=True)
class Suite:
    """The stories of one suite."""

    name: str
    stories: tuple[tuple[StoryResult, Standing], ...]
    shares: tuple[Share, ...]
    attention: bool


def cards(record: Record) -> tuple[Card, ...]:
    """The findings: what fails the run, then what warns, then what is known."""
    summary = record.summary
    room = _MOST_EVIDENCE
    found = []
    for finding in sorted(
        summary.findings, key=lambda one: (one.fingerprint in summary.excused, not summary.is_failure(one))
    ):
        room -= sum(map(len, (*finding.steps, *finding.curl)))
        found.append(_card(finding, record, has_evidence=room >= 0))
    return tuple(found)


def _card(finding: Finding, record: Record, *, has_evidence: bool) -> Card:
    clause = record.catalogue[finding.clause]
    excuse = record.summary.excused.get(finding.fingerprint, "")
    operation = record.document.operations.get(finding.operation or "")
    used = dict.fromkeys(name for command in finding.curl for name in _VARIABLE.findall(command))
    return Card(
        finding=finding,
        clause=clause,
        standing=Standing.KNOWN if excuse else standing_of(Status.FAIL, clause.level),
        place=f"{operation.method} {operation.path}" if operation else "",
        steps=_steps(finding.steps) if has_evidence else (),
        curl=tuple(command for command, _ in groupby(finding.curl)) if has_evidence else (),
        variables=tuple(used),
        has_evidence=has_evidence,
        occurrences=record.summary.occurrences[finding.fingerprint],
        stories=record.stories.get(finding.fingerprint, ()),
        replay=record.replays.get(finding.fingerprint, ""),
        files=files_named(finding.curl),
        excuse=excuse,
    )


def _steps(lines: Iterable[str]) -> tuple[Step, ...]:
    steps, number = [], 1
    for line, run in groupby(lines):
        count = len(list(run))
        steps.append(Step(str(number) if count == 1 else f"{number}-{number + count - 1}", line))
        number += count
    return tuple(steps)


def suites(record: Record) -> tuple[Suite, ...]:
    """The stories by suite, in the order they were told."""
    told: defaultdict[str, list[tuple[StoryResult, Standing]]] = defaultdict(list)
    for story in record.summary.stories:
        told[story.suite].append((story, standing_of(story.status)))
    return tuple(_suite(name, stories) for name, stories in told.items())


def _suite(name: str, stories: list[tuple[StoryResult, Standing]]) -> Suite:
    standings = [standing for _, standing in stories]
    quiet = {Standing.PASS, Standing.OPEN}
    return Suite(name.replace("-", " "), tuple(stories), shares(standings), not quiet.issuperset(standings))
