"""From the text of a URL or a header to typed values, and back."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_contract.spec import Document, Operation

Make = Callable[..., Operation]


def query(name: str, schema: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, **fields}


def told(problems: list[Any]) -> list[tuple[str, str]]:
    return [(problem.param, problem.rule) for problem in problems]


INTEGER = {"type": "integer"}
STRINGS = {"type": "array", "items": {"type": "string"}}
INTEGERS = {"type": "array", "items": {"type": "integer"}}
POINT = {
    "type": "object",
    "properties": {"x": {"type": "integer"}, "name": {"type": "string"}},
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("schema", "text", "value"),
    [
        (INTEGER, "5", 5),
        (INTEGER, "-5", -5),
        (INTEGER, "0", 0),
        (INTEGER, "9223372036854775808", 9223372036854775808),
        ({"type": "number"}, "5", 5),
        ({"type": "number"}, "-1.5e3", -1500.0),
        ({"type": "boolean"}, "true", True),
        ({"type": "boolean"}, "false", False),
        ({"type": "string"}, "true", "true"),
        ({"type": "string"}, "", ""),
        ({}, "5", "5"),
        ({"type": ["integer", "null"]}, "null", None),
        ({"type": ["string", "integer"]}, "5", "5"),
        ({"enum": [1, 2]}, "2", 2),
        ({"const": True}, "true", True),
        ({"oneOf": [{"type": "integer"}, {"type": "boolean"}]}, "true", True),
        ({"allOf": [{"type": ["integer", "string"]}, {"type": "integer"}]}, "7", 7),
    ],
)
def test_a_text_becomes_a_value_of_the_schemas_type(
    make_operation: Make, schema: dict, text: str, value: Any
) -> None:
    operation = make_operation(parameters=[query("p", schema)])

    values, problems = operation.parse_query([("p", text)])

    assert problems == []
    assert values == {"p": value}
    assert type(values["p"]) is type(value)


@pytest.mark.parametrize(
    ("schema", "text"),
    [
        *[
            (INTEGER, text)
            for text in ("", "+5", " 5", "5 ", "1_0", "1.0", "1e3", "0x1", "05", "-", "٣", "5\n")
        ],
        (INTEGER, "9" * 5000),
        ({"type": "number"}, "1e999"),
        ({"type": "number"}, "NaN"),
        ({"type": "number"}, "Infinity"),
        ({"type": "number"}, ".5"),
        *[({"type": "boolean"}, text) for text in ("True", "FALSE", "1", "yes", "")],
    ],
)
def test_a_text_that_spells_no_such_value_is_of_the_wrong_type(
    make_operation: Make, schema: dict, text: str
) -> None:
    operation = make_operation(parameters=[query("p", schema)])

    values, problems = operation.parse_query([("p", text)])

    assert values == {}
    assert [problem.param for problem in problems] == ["p"]
    assert problems[0].rule in ("type", "encoding")
    assert len(problems[0].message) < 200


def test_a_format_bounds_an_integer(make_operation: Make) -> None:
    operation = make_operation(parameters=[query("p", {"type": "integer", "format": "int32"})])

    values, problems = operation.parse_query([("p", "2147483648")])

    assert values == {}
    assert told(problems) == [("p", "maximum")]
    assert problems[0].message == "p must be at most 2147483647, not 2147483648"


def test_unknown_keys_and_repeated_scalars_are_problems(make_operation: Make) -> None:
    operation = make_operation(parameters=[query("size", INTEGER), query("kind", STRINGS)])

    pairs = [("size", "1"), ("kind", "a"), ("color", "red"), ("size", "2"), ("kind", "b")]
    values, problems = operation.parse_query(pairs)

    assert values == {"kind": ["a", "b"]}
    assert told(problems) == [("color", "unknown"), ("size", "duplicate")]
    assert problems[0].location == "query"
    assert problems[1].value == "2"


def test_a_required_parameter_that_is_missing_is_named(make_operation: Make) -> None:
    operation = make_operation(parameters=[query("size", INTEGER, required=True)])

    assert told(operation.parse_query([])[1]) == [("size", "required")]


def test_an_item_of_an_array_is_judged_under_the_parameters_name(make_operation: Make) -> None:
    schema = {"type": "array", "items": {"enum": ["a", "b"]}}
    operation = make_operation(parameters=[query("kind", schema)])

    _, problems = operation.parse_query([("kind", "a"), ("kind", "c")])

    assert told(problems) == [("kind", "enum")]
    assert problems[0].message == 'kind[1] must be one of "a", "b", not "c"'


def test_a_novel_as_a_key_does_not_fill_the_answer(make_operation: Make) -> None:
    _, problems = make_operation().parse_query([("k" * 100_000, "v"), ("a\x00b", "v")])

    assert len(problems[0].param) < 100
    assert problems[1].param == "a\\u0000b"


@pytest.mark.parametrize(
    ("schema", "style", "pairs", "value"),
    [
        (INTEGERS, {}, [("p", "1"), ("p", "2")], [1, 2]),
        (STRINGS, {}, [("p", "a,b")], ["a,b"]),
        (INTEGERS, {"explode": False}, [("p", "1,2")], [1, 2]),
        (INTEGERS, {"style": "spaceDelimited", "explode": False}, [("p", "1 2")], [1, 2]),
        (INTEGERS, {"style": "pipeDelimited", "explode": False}, [("p", "1|2")], [1, 2]),
        (INTEGERS, {"explode": False}, [("p", "")], []),
        (POINT, {}, [("x", "1"), ("name", "n")], {"x": 1, "name": "n"}),
        (POINT, {"explode": False}, [("p", "x,1,name,n")], {"x": 1, "name": "n"}),
        (POINT, {"style": "deepObject"}, [("p[x]", "1"), ("p[name]", "n")], {"x": 1, "name": "n"}),
        ({"type": "object"}, {}, [("any", "1")], {"any": "1"}),
    ],
)
def test_every_style_of_the_query_is_read(
    make_operation: Make, schema: dict, style: dict, pairs: list, value: Any
) -> None:
    operation = make_operation(parameters=[query("p", schema, **style)])

    assert operation.parse_query(pairs) == ({"p": value}, [])


@pytest.mark.parametrize(
    ("style", "pairs", "expected"),
    [
        ({"style": "deepObject"}, [("p[x]", "1"), ("p[x]", "2")], [("p[x]", "duplicate")]),
        ({"style": "deepObject"}, [("p[x]", "a")], [("p.x", "type")]),
        ({"style": "deepObject"}, [("p[other]", "a")], [("p.other", "unknown")]),
        ({"style": "deepObject"}, [("q[x]", "1")], [("q[x]", "unknown")]),
        ({"style": "deepObject"}, [("p[x", "1")], [("p[x", "unknown")]),
        ({}, [("x", "1"), ("z", "1")], [("z", "unknown")]),
        ({"explode": False}, [("p", "x,1,name")], [("p", "type")]),
        ({"explode": False}, [("p", "x,1"), ("p", "x,1")], [("p", "duplicate")]),
        ({"explode": False}, [("p", "")], []),
    ],
)
def test_objects_in_the_query_are_judged(
    make_operation: Make, style: dict, pairs: list, expected: list[tuple[str, str]]
) -> None:
    operation = make_operation(parameters=[query("p", POINT, **style)])

    assert told(operation.parse_query(pairs)[1]) == expected


def test_a_parameter_may_be_json(make_operation: Make) -> None:
    content = {"application/json": {"schema": POINT}}
    operation = make_operation(parameters=[{"name": "p", "in": "query", "content": content}])

    assert operation.parse_query([("p", '{"x": 1}')]) == ({"p": {"x": 1}}, [])
    assert told(operation.parse_query([("p", '{"x":')])[1]) == [("p", "type")]
    assert told(operation.parse_query([("p", "[" * 100_000)])[1]) == [("p", "type")]


def test_a_parameter_that_is_json_is_written_as_json(make_document: Callable[..., Document]) -> None:
    parameter = {"name": "id", "in": "path", "content": {"application/json": {"schema": POINT}}}
    operation = make_document({"/a/{id}": {"get": {"parameters": [parameter]}}}).operations["GET /a/{id}"]

    assert operation.format_path({"id": {"x": 1}}) == "/a/%7B%22x%22%3A%201%7D"


def test_parameters_of_the_path_item_and_references_are_known(make_document: Callable[..., Document]) -> None:
    document = make_document(
        {
            "/things/{id}": {
                "parameters": [{"$ref": "#/components/parameters/Id"}, query("size", {"type": "string"})],
                "get": {"parameters": [query("size", INTEGER)]},
            }
        },
        components={
            "parameters": {
                "Id": {
                    "name": "id",
                    "in": "path",
                    "required": True,
                    "schema": {"$ref": "#/components/schemas/N"},
                }
            },
            "schemas": {"N": INTEGER},
        },
    )
    operation = document.operations["GET /things/{id}"]

    assert operation.parse_path({"id": "5"}) == ({"id": 5}, [])
    assert operation.parse_query([("size", "5")]) == ({"size": 5}, [])


def test_a_path_parameter_that_nobody_describes_is_any_text(make_document: Callable[..., Document]) -> None:
    described = {"name": "gone", "in": "path", "required": True, "schema": INTEGER}
    document = make_document({"/things/{id}": {"get": {"parameters": [described]}}})

    assert document.operations["GET /things/{id}"].parse_path({"id": "x"}) == ({"id": "x"}, [])


def test_an_api_key_in_the_query_is_no_unknown_parameter(make_document: Callable[..., Document]) -> None:
    schemes = {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}
    document = make_document({"/a": {"get": {}}}, components={"securitySchemes": schemes})

    assert document.operations["GET /a"].parse_query([("api_key", "x")]) == ({}, [])


@pytest.mark.parametrize(
    "schema",
    [
        {"oneOf": [INTEGERS, {"type": "null"}]},
        {"allOf": [{"$ref": "#/components/schemas/Ids"}]},
        {"anyOf": [{"allOf": [INTEGERS]}]},
    ],
)
def test_the_items_of_an_array_are_found_wherever_they_hide(
    make_document: Callable[..., Document], schema: dict
) -> None:
    document = make_document(
        {"/a": {"get": {"parameters": [query("p", schema)]}}}, components={"schemas": {"Ids": INTEGERS}}
    )

    assert document.operations["GET /a"].parse_query([("p", "1")]) == ({"p": [1]}, [])


def header(name: str, schema: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": name, "in": "header", "schema": schema, **fields}


def test_headers_are_found_whatever_their_case(make_operation: Make) -> None:
    operation = make_operation(parameters=[header("X-Count", INTEGER), header("X-Ids", INTEGERS)])

    sent = [("x-count", "5"), ("X-IDS", "1, 2"), ("x-ids", "3"), ("Other", "x")]

    assert operation.parse_headers(sent) == ({"X-Count": 5, "X-Ids": [1, 2, 3]}, [])


def test_a_header_that_is_wrong_or_missing_is_a_problem(make_operation: Make) -> None:
    operation = make_operation(
        parameters=[header("X-Count", INTEGER), header("X-Must", INTEGER, required=True)]
    )

    _, problems = operation.parse_headers([("X-Count", "five")])

    assert told(problems) == [("X-Count", "type"), ("X-Must", "required")]
    assert {problem.location for problem in problems} == {"header"}


def test_headers_that_openapi_describes_elsewhere_are_no_parameters(make_operation: Make) -> None:
    operation = make_operation(parameters=[header("Authorization", INTEGER, required=True)])

    assert operation.parse_headers([]) == ({}, [])


@pytest.mark.parametrize(
    ("schema", "style", "value", "path"),
    [
        ({"type": "string"}, {}, "a/b c", "/things/a%2Fb%20c"),
        (INTEGER, {}, 5, "/things/5"),
        ({"type": "boolean"}, {}, True, "/things/true"),
        (INTEGERS, {}, [1, 2], "/things/1%2C2"),
        (POINT, {}, {"x": 1, "name": "n"}, "/things/x%2C1%2Cname%2Cn"),
        (POINT, {"explode": True}, {"x": 1, "name": "n"}, "/things/x%3D1%2Cname%3Dn"),
        (INTEGER, {"style": "label"}, 5, "/things/.5"),
        (INTEGERS, {"style": "label"}, [1, 2], "/things/.1%2C2"),
        (INTEGERS, {"style": "label", "explode": True}, [1, 2], "/things/.1.2"),
        (POINT, {"style": "label", "explode": True}, {"x": 1}, "/things/.x%3D1"),
        (INTEGER, {"style": "matrix"}, 5, "/things/%3Bid%3D5"),
        (INTEGERS, {"style": "matrix"}, [1, 2], "/things/%3Bid%3D1%2C2"),
        (INTEGERS, {"style": "matrix", "explode": True}, [1, 2], "/things/%3Bid%3D1%3Bid%3D2"),
        (POINT, {"style": "matrix"}, {"x": 1, "name": "n"}, "/things/%3Bid%3Dx%2C1%2Cname%2Cn"),
        (POINT, {"style": "matrix", "explode": True}, {"x": 1}, "/things/%3Bx%3D1"),
        (INTEGERS, {"style": "homemade"}, [1, 2], "/things/1%2C2"),
    ],
)
def test_every_style_of_the_path_is_written_and_read(
    make_document: Callable[..., Document], schema: dict, style: dict, value: Any, path: str
) -> None:
    parameter = {"name": "id", "in": "path", "required": True, "schema": schema, **style}
    document = make_document({"/things/{id}": {"get": {"parameters": [parameter]}}})
    operation = document.operations["GET /things/{id}"]

    assert operation.format_path({"id": value}) == path
    assert operation.parse_path(document.router.match("GET", path).values) == ({"id": value}, [])


def written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def pairs_of(values: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (name, written(one))
        for name, value in values.items()
        for one in (value if isinstance(value, list) else [value])
    ]


LIST_QUERY = st.fixed_dictionaries(
    {},
    optional={
        "page_token": st.text(max_size=30),
        "page_size": st.integers(min_value=1, max_value=100),
        "organization_scope": st.booleans(),
        "title_contains": st.text(max_size=255),
        "created.after": st.datetimes().map(lambda at: at.isoformat() + "+02:00"),
        "source_format": st.lists(st.sampled_from(["pdf", "docx", "xlsx", "csv"]), min_size=1, max_size=4),
    },
)


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(values=LIST_QUERY)
def test_a_query_that_was_written_is_read_again(shipped: Document, values: dict[str, Any]) -> None:
    operation = shipped.operations["listDocuments"]

    assert operation.parse_query(pairs_of(values)) == (values, [])
