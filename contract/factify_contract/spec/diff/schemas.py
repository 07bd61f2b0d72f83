"""Compares two schemas, and those inside of them, for data that goes in one direction."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from factify_contract.spec.diff.changes import Scope
from factify_contract.spec.diff.objects import ObjectComparison
from factify_contract.spec.diff.values import HANDLED, compare_types, compare_values, types_of
from factify_contract.spec.diff.views import View, joined, place_of, rules_of, view
from factify_contract.spec.diff.words import compare_words
from factify_contract.spec.grammar import JsonObject

# Compared here or by a part of this; whatever else differs is told without an analysis.
_OWN = HANDLED | {
    "$ref", "allOf", "oneOf", "anyOf", "discriminator", "items", "properties", "required",
    "additionalProperties", "unevaluatedProperties", "$defs", "definitions", "$schema", "$id", "$anchor",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SchemaComparison:
    """Walks through the schemas of two documents; `touched` has the references that were followed."""

    old: JsonObject
    new: JsonObject
    touched: set[str] = field(default_factory=set)

    def compare(self, old: Any, new: Any, place: str, scope: Scope) -> None:
        """Notes all differences of the two schemas, the first of the old document, at the place.

        Behind a reference they are noted at the component. A schema within itself is met once.
        """
        compare_words(old, new, place, scope)
        before, after = view(self.old, old), view(self.new, new)
        self.touched.update((*before.touched, *after.touched))
        _compare_default(_stated(old, before), _stated(new, after), place, scope)
        where = place_of(after.ref) if after.ref else place
        if before.ref or after.ref:
            key = (before.ref or place, after.ref or place)
            self._compare_null(before, after, place, scope)
            if key in scope.met:
                return
            scope.met.add(key)
            compare_words(before.schema, after.schema, where, scope)
        else:
            self._compare_null(before, after, place, scope)
        self._compare_rules(before, after, where, scope)

    def _compare_null(self, before: View, after: View, place: str, scope: Scope) -> None:
        if before.nullable != after.nullable and rules_of(before.node) and rules_of(after.node):
            scope.note("became-nullable" if after.nullable else "became-not-nullable", place)

    def _compare_rules(self, before: View, after: View, place: str, scope: Scope) -> None:
        if before.schema is False or after.schema is False:
            if before.schema is not after.schema:
                scope.note("value-allowed" if before.schema is False else "value-forbidden", place)
            return
        old, new = before.node, after.node
        if not rules_of(old) or not rules_of(new):
            if rules_of(old) or rules_of(new):
                scope.note("schema-added" if rules_of(new) else "schema-removed", place)
            return
        if _is_joint(old) or _is_joint(new):
            if self._compare_conjuncts(old, new, place, scope):
                old, new = _without(old, "allOf"), _without(new, "allOf")
            else:
                (old, followed), (new, also) = joined(self.old, old), joined(self.new, new)
                self.touched.update(followed | also)
        if not compare_types(old, new, place, scope):
            return
        compare_values(old, new, place, scope)
        ObjectComparison(self.compare, place, scope).compare(old, new)
        if "items" in old or "items" in new:
            self.compare(old.get("items", True), new.get("items", True), f"{place}[]", scope)
        self._compare_alternatives(old, new, place, scope)
        if old.get("discriminator") != new.get("discriminator"):
            scope.note("discriminator-changed", place)
        for word in sorted((rules_of(old) | rules_of(new)) - _OWN):
            if old.get(word) != new.get(word):
                scope.note("keyword-changed", place, None, word)

    def _compare_conjuncts(self, old: JsonObject, new: JsonObject, place: str, scope: Scope) -> bool:
        """Compares the parts of two `allOf` one by one; False when they do not pair off."""
        before, after = old.get("allOf") or [], new.get("allOf") or []
        if "$ref" in old or "$ref" in new or [*map(_ref, before)] != [*map(_ref, after)]:
            return False
        for at, (one, other) in enumerate(zip(before, after, strict=True)):
            self.compare(one, other, f"{place}.allOf[{at}]", scope)
        return True

    def _compare_alternatives(self, old: JsonObject, new: JsonObject, place: str, scope: Scope) -> None:
        for word in ("oneOf", "anyOf"):
            if (word in old) != (word in new):
                scope.note("keyword-changed", place, None, word)
            elif word in old:
                self._compare_members(word, old[word], new[word], place, scope)

    def _compare_members(self, word: str, old: list[Any], new: list[Any], place: str, scope: Scope) -> None:
        for at, before, after in _paired(old, new):
            if before is None:
                scope.note("alternative-added", place, None, _named(after))
            elif after is None:
                scope.note("alternative-removed", place, _named(before), None)
            else:
                self.compare(before, after, f"{place}.{word}[{at}]", scope)


def _paired(old: list[Any], new: list[Any]) -> Iterator[tuple[int, Any, Any]]:
    """The members of two lists of alternatives: the same together, then of one title, then of one form.

    A member without a partner comes with None; `at` is the place in the list that has the member.
    """
    for key in (_exactly, _title, _form):
        rest = [*old]
        for member in old:
            matching = [one for one in new if key(one) == key(member)]
            alike = [one for one in old if key(one) == key(member)]
            if len(matching) == len(alike) == 1:
                yield new.index(matching[0]), member, matching[0]
                rest.remove(member)
                new = [one for one in new if one is not matching[0]]
        old = rest
    if len(old) == len(new) == 1 and not _ref(old[0]) and not _ref(new[0]):
        yield 0, old[0], new[0]
        return
    yield from ((at, member, None) for at, member in enumerate(old))
    yield from ((at, None, member) for at, member in enumerate(new))


def _exactly(member: Any) -> str:
    return _ref(member) or json.dumps(member, sort_keys=True, default=str)


def _title(member: Any) -> str:
    """The member's own name; one without a name is like no other."""
    titled = isinstance(member, dict) and not _ref(member) and member.get("title")
    return f"{member['title']} {member.get('type')}" if titled else _exactly(member)


def _form(member: Any) -> str:
    if not isinstance(member, dict) or _ref(member):
        return _exactly(member)
    return json.dumps([member.get("type"), sorted(member.get("properties") or ())], default=str)


def _named(member: Any) -> str:
    if not isinstance(member, dict):
        return str(member).lower()
    ref = _ref(member)
    if ref:
        return place_of(ref)
    types = types_of(member)
    return str(member.get("title") or (" or ".join(sorted(types)) if types else "a schema"))


def _ref(member: Any) -> str:
    return str(member["$ref"]) if isinstance(member, dict) and "$ref" in member else ""


def _is_joint(node: Mapping[str, Any]) -> bool:
    return "allOf" in node or "$ref" in node


def _without(node: JsonObject, word: str) -> JsonObject:
    return {name: value for name, value in node.items() if name != word}


def _stated(schema: Any, behind: View) -> Any:
    if isinstance(schema, dict) and "default" in schema:
        return schema["default"]
    return behind.node.get("default", _compare_default)


def _compare_default(before: Any, after: Any, place: str, scope: Scope) -> None:
    """Defaults may be null, so that this function itself stands for none."""
    if before == after:
        return
    if before is _compare_default:
        scope.note("default-added", place, None, _word(after))
    elif after is _compare_default:
        scope.note("default-removed", place, _word(before), None)
    else:
        scope.note("default-changed", place, _word(before), _word(after))


def _word(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
