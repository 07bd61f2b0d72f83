"""Where two answers to the same call differ: in status, in the fields present, in their types."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from factify_contract.comparison.correspondence import Correspondence
from factify_contract.spec import parse_timestamp

ABSENT = "absent"
_IDENTIFIER = re.compile(r"([a-z]{2,8})_[0-9a-hjkmnp-tv-z]{26}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://")


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """`place` is `status`, `media type`, or a field such as `items.*.title`; `*` is any item of a list."""

    place: str
    recorded: str
    actual: str


def differences(
    recorded: Any, actual: Any, known: Correspondence, place: str = "body"
) -> Iterator[Difference]:
    """Where the two JSON values differ; values of the same type are as good as equal."""
    if isinstance(recorded, Mapping) and isinstance(actual, Mapping):
        for name in sorted({*recorded, *actual}):
            below = f"{place}.{name}"
            if name not in recorded or name not in actual:
                is_lost = name not in actual
                yield Difference(
                    below,
                    type_of(recorded[name]) if is_lost else ABSENT,
                    ABSENT if is_lost else type_of(actual[name]),
                )
            else:
                yield from differences(recorded[name], actual[name], known, below)
    elif isinstance(recorded, list) and isinstance(actual, list):
        for one, other in known.aligned(recorded, actual):
            yield from differences(one, other, known, f"{place}.*")
    elif type_of(recorded) != type_of(actual):
        yield Difference(place, type_of(recorded), type_of(actual))


def type_of(value: Any) -> str:
    """The type of a JSON value; of texts also the form that the API gives them."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return _form_of(value)
        case list():
            return "list"
        case _:
            return "object"


def _form_of(text: str) -> str:
    if found := _IDENTIFIER.fullmatch(text):
        return f"id {found[1]}_…"
    if _UUID.fullmatch(text):
        return "uuid"
    if _URL.match(text):
        return "url"
    try:
        parse_timestamp(text)
    except ValueError:
        return "text"
    return "timestamp"
