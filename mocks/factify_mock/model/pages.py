"""Pages of an ordered list, and the opaque tokens that lead from one to the next and back."""

import json
from base64 import b64decode, urlsafe_b64encode
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from factify_mock.model.errors import DomainError, invalid

T = TypeVar("T")
Position = tuple[str | int, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

# No token made here comes near this length, so that a longer one need not be decoded to be refused.
_LONGEST_TOKEN = 4096


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list; `has_more` speaks of what follows, a token is "" where there is nowhere to go."""

    items: list[T]
    has_more: bool
    next_token: str
    prev_token: str


def moment(at: datetime) -> int:
    """`at` as microseconds since 1970: how an instant stands in a position."""
    return (at - _EPOCH) // _MICROSECOND


def paginate(
    items: Sequence[T],
    *,
    token: str | None,
    size: int,
    position: Callable[[T], Position],
    descending: bool,
    binding: Mapping[str, Any],
) -> Page[T]:
    """At most `size` of `items`, from the place that `token` names; without a token, from the start.

    `items` are filtered and sorted by `position`, which is different for each of them (it ends in the id)
    and is all that a token remembers: an item that comes or goes between two calls shifts nothing, and
    pages join without a gap or a repetition. `binding` is what else makes the list this list: its kind,
    its owner, filters and sort, as JSON values. A token of another list is refused as invalid_cursor.
    """
    seal = _seal(binding)
    start, end = 0, size
    if token:
        at, backwards = _read(token, seal)
        try:
            if backwards:
                end = _boundary(items, at, position, descending, beyond=False) if at else len(items)
                start = max(0, end - size)
            else:
                start = _boundary(items, at, position, descending, beyond=True)
                end = start + size
        except TypeError:
            raise _refused() from None
    page = list(items[start:end])
    has_more = end < len(items)
    return Page(
        page,
        has_more,
        _write(position(page[-1]), "next", seal) if page and has_more else "",
        _write(position(page[0]) if page else (), "prev", seal) if start else "",
    )


def _boundary(
    items: Sequence[T],
    at: Position,
    position: Callable[[T], Position],
    descending: bool,
    *,
    beyond: bool,
) -> int:
    """The index of the first item at `at` or later; with `beyond`, of the first one later than that."""

    def is_later(index: int) -> bool:
        here = position(items[index])
        if beyond:
            return here < at if descending else here > at
        return here <= at if descending else here >= at

    return bisect_left(range(len(items)), True, key=is_later)


def _seal(binding: Mapping[str, Any]) -> str:
    text = json.dumps(binding, sort_keys=True, separators=(",", ":"))
    return blake2b(text.encode(), digest_size=8).hexdigest()


def _write(at: Position, direction: str, seal: str) -> str:
    text = json.dumps({"at": at, "d": direction, "f": seal}, separators=(",", ":"), ensure_ascii=False)
    return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _read(token: str, seal: str) -> tuple[Position, bool]:
    if len(token) > _LONGEST_TOKEN:
        raise _refused()
    try:
        padded = token.encode("ascii") + b"=" * (-len(token) % 4)
        cursor = json.loads(b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, RecursionError):
        raise _refused() from None
    match cursor:
        case {"at": list(at), "d": "next" | "prev" as direction, "f": str(found)} if found == seal:
            return tuple(at), direction == "prev"
    raise _refused()


def _refused() -> DomainError:
    message = "page_token is not a token of this list with these filters"
    return invalid("page_token", message, reason="invalid_cursor")
