"""How OpenAPI writes arrays and objects into one piece of a URL or a header (RFC 6570 and relatives)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Style:
    """What stands before the values and between them, plain and exploded."""

    prefix: str = ""
    separator: str = ","
    exploded_separator: str = ","
    named: bool = False  # whether the parameter's name stands before its value, as in `;id=5`


_SIMPLE = Style()

STYLES = {
    "simple": _SIMPLE,
    "form": _SIMPLE,
    "spaceDelimited": Style(separator=" ", exploded_separator=" "),
    "pipeDelimited": Style(separator="|", exploded_separator="|"),
    "label": Style(prefix=".", exploded_separator="."),
    "matrix": Style(prefix=";", exploded_separator=";", named=True),
}


def split_values(text: str, style: str, name: str, *, explode: bool) -> list[str]:
    """The values of an array in `text`."""
    how = STYLES.get(style, _SIMPLE)
    body = text.removeprefix(how.prefix)
    if how.named:
        if explode:
            return [piece.removeprefix(f"{name}=") for piece in body.split(how.exploded_separator)]
        body = body.removeprefix(f"{name}=")
    return body.split(how.exploded_separator if explode else how.separator) if body else []


def split_fields(text: str, style: str, name: str, *, explode: bool) -> list[tuple[str, str]] | None:
    """The fields of an object in `text`, or None when it holds no object."""
    how = STYLES.get(style, _SIMPLE)
    body = text.removeprefix(how.prefix)
    if not body:
        return []
    if explode:
        pairs = [piece.partition("=") for piece in body.split(how.exploded_separator)]
        return [(key, value) for key, equals, value in pairs] if all(pair[1] for pair in pairs) else None
    if how.named:
        body = body.removeprefix(f"{name}=")
    pieces = body.split(how.separator)
    return None if len(pieces) % 2 else list(zip(pieces[::2], pieces[1::2], strict=True))


def single_value(text: str, style: str, name: str) -> str:
    """The one value in `text`."""
    how = STYLES.get(style, _SIMPLE)
    body = text.removeprefix(how.prefix)
    return body.removeprefix(f"{name}=") if how.named else body


def join_values(values: Sequence[str], style: str, name: str, *, explode: bool) -> str:
    """The text of an array; the inverse of `split_values`."""
    how = STYLES.get(style, _SIMPLE)
    if how.named and explode:
        return how.prefix + how.exploded_separator.join(f"{name}={value}" for value in values)
    body = (how.exploded_separator if explode else how.separator).join(values)
    return how.prefix + (f"{name}={body}" if how.named else body)


def join_fields(fields: Iterable[tuple[str, str]], style: str, name: str, *, explode: bool) -> str:
    """The text of an object; the inverse of `split_fields`."""
    how = STYLES.get(style, _SIMPLE)
    if explode:
        return how.prefix + how.exploded_separator.join(f"{key}={value}" for key, value in fields)
    body = how.separator.join(piece for field in fields for piece in field)
    return how.prefix + (f"{name}={body}" if how.named else body)


def join_single(value: str, style: str, name: str) -> str:
    """The text of one value; the inverse of `single_value`."""
    how = STYLES.get(style, _SIMPLE)
    return how.prefix + (f"{name}={value}" if how.named else value)
