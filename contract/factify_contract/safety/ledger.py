"""The ledger of a run: a file that knows of everything that was written, whatever happens to the run."""

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from factify_contract.errors import ContractError, UsageError
from factify_contract.safety.holdings import Entry, Holdings

_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Header:
    """The first line: which run, where, and what the names of all that it makes contain."""

    run: str
    prefix: str
    target: str
    organization_id: str
    began: str


class Ledger:
    """Appends entries, each a line of JSON that is with the operating system before the next request.

    Mutable: `holdings` is what the entries come to, `calls` the greatest number of a call. What was
    written survives the end of this process in any way, though not a power cut.
    """

    def __init__(self, path: Path, header: Header) -> None:
        """Begins the file; UsageError when it is there already, or cannot be made."""
        self.path = path
        self.header = header
        self.holdings = Holdings()
        self.calls = 0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except FileExistsError:
            raise UsageError(
                f"the ledger {str(path)!r} is there already; clean up with factify-contract cleanup, then"
                " remove it, or choose another name"
            ) from None
        except OSError as error:
            raise UsageError(f"the ledger {str(path)!r} cannot be written: {error.strerror}") from error
        self._write({"ledger": _FORMAT, **asdict(header)})

    @classmethod
    def open(cls, path: Path) -> "Ledger":
        """The ledger of an earlier run, to be gone on with; UsageError when it is none."""
        header, entries = _read(path)
        ledger = cls.__new__(cls)
        ledger.path, ledger.header, ledger.holdings = path, header, Holdings()
        for entry in entries:
            ledger.holdings.apply(entry)
        ledger.calls = max(
            (entry["call"] for entry in entries if isinstance(entry.get("call"), int)), default=0
        )
        try:
            ledger._file = os.open(path, os.O_WRONLY | os.O_APPEND)
        except OSError as error:
            raise UsageError(f"the ledger {str(path)!r} cannot be written: {error.strerror}") from error
        # What was cut short when the run died must not swallow the next entry.
        os.write(ledger._file, b"\n")
        return ledger

    def note(self, entry: Entry) -> None:
        """The entry is in the file and counts; ContractError when it cannot be written."""
        self._write(entry)
        self.holdings.apply(entry)

    def close(self) -> None:
        """Gives up the file."""
        os.close(self._file)

    def _write(self, entry: Mapping[str, Any]) -> None:
        line = json.dumps(entry, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise ContractError(f"the ledger {str(self.path)!r} cannot be written: {error}") from error
        if written < len(line):
            raise ContractError(f"the ledger {str(self.path)!r} cannot be written: the disk is full")


def _read(path: Path) -> tuple[Header, list[Entry]]:
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise UsageError(f"the ledger {str(path)!r} cannot be read: {error.strerror}") from error
    entries = list(_entries(lines))
    first = entries[0] if entries else {}
    if first.get("ledger") != _FORMAT:
        raise UsageError(f"{str(path)!r} is no ledger of factify-contract")
    try:
        header = Header(**{name: str(first[name]) for name in Header.__slots__})
    except KeyError as error:
        raise UsageError(f"the ledger {str(path)!r} has no {error.args[0]!r} in its first line") from error
    return header, entries[1:]


def _entries(lines: list[bytes]) -> Iterator[Entry]:
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry
