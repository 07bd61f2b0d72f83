"""Compares what two schemas say of an object: its properties, those it needs, and whether more may come."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from factify_contract.spec.diff.changes import Scope
from factify_contract.spec.diff.rules import Direction
from factify_contract.spec.grammar import JsonObject

# In a request the server ignores what is read-only; an answer never has what is write-only.
_FOREIGN = {Direction.REQUEST: "readOnly", Direction.RESPONSE: "writeOnly"}
_FLAGS = {"readOnly": "read-only", "writeOnly": "write-only"}


@dataclass(frozen=True, slots=True)
class ObjectComparison:
    """Compares objects at one place; `inner` compares the schemas inside of them."""

    inner: Callable[[Any, Any, str, Scope], None]
    place: str
    scope: Scope

    def compare(self, old: JsonObject, new: JsonObject) -> None:
        """Notes all differences of the two schemas as far as they are about objects."""
        before, after = old.get("properties") or {}, new.get("properties") or {}
        for name in sorted({*before, *after}):
            if name in before and name in after:
                self._compare_property(name, before[name], after[name])
        self._compare_presence(old, new, before, after)
        self._compare_others(old, new)

    def _compare_property(self, name: str, old: Any, new: Any) -> None:
        place = f"{self.place}.{name}"
        for flag, word in _FLAGS.items():
            if _has(old, flag) != _has(new, flag):
                self.scope.note(f"{word}-set" if _has(new, flag) else f"{word}-unset", place)
        if not self._is_foreign(old) and not self._is_foreign(new):
            self.inner(old, new, place, self.scope)

    def _is_foreign(self, schema: Any) -> bool:
        """Whether data in this direction does not have the property, whatever its schema says."""
        return self.scope.direction is not None and _has(schema, _FOREIGN[self.scope.direction])

    def _compare_presence(
        self, old: JsonObject, new: JsonObject, before: JsonObject, after: JsonObject
    ) -> None:
        needed, needs = set(_names(old)), set(_names(new))
        for name in sorted({*before, *after, *needed, *needs}):
            if any(self._is_foreign(properties.get(name)) for properties in (before, after)):
                continue
            place = f"{self.place}.{name}"
            if name in after and name not in before and name not in needed:
                self.scope.note(f"{'required' if name in needs else 'optional'}-property-added", place)
            elif name in before and name not in after and name not in needs:
                is_closed = _others(new) is False
                self.scope.note("property-forbidden" if is_closed else "property-removed", place)
            elif name in needs and name not in needed:
                self.scope.note("property-became-required", place)
            elif name in needed and name not in needs:
                self.scope.note("property-became-optional", place)

    def _compare_others(self, old: JsonObject, new: JsonObject) -> None:
        before, after = _others(old), _others(new)
        if before is False or after is False:
            if before is not after:
                word = "allowed" if before is False else "forbidden"
                self.scope.note(f"additional-properties-{word}", self.place)
        elif before is not True or after is not True:
            self.inner(before, after, f"{self.place}.*", self.scope)


def _names(schema: JsonObject) -> Iterator[str]:
    required = schema.get("required")
    return (str(name) for name in required) if isinstance(required, list) else iter(())


def _others(schema: JsonObject) -> Any:
    """The schema of properties without a name: `false` where there may be none."""
    found = [schema.get(word, True) for word in ("additionalProperties", "unevaluatedProperties")]
    if any(one is False for one in found):
        return False
    return next((one for one in found if one is not True and one != {}), True)


def _has(schema: Any, flag: str) -> bool:
    return isinstance(schema, dict) and schema.get(flag) is True
