"""Compares what two schemas say of one value: types, listed values, bounds, patterns, formats, defaults."""

from fractions import Fraction
from typing import Any

from factify_contract.spec.diff.changes import Scope
from factify_contract.spec.grammar import JsonObject

# Keyword to whether a larger number means fewer values; the number that restricts nothing.
_COUNTS: dict[str, tuple[bool, int | None]] = {
    "minLength": (True, 0),
    "maxLength": (False, None),
    "minItems": (True, 0),
    "maxItems": (False, None),
    "minProperties": (True, 0),
    "maxProperties": (False, None),
}
# A format that takes everything another one takes.
_WIDER = {"int32": "int64", "float": "double"}
HANDLED = frozenset(
    {
        *_COUNTS, "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
        "multipleOf", "uniqueItems", "pattern", "format",
    }
)  # fmt: skip


def compare_types(old: JsonObject, new: JsonObject, place: str, scope: Scope) -> bool:
    """Notes what became of the types; False when they have nothing to do with each other."""
    before, after = types_of(old), types_of(new)
    if before == after:
        return True
    shown = (_words(before), _words(after))
    if before is None or (after is not None and _covers(before, after)):
        # A list of values, or a constraint, may say as much as a type.
        if before is not None or not _says_type(old, after):
            scope.note("type-narrowed", place, *shown)
    elif after is None or _covers(after, before):
        if after is not None or not _says_type(new, before):
            scope.note("type-widened", place, *shown)
    else:
        scope.note("type-changed", place, *shown)
        return False
    return True


def types_of(node: JsonObject) -> frozenset[str] | None:
    """The types of a schema; None when any will do."""
    types = node.get("type")
    if types is None:
        return None
    return frozenset(types if isinstance(types, list) else [types])


def _covers(wide: frozenset[str], narrow: frozenset[str]) -> bool:
    return narrow <= (wide | {"integer"} if "number" in wide else wide)


def _words(types: frozenset[str] | None) -> str:
    return "any" if types is None else " or ".join(sorted(types))


def _says_type(node: JsonObject, types: frozenset[str] | None) -> bool:
    """Whether the listed values of a schema are all of the types."""
    values = _listed(node)
    return values is not None and types is not None and all(_type_of(value) in types for value in values)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    kinds = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return kinds.get(type(value), "null")


def compare_values(old: JsonObject, new: JsonObject, place: str, scope: Scope) -> None:
    """Notes what became of listed values, bounds, pattern and format."""
    _compare_listed(old, new, place, scope)
    for word, (is_floor, trivial) in _COUNTS.items():
        before = None if old.get(word) == trivial else old.get(word)
        after = None if new.get(word) == trivial else new.get(word)
        _compare_bound(word, before, after, place, scope, is_floor=is_floor)
    _compare_range("minimum", old, new, place, scope)
    _compare_range("maximum", old, new, place, scope)
    _compare_steps(old.get("multipleOf"), new.get("multipleOf"), place, scope)
    if bool(old.get("uniqueItems")) != bool(new.get("uniqueItems")):
        rule = "constraint-tightened" if new.get("uniqueItems") else "constraint-loosened"
        scope.note(
            rule, place, *(f"uniqueItems {bool(one.get('uniqueItems'))}".lower() for one in (old, new))
        )
    _compare_pattern(old.get("pattern"), new.get("pattern"), place, scope)
    _compare_format(old.get("format"), new.get("format"), place, scope)


def _compare_listed(old: JsonObject, new: JsonObject, place: str, scope: Scope) -> None:
    before, after = _listed(old), _listed(new)
    if before is None or after is None:
        if before != after:
            scope.note("enum-unset" if after is None else "enum-set", place, before, after)
        return
    for value in before:
        if not _has(after, value):
            scope.note("enum-value-removed", place, value, None)
    for value in after:
        if not _has(before, value):
            scope.note("enum-value-added", place, None, value)


def _listed(node: JsonObject) -> list[Any] | None:
    if "const" in node:
        return [node["const"]]
    values = node.get("enum")
    return values if isinstance(values, list) else None


def _has(values: list[Any], value: Any) -> bool:
    # `True == 1` in Python, but not in JSON.
    return any(one == value and isinstance(one, bool) == isinstance(value, bool) for one in values)


def _compare_bound(word: str, before: Any, after: Any, place: str, scope: Scope, *, is_floor: bool) -> None:
    if before == after:
        return
    is_tighter = before is None or (after is not None and (after > before) == is_floor)
    rule = "constraint-tightened" if is_tighter else "constraint-loosened"
    scope.note(rule, place, *(f"{word} {'none' if bound is None else bound}" for bound in (before, after)))


def _compare_range(word: str, old: JsonObject, new: JsonObject, place: str, scope: Scope) -> None:
    """Inclusive and exclusive bounds are one: the tighter of them counts."""
    is_floor = word == "minimum"
    before, after = _limit(word, old), _limit(word, new)
    if before == after:
        return
    is_tighter = before is None or (after is not None and (after > before) == is_floor)
    shown = (f"{word} {_limit_text(limit)}" for limit in (before, after))
    scope.note("constraint-tightened" if is_tighter else "constraint-loosened", place, *shown)


def _limit(word: str, node: JsonObject) -> tuple[Any, int] | None:
    """The bound, and how it lies beside the same number when it is allowed itself."""
    is_floor = word == "minimum"
    exclusive = node.get("exclusive" + word.capitalize())
    found = []
    if node.get(word) is not None:
        found.append((node[word], 0))
    if exclusive is not None:
        found.append((exclusive, 1 if is_floor else -1))
    if not found:
        return None
    return max(found) if is_floor else min(found)


def _limit_text(limit: tuple[Any, int] | None) -> str:
    if limit is None:
        return "none"
    return f"{limit[0]} (exclusive)" if limit[1] else str(limit[0])


def _compare_steps(before: Any, after: Any, place: str, scope: Scope) -> None:
    if before == after:
        return
    rule = "constraint-changed"
    if before is None or (after is not None and _divides(before, after)):
        rule = "constraint-tightened"
    elif after is None or _divides(after, before):
        rule = "constraint-loosened"
    scope.note(rule, place, *(f"multipleOf {'none' if step is None else step}" for step in (before, after)))


def _divides(small: Any, large: Any) -> bool:
    return bool(small) and Fraction(str(large)) % Fraction(str(small)) == 0


def _compare_pattern(before: Any, after: Any, place: str, scope: Scope) -> None:
    if before != after:
        rule = (
            "pattern-added" if before is None else "pattern-removed" if after is None else "pattern-changed"
        )
        scope.note(rule, place, before, after)


def _compare_format(before: Any, after: Any, place: str, scope: Scope) -> None:
    if before == after:
        return
    rule = "format-changed"
    if before is None or (after is not None and _WIDER.get(after) == before):
        rule = "format-narrowed"
    elif after is None or _WIDER.get(before) == after:
        rule = "format-widened"
    scope.note(rule, place, before, after)
