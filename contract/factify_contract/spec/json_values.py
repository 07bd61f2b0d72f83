"""Which Python values are JSON, and how one is shown in a sentence."""

import json
from collections.abc import Iterable
from math import isfinite
from typing import Any

# Deeper than any document of the API, and far from the depth at which a validator's native stack
# overflows and takes the process along (tens of thousands of levels).
MAX_DEPTH = 256

# JSON puts no bound on numbers. Python refuses to print integers of more than 4300 digits, and so
# does the validator's bridge, which then judges them wrongly.
MAX_INTEGER_BITS = 8192

_SHOWN = 60  # characters of a value in a message


def survey(instance: Any) -> int | None:
    """How many values `instance` holds, itself included, or None when a validator could not judge it.

    None stands for what is no JSON: NaN or an infinity (a validator would take them for null), lone
    surrogates, bytes and other types, an integer beyond MAX_INTEGER_BITS, nesting beyond MAX_DEPTH.
    `misfit` tells which.
    """
    level = [instance]
    count = 0
    for _ in range(MAX_DEPTH):
        deeper: list[Any] = []
        for value in level:
            kind = type(value)
            if kind is str:
                if not value.isascii() and not _is_unicode(value):
                    return None
            elif kind is dict:
                if not _are_names(value):
                    return None
                deeper.extend(value.values())
            elif kind is list:
                deeper.extend(value)
            elif kind is bool or value is None:
                continue
            elif _misfit_of(value):
                return None
            elif isinstance(value, (dict, list, tuple)):
                deeper.extend(inner for _, inner in _children(value))
        count += len(level)
        if not deeper:
            return count
        level = deeper
    return None


def _are_names(value: dict[Any, Any]) -> bool:
    try:
        joined = "".join(value)
    except TypeError:
        return False
    return joined.isascii() or _is_unicode(joined)


def _is_unbounded(value: Any) -> bool:
    if isinstance(value, float):
        return not isfinite(value)
    return isinstance(value, int) and value.bit_length() > MAX_INTEGER_BITS


def misfit(instance: Any) -> tuple[list[str | int], str]:
    """The path to what makes `instance` something else than JSON, and a phrase that says why."""
    stack: list[tuple[list[str | int], Any]] = [([], instance)]
    while stack:
        path, value = stack.pop()
        if len(path) >= MAX_DEPTH:
            return path[:1], f"must not be nested deeper than {MAX_DEPTH} levels"
        reason = _misfit_of(value)
        if reason:
            return path, reason
        stack.extend(([*path, name], inner) for name, inner in _children(value))
    return [], "must be a JSON value"


def _misfit_of(value: Any) -> str:
    if _is_unbounded(value):
        return "must be a finite number" if isinstance(value, float) else "must not have that many digits"
    if isinstance(value, str) and not _is_unicode(value):
        return "must be valid Unicode, without lone surrogates"
    if isinstance(value, dict) and not _are_names(value):
        return "must have names that are valid Unicode text"
    if value is None or isinstance(value, (str, int, float, dict, list, tuple)):
        return ""
    return f"must be a JSON value, not {type(value).__name__}"


def _children(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, (list, tuple)) else ()


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def show(value: Any) -> str:
    """`value` for a sentence, never longer than a line and never failing, whatever it is."""
    if isinstance(value, str):
        # ASCII escapes keep control characters and lone surrogates out of logs and responses.
        shown = json.dumps(value[:_SHOWN], ensure_ascii=not value[:_SHOWN].isprintable())
        return shown if len(value) <= _SHOWN else f'{shown[:-1]}…" ({len(value)} characters)'
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int):
        return (
            str(value)
            if value.bit_length() < 160
            else f"a number of about {value.bit_length() * 3 // 10} digits"
        )
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if isinstance(value, (list, tuple)):
        return f"an array of {len(value)}" if value else "an empty array"
    return f"a {type(value).__name__}"


def shorten(name: str) -> str:
    """A field's name as it may appear in a message or a `param`, cut when somebody sent a novel."""
    clean = name if name.isprintable() else json.dumps(name)[1:-1]
    return clean if len(clean) <= _SHOWN else clean[:_SHOWN] + "…"


def dotted(root: str, path: Iterable[str | int]) -> str:
    """The name of a place, such as `recipients[0].role`; `root` alone when the path is empty."""
    name = root
    for step in path:
        if isinstance(step, int):
            name += f"[{step}]"
        else:
            name += f".{shorten(step)}" if name else shorten(step)
    return name
