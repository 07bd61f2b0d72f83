"""Compares the parameters of an operation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from factify_contract.spec.diff.changes import Scope
from factify_contract.spec.diff.media import MediaComparison
from factify_contract.spec.diff.views import place_of
from factify_contract.spec.diff.words import compare_words
from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.references import resolve

# Parameters of these names are described elsewhere and must be ignored (OpenAPI 3.1 section 4.8.12).
_NO_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Described:
    """A parameter of an operation, with the reference that the operation has instead of it."""

    raw: JsonObject
    ref: str | None

    @property
    def key(self) -> Key:
        """What tells parameters apart: where they are and how they are called."""
        location, name = str(self.raw.get("in")), str(self.raw.get("name"))
        return (location, name.lower() if location == "header" else name)

    @property
    def name(self) -> str:
        """How a place calls it, such as `query.limit`."""
        return f"{self.raw.get('in')}.{self.raw.get('name')}"

    @property
    def required(self) -> bool:
        """Whether a call must have it."""
        return self.raw.get("required") is True


def described(document: JsonObject, *lists: Iterable[Any] | None) -> dict[Key, Described]:
    """The parameters in the lists by what tells them apart; later ones replace earlier ones."""
    found = {}
    for parameters in lists:
        for one in parameters or ():
            parameter = Described(resolve(document, one), one.get("$ref"))
            if parameter.key[0] != "header" or parameter.key[1] not in _NO_PARAMETERS:
                found[parameter.key] = parameter
    return found


@dataclass(frozen=True, slots=True)
class ParameterComparison:
    """Compares the parameters of one operation, which its place names."""

    media: MediaComparison
    place: str
    scope: Scope

    def compare(self, old: Mapping[Key, Described], new: Mapping[Key, Described]) -> None:
        """Notes all differences."""
        for key in sorted({*old, *new}):
            before, after = old.get(key), new.get(key)
            if before is None and after is not None:
                kind = "required" if after.required else "optional"
                self._note(f"{kind}-parameter-added", after)
            elif after is None and before is not None:
                self._note("parameter-removed", before)
            elif before is not None and after is not None:
                self._compare_one(before, after)

    def _note(self, rule: str, parameter: Described) -> None:
        self.scope.note(rule, f"{self.place} {parameter.name}")

    def _compare_one(self, before: Described, after: Described) -> None:
        place, scope = f"{self.place} {after.name}", self.scope
        if after.ref:
            place = place_of(after.ref)
        self.media.schemas.touched.update(ref for ref in (before.ref, after.ref) if ref)
        compare_words(before.raw, after.raw, place, scope)
        if before.required != after.required:
            scope.note(f"parameter-became-{'required' if after.required else 'optional'}", place)
        if _style(before.raw) != _style(after.raw):
            scope.note("parameter-style-changed", place, _style(before.raw), _style(after.raw))
        if before.raw.get("allowEmptyValue") != after.raw.get("allowEmptyValue"):
            scope.note("keyword-changed", place, None, "allowEmptyValue")
        if "content" in before.raw and "content" in after.raw:
            self.media.compare(before.raw["content"], after.raw["content"], place, scope)
        else:
            self.media.schemas.compare(
                before.raw.get("schema", True), after.raw.get("schema", True), place, scope
            )


def _style(raw: JsonObject) -> str:
    if "content" in raw:
        return "as its media type"
    style = raw.get("style") or _STYLES.get(str(raw.get("in")), "form")
    words = [str(style)]
    if raw.get("explode", style == "form"):
        words.append("exploded")
    if raw.get("allowReserved"):
        words.append("with reserved characters")
    return ", ".join(words)
