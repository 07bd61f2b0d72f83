"""What a world received: a bounded list of calls, put into words only when someone asks."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

import msgspec

from factify_mock.model.ids import BASE32

# Enough for a long test; the oldest calls make room for new ones.
KEPT_CALLS = 1000

# Larger bodies are cut, so that a full journal stays within some ten megabytes.
KEPT_BYTES = 16 * 1024

# Where an answer tells of its next page: at its end.
_NEXT_PAGE = re.compile(rb'"next_(?:page_token|cursor)":"([^"]+)"')
_TAIL = 4096

_HIDDEN = frozenset({b"authorization", b"cookie", b"proxy-authorization"})


@dataclass(frozen=True, slots=True)
class Notes:
    """What is known of few calls only."""

    fault_id: str | None = None  # the plan that struck the call
    hides_success: bool = False  # the call took effect, and its client was not told
    retry_after: int | None = None  # seconds, as the answer said
    next_page_token: str | None = None  # of an answer that is too large to be kept
    unread: tuple[str, ...] = ()  # fields of query and body that nobody looked at


NOTHING_SPECIAL = Notes()


# One is made for every call, and a Struct is made in a fraction of a frozen dataclass's time.
class Entry(msgspec.Struct, frozen=True):
    """One received call and its answer."""

    ordinal: int
    at: datetime
    method: str
    path: str
    query_string: bytes
    operation_id: str | None
    actor_id: str | None
    status: int | None  # None: the connection was dropped before an answer
    request_headers: list[tuple[bytes, bytes]]
    request_body: bytes
    response_body: bytes
    arrived: datetime  # in real time, whatever the world's clock shows
    is_handled: bool = False  # carried out, and not answered from a sample
    notes: Notes = NOTHING_SPECIAL


class Journal:
    """The calls that one world received; numbers go on counting when old calls are dropped."""

    __slots__ = ("_entries", "_name", "count", "forgotten")

    def __init__(self, name: str, count: int = 0) -> None:
        self._name = name
        self._entries: deque[Entry] = deque(maxlen=KEPT_CALLS)
        self.count = count
        self.forgotten = 0  # calls that had to make room for later ones

    def next_ordinal(self) -> int:
        """The number of the call that is beginning."""
        self.count += 1
        return self.count

    def request_id(self, ordinal: int) -> str:
        """The id of a call: the same for the same world and number, and made only when it is needed."""
        digest = blake2b(f"{self._name}/{ordinal}".encode(), digest_size=26).digest()
        return "req_0" + "".join(BASE32[byte & 31] for byte in digest[1:])

    def add(self, entry: Entry) -> None:
        """The call is on record."""
        if len(self._entries) == KEPT_CALLS:
            self.forgotten += 1
        self._entries.append(entry)

    def clear(self) -> None:
        """No call is on record; numbers go on counting."""
        self._entries.clear()
        self.forgotten = 0

    def newest_first(self, operation_id: str | None = None) -> Iterator[Entry]:
        """The calls on record, or those of one operation, the latest first."""
        for entry in reversed(self._entries):
            if operation_id is None or entry.operation_id == operation_id:
                yield entry


def kept(body: bytes) -> bytes:
    """As much of `body` as a journal remembers."""
    return body if len(body) <= KEPT_BYTES else body[:KEPT_BYTES]


def cut_off_page_token(body: bytes) -> str | None:
    """The token of the next page in an answer of which the journal keeps the beginning only."""
    if len(body) <= KEPT_BYTES:
        return None
    found = _NEXT_PAGE.search(body, len(body) - _TAIL)
    return found[1].decode("latin-1") if found else None


def as_json(entry: Entry, request_id: str, at: str) -> dict[str, Any]:
    """An entry in the words of the control plane, without secrets."""
    return {
        "id": request_id,
        "at": at,
        "method": entry.method,
        "path": entry.path,
        "query": entry.query_string.decode("latin-1"),
        "operation_id": entry.operation_id,
        "actor_id": entry.actor_id,
        "status": entry.status,
        "request_headers": [
            [name.decode("latin-1"), "redacted" if name in _HIDDEN else value.decode("latin-1")]
            for name, value in entry.request_headers
        ],
        "request_body": _readable(entry.request_body),
        "response_body": _readable(entry.response_body),
        "fault_id": entry.notes.fault_id,
    }


def _readable(body: bytes) -> Any:
    """JSON as JSON, text as text, nothing as null."""
    if not body:
        return None
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return body.decode("utf-8", "replace")
