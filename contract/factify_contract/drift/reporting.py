"""The drift between two documents as text for people, as Markdown for a page, and as JSON for programs."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from factify_contract.drift.touching import Drift, Touched
from factify_contract.report.wording import one_line
from factify_contract.spec.diff import Change, Direction, Verdict

# More names than these hide the change they belong to; JSON has them all.
_MOST_NAMES = 6


def as_text(drift: Drift) -> str:
    """Changes under the words for whom they break, changes of wording by their number, and the sum."""
    lines = [f"{drift.old} -> {drift.new}", ""]
    for verdict, group in _groups(drift):
        lines += [f"{verdict.words}:", *(line for touched in group for line in _lines(touched)), ""]
    wording = _wording(drift)
    if wording:
        lines += [f"wording only: {wording}", ""]
    return "\n".join(map(one_line, [*lines, _sum(drift)]))


def _lines(touched: Touched) -> Iterator[str]:
    change = touched.change
    yield f"  {change.place}: {_said(change)} [{change.rule.id}]"
    about = [("operations", _uses(change)), ("clauses", touched.clauses), ("stories", touched.stories)]
    if change.operations == (change.place,):
        del about[0]
    yield from (f"      {word}: {_few(names)}" for word, names in about if names)


def as_markdown(drift: Drift) -> str:
    """A table for each kind of verdict, then changes of wording by their number, and the sum."""
    lines = [f"# {_cell(drift.old)} → {_cell(drift.new)}", "", _sum(drift), ""]
    for verdict, group in _groups(drift):
        lines += [f"## {verdict.words.capitalize()}", ""]
        lines += ["| where | what | rule | operations | clauses | stories |", "|---|---|---|---|---|---|"]
        for touched in group:
            change = touched.change
            names = (_few(_uses(change)), _few(touched.clauses), _few(touched.stories))
            cells = (f"`{change.place}`", _said(change), f"`{change.rule.id}`", *names)
            lines.append(f"| {' | '.join(map(_cell, cells))} |")
        lines.append("")
    if wording := _wording(drift):
        lines += [f"Wording only: {wording}.", ""]
    return "\n".join(lines).rstrip()


def as_json(drift: Drift) -> str:
    """Everything, changes of wording too; `verdict` is the value of a Verdict."""
    value = {
        "old": drift.old,
        "new": drift.new,
        "breaks_clients": drift.breaks_clients,
        "breaks_implementations": drift.breaks_implementations,
        "counts": {verdict.value: count for verdict, count in drift.counts.items()},
        "changes": [
            {
                "rule": touched.change.rule.id,
                "verdict": touched.change.verdict.value,
                "place": touched.change.place,
                "sentence": touched.change.rule.sentence,
                "old": touched.change.old or None,
                "new": touched.change.new or None,
                "uses": [
                    {"operation": use.operation, "direction": use.direction} for use in touched.change.uses
                ],
                "clauses": touched.clauses,
                "stories": touched.stories,
            }
            for touched in drift.changes
        ],
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


FORMATS: dict[str, Callable[[Drift], str]] = {"text": as_text, "markdown": as_markdown, "json": as_json}


def _groups(drift: Drift) -> Iterator[tuple[Verdict, list[Touched]]]:
    told = [touched for touched in drift.changes if not touched.change.is_wording]
    for verdict in Verdict:
        if group := [touched for touched in told if touched.change.verdict is verdict]:
            yield verdict, group


def _wording(drift: Drift) -> str:
    counted = Counter(touched.change.rule.id for touched in drift.changes if touched.change.is_wording)
    return ", ".join(f"{count} {rule}" for rule, count in sorted(counted.items()))


def _said(change: Change) -> str:
    if change.old and change.new:
        return f"{change.rule.sentence} ({change.old} -> {change.new})"
    value = change.old or change.new
    return f"{change.rule.sentence} ({value})" if value else change.rule.sentence


def _uses(change: Change) -> list[str]:
    """Each operation once, with the direction where the place is used in one only."""
    directions: dict[str, list[Direction | None]] = {}
    for use in change.uses:
        directions.setdefault(use.operation, []).append(use.direction)
    return [
        f"{name} ({' and '.join(direction for direction in found if direction)})" if any(found) else name
        for name, found in directions.items()
    ]


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown


def _sum(drift: Drift) -> str:
    if not drift.changes:
        return "no changes"
    counts = ", ".join(f"{count} {verdict.words}" for verdict, count in drift.counts.items() if count)
    return f"{len(drift.changes)} changes: {counts}"


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")
