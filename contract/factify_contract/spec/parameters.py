"""One parameter of an operation: from the text of a URL or header to a typed value, and back."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from factify_contract.errors import DocumentError
from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.json_values import MAX_INTEGER_BITS
from factify_contract.spec.references import resolve
from factify_contract.spec.styles import (
    join_fields,
    join_single,
    join_values,
    single_value,
    split_fields,
    split_values,
)
from factify_contract.spec.validators import SchemaValidator

# Numbers as JSON writes them: no plus sign, no leading zero, no blanks, ASCII digits only.
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONGEST_NUMBER = MAX_INTEGER_BITS * 3 // 10


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A parameter in the path, query, headers or cookies.

    All styles of OpenAPI are understood, deepObject to one level; a style of another name is read as
    if it were `simple`.
    """

    name: str
    location: str
    required: bool
    schema: Any
    style: str
    explode: bool
    validator: SchemaValidator = field(repr=False)
    content_type: str | None = None
    examples: Mapping[str, Any] = field(default_factory=dict, repr=False)
    kinds: frozenset[str] = frozenset()
    item_kinds: frozenset[str] = frozenset()
    fields: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)
    open_fields: bool = False

    @property
    def is_array(self) -> bool:
        """Whether several values are one value of this parameter."""
        return "array" in self.kinds and self.content_type is None

    @property
    def is_object(self) -> bool:
        """Whether the value is made of named fields."""
        return "object" in self.kinds and "array" not in self.kinds and self.content_type is None

    def read(self, text: str) -> Any:
        """The value that one piece of text stands for; the text itself where no type fits.

        Whether the value is allowed is for the validator to say.
        """
        if self.content_type is not None:
            return _read_json(text) if "json" in self.content_type else text
        if self.is_array:
            pieces = split_values(text, self.style, self.name, explode=self.explode)
            return self.read_items(
                [piece.strip() for piece in pieces] if self.location == "header" else pieces
            )
        if self.is_object:
            fields = split_fields(text, self.style, self.name, explode=self.explode)
            return text if fields is None else {name: self.read_field(name, value) for name, value in fields}
        return coerce(single_value(text, self.style, self.name), self.kinds)

    def read_items(self, texts: Sequence[str]) -> list[Any]:
        """An array of the items that the texts stand for."""
        return [coerce(text, self.item_kinds) for text in texts]

    def read_field(self, name: str, text: str) -> Any:
        """The value of one field of an object."""
        return coerce(text, self.fields.get(name, frozenset({"string"})))

    def write(self, value: Any) -> str:
        """The text of `value` in one piece, as it stands in a path or header; not percent-encoded."""
        if self.content_type is not None:
            return json.dumps(value)
        if isinstance(value, Mapping):
            fields = [(name, plain(inner)) for name, inner in value.items()]
            return join_fields(fields, self.style, self.name, explode=self.explode)
        if isinstance(value, (list, tuple)):
            return join_values([plain(item) for item in value], self.style, self.name, explode=self.explode)
        return join_single(plain(value), self.style, self.name)


def _read_json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def coerce(text: str, kinds: frozenset[str]) -> Any:
    """`text` as the first of `kinds` that it spells; `text` itself when it may be, or must be, a string."""
    if "string" in kinds or not kinds:
        return text
    if "boolean" in kinds and text in ("true", "false"):
        return text == "true"
    if "null" in kinds and text in ("", "null"):
        return None
    if len(text) > _LONGEST_NUMBER:
        return text
    if kinds & {"integer", "number"} and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in kinds and _NUMBER.fullmatch(text):
        return float(text)
    return text


def plain(value: Any) -> str:
    """A scalar as it is written in a URL."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


_KIND_OF = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


def kinds_of(schema: Any, document: JsonObject, *, seen: tuple[str, ...] = ()) -> frozenset[str]:
    """The JSON types a schema allows, over references and combinations; empty when it does not say."""
    if not isinstance(schema, dict):
        return frozenset()
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref not in seen:
        return kinds_of(resolve(document, {"$ref": ref}), document, seen=(*seen, ref))
    stated = schema.get("type")
    if stated is not None:
        return frozenset(stated if isinstance(stated, list) else [stated])
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        return frozenset(_KIND_OF.get(type(value), "object") for value in values)
    for word in ("oneOf", "anyOf", "allOf"):
        found = [kinds_of(inner, document, seen=seen) for inner in schema.get(word, ())]
        known = [kinds for kinds in found if kinds]
        if known:
            together = frozenset.intersection if word == "allOf" else frozenset.union
            return together(*known)
    return frozenset()


def _items_of(schema: Any, document: JsonObject, *, seen: tuple[str, ...] = ()) -> Any:
    """The schema of an array's items, wherever the array's schema hides it."""
    if not isinstance(schema, dict) or "items" in schema:
        return schema.get("items") if isinstance(schema, dict) else None
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref not in seen:
        return _items_of(resolve(document, {"$ref": ref}), document, seen=(*seen, ref))
    inner = [one for word in ("oneOf", "anyOf", "allOf") for one in schema.get(word, ())]
    return next(filter(None, (_items_of(one, document, seen=seen) for one in inner)), None)


def fields_of(schema: Any, document: JsonObject) -> tuple[dict[str, frozenset[str]], bool]:
    """The types of an object's fields by name, and whether other fields may come."""
    plain_schema = resolve(document, schema) if isinstance(schema, dict) else {}
    properties = plain_schema.get("properties") or {}
    fields = {name: kinds_of(inner, document) for name, inner in properties.items()}
    return fields, plain_schema.get("additionalProperties", not properties) is not False


_DEFAULT_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}


def parameter_from(raw: JsonObject, document: JsonObject, validator: SchemaValidator) -> Parameter:
    """The parameter that the resolved object `raw` describes; `validator` judges its value."""
    location = raw["in"]
    if location not in _DEFAULT_STYLES:
        raise DocumentError(f"Parameter {raw['name']!r} is in {location!r}, which OpenAPI 3 does not know")
    schema = validator.schema
    style = raw.get("style", _DEFAULT_STYLES[location])
    kinds = kinds_of(schema, document)
    items = _items_of(schema, document) if "array" in kinds else None
    fields, open_fields = fields_of(schema, document) if "object" in kinds else ({}, False)
    return Parameter(
        name=raw["name"],
        location=location,
        required=raw.get("required", False) is True,
        schema=schema,
        style=style,
        explode=raw.get("explode", style == "form"),
        validator=validator,
        content_type=next(iter(raw.get("content") or ()), None),
        examples=examples_of(raw, document),
        kinds=kinds,
        item_kinds=kinds_of(items, document),
        fields=fields,
        open_fields=open_fields,
    )


def examples_of(raw: JsonObject, document: JsonObject) -> dict[str, Any]:
    """The samples that a parameter or media type carries, by name; a lone `example` is `default`."""
    examples = raw.get("examples")
    found = examples.items() if isinstance(examples, dict) else ()
    objects = [(name, resolve(document, one)) for name, one in found if isinstance(one, dict)]
    named = {name: one["value"] for name, one in objects if "value" in one}
    if "example" in raw:
        named.setdefault("default", raw["example"])
    return named
