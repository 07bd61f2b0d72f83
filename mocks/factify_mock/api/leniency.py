"""Requests that do not keep to the document, read as a lenient server would read them."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from factify_contract.spec import Operation, Problem
from factify_contract.spec.references import resolve
from factify_mock.model.variants import Variants

_ZONELESS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,18}", re.ASCII)


def forgiving_pairs(
    operation: Operation, pairs: Sequence[tuple[str, str]], problems: Sequence[Problem], variants: Variants
) -> list[tuple[str, str]]:
    """The pairs of a query, of which the document complains, as `variants` would rather have them."""
    rules = {problem.param: problem.rule for problem in problems}
    known = {parameter.name for parameter in operation.query_parameters}
    return [
        (name, _forgiven(name, text, rules.get(name, ""), variants))
        for name, text in pairs
        if name in known or not variants.unknown_parameters_ignored
    ]


def _forgiven(name: str, text: str, rule: str, variants: Variants) -> str:
    if variants.page_size_clamped and name == "page_size" and _INTEGER.fullmatch(text):
        return str(min(100, max(1, int(text))))
    if variants.zoneless_is_utc and rule == "format" and _ZONELESS.fullmatch(text):
        return f"{text}Z"
    return text


def without_unknown_fields(value: Any, schema: Any, document: dict[str, Any]) -> Any:
    """`value` without fields that `schema` forbids only because it does not know them."""
    if not isinstance(schema, dict):
        return value
    plain: Mapping[str, Any] = resolve(document, schema)
    if isinstance(value, list):
        return [without_unknown_fields(item, plain.get("items"), document) for item in value]
    if not isinstance(value, dict):
        return value
    properties = plain.get("properties", {})
    is_closed = plain.get("additionalProperties") is False
    return {
        name: without_unknown_fields(item, properties.get(name), document)
        for name, item in value.items()
        if name in properties or not is_closed
    }
