"""Where in the text of a document an operation stands, so that tools can show a finding beside it."""

import re
from collections.abc import Mapping
from pathlib import Path

_OPERATION = re.compile(r"""^\s*["']?operationId["']?\s*:\s*["']?([\w.-]+)""")


def operation_lines(document: Path) -> Mapping[str, int]:
    """The line of each operation's id in a JSON or YAML document that is written one key a line.

    Lines count from 1; an operation that stands on a line with others is left out.
    """
    lines: dict[str, int] = {}
    for number, line in enumerate(document.read_text(encoding="utf-8").splitlines(), start=1):
        if found := _OPERATION.match(line):
            lines.setdefault(found[1], number)
    return lines
