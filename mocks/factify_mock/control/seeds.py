"""Snapshots that worlds begin with: those that come under a name, and those in files."""

from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from factify_contract.errors import advice_on
from factify_mock.control.description import document
from factify_mock.model.errors import invalid
from factify_mock.snapshots.snapshot import Snapshot
from factify_mock.store.blobs import Blobs

# Where named snapshots lie, as data: nothing of this package is called, and a server without it has none.
_SHELF = "factify_fixtures.worlds"
_SUFFIX = ".json"


def is_file(world: str) -> bool:
    """Whether this is a file and not the name of a shipped snapshot.

    So is what has a suffix or a folder and does not exist, so that the message speaks of a file.
    """
    path = Path(world)
    return bool(path.suffix) or path.name != world or (path.is_file() and world not in _shipped())


class Seeds:
    """The snapshots that one server has read, each of them once."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._read: dict[str, Snapshot] = {}

    def begun_with(self, world: str) -> Snapshot:
        """The snapshot in the file, or of the name; a DomainError says what is wrong with it."""
        return self.in_file(Path(world)) if is_file(world) else self.named(world)

    def named(self, name: str) -> Snapshot:
        """The snapshot of this name; a DomainError lists the names that there are."""
        found = self._read.get(name)
        if found is None:
            shipped = _shipped()
            if name not in shipped:
                advice = advice_on(name[:100], sorted(shipped)) if shipped else "none are installed"
                raise invalid("seed_name", f"There is no named world {name[:100]!r}; {advice}")
            found = self._read[name] = self._snapshot(shipped[name])
        return found

    def in_file(self, path: Path) -> Snapshot:
        """The snapshot in a file; a DomainError says what is wrong with it."""
        try:
            return self._snapshot(path.read_bytes())
        except OSError as error:
            raise invalid("world", f"The file cannot be read: {error.strerror or error}") from error

    def _snapshot(self, encoded: bytes) -> Snapshot:
        try:
            words: Any = msgspec.json.decode(encoded)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise invalid("world", f"The snapshot is not valid JSON: {error}") from error
        if not isinstance(words, dict):
            raise invalid("world", "A snapshot is a JSON object")
        for problem in document().schema("Snapshot").problems(words, limit=1):
            raise invalid(problem.param, problem.message)
        return Snapshot.read(words, self._blobs)


def _shipped() -> dict[str, bytes]:
    try:
        shelf = files(_SHELF)
    except ModuleNotFoundError:
        return {}
    names = (each.name for each in shelf.iterdir() if each.name.endswith(_SUFFIX))
    return {name.removesuffix(_SUFFIX): (shelf / name).read_bytes() for name in names}
