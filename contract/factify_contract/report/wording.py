"""How a finding reads as plain text, in every report alike."""

import re
from collections.abc import Iterable
from itertools import groupby

from factify_contract.clauses import Catalogue
from factify_contract.findings import Finding

# What would break a line, or move a terminal's cursor, is shown as its escape instead.
_ESCAPES = {code: repr(chr(code))[1:-1] for code in (*range(0x20), *range(0x7F, 0xA0))}

# How curl names a file in a form; quotes stand around the whole word where its name needs them.
_UPLOADED = re.compile(r"-F '?[^ =']+=@([^']+?)(?='| -|$)")


def one_line(text: str) -> str:
    """The text on one line and without control characters; what a target sent may hold any."""
    return text.translate(_ESCAPES)


def finding_lines(finding: Finding, catalogue: Catalogue, *, occurrences: int = 1) -> list[str]:
    """The finding in full: clause, promise, level, what was expected and came, steps, replay, source."""
    sentence = catalogue[finding.clause].sentence
    times = f", met {occurrences} times" if occurrences > 1 else ""
    lines = [f"{finding.clause} ({finding.level}{times})", f"  promise    {sentence}"]
    if finding.message != sentence:
        lines.append(f"  what       {finding.message}")
    lines += [
        f"  expected   {finding.expected}",
        f"  actual     {finding.actual}",
        f"  operation  {finding.operation or '-'}",
        f"  source     {finding.source}",
        f"  fingerprint {finding.fingerprint}",
    ]
    if finding.steps:
        lines.append("  steps")
        lines += _numbered(finding.steps)
    return [one_line(line) for line in lines]


def _numbered(steps: tuple[str, ...]) -> list[str]:
    """The steps with their numbers; a run of equal steps takes one line."""
    lines: list[str] = []
    number = 1
    for step, run in groupby(steps):
        count = len(list(run))
        span = f"{number:2}" if count == 1 else f"{number:2}-{number + count - 1}"
        lines.append(f"    {span}. {step}")
        number += count
    return lines


def replay_lines(finding: Finding) -> list[str]:
    """The commands that send the finding's requests again."""
    return [one_line(f"    {command}") for command in finding.curl]


def files_named(commands: Iterable[str]) -> str:
    """Which files the commands upload, and that they are nowhere; empty where they upload none."""
    names = dict.fromkeys(name for command in commands for name in _UPLOADED.findall(command))
    if not names:
        return ""
    stand = "stands for a file" if len(names) == 1 else "stand for files"
    return one_line(f"{', '.join(names)} {stand} that the run made; put one of your own there")
