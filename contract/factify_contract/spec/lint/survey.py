"""A document as the rules look at it: every object with its kind and place, and who uses which schema."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from factify_contract.errors import DocumentError
from factify_contract.spec.grammar import GRAMMAR, METHODS, JsonObject
from factify_contract.spec.references import lookup


@dataclass(frozen=True, slots=True)
class Place:
    """An object of the document, its kind in the grammar, and the JSON pointer to it."""

    kind: str
    pointer: str
    node: JsonObject


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its path, method and place; `parameters` are those of its path item too."""

    id: str
    path: str
    method: str
    pointer: str
    node: JsonObject
    parameters: tuple[tuple[str, JsonObject], ...]


class Survey:
    """Looks at a document that may be defective in any way; what is not an object is passed over."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """All objects of the document in their order."""
        return tuple(_walk("document", "", self.document))

    def of(self, kind: str) -> Iterator[Place]:
        """All objects of one kind."""
        return (place for place in self.places if place.kind == kind)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All operations of all paths."""
        return tuple(self._calls())

    def _calls(self) -> Iterator[Call]:
        for path, item in _items(self.document.get("paths")):
            shared = self._parameters(f"/paths/{_escaped(path)}", item)
            for method, node in _items(item):
                if method in METHODS:
                    pointer = f"/paths/{_escaped(path)}/{method}"
                    own = self._parameters(pointer, node)
                    named = {(each.get("in"), each.get("name")) for _, each in own}
                    inherited = [one for one in shared if (one[1].get("in"), one[1].get("name")) not in named]
                    id_ = node.get("operationId")
                    call_id = id_ if isinstance(id_, str) else f"{method.upper()} {path}"
                    yield Call(call_id, path, method, pointer, node, (*inherited, *own))

    def _parameters(self, pointer: str, node: JsonObject) -> list[tuple[str, JsonObject]]:
        given = node.get("parameters")
        listed = enumerate(given if isinstance(given, list) else [])
        return [(f"{pointer}/parameters/{at}", self.resolved(each)) for at, each in listed]

    def resolved(self, node: Any) -> JsonObject:
        """The object, or what it refers to over any number of steps; empty where that leads nowhere."""
        seen: set[str] = set()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str) and node["$ref"] not in seen:
            seen.add(node["$ref"])
            try:
                node = lookup(self.document, node["$ref"])
            except DocumentError:
                return {}
        return node if isinstance(node, dict) else {}

    def body_schemas(self, call: Call) -> Iterator[tuple[str, str, JsonObject]]:
        """Media type, pointer and resolved schema of each form of an operation's body."""
        body = self.resolved(call.node.get("requestBody"))
        for media, content in _items(body.get("content")):
            pointer = f"{call.pointer}/requestBody/content/{_escaped(media)}/schema"
            yield media, pointer, self.resolved(content.get("schema"))

    def success_schemas(self, call: Call) -> Iterator[JsonObject]:
        """The resolved schemas of an operation's successful answers."""
        for status, response in _items(call.node.get("responses")):
            if status.startswith("2"):
                for _, content in _items(self.resolved(response).get("content")):
                    yield self.resolved(content.get("schema"))

    def properties(self, schema: JsonObject) -> dict[str, JsonObject]:
        """The resolved properties of an object schema, those of its allOf with them."""
        found: dict[str, JsonObject] = {}
        parts = schema.get("allOf")
        for part in parts if isinstance(parts, list) else []:
            found |= self.properties(self.resolved(part))
        return found | {name: self.resolved(each) for name, each in _items(schema.get("properties"))}

    @cached_property
    def used(self) -> frozenset[str]:
        """The pointers of components that an operation reaches, directly or through others."""
        reached: set[str] = set()
        waiting = [self.document.get("paths"), self.document.get("webhooks")]
        while waiting:
            for ref in _references(waiting.pop()):
                if ref not in reached:
                    reached.add(ref)
                    try:
                        waiting.append(lookup(self.document, f"#{ref}"))
                    except DocumentError:
                        continue
        return frozenset(reached)

    def components(self, kind: str) -> Iterator[tuple[str, str, JsonObject]]:
        """Name, pointer and object of each component of a kind, such as `schemas`."""
        held = self.document.get("components")
        for name, node in _items(held.get(kind) if isinstance(held, dict) else None):
            yield name, f"/components/{kind}/{_escaped(name)}", node


def _walk(kind: str, pointer: str, node: Any) -> Iterator[Place]:
    if not isinstance(node, dict):
        return
    yield Place(kind, pointer, node)
    fields: Mapping[str, tuple[str, str]] = GRAMMAR[kind]
    for name, value in node.items():
        shape, inner = fields.get(name) or fields.get("*") or ("", "")
        place = f"{pointer}/{_escaped(str(name))}"
        if shape == "one":
            yield from _walk(inner, place, value)
        elif shape == "map" and isinstance(value, dict):
            for key, each in value.items():
                yield from _walk(inner, f"{place}/{_escaped(str(key))}", each)
        elif shape == "list" and isinstance(value, list):
            for at, each in enumerate(value):
                yield from _walk(inner, f"{place}/{at}", each)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        ref = node.get("$ref")
        if isinstance(ref, str) and ref.startswith("#/"):
            yield ref[1:]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _items(node: Any) -> Iterator[tuple[str, JsonObject]]:
    if isinstance(node, dict):
        yield from ((str(name), value) for name, value in node.items() if isinstance(value, dict))


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
