"""How the defects of a document read: as text, JSON and Markdown."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from factify_contract.report.wording import one_line
from factify_contract.spec.lint import Defect, Rule, Severity

_ORDER = tuple(Severity)


def _by_rule(defects: Sequence[Defect]) -> Iterator[tuple[Rule, list[Defect]]]:
    """Rule by rule, the gravest first."""
    worst_first = sorted(defects, key=lambda defect: _ORDER.index(defect.rule.severity))
    for rule, group in groupby(worst_first, key=lambda defect: defect.rule):
        yield rule, list(group)


def _counted(defects: Sequence[Defect], accepted: int) -> str:
    own = [defect for defect in defects if not defect.accepted]
    counts = [(sum(each.rule.severity is severity for each in own), severity) for severity in _ORDER]
    told = ", ".join(f"{count} {severity}{'s' if count > 1 else ''}" for count, severity in counts if count)
    return (told or "no defects") + (f"; {accepted} more that the document accepts" if accepted else "")


def as_text(defects: Sequence[Defect], accepted: int) -> Iterator[str]:
    """The defects rule by rule, and a line that counts them; `accepted` is how many the document accepts."""
    for rule, group in _by_rule(defects):
        yield f"{rule.severity}: {rule.id}: {rule.sentence}"
        yield f"  why   {rule.why}"
        yield f"  next  {rule.advice}"
        for defect in group:
            yield one_line(f"    {defect.pointer}: {defect.detail}")
            if defect.accepted:
                yield one_line(f"      accepted: {defect.accepted}")
        yield ""
    yield _counted(defects, accepted)


def as_markdown(defects: Sequence[Defect], accepted: int, *, name: str) -> Iterator[str]:
    """The same as a page."""
    yield f"# Defects of {name}"
    yield f"\n{_counted(defects, accepted)}"
    for rule, group in _by_rule(defects):
        yield f"\n## {rule.id} ({rule.severity})"
        yield f"\n{rule.sentence} {rule.why}\n\n{rule.advice}\n"
        for defect in group:
            because = f" (accepted: {one_line(defect.accepted)})" if defect.accepted else ""
            yield f"- `{defect.pointer}`: {one_line(defect.detail)}{because}"


def as_json(defects: Sequence[Defect]) -> list[dict[str, Any]]:
    """Every defect as an object, in the order in which they were found."""
    return [
        {
            "rule": defect.rule.id,
            "severity": defect.rule.severity.value,
            "pointer": defect.pointer,
            "detail": defect.detail,
            "sentence": defect.rule.sentence,
            "why": defect.rule.why,
            "advice": defect.rule.advice,
            "accepted": defect.accepted or None,
        }
        for defect in defects
    ]
