"""A comparison as text for people, as Markdown for a page, and as JSON for programs."""

import json
from collections.abc import Callable

from factify_contract.comparison.comparing import Comparison
from factify_contract.report.wording import one_line

# Enough to find an example in the recording.
_MOST_LINES = 3


def as_text(comparison: Comparison) -> str:
    """Operations with differences or skipped calls, then the sum."""
    lines = []
    for name, seen in comparison.operations.items():
        if not seen.differences and not seen.skipped:
            continue
        lines.append(f"{name}: {seen.compared} compared, {seen.skipped.total()} skipped")
        for each, where in seen.differences.items():
            said = f"{each.place}: recorded {each.recorded}, here {each.actual}"
            lines.append(f"  differs  {said} ({_where(where)})")
        lines += [f"  skipped  {count} times: {reason}" for reason, count in seen.skipped.items()]
    return "\n".join(map(one_line, [*lines, _sum(comparison)]))


def as_markdown(comparison: Comparison) -> str:
    """A table of the differences, one of what was skipped, and the sum."""
    lines = ["# Comparison with a recording", "", _sum(comparison), ""]
    if comparison.count:
        lines += ["| operation | where | recorded | here | lines |", "|---|---|---|---|---|"]
        for name, seen in comparison.operations.items():
            for each, where in seen.differences.items():
                cells = (name, each.place, each.recorded, each.actual, _where(where))
                lines.append(f"| {' | '.join(map(_cell, cells))} |")
        lines.append("")
    if comparison.skipped:
        lines += ["| operation | skipped | why |", "|---|---|---|"]
        for name, seen in comparison.operations.items():
            lines += [f"| {name} | {count} | {_cell(reason)} |" for reason, count in seen.skipped.items()]
        lines.append("")
    return "\n".join(lines).rstrip()


def as_json(comparison: Comparison) -> str:
    """Everything; `lines` are lines of the recording."""
    operations = {
        name: {
            "compared": seen.compared,
            "skipped": dict(seen.skipped),
            "differences": [
                {"place": each.place, "recorded": each.recorded, "actual": each.actual, "lines": where}
                for each, where in seen.differences.items()
            ],
        }
        for name, seen in comparison.operations.items()
    }
    value = {
        "agrees": comparison.agrees,
        "compared": comparison.compared,
        "skipped": comparison.skipped,
        "differences": comparison.count,
        "operations": operations,
    }
    return json.dumps(value, indent=2, ensure_ascii=False)


FORMATS: dict[str, Callable[[Comparison], str]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}


def _sum(comparison: Comparison) -> str:
    differing = sum(1 for seen in comparison.operations.values() if seen.differences)
    told = (
        f"{comparison.compared} exchanges compared, {comparison.skipped} skipped,"
        f" {comparison.count} differences in {differing} operations"
    )
    return told if comparison.compared else f"{told}: nothing could be compared"


def _where(lines: list[int]) -> str:
    shown = ", ".join(map(str, lines[:_MOST_LINES])) + (", …" if len(lines) > _MOST_LINES else "")
    return f"line {shown}" if len(lines) == 1 else f"{len(lines)} times: lines {shown}"


def _cell(text: str) -> str:
    return one_line(text).replace("|", "\\|")
