"""Recordings as `factify-mock record` writes them: one line of JSON for each exchange."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factify_contract.errors import UsageError

_FORMAT = 1
_FIELDS = frozenset({"operation", "caller", "path", "query", "body", "status", "media_type", "answer"})


@dataclass(frozen=True, slots=True)
class Recorded:
    """One exchange with another service, in stand-ins. `line` is where it is in the file.

    `caller` is the name of an identity, the stand-in of a token, `malformed`, or None for nobody.
    `body` is None, or has one of `json`, `form` and `bytes`; `answer` None, or one of `json` and `bytes`.
    """

    line: int
    operation: str
    caller: str | None
    path: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    body: Mapping[str, Any] | None
    status: int
    media_type: str
    answer: Mapping[str, Any] | None

    @property
    def is_refused(self) -> bool:
        """Whether the service refused the call."""
        return self.status >= 400


@dataclass(frozen=True, slots=True)
class Recording:
    """The exchanges in the order in which they were answered; `callers` are the names of known people."""

    callers: tuple[str, ...]
    exchanges: tuple[Recorded, ...]

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """The recording in the file; UsageError names the first line that is none."""
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"the recording {str(path)!r} cannot be read: {error}") from error
        head = _object(lines[0], path, 1) if lines else {}
        if head.get("recording") != _FORMAT:
            raise UsageError(
                f"{str(path)!r} is no recording of format {_FORMAT};"
                " make one with: factify-mock record --upstream URL --output FILE"
            )
        return cls(tuple(head.get("callers") or ()), tuple(_exchanges(lines, path)))

    @property
    def strangers(self) -> tuple[str, ...]:
        """Callers whom nobody named, in the order of their first calls; keys made on the way are none."""
        made = {
            secret
            for each in self.exchanges
            if each.answer is not None and not each.is_refused
            for secret in _secrets(each.answer.get("json"))
        }
        callers = dict.fromkeys(each.caller for each in self.exchanges)
        known = {*self.callers, *made, "malformed", None}
        return tuple(caller for caller in callers if caller is not None and caller not in known)


def _exchanges(lines: list[str], path: Path) -> Iterator[Recorded]:
    for number, text in enumerate(lines[1:], start=2):
        line = _object(text, path, number)
        try:
            yield Recorded(
                line=number,
                **{name: line[name] for name in _FIELDS - {"query"}},
                query=tuple((name, value) for name, value in line["query"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise UsageError(f"line {number} of {str(path)!r} is no recorded exchange: {error!r}") from error


def _object(text: str, path: Path, number: int) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise UsageError(f"line {number} of {str(path)!r} is no JSON: {error}") from error
    if not isinstance(line, dict):
        raise UsageError(f"line {number} of {str(path)!r} is no JSON object")
    return line


def _secrets(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name == "secret" and isinstance(item, str):
                yield item
            else:
                yield from _secrets(item)
    elif isinstance(value, list):
        for item in value:
            yield from _secrets(item)
