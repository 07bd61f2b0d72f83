"""OpenAPI 3.0 read as 3.1, formats as bounds, and the two directions of a property."""

from collections.abc import Callable
from typing import Any

import pytest

Make = Callable[..., Any]


@pytest.mark.parametrize(
    ("schema", "valid", "invalid"),
    [
        ({"type": "string", "nullable": True}, ["a", None], [1]),
        ({"type": "string", "nullable": False}, ["a"], [None]),
        ({"type": "string", "enum": ["a"], "nullable": True}, ["a", None], ["b"]),
        ({"allOf": [{"$ref": "#/components/schemas/Thing"}], "nullable": True}, [{}, None], [1]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        ({"type": "integer", "maximum": 1, "exclusiveMaximum": True}, [0], [1]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": False}, [1], [0]),
        ({"type": "integer", "exclusiveMinimum": True}, [0], ["a"]),
        ({"$ref": "#/components/schemas/Thing", "type": "string", "description": "ignored"}, [{}], ["a"]),
        ({"type": "object", "example": {"$ref": "data"}}, [{}], [1]),
    ],
)
def test_schemas_of_openapi_3_0_mean_what_3_0_says(
    make_validator: Make, schema: dict, valid: list, invalid: list
) -> None:
    validator = make_validator(schema, openapi="3.0.3", Thing={"type": "object"})

    assert [validator.is_valid(value) for value in valid] == [True] * len(valid)
    assert [validator.is_valid(value) for value in invalid] == [False] * len(invalid)


def test_schemas_of_openapi_3_1_stay_as_they_are(make_validator: Make) -> None:
    validator = make_validator({"type": "string", "nullable": True})

    assert not validator.is_valid(None)


def test_an_example_of_3_0_is_an_example_of_the_schema(make_validator: Make) -> None:
    validator = make_validator({"type": "string", "example": "a"}, openapi="3.0.3")

    assert validator.schema == {"type": "string", "examples": ["a"]}


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("int32", -(2**31), 2**31 - 1), ("int64", -(2**63), 2**63 - 1)],
)
def test_integer_formats_are_bounds(make_validator: Make, name: str, low: int, high: int) -> None:
    validator = make_validator({"type": ["integer", "null"], "format": name})

    assert [validator.is_valid(value) for value in (low, high, None)] == [True] * 3
    assert [validator.is_valid(value) for value in (low - 1, high + 1)] == [False] * 2


def test_bounds_of_a_format_do_not_widen_those_of_the_schema(make_validator: Make) -> None:
    validator = make_validator({"type": "integer", "format": "int32", "minimum": 0, "maximum": 2**40})

    assert [validator.is_valid(value) for value in (-1, 0, 2**31)] == [False, True, False]


def test_a_string_of_an_integer_format_is_not_bounded(make_validator: Make) -> None:
    assert make_validator({"type": "string", "format": "int64"}).is_valid("99999999999999999999")


ACCOUNT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "name", "password"],
    "properties": {
        "id": {"type": "string", "readOnly": True},
        "name": {"type": "string"},
        "password": {"type": "string", "writeOnly": True},
    },
}


def test_what_the_server_sets_may_be_left_out_of_a_request_and_is_ignored_when_sent(
    make_validator: Make,
) -> None:
    validator = make_validator({"$ref": "#/components/schemas/Account"}, incoming=True, Account=ACCOUNT)

    assert validator.is_valid({"name": "a", "password": "b"})
    assert validator.is_valid({"name": "a", "password": "b", "id": 5})
    assert not validator.is_valid({"name": "a", "id": "5"})


def test_what_only_the_client_sends_may_be_left_out_of_an_answer(make_validator: Make) -> None:
    validator = make_validator({"$ref": "#/components/schemas/Account"}, Account=ACCOUNT)

    assert validator.is_valid({"name": "a", "id": "5"})
    assert not validator.is_valid({"name": "a", "id": 5})
    assert not validator.is_valid({"name": "a"})


def test_a_property_may_be_named_like_a_keyword(make_validator: Make) -> None:
    properties = {"format": {"type": "string"}, "example": {"type": "integer"}, "$ref": {"type": "boolean"}}
    validator = make_validator({"type": "object", "properties": properties})

    assert validator.is_valid({"format": "int32", "example": 1, "$ref": True})
    assert not validator.is_valid({"example": "1"})
