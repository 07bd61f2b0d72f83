"""One record as one JSON object: its fields by their names, times in RFC 3339, what is absent left out."""

from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast, get_args

import msgspec

from factify_contract.spec import parse_timestamp
from factify_mock.api.render.values import timestamp

T = TypeVar("T")
Row = dict[str, Any]


def row_of(record: Any) -> Row:
    """The record's fields; JSON may hold all of them as they are but times and pairs."""
    values = ((each.name, getattr(record, each.name)) for each in fields(record))
    return {name: _plain(value) for name, value in values if value is not None}


def record_of(kind: type[T], row: Row) -> T:
    """The record that a row stands for; it has to be valid against the schema of its kind."""
    times, absent = _known_of(cast("Any", kind))
    values = {name: _typed(value, is_time=name in times) for name, value in row.items()}
    # To JSON Schema 1.0 is an integer, to msgspec only when it is not strict.
    return msgspec.convert({**absent, **values}, kind, builtin_types=(datetime,), strict=False)


@cache
def _known_of(kind: type[Any]) -> tuple[frozenset[str], Row]:
    """The fields that are times, and nothing for each of those that may be left out."""
    times = frozenset(each.name for each in fields(kind) if each.type in (datetime, datetime | None))
    optional = (each.name for each in fields(kind) if type(None) in get_args(each.type))
    return times, dict.fromkeys(optional)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return timestamp(value)
    return dict(value) if isinstance(value, tuple) else value


def _typed(value: Any, *, is_time: bool) -> Any:
    if is_time:
        return parse_timestamp(value)
    return tuple(value.items()) if isinstance(value, dict) else value
