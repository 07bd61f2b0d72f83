"""Where in an OpenAPI document its objects sit, so that a walk never takes data for structure."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

JsonObject = dict[str, Any]
Shape = Literal["one", "map", "list"]
Change = Callable[[str, JsonObject], JsonObject]

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
METHODS = frozenset(_METHODS)

# Fields of each kind of object that hold further objects. Whatever is not named here (examples,
# defaults, enums, extensions) is data: it is carried along and never looked into. "*" stands for
# every field of an object that is itself a map.
GRAMMAR: Mapping[str, Mapping[str, tuple[Shape, str]]] = {
    "document": {
        "paths": ("map", "path item"),
        "webhooks": ("map", "path item"),
        "components": ("one", "components"),
    },
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "examples": ("map", "example"),
        "requestBodies": ("map", "body"),
        "headers": ("map", "header"),
        "links": ("map", "link"),
        "callbacks": ("map", "callback"),
        "pathItems": ("map", "path item"),
    },
    "path item": {
        **dict.fromkeys(_METHODS, ("one", "operation")),
        "parameters": ("list", "parameter"),
    },
    "operation": {
        "parameters": ("list", "parameter"),
        "requestBody": ("one", "body"),
        "responses": ("map", "response"),
        "callbacks": ("map", "callback"),
    },
    "callback": {"*": ("one", "path item")},
    "parameter": {
        "schema": ("one", "schema"),
        "content": ("map", "media"),
        "examples": ("map", "example"),
    },
    "header": {
        "schema": ("one", "schema"),
        "content": ("map", "media"),
        "examples": ("map", "example"),
    },
    "body": {"content": ("map", "media")},
    "response": {
        "headers": ("map", "header"),
        "content": ("map", "media"),
        "links": ("map", "link"),
    },
    "media": {
        "schema": ("one", "schema"),
        "examples": ("map", "example"),
        "encoding": ("map", "encoding"),
    },
    "encoding": {"headers": ("map", "header")},
    "example": {},
    "link": {},
    "schema": {
        **dict.fromkeys(
            ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), ("map", "schema")
        ),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), ("list", "schema")),
        **dict.fromkeys(
            (
                "items",
                "additionalProperties",
                "not",
                "if",
                "then",
                "else",
                "contains",
                "propertyNames",
                "unevaluatedItems",
                "unevaluatedProperties",
                "contentSchema",
            ),
            ("one", "schema"),
        ),
    },
}


def rewrite(node: Any, change: Change, kind: str = "document") -> Any:
    """A copy of `node` in which `change(kind, object)` has replaced every object, inner ones first.

    `change` gets a fresh shallow copy and may alter it. Data inside the document is shared with the
    original, not copied. A boolean schema is left alone.
    """
    if not isinstance(node, dict):
        return node
    fields = GRAMMAR[kind]
    if not fields:
        return change(kind, dict(node))
    rest = fields.get("*")
    copy: JsonObject = {}
    for name, value in node.items():
        place = fields.get(name, rest)
        copy[name] = value if place is None else _rewrite_field(value, change, *place)
    return change(kind, copy)


def _rewrite_field(value: Any, change: Change, shape: Shape, kind: str) -> Any:
    if shape == "one":
        return rewrite(value, change, kind)
    if shape == "map" and isinstance(value, dict):
        return {name: rewrite(inner, change, kind) for name, inner in value.items()}
    if shape == "list" and isinstance(value, list):
        return [rewrite(inner, change, kind) for inner in value]
    return value
