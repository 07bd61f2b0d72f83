"""Compares the operations of two documents: which there are, and what each takes and answers."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from factify_contract.spec.diff.changes import Notes, Scope, Use
from factify_contract.spec.diff.media import MediaComparison
from factify_contract.spec.diff.parameters import Described, Key, ParameterComparison, described
from factify_contract.spec.diff.rules import Direction
from factify_contract.spec.diff.schemas import SchemaComparison
from factify_contract.spec.diff.security import compare_security
from factify_contract.spec.diff.views import place_of
from factify_contract.spec.diff.words import compare_words
from factify_contract.spec.document import Document
from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.operations import Operation
from factify_contract.spec.references import resolve
from factify_contract.spec.templates import parameter_names

_TEMPLATE = re.compile(r"\{[^{}/]+\}")


@dataclass(frozen=True, slots=True)
class OperationComparison:
    """Compares the operations of two documents."""

    old: Document
    new: Document
    notes: Notes
    schemas: SchemaComparison

    def compare(self) -> None:
        """Notes operations that came or went, and the differences of those that stayed."""
        for before, after in _paired(self.old, self.new):
            if before is None and after is not None:
                self._scope(after).note("operation-added", after.id, None, f"{after.method} {after.path}")
            elif after is None and before is not None:
                self._scope(before).note("operation-removed", before.id, f"{before.method} {before.path}")
            elif before is not None and after is not None:
                self._compare_one(before, after)

    def _scope(self, operation: Operation) -> Scope:
        return Scope(self.notes, Use(None, operation.id))

    def _compare_one(self, old: Operation, new: Operation) -> None:
        scope = self._scope(new)
        if old.id != new.id:
            scope.note("operation-id-changed", new.id, old.id, new.id)
        if _slot(old) != _slot(new):
            scope.note("operation-moved", new.id, f"{old.method} {old.path}", f"{new.method} {new.path}")
        compare_words(old.raw, new.raw, new.id, scope)
        if old.raw.get("tags") != new.raw.get("tags"):
            scope.note("tags-changed", new.id)
        if old.raw.get("callbacks") != new.raw.get("callbacks"):
            scope.note("callbacks-changed", new.id)
        if old.raw.get("servers") != new.raw.get("servers"):
            scope.note("keyword-changed", new.id, None, "servers")
        compare_security(old.raw, new.raw, self.old, self.new, new.id, scope)
        media = MediaComparison(self.schemas)
        asking = scope.going(Direction.REQUEST, new.id)
        self._compare_parameters(old, new, ParameterComparison(media, new.id, asking), scope)
        bodies = _BodyComparison(media, f"{new.id} request", asking)
        bodies.compare(*(self._referred(one) for one in (old, new)))
        answers = AnswerComparison(media, new.id, scope.going(Direction.RESPONSE, new.id))
        answers.compare(old.raw.get("responses") or {}, new.raw.get("responses") or {})

    def _referred(self, operation: Operation) -> Described | None:
        document = self.old if operation is self.old.operations.get(operation.id) else self.new
        body = operation.raw.get("requestBody")
        return None if body is None else Described(resolve(document.converted, body), body.get("$ref"))

    def _compare_parameters(
        self, old: Operation, new: Operation, comparison: ParameterComparison, scope: Scope
    ) -> None:
        before, after = _parameters(self.old, old), _parameters(self.new, new)
        if _slot(old) == _slot(new):
            pairs = zip(parameter_names(old.path), parameter_names(new.path), strict=True)
            renamed = {one: other for one, other in pairs if one != other}
            for one, other in renamed.items():
                scope.note("path-parameter-renamed", new.id, one, other)
            before = {_renamed(key, renamed): parameter for key, parameter in before.items()}
        comparison.compare(before, after)


def _slot(operation: Operation) -> tuple[str, str]:
    """Where the operation is, whatever the parameters of its path are called."""
    return (_TEMPLATE.sub("{}", operation.path), operation.method)


def _renamed(key: Key, renamed: Mapping[str, str]) -> Key:
    location, name = key
    return (location, renamed.get(name, name)) if location == "path" else key


def _parameters(document: Document, operation: Operation) -> dict[Key, Described]:
    item = resolve(document.converted, document.converted["paths"][operation.path])
    return described(document.converted, item.get("parameters"), operation.raw.get("parameters"))


def _paired(old: Document, new: Document) -> Iterator[tuple[Operation | None, Operation | None]]:
    """Operations at the same place belong together, then those of the same id; others have no partner."""
    by_slot = {_slot(operation): operation for operation in new.operations.values()}
    left = []
    for before in old.operations.values():
        after = by_slot.pop(_slot(before), None)
        if after is None:
            left.append(before)
        else:
            yield before, after
    rest = {operation.id: operation for operation in by_slot.values()}
    for before in left:
        yield before, rest.pop(before.id, None)
    yield from ((None, after) for after in rest.values())


@dataclass(frozen=True, slots=True)
class _BodyComparison:
    """Compares the request bodies of one operation."""

    media: MediaComparison
    place: str
    scope: Scope

    def compare(self, old: Described | None, new: Described | None) -> None:
        if old is None or new is None:
            if new is not None:
                self.scope.note(f"{'required' if new.required else 'optional'}-body-added", self.place)
            elif old is not None:
                self.scope.note("body-removed", self.place)
            return
        place = place_of(new.ref) if new.ref else self.place
        self.media.schemas.touched.update(ref for ref in (old.ref, new.ref) if ref)
        compare_words(old.raw, new.raw, place, self.scope)
        if old.required != new.required:
            self.scope.note(f"body-became-{'required' if new.required else 'optional'}", place)
        self.media.compare(old.raw.get("content"), new.raw.get("content"), place, self.scope)


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """Compares what one operation may answer."""

    media: MediaComparison
    place: str
    scope: Scope

    def compare(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Notes statuses that came or went, and the differences of those that stayed."""
        for status in sorted({*map(str, old), *map(str, new)}):
            if status.startswith("x-"):
                continue
            place = f"{self.place} {status}"
            kind = "success" if status[0] in "23" else "error"
            if status not in old:
                self.scope.note(f"{kind}-status-added", place)
            elif status not in new:
                self.scope.note(f"{kind}-status-removed", place)
            else:
                self._compare_one(old[status], new[status], place)

    def _compare_one(self, old: Any, new: Any, place: str) -> None:
        before, after, place = self._behind(old, new, place)
        compare_words(before, after, place, self.scope)
        if (before.get("links") or {}) != (after.get("links") or {}):
            self.scope.note("links-changed", place)
        self._compare_headers(before.get("headers") or {}, after.get("headers") or {}, place)
        self.media.compare(before.get("content"), after.get("content"), place, self.scope)

    def _behind(self, old: Any, new: Any, place: str) -> tuple[JsonObject, JsonObject, str]:
        """What the two refer to, or are, and the place of the new one."""
        schemas = self.media.schemas
        refs = (old.get("$ref"), new.get("$ref"))
        schemas.touched.update(ref for ref in refs if ref)
        where = place_of(refs[1]) if refs[1] else place
        return resolve(schemas.old, old), resolve(schemas.new, new), where

    def _compare_headers(self, old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> None:
        before = {name.lower(): (name, header) for name, header in old.items()}
        after = {name.lower(): (name, header) for name, header in new.items()}
        for key in sorted({*before, *after} - {"content-type"}):
            name, _ = after.get(key) or before[key]
            where = f"{place} header.{name}"
            if key not in before:
                header = resolve(self.media.schemas.new, after[key][1])
                kind = "required" if header.get("required") is True else "optional"
                self.scope.note(f"{kind}-header-added", where)
            elif key not in after:
                self.scope.note("header-removed", where)
            else:
                self._compare_header(before[key][1], after[key][1], where)

    def _compare_header(self, old: Any, new: Any, place: str) -> None:
        before, after, place = self._behind(old, new, place)
        compare_words(before, after, place, self.scope)
        required = after.get("required") is True
        if (before.get("required") is True) != required:
            self.scope.note(f"header-became-{'required' if required else 'optional'}", place)
        if "content" in before or "content" in after:
            self.media.compare(before.get("content"), after.get("content"), place, self.scope)
        else:
            schemas = before.get("schema", True), after.get("schema", True)
            self.media.schemas.compare(*schemas, place, self.scope)
