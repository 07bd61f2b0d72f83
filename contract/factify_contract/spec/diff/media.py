"""Compares bodies by their media types."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from factify_contract.spec.diff.changes import Scope
from factify_contract.spec.diff.schemas import SchemaComparison
from factify_contract.spec.diff.words import compare_words

_USUAL = "application/json"


@dataclass(frozen=True, slots=True)
class MediaComparison:
    """Compares what bodies, parameters or headers have under `content`."""

    schemas: SchemaComparison

    def compare(
        self, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, place: str, scope: Scope
    ) -> None:
        """Notes media types that came or went, and the differences of those that stayed."""
        before, after = old or {}, new or {}
        for name in sorted({*before, *after}):
            if name not in before:
                scope.note("media-type-added", place, None, name)
            elif name not in after:
                scope.note("media-type-removed", place, name, None)
            else:
                is_plain = name == _USUAL or len(after) == 1
                self._compare_one(before[name], after[name], place if is_plain else f"{place} {name}", scope)

    def _compare_one(self, old: Any, new: Any, place: str, scope: Scope) -> None:
        compare_words(old, new, place, scope)
        if (old.get("encoding") or {}) != (new.get("encoding") or {}):
            scope.note("encoding-changed", place)
        self.schemas.compare(old.get("schema", True), new.get("schema", True), place, scope)
