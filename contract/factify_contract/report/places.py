"""Where in the text of a document an operation stands, so that tools can show a finding beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_OPERATION = re.compile(r"""^\s*["']?operationId["']?\s*:\s*["']?([\w.-]+)""")


@dataclass(frozen=True)
class Place:
    """The file of the document that a target is judged by; `shown_as` is its path as readers know it."""

    document: Path
    shown_as: str

    def line_of(self, operation: str | None) -> int:
        """The line of the operation's id, counted from 1; 1 for none, or where it shares its line."""
        return self._lines.get(operation or "", 1)

    @cached_property
    def _lines(self) -> Mapping[str, int]:
        lines: dict[str, int] = {}
        for number, line in enumerate(self.document.read_text(encoding="utf-8").splitlines(), start=1):
            if found := _OPERATION.match(line):
                lines.setdefault(found[1], number)
        return lines
