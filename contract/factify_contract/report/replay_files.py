"""replay-*.json: one file for each finding that can be seen again by `factify-contract replay`."""

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factify_contract.events import Event, FindingMade
from factify_contract.findings import Finding

PATTERN = "replay-*.json"


@dataclass(frozen=True, slots=True)
class Replaying:
    """How the findings of a run are played again: the folder of their files, and the words of its target."""

    folder: Path
    target: Sequence[str] = ()

    def command(self, finding: Finding) -> str:
        """What to type where the run was called."""
        path = self.folder / PATTERN.replace("*", finding.fingerprint)
        return shlex.join(["factify-contract", "replay", str(path), *self.target])


class ReplayFiles:
    """Writes a file when a finding is made. Mutable: of two with one fingerprint, the shorter one stays."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lengths: dict[str, int] = {}

    def receive(self, event: Event) -> None:
        """Writes the file of a finding that comes with a replay."""
        if not isinstance(event, FindingMade) or event.replay is None:
            return
        finding = event.finding
        if len(finding.steps) >= self._lengths.get(finding.fingerprint, len(finding.steps) + 1):
            return
        self._lengths[finding.fingerprint] = len(finding.steps)
        about = {"clause": finding.clause, "operation": finding.operation, "expected": finding.expected}
        path = self._folder / PATTERN.replace("*", finding.fingerprint)
        path.write_text(_text({"format": 1, **about, **event.replay}), encoding="utf-8", errors="replace")


def _text(content: Mapping[str, Any]) -> str:
    """The content as JSON, each entry and each step of a script on a line of its own."""
    lines = []
    for name, value in content.items():
        shown = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list):
            steps = ",\n    ".join(json.dumps(step, ensure_ascii=False) for step in value)
            shown = f"[\n    {steps}\n  ]"
        lines.append(f"  {json.dumps(name)}: {shown}")
    return "{\n" + ",\n".join(lines) + "\n}\n"
