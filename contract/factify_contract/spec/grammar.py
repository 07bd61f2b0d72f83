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
        "servers": ("list", "server"),
        "paths": ("map", "path item"),
        "webhooks": ("map", "path item"),
        "components": ("one", "components"),
    },
    "server": {"variables": ("map", "variable")},
    "variable": {},
    "components": {
        "schemas": ("map", "schema"),
        "responses": ("map", "response"),
        "parameters": ("map", "parameter"),
        "examples": ("map", "example"),
        "requestBodies": ("map", "body"),
        "headers": ("map", "header"),
        "links": ("map", "link"),
        "securitySchemes": ("map", "security scheme"),
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
    "security scheme": {},
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


class Misplaced(Exception):
    """Something of another type stands where the document must have an object, map or list."""

    def __init__(self, kind: str, found: Any) -> None:
        super().__init__(kind, found)
        self.kind = kind
        self.found = found
        self.path: list[str] = []  # from the inside out, filled on the way up

    def __str__(self) -> str:
        place = "/".join(reversed(self.path)) or "the document"
        return f"{place} must be {self.kind}, not {type(self.found).__name__}"


def rewrite(node: Any, change: Change, kind: str = "document") -> Any:
    """A copy of `node` in which `change(kind, object)` has replaced every object, inner ones first.

    `change` gets a fresh shallow copy and may alter it. Data inside the document is shared with the
    original, not copied. Boolean schemas and nulls are left alone; Misplaced when anything else
    stands in the place of an object.
    """
    if not isinstance(node, dict):
        # A malformed example is no sample, but hinders nobody.
        if node is None or kind == "example" or (kind == "schema" and isinstance(node, bool)):
            return node
        raise Misplaced("an object", node)
    fields = GRAMMAR[kind]
    rest = fields.get("*")
    copy: JsonObject = {}
    for name, value in node.items():
        place = fields.get(name, rest)
        if place is None or (rest is not None and str(name).startswith("x-")):
            copy[name] = value
            continue
        try:
            copy[name] = _rewrite_field(value, change, *place)
        except Misplaced as error:
            error.path.append(str(name))
            raise
    return change(kind, copy)


def _rewrite_field(value: Any, change: Change, shape: Shape, kind: str) -> Any:
    if shape == "one":
        return rewrite(value, change, kind)
    wanted = dict if shape == "map" else list
    if not isinstance(value, wanted):
        if value is None or kind == "example":
            return value
        raise Misplaced("an object" if shape == "map" else "an array", value)
    if isinstance(value, list):
        return [_rewrite_inner(str(at), inner, change, kind) for at, inner in enumerate(value)]
    return {name: _rewrite_inner(name, inner, change, kind) for name, inner in value.items()}


def _rewrite_inner(name: str, inner: Any, change: Change, kind: str) -> Any:
    if str(name).startswith("x-") and not isinstance(inner, dict):
        return inner  # an extension among paths or responses
    try:
        return rewrite(inner, change, kind)
    except Misplaced as error:
        error.path.append(str(name))
        raise
