"""The same answer in another of the forms that its schema allows."""

from dataclasses import dataclass, field
from typing import Any

from factify_contract.spec import Document, Operation
from factify_contract.spec.references import resolve
from factify_mock.model.variants import Variants

# Tokens and cursors, which lead nowhere when they are empty or null.
_TOKENS = frozenset({"next_page_token", "prev_page_token", "next_cursor"})


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What a schema says of an object's fields, or of those of the objects in an array."""

    required: frozenset[str] = frozenset()
    nullable: frozenset[str] = frozenset()  # optional, and null is allowed
    times: frozenset[str] = frozenset()
    nested: dict[str, "Shape"] = field(default_factory=dict)


_FREE = Shape()


def shape_of(operation: Operation, document: Document) -> Shape:
    """The shape of the operation's successful answer; of fields it does not know nothing is changed."""
    media = operation.success.media.get("application/json") if operation.success else None
    return _shape(media.schema, document.raw, {}) if media is not None else _FREE


def reshaped(value: Any, shape: Shape, variants: Variants) -> Any:
    """A copy of `value` as `variants` have it."""
    if isinstance(value, list):
        return [reshaped(item, shape, variants) for item in value]
    if not isinstance(value, dict):
        return value
    written: dict[str, Any] = {}
    for name, item in value.items():
        if _is_left_out(name, item, shape, variants):
            continue
        if name in shape.nested:
            written[name] = reshaped(item, shape.nested[name], variants)
        elif variants.nine_digits and name in shape.times and isinstance(item, str):
            written[name] = _to_the_nanosecond(item)
        else:
            written[name] = item
    if variants.absent_is_null:
        written.update((name, None) for name in shape.nullable if name not in value)
    return written


def _is_left_out(name: str, item: Any, shape: Shape, variants: Variants) -> bool:
    if item or name in shape.required:
        return False
    if name in _TOKENS and variants.empty_tokens_omitted:
        return True
    if isinstance(item, list):
        return variants.empty_lists_omitted
    return variants.zeros_omitted and isinstance(item, str | int | float)


def _to_the_nanosecond(text: str) -> str:
    """`text`, an instant in UTC with its Z, with nine digits after the second."""
    whole, _, fraction = text.removesuffix("Z").partition(".")
    return f"{whole}.{fraction:0<9}Z"


def _shape(schema: Any, raw: dict[str, Any], known: dict[str, Shape]) -> Shape:
    """The shape of `schema`; a schema that holds itself is known before it is complete."""
    schema = _alone(schema)
    ref = schema.get("$ref")
    if ref in known:
        return known[ref]
    plain = _alone(resolve(raw, schema))
    if "items" in plain:
        return _shape(plain["items"], raw, known)
    properties = plain.get("properties", {})
    required = frozenset(plain.get("required", ()))
    allowing = frozenset(name for name, each in properties.items() if _allows_null(each, raw))
    times = frozenset(name for name, each in properties.items() if each.get("format") == "date-time")
    shape = Shape(required, allowing - required, times)
    if ref is not None:
        known[ref] = shape
    for name, each in properties.items():
        inner = _shape(each, raw, known)
        if inner is not _FREE:
            shape.nested[name] = inner
    return shape if properties else _FREE


def _alone(schema: Any) -> dict[str, Any]:
    """The schema without the alternative of null; where there is a real choice, nothing is known."""
    if not isinstance(schema, dict):
        return {}
    choices = schema.get("oneOf") or schema.get("anyOf")
    if not choices:
        return schema
    others = [each for each in choices if each.get("type") != "null"]
    return others[0] if len(others) == 1 else {}


def _allows_null(schema: Any, raw: dict[str, Any]) -> bool:
    choices = schema.get("oneOf") or schema.get("anyOf") or [resolve(raw, schema)]
    return any("null" in each.get("type", ()) for each in choices)
