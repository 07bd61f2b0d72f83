"""Compares what credentials an operation asks for, and how they are sent."""

from collections.abc import Iterable, Mapping
from typing import Any

from factify_contract.spec.diff.changes import Notes, Scope, Use
from factify_contract.spec.diff.words import compare_words
from factify_contract.spec.document import Document
from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.references import resolve

# What a scheme says for people only.
_WORDS = ("description", "bearerFormat")


def compare_security(
    old: JsonObject, new: JsonObject, before: Document, after: Document, place: str, scope: Scope
) -> None:
    """Notes which credentials one operation, as both documents have it, asks for now."""
    was, now = _alternatives(old, before), _alternatives(new, after)
    was_open, is_open = frozenset() in was, frozenset() in now
    if was_open or is_open:
        if was_open != is_open:
            scope.note("credentials-dropped" if is_open else "credentials-required", place)
        return
    for names in sorted({*was, *now}, key=sorted):
        shown = " and ".join(sorted(names))
        if names not in now:
            scope.note("security-alternative-removed", place, shown, None)
        elif names not in was:
            scope.note("security-alternative-added", place, None, shown)
        else:
            for scheme in sorted(names):
                _compare_scopes(was[names][scheme], now[names][scheme], place, scope)


def _compare_scopes(old: Iterable[str], new: Iterable[str], place: str, scope: Scope) -> None:
    for name in sorted({*new} - {*old}):
        scope.note("scope-added", place, None, name)
    for name in sorted({*old} - {*new}):
        scope.note("scope-removed", place, name, None)


def _alternatives(raw: JsonObject, document: Document) -> dict[frozenset[str], Mapping[str, Any]]:
    """Each set of schemes that lets a caller in, with their scopes; the empty set lets anybody in."""
    stated = raw.get("security", document.converted.get("security")) or [{}]
    return {frozenset(one): one for one in stated}


def compare_schemes(old: Document, new: Document, notes: Notes) -> set[str]:
    """Notes how schemes of both documents changed; returns the references to them."""
    before, after = _schemes(old), _schemes(new)
    compared = set()
    for name in sorted(before.keys() & after.keys()):
        place = f"security scheme {name}"
        uses: list[Use | None] = [
            Use(None, operation.id)
            for operation in new.operations.values()
            if any(name in names for names in _alternatives(operation.raw, new))
        ]
        compare_words(before[name], after[name], place, Scope(notes))
        if _essence(before[name]) != _essence(after[name]):
            for use in uses or [None]:
                Scope(notes, use).note("security-scheme-changed", place)
        compared.add(f"#/components/securitySchemes/{name}")
    return compared


def _schemes(document: Document) -> dict[str, JsonObject]:
    schemes = (document.converted.get("components") or {}).get("securitySchemes") or {}
    return {name: resolve(document.converted, scheme) for name, scheme in schemes.items()}


def _essence(scheme: JsonObject) -> JsonObject:
    """The scheme without words; of scopes only their names."""
    essence = {name: value for name, value in scheme.items() if name not in _WORDS and name[:2] != "x-"}
    flows = scheme.get("flows")
    if isinstance(flows, dict):
        essence["flows"] = {
            name: {**flow, "scopes": sorted(flow.get("scopes") or ())}
            for name, flow in flows.items()
            if isinstance(flow, dict)
        }
    return essence
