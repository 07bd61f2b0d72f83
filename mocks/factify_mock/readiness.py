"""How a server tells others that it is ready, and where: one line, or a file while it runs."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factify_contract.errors import UsageError


@dataclass(frozen=True, slots=True)
class ReadyLine:
    """The address of a mock and its first world, with the tokens of everybody in it."""

    url: str
    world: Mapping[str, Any]
    has_control: bool = True

    @property
    def control_url(self) -> str | None:
        """Where the control plane is; None where there is none."""
        return f"{self.url}/__mock__" if self.has_control else None

    def as_json(self) -> str:
        """The line for programs, without a line break."""
        return json.dumps({"url": self.url, "control_url": self.control_url, "world": dict(self.world)})

    def as_text(self) -> str:
        """The line for people, without a token."""
        control = f"control {self.control_url}" if self.has_control else "no control plane"
        return f"factify-mock ready at {self.url} ({control})"


@contextmanager
def kept_in(path: Path | None, ready: ReadyLine) -> Iterator[None]:
    """While the block runs the file holds the line, whole from the first moment, for its owner's eyes only.

    UsageError where it cannot be written.
    """
    if path is None:
        yield
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    line = f"{ready.as_json()}\n"
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(line)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise UsageError(f"The ready file {str(path)!r} cannot be written: {error.strerror}") from error
    try:
        yield
    finally:
        # A server that was started meanwhile may have put its own line there.
        if _holds(path, line):
            path.unlink(missing_ok=True)


def _holds(path: Path, line: str) -> bool:
    try:
        return path.read_text(encoding="utf-8") == line
    except OSError:
        return False
