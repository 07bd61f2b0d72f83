"""Values made for schemas that have no sample."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from factify_contract.errors import DocumentError
from factify_contract.spec import instance_of, sample

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"const": [1]}, [1]),
        ({"enum": ["b", "a"]}, "b"),
        ({"type": "string", "default": "d"}, "d"),
        ({"type": "string", "examples": [5, "e"]}, "e"),
        ({"type": "boolean"}, True),
        ({"type": "null"}, None),
        ({"type": ["null", "integer"]}, 1),
        ({"type": "integer", "minimum": 7}, 7),
        ({"type": "integer", "exclusiveMinimum": 7}, 8),
        ({"type": "integer", "maximum": -3}, -3),
        ({"type": "integer", "multipleOf": 6, "minimum": 7}, 12),
        ({"type": "integer", "multipleOf": 6, "maximum": -7}, -12),
        ({"type": "integer", "multipleOf": 1.5}, 3),
        ({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
        ({"type": "number", "minimum": 0.25, "maximum": 0.3}, 0.3),
        ({"type": "string", "minLength": 10}, "sample sam"),
        ({"type": "string", "maxLength": 3}, "sam"),
        ({"type": "string", "format": "date-time"}, "2026-01-05T09:00:00Z"),
        ({"type": "string", "format": "byte", "minLength": 30}, "c2FtcGxlc2FtcGxlc2FtcGxlc2FtcGxl"),
        ({"type": "array", "items": {"type": "integer"}}, [1]),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 3, "uniqueItems": True}, [1, 2, 3]),
        ({"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 2, "uniqueItems": True}, ["a", "b"]),
        ({"type": "array", "items": {"type": "string"}, "maxItems": 0}, []),
        (
            {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False},
            [1, "sample"],
        ),
        ({"type": "array", "contains": {"const": 7}}, [7]),
        ({"properties": {"a": {"type": "integer"}}}, {"a": 1}),
        ({"type": "object", "required": ["a"]}, {"a": "sample"}),
        ({"type": "object", "required": ["a"], "additionalProperties": {"type": "integer"}}, {"a": 1}),
        ({"type": "object", "minProperties": 2}, {"sample": "sample", "sample-2": "sample"}),
        ({"type": "object", "minProperties": 1, "patternProperties": {"^a$": {"const": 1}}}, {"a": 1}),
        ({"type": "object", "minProperties": 1, "propertyNames": {"enum": ["k"]}}, {"k": "sample"}),
        ({"allOf": [{"type": "string"}, {"minLength": 3, "maxLength": 3}]}, "sam"),
        ({"allOf": [{"type": "number"}, {"type": "integer"}]}, 1),
        ({"oneOf": [{"type": "null"}, {"type": "string"}]}, "sample"),
        ({"anyOf": [False, {"type": "integer"}]}, 1),
        (
            {"oneOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"b": {"type": "string"}}}]},
            {"a": "sample", "b": 0},
        ),
        ({"type": "object", "properties": {"a": False, "b": True}}, {"b": "sample"}),
        (True, "sample"),
        ({}, "sample"),
        ({"allOf": [{"enum": ["a", "b"]}, {"enum": ["b", "c"]}]}, "b"),
        ({"allOf": [{"type": ["integer", "null"]}, {"type": ["string", "integer"]}]}, 1),
        ({"allOf": [{"type": ["integer", "string"]}, {"type": "number"}]}, 1),
        ({"allOf": [{"minimum": 3}, {"type": "integer", "minimum": 5}]}, 5),
        (
            {"allOf": [{"required": ["a"]}, {"type": "object", "required": ["a", "b"]}]},
            {"a": "sample", "b": "sample"},
        ),
        (
            {"allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"minLength": 8}}}]},
            {"a": "sample s"},
        ),
        ({"allOf": [{"type": "array", "items": {"type": "string"}}, {"items": {"maxLength": 2}}]}, ["sa"]),
        ({"allOf": [{"type": "array", "items": {"type": "string"}}, {"items": True}]}, ["sample"]),
        ({"allOf": [True, {"type": "integer"}]}, 1),
        ({"allOf": [{"type": "array", "items": {"type": "string"}}, {"items": False}]}, []),
        (
            {
                "allOf": [
                    {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                    {"anyOf": [{"type": "integer"}]},
                ]
            },
            1,
        ),
        (
            {"allOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}]},
            {"a": 1, "b": True},
        ),
        ({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "null"}], "description": "x"}, {"a": 1}),
        ({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": True}, [True, False]),
        (
            {
                "type": "array",
                "items": {"type": "string", "format": "date"},
                "minItems": 2,
                "uniqueItems": True,
            },
            ["2026-01-05", "2025-01-05"],
        ),
        (
            {
                "type": "array",
                "items": {"type": "string", "format": "email"},
                "minItems": 2,
                "uniqueItems": True,
            },
            ["sample@example.com", "sample-01@example01.com"],
        ),
        (
            {
                "type": "array",
                "items": {"type": "string", "format": "byte"},
                "minItems": 2,
                "uniqueItems": True,
            },
            ["c2FtcGxl", "c2FtcGxlIDAx"],
        ),
        (
            {"type": "array", "items": {"type": "string", "format": "regex"}, "minItems": 2},
            ["^sample$", "^sample$"],
        ),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Loop"}}, []),
        ({"minLength": 2}, "sample"),
    ],
    ids=lambda value: json.dumps(value)[:60],
)
def test_a_value_is_made(make_document: Make, schema: Any, value: Any) -> None:
    loop = {
        "type": "object",
        "required": ["next"],
        "properties": {"next": {"$ref": "#/components/schemas/Loop"}},
    }
    schemas = {
        "A": {"type": "object", "properties": {"a": {"type": "integer"}}},
        "B": {"type": "object", "properties": {"b": {"type": "boolean"}}},
        "Loop": loop,
    }

    assert instance_of(schema, make_document(components={"schemas": schemas})) == value


@pytest.mark.parametrize(
    "pattern",
    [
        r"^doc_[0-9a-hjkmnp-tv-z]{26}$",
        r"^\d{4}-\d{2}$",
        r"[a-f\d]{24}",
        r"^(?<year>\d{4})$",
        r"^\p{Lu}\p{Ll}+$",
        r"^a?b*c+(d|e)$",
        r"^[^a-z]{3}$",
        r"^\w+@\w+\.com$",
        "unanchored",
    ],
)
def test_a_string_matches_its_pattern(make_document: Make, pattern: str) -> None:
    document = make_document()
    schema = {"type": "string", "pattern": pattern, "maxLength": 80}

    assert document.validator(schema).is_valid(instance_of(schema, document))


def test_a_schema_that_holds_itself_comes_to_an_end(make_document: Make) -> None:
    tree = {
        "type": "object",
        "required": ["name"],
        "properties": {
            "name": {"type": "string"},
            "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
            "parent": {"$ref": "#/components/schemas/Tree"},
        },
    }
    document = make_document(components={"schemas": {"Tree": tree}})

    made = instance_of({"$ref": "#/components/schemas/Tree"}, document)

    assert document.schema("Tree").is_valid(made)
    assert made["children"][0]["name"] == "sample"


@pytest.mark.parametrize(
    ("schema", "reason"),
    [
        (False, "it forbids every value"),
        ({"$ref": "#/components/schemas/Endless"}, "it asks for itself without end"),
        ({"allOf": [{"type": "string"}, {"type": "integer"}]}, "it asks for several types at once"),
        ({"type": "integer", "minimum": 0.1, "maximum": 0.9}, "body must be at least 0.1, not 0"),
        ({"oneOf": [{"type": "string"}, {"type": "string"}]}, "no value was found that its oneOf allows"),
        (
            {"type": "string", "pattern": "^a$", "minLength": 2},
            'body must have at least 2 characters, not "a"',
        ),
        ({"type": "object", "minProperties": 3, "propertyNames": {"maxLength": 3}}, "too few names"),
        ({"type": "integer", "multipleOf": 0.3, "minimum": 1, "maximum": 2}, "body must be"),
        ({"type": "integer", "multipleOf": 3.0001}, "no integer was found among its multiples"),
        ({"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Endless"}}, "without end"),
    ],
)
def test_a_schema_that_nothing_satisfies_is_named(make_document: Make, schema: Any, reason: str) -> None:
    endless = {
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"$ref": "#/components/schemas/Endless"}},
    }
    media = {"application/json": {"schema": schema}}
    document = make_document(
        {"/a": {"get": {"operationId": "getA", "responses": {"200": {"content": media}}}}},
        components={"schemas": {"Endless": endless}},
    )

    with pytest.raises(DocumentError, match=f"getA, response 200, cannot be sampled: .*{reason}"):
        sample(document.operations["getA"])


@pytest.mark.parametrize("name", ["uuid", "date-time", "uri", "hostname"])
def test_items_of_a_format_differ(make_document: Make, name: str) -> None:
    schema = {
        "type": "array",
        "items": {"type": "string", "format": name},
        "minItems": 3,
        "uniqueItems": True,
    }
    document = make_document()

    assert document.validator(schema).is_valid(instance_of(schema, document))


def test_items_of_a_pattern_differ(make_document: Make) -> None:
    schema = {"type": "array", "items": {"pattern": "^k_[a-z]{9}$"}, "minItems": 9, "uniqueItems": True}
    document = make_document()

    assert document.validator(schema).is_valid(instance_of(schema, document))


def test_a_pattern_that_python_cannot_read_has_no_sample(make_document: Make) -> None:
    schema = {"type": "string", "pattern": r"^\p{Greek}$"}

    with pytest.raises(DocumentError, match="no value could be made for its schema: body must match"):
        instance_of(schema, make_document())


def test_junk_behind_a_reference_is_named(make_document: Make) -> None:
    junk = {"type": "object", "required": [["a"], "b"], "properties": {"b": {"type": "string"}}}
    document = make_document(components={"schemas": {"Junk": junk}})

    with pytest.raises(DocumentError, match=r"its schema is malformed|not valid JSON Schema"):
        instance_of({"type": "array", "items": {"$ref": "#/components/schemas/Junk"}}, document)


def test_a_deep_schema_is_followed_as_far_as_it_must(make_document: Make) -> None:
    schema: dict[str, Any] = {"type": "integer"}
    for _ in range(30):
        schema = {"type": "object", "required": ["a"], "properties": {"a": schema}}

    made = instance_of(schema, make_document())

    assert json.dumps(made).count("{") == 30


def test_a_schema_deeper_than_any_value_is_refused(make_document: Make) -> None:
    schema: dict[str, Any] = {"type": "integer"}
    for _ in range(60):
        schema = {"type": "object", "required": ["a"], "properties": {"a": schema}}

    with pytest.raises(DocumentError, match="it is nested too deeply"):
        instance_of(schema, make_document())


def test_a_document_of_many_schemas_gets_a_small_sample(make_document: Make) -> None:
    wide = {
        "type": "object",
        "required": ["f0"],
        "properties": {f"f{at}": {"$ref": f"#/components/schemas/S{at}"} for at in range(30)},
    }
    schemas = {f"S{at}": wide if at else {"type": "integer"} for at in range(30)}
    document = make_document(components={"schemas": schemas})

    made = instance_of({"$ref": "#/components/schemas/S1"}, document)

    assert document.schema("S1").is_valid(made)
    assert len(json.dumps(made)) < 200_000
