"""Compares what stands beside the rules: descriptions, examples, extensions, deprecation."""

from collections.abc import Iterable, Mapping
from typing import Any

from factify_contract.spec.diff.changes import Scope
from factify_contract.spec.diff.views import DOCUMENTATION, EXAMPLES, is_extension


def compare_words(old: Any, new: Any, place: str, scope: Scope, *, examples: bool = True) -> None:
    """Notes what became of the words of two objects at one place."""
    before = old if isinstance(old, Mapping) else {}
    after = new if isinstance(new, Mapping) else {}
    differing = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
    kinds: list[tuple[str, Iterable[str]]] = [
        ("documentation-changed", (name for name in differing if name in DOCUMENTATION)),
        ("extension-changed", (name for name in differing if is_extension(name))),
    ]
    if examples:
        kinds.append(("examples-changed", (name for name in differing if name in EXAMPLES)))
    for rule, names in kinds:
        if said := ", ".join(names):
            scope.note(rule, place, None, said)
    if bool(before.get("deprecated")) != bool(after.get("deprecated")):
        scope.note("deprecated" if after.get("deprecated") else "undeprecated", place)
