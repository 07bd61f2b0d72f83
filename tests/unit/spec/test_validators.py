"""What a schema accepts, and how a refusal is explained."""

from collections.abc import Callable
from typing import Any

import pytest

from factify_contract.errors import DocumentError
from factify_contract.spec import Document, Problem

Make = Callable[..., Any]


def reasons(problems: list[Problem]) -> list[tuple[str, str, str]]:
    return [(problem.param, problem.rule, problem.message) for problem in problems]


@pytest.mark.parametrize(
    ("schema", "value", "param", "rule", "message"),
    [
        ({"type": "string"}, 5, "body", "type", "body must be a string, not 5"),
        (
            {"type": ["string", "null"]},
            [],
            "body",
            "type",
            "body must be null or a string, not an empty array",
        ),
        ({"enum": ["a", "b"]}, "c", "body", "enum", 'body must be one of "a", "b", not "c"'),
        (
            {"enum": list(range(20))},
            20,
            "body",
            "enum",
            "body must be one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, …, not 20",
        ),
        ({"const": {"a": 1}}, None, "body", "const", "body must be an object, not null"),
        ({"minLength": 1}, "", "body", "minLength", 'body must have at least 1 character, not ""'),
        ({"maxLength": 2}, "abc", "body", "maxLength", 'body must have at most 2 characters, not "abc"'),
        ({"pattern": "^a$"}, "b", "body", "pattern", 'body must match ^a$, not "b"'),
        ({"format": "email"}, "b", "body", "format", 'body must be a valid email, not "b"'),
        ({"minimum": 2}, 1, "body", "minimum", "body must be at least 2, not 1"),
        ({"exclusiveMaximum": 2}, 2.0, "body", "exclusiveMaximum", "body must be less than 2, not 2.0"),
        ({"multipleOf": 3}, 2, "body", "multipleOf", "body must be a multiple of 3, not 2"),
        ({"minItems": 1}, [], "body", "minItems", "body must have at least 1 item, not an empty array"),
        (
            {"uniqueItems": True},
            [1, 1],
            "body",
            "uniqueItems",
            "body must not hold the same item twice, not an array of 2",
        ),
        (
            {"maxProperties": 0},
            {"a": 1},
            "body",
            "maxProperties",
            "body must have at most 0 fields, not an object",
        ),
        ({"required": ["a"]}, {}, "a", "required", "a is required"),
        ({"properties": {"a": False}}, {"a": 1}, "a", "false", "a must not be present"),
        ({"additionalProperties": False}, {"a": 1}, "a", "unknown", "a is not a field that is known here"),
        (
            {"not": {"type": "string"}},
            "a",
            "body",
            "not",
            'body must not be of the kind that is ruled out here, not "a"',
        ),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "b", "required", "b is required"),
    ],
)
def test_a_refusal_names_place_rule_and_value(
    make_validator: Make, schema: dict, value: Any, param: str, rule: str, message: str
) -> None:
    assert reasons(make_validator(schema).problems(value)) == [(param, rule, message)]


def test_a_place_inside_is_named_with_dots_and_indexes(make_validator: Make) -> None:
    role = {"type": "object", "properties": {"role": {"enum": ["viewer"]}}, "required": ["email"]}
    validator = make_validator({"properties": {"recipients": {"type": "array", "items": role}}})

    problems = validator.problems({"recipients": [{"email": "a"}, {"role": "king"}]})

    assert {(problem.param, problem.rule, problem.value) for problem in problems} == {
        ("recipients[1].role", "enum", "king"),
        ("recipients[1].email", "required", None),
    }


def test_a_wrong_type_is_told_once(make_validator: Make) -> None:
    validator = make_validator({"type": "string", "enum": ["a"], "minLength": 1})

    assert [problem.rule for problem in validator.problems(5)] == ["type"]


def test_every_unknown_field_is_told(make_validator: Make) -> None:
    validator = make_validator({"additionalProperties": False, "properties": {"a": {}}})

    problems = validator.problems({"a": 1, "b": 2, "c": 3})

    assert [(problem.param, problem.value) for problem in problems] == [("b", 2), ("c", 3)]


def test_no_more_problems_than_asked_for(make_validator: Make) -> None:
    validator = make_validator({"items": {"type": "string"}})

    assert len(validator.problems([1] * 100)) == 5
    assert len(validator.problems([1] * 100, limit=1)) == 1


def test_a_valid_value_has_no_problems(make_validator: Make) -> None:
    validator = make_validator({"type": "string"})

    assert validator.problems("a") == []
    assert validator.is_valid("a")


# oneOf and anyOf


@pytest.mark.parametrize("word", ["oneOf", "anyOf"])
def test_alternatives_of_other_types_count_as_one_type_error(make_validator: Make, word: str) -> None:
    validator = make_validator({word: [{"type": "string", "minLength": 3}, {"type": "null"}]})

    assert reasons(validator.problems(5)) == [("body", "type", "body must be null or a string, not 5")]


def test_the_alternative_of_the_right_type_explains(make_validator: Make) -> None:
    validator = make_validator({"oneOf": [{"type": "string", "enum": ["a"]}, {"type": "null"}]})

    assert reasons(validator.problems("b")) == [("body", "enum", 'body must be one of "a", not "b"')]


def test_the_alternative_that_fails_deepest_explains(shipped: Document) -> None:
    problems = shipped.schema("qcr.v1alpha.Block").problems({"paragraph": {"text": 3}})

    assert reasons(problems) == [("paragraph.text", "type", "paragraph.text must be a string, not 3")]


def test_alternatives_told_apart_by_a_field_are_listed(make_validator: Make) -> None:
    branches = [{"type": "object", "required": [name]} for name in ("user", "group")]

    problems = make_validator({"oneOf": branches}).problems({})

    assert reasons(problems) == [("body", "oneOf", "body must have one of the fields user, group")]


def test_too_many_fitting_alternatives_are_a_problem(make_validator: Make) -> None:
    problems = make_validator({"oneOf": [{"minimum": 1}, {"maximum": 9}]}).problems(5)

    assert [problem.rule for problem in problems] == ["oneOf"]
    assert "matches several" in problems[0].message


def test_alternatives_that_fail_alike_are_told_in_general(make_validator: Make) -> None:
    problems = make_validator({"anyOf": [{"minimum": 9}, {"maximum": 1}]}).problems(5)

    assert reasons(problems) == [
        ("body", "anyOf", "body must match one of the kinds allowed here, but matches none")
    ]


# Formats


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("email", ["a@b.example"], ["a", "a@", "Ann <a@b.example>", "a b@c.example"]),
        ("uri", ["https://example.com/a?b#c", "urn:a:b"], ["/a", "example", "http://a b"]),
        ("uuid", ["5f0c1d2e-3b4a-4c5d-8e6f-708192a3b4c5"], ["5f0c1d2e3b4a4c5d8e6f708192a3b4c5"]),
        ("date", ["2024-02-29"], ["2023-02-29", "2024-2-9"]),
        ("date-time", ["2026-01-05T09:00:00Z"], ["2026-01-05T09:00:00", "2026-01-05"]),
        ("byte", ["", "YQ==", "+/+/"], ["YQ", "Y Q=", "-_-_", "é"]),
        ("binary", ["anything"], []),
        ("unheard-of", ["anything"], []),
    ],
)
def test_formats_count(make_validator: Make, name: str, valid: list[str], invalid: list[str]) -> None:
    validator = make_validator({"type": "string", "format": name})

    assert [text for text in valid if not validator.is_valid(text)] == []
    assert [text for text in invalid if validator.is_valid(text)] == []


# What no sender should send


def nested(depth: int, kind: type) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value] if kind is list else {"a": value}
    return value


@pytest.mark.parametrize("kind", [list, dict])
def test_nesting_of_any_depth_is_refused_not_crashed_on(make_validator: Make, kind: type) -> None:
    schema = {
        "items": {"$ref": "#/components/schemas/Any"},
        "additionalProperties": {"$ref": "#/components/schemas/Any"},
    }
    validator = make_validator(schema, Any=schema)

    assert validator.is_valid(nested(200, kind))
    assert not validator.is_valid(nested(100_000, kind))
    assert validator.problems(nested(100_000, kind))[0].message.endswith("deeper than 256 levels")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "a.b must be a finite number"),
        (float("-inf"), "a.b must be a finite number"),
        (10**5000, "a.b must not have that many digits"),
        ("\ud800", "a.b must be valid Unicode, without lone surrogates"),
        (b"bytes", "a.b must be a JSON value, not bytes"),
        ({1: 2}, "a.b must have names that are valid Unicode text"),
        ({"\ud800": 2}, "a.b must have names that are valid Unicode text"),
        (object(), "a.b must be a JSON value, not object"),
    ],
    ids=["nan", "infinity", "digits", "surrogate", "bytes", "number as name", "surrogate in name", "object"],
)
def test_what_is_no_json_is_never_valid(make_validator: Make, value: Any, message: str) -> None:
    validator = make_validator({})

    assert not validator.is_valid({"a": {"b": value}})
    assert reasons(validator.problems({"a": {"b": value}})) == [("a.b", "encoding", message)]


def test_ten_megabytes_of_text_make_a_short_message(make_validator: Make) -> None:
    validator = make_validator({"type": "object", "properties": {"title": {"maxLength": 255}}})

    problem = validator.problems({"title": "x" * 10_000_000})[0]

    assert problem.message.endswith('…" (10000000 characters)')
    assert len(problem.message) < 200


def test_an_endless_list_of_errors_is_cut_to_its_first(make_validator: Make) -> None:
    problems = make_validator({"items": {"type": "string"}}).problems([1] * 100_000)

    assert reasons(problems) == [("[0]", "type", "[0] must be a string, not 1")]


@pytest.mark.parametrize("value", [10**300, -(10**300), 2**64, 1e300])
def test_huge_numbers_are_judged(make_validator: Make, value: float) -> None:
    validator = make_validator({"type": "number", "maximum": 5, "minimum": -5})

    problem = validator.problems(value)[0]

    assert problem.rule in ("minimum", "maximum")
    assert len(problem.message) < 100


def test_a_control_character_does_not_reach_a_message(make_validator: Make) -> None:
    problem = make_validator({"enum": ["a"]}).problems("\x00\x1b[31m\n\u202e")[0]

    assert problem.message.isprintable()


def test_a_schema_that_is_none_is_named_when_it_is_used(make_validator: Make) -> None:
    validator = make_validator({"type": "text"})

    with pytest.raises(DocumentError, match=r"A schema is not valid JSON Schema at schema\.type"):
        validator.is_valid("a")


def test_a_pattern_that_is_none_is_named(make_validator: Make) -> None:
    with pytest.raises(DocumentError, match=r"not valid JSON Schema at schema\.pattern"):
        make_validator({"pattern": "("}).is_valid("a")


def test_a_schema_is_compiled_once(shipped: Document) -> None:
    validator = shipped.schema("Document")

    assert validator.compiled is validator.compiled


class Text(str):
    """A string that only says it is one."""

    __slots__ = ()


def test_a_value_that_the_validator_cannot_take_is_not_valid(make_validator: Make) -> None:
    validator = make_validator({"type": "string"})

    assert not validator.is_valid(Text("a"))
    assert reasons(validator.problems(Text("a"))) == [("body", "encoding", "body must be a JSON value")]


def test_tuples_are_arrays(make_validator: Make) -> None:
    validator = make_validator({"items": {"type": "integer"}})

    assert validator.is_valid((1, 2))
    assert [problem.param for problem in validator.problems((1, "a"))] == ["[1]"]


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"$ref": "#/absent"}, "A schema cannot be used: Pointer '/absent' does not exist"),
        ({"$ref": "https://example.com/"}, "A schema cannot be used: .*https://example.com/"),
        (5, "A schema cannot be used: the document must be an object, not int"),
        ({"const": "\ud800"}, "A schema cannot be used: Failed to get UTF-8"),
    ],
)
def test_a_schema_that_leads_nowhere_is_named(shipped: Document, schema: Any, sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence):
        shipped.validator(schema).is_valid("a")


def test_a_validator_says_what_it_judges(shipped: Document) -> None:
    parameter = shipped.operations["listDocuments"].query_parameters[0]

    assert repr(parameter.validator) == f"SchemaValidator(query {parameter.name})"
