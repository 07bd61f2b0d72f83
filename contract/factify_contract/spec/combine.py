"""Puts schemas that hold together (`allOf`, a reference and its neighbours) into one."""

from collections.abc import Callable, Mapping
from typing import Any

from factify_contract.spec.grammar import JsonObject

Join = Callable[[Any, Any], Any]


def merge(first: JsonObject, second: JsonObject) -> JsonObject:
    """A schema that asks for what both ask, as far as keywords can be joined; the second wins otherwise.

    Neither has `$ref` or `allOf` at its top.
    """
    merged = dict(first)
    for word, value in second.items():
        join = _JOINS.get(word)
        merged[word] = join(first[word], value) if join and word in first else value
    return merged


def is_joinable(word: str) -> bool:
    """Whether two values of the keyword become one that asks for both; of others the second wins."""
    return word in _JOINS


def _both(first: Any, second: Any) -> Any:
    if isinstance(first, dict) and isinstance(second, dict):
        return merge(first, second)
    if first is False or second is False:
        return False
    return first if second is True else second


def _properties(first: Mapping[str, Any], second: Mapping[str, Any]) -> JsonObject:
    joined = dict(first)
    for name, schema in second.items():
        joined[name] = {"allOf": [joined[name], schema]} if name in joined else schema
    return joined


def _types(first: Any, second: Any) -> list[str]:
    one = first if isinstance(first, list) else [first]
    other = second if isinstance(second, list) else [second]
    if "number" in other and "number" not in one:
        other = [*other, "integer"]
    return [name for name in one if name in other or (name == "number" and "integer" in other)]


def _values(first: list[Any], second: list[Any]) -> list[Any]:
    return [value for value in first if value in second]


def _names(first: list[str], second: list[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


def _choices(first: list[Any], second: list[Any]) -> list[Any]:
    return [{"allOf": [one, other]} for one in first for other in second]


_JOINS: Mapping[str, Join] = {
    "properties": _properties,
    "patternProperties": _properties,
    "required": _names,
    "type": _types,
    "enum": _values,
    "oneOf": _choices,
    "anyOf": _choices,
    "items": _both,
    "additionalProperties": _both,
    **dict.fromkeys(("minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum"), max),
    **dict.fromkeys(("maximum", "maxLength", "maxItems", "maxProperties", "exclusiveMaximum"), min),
}
