"""The top of the page: the verdict in a sentence, what was judged, and the score by level."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from factify_contract.clauses import Level
from factify_contract.events import Terms
from factify_contract.findings import Status
from factify_contract.report.html.record import Record
from factify_contract.report.html.standing import Share, Standing, shares, standings
from factify_contract.summary import Outcome


@dataclass(frozen=True, slots=True)
class Fact:
    """One line about the run. What differs between equal runs is `volatile`; `code` is set as such."""

    name: str
    value: str
    code: bool = False
    volatile: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """How many clauses of a level stand how."""

    level: str
    meaning: str
    total: int
    shares: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """What a reader sees first."""

    outcome: str
    headline: str
    lede: str
    facts: tuple[Fact, ...]
    scores: tuple[Score, ...]
    stale: tuple[str, ...]
    warnings: tuple[str, ...]


_MEANINGS = {
    Level.DOCUMENTED: "A broken one fails the run.",
    Level.INFERRED: "A broken one warns.",
    Level.CHOICE: "The documentation leaves it open; never judged.",
}


def overview(record: Record) -> Overview:
    """The top of the page for the run."""
    found = standings(record)
    headline, lede = _sentences(record, found)
    return Overview(
        outcome=record.summary.outcome.value,
        headline=headline,
        lede=lede,
        facts=_facts(record),
        scores=tuple(_score(record, found, level) for level in Level),
        stale=record.summary.stale,
        warnings=record.summary.warnings,
    )


def plural(count: int, noun: str) -> str:
    """The count with its noun, grouped by thousands: `1 request`, `7,092 requests`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _sentences(record: Record, found: Mapping[str, Standing]) -> tuple[str, str]:
    """The verdict as a headline, and one line that says what it rests on."""
    summary = record.summary
    if summary.interrupted:
        why = summary.interrupted[:1].upper() + summary.interrupted[1:]
        return "The run ended early", f"{why}. What follows is what was known by then."
    documented = _counts(record, found, Level.DOCUMENTED)
    broken = {finding.clause for finding in summary.findings if summary.is_failure(finding)}
    held = documented[Standing.PASS]
    waiting = documented[Standing.OPEN] + documented[Standing.INCONCLUSIVE]
    rest = f"; {waiting} remain{'s' if waiting == 1 else ''} open" if waiting else ""
    beside = f"{_beside(record)}{_limits(record)}"
    if broken:
        verb = "is" if len(broken) == 1 else "are"
        against = f"{plural(summary.finding_counts['documented'], 'finding')} against documented promises"
        return f"{plural(len(broken), 'promise')} {verb} broken", f"{against}. {held} held{rest}.{beside}"
    if summary.stale:
        return "The list of known failures is out of date", f"{held} documented promises held{rest}.{beside}"
    if summary.outcome is Outcome.ERROR:
        crashed = sum(story.status is Status.ERROR for story in summary.stories)
        return (
            "The tool or an adapter broke",
            f"In {crashed} of {len(summary.stories)} stories; what they would have shown is open.",
        )
    if summary.outcome is Outcome.FAIL:
        return "Nothing was proved", "Nothing could be exercised, and a run that exercises nothing fails."
    return "The contract is kept", f"{held} documented promises were put to the test and held{rest}.{beside}"


def _beside(record: Record) -> str:
    """What there is besides the verdict, which it does not rest on."""
    warned = record.summary.finding_counts["inferred"]
    excused = len(record.summary.excused)
    parts = (
        f"{plural(warned, 'finding')} against inferred promises only warn{'s' if warned == 1 else ''}."
        if warned
        else "",
        f"{plural(excused, 'known failure')} {'is' if excused == 1 else 'are'} not counted."
        if excused
        else "",
    )
    return "".join(f" {part}" for part in parts if part)


def _limits(record: Record) -> str:
    """What a verdict on part of the catalogue must be read with."""
    tier = record.start.terms.tier if record.start else "full"
    return "" if tier == "full" else f" This was a {tier} run, which judges a little of everything."


def _counts(record: Record, found: Mapping[str, Standing], level: Level) -> Counter[Standing]:
    return Counter(standing for clause, standing in found.items() if record.catalogue[clause].level is level)


def _score(record: Record, found: Mapping[str, Standing], level: Level) -> Score:
    counts = _counts(record, found, level)
    return Score(level.value, _MEANINGS[level], counts.total(), shares(counts.elements()))


def _facts(record: Record) -> tuple[Fact, ...]:
    summary = record.summary
    terms = record.start.terms if record.start else Terms()
    phases = record.start.phases if record.start else ()
    return (
        Fact("Target", summary.target, code=True),
        Fact("Document", f"{summary.document_title} {summary.document_version}"),
        Fact("Digest", summary.document_digest, code=True),
        Fact("Suite", f"factify-contract {summary.suite_version}"),
        Fact("Seed", str(summary.seed), code=True),
        Fact("Tier", terms.tier),
        Fact("Phases", _listed(phases)),
        Fact("Stories", f"{len(summary.stories)}, of {_listed(terms.suites) or 'all suites'}"),
        Fact("Budget", _budget(terms)),
        Fact("People", _listed(terms.people)),
        Fact("Adapters", _listed(terms.adapters)),
        Fact("Sent", plural(summary.requests, "request")),
        Fact("Began", record.began.strftime("%Y-%m-%d %H:%M:%S %Z").strip(), volatile=True),
        Fact("Took", f"{summary.elapsed:.1f} s", volatile=True),
    )


def _budget(terms: Terms) -> str:
    parts = [
        plural(terms.examples, "example") + " for each operation" if terms.examples else "",
        f"{plural(terms.plays, 'life cycle')} of {plural(terms.steps, 'step')}" if terms.plays else "",
        "any number of requests"
        if terms.most_requests is None
        else f"at most {plural(terms.most_requests, 'request')}",
        "read only" if terms.is_read_only else _objects(terms),
    ]
    return ", ".join(part for part in parts if part)


def _objects(terms: Terms) -> str:
    if terms.has_sandboxes:
        return "in sandboxes of its own"
    if terms.most_objects is None:
        return "any number of objects"
    return f"at most {plural(terms.most_objects, 'object')}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)
