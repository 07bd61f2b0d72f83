"""Samples: the document's own where they are valid, else made from the schema."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from factify_contract.errors import DocumentError
from factify_contract.spec import (
    Document,
    instance_of,
    invalid_samples,
    parameter_sample,
    request_sample,
    sample,
)

Make = Callable[..., Any]


def answering(make_document: Make, media: dict[str, Any], status: str = "200") -> Any:
    document = make_document(
        {"/a": {"get": {"operationId": "getA", "responses": {status: {"description": "", "content": media}}}}}
    )
    return document.operations["getA"]


def test_every_answer_of_the_shipped_document_has_a_valid_sample(shipped: Document) -> None:
    for operation in shipped.operations.values():
        for status, response in operation.responses.items():
            made = sample(operation, int(status))
            assert response.media[made.media_type].validator.problems(made.value) == []


def test_everything_can_be_made_when_the_document_has_no_samples(plain: Document) -> None:
    for operation in plain.operations.values():
        for status, response in operation.responses.items():
            made = sample(operation, int(status))
            assert made.name == "generated"
            assert response.media[made.media_type].validator.problems(made.value) == []
        if operation.body:
            asked = request_sample(operation)
            assert operation.body.media[asked.media_type].validator.problems(asked.value) == []
        for parameter in operation.parameters:
            assert parameter.validator.problems(parameter_sample(parameter)) == []


def test_every_schema_of_the_document_can_be_made(plain: Document) -> None:
    for name in plain.raw["components"]["schemas"]:
        made = instance_of({"$ref": f"#/components/schemas/{name}"}, plain)
        assert plain.schema(name).problems(made) == []


def test_the_documents_own_sample_comes_first(make_document: Make) -> None:
    examples = {"wrong": {"value": 5}, "right": {"value": "a"}, "other": {"value": "b"}}
    operation = answering(
        make_document, {"application/json": {"schema": {"type": "string"}, "examples": examples}}
    )

    made = sample(operation)

    assert (made.name, made.value, made.media_type) == ("right", "a", "application/json")


def test_a_sample_may_be_asked_for_by_name(make_document: Make) -> None:
    media = {
        "application/json": {"schema": {"type": "string"}, "examples": {"odd": {"value": 5}}, "example": "a"}
    }
    operation = answering(make_document, media)

    assert sample(operation, 200, name="odd").value == 5
    assert sample(operation).name == "default"
    with pytest.raises(DocumentError, match="getA, response 200, has no sample named 'absent'"):
        sample(operation, 200, name="absent")


def test_invalid_samples_are_reported(make_document: Make) -> None:
    media = {"application/json": {"schema": {"type": "string"}, "examples": {"odd": {"value": 5}}}}
    document = make_document(
        {"/a": {"put": {"requestBody": {"content": media}, "responses": {"4XX": {"content": media}}}}}
    )

    found = list(invalid_samples(document))

    assert [(one.operation_id, one.place, one.media_type, one.name) for one in found] == [
        ("PUT /a", "request", "application/json", "odd"),
        ("PUT /a", "4XX", "application/json", "odd"),
    ]
    assert found[0].problem.message == "body must be a string, not 5"


def test_a_sample_may_be_changed_without_harm(shipped: Document) -> None:
    operation = shipped.operations["listDocuments"]
    sample(operation).value.clear()

    assert sample(operation).value != {}


def test_json_is_preferred(make_document: Make) -> None:
    media = {
        "text/plain": {"schema": {"type": "string"}},
        "application/problem+json": {"schema": {"type": "object"}},
    }

    assert sample(answering(make_document, media)).media_type == "application/problem+json"


def test_an_answer_without_a_body_has_a_sample_without_value(make_document: Make) -> None:
    operation = answering(make_document, {}, "204")

    assert (sample(operation, 204).value, sample(operation, 204).media_type) == (None, None)
    assert request_sample(operation).media_type is None
    assert operation.success_status == 204


def test_a_status_that_is_not_documented_has_no_sample(make_document: Make) -> None:
    with pytest.raises(DocumentError, match="getA documents no response 418"):
        sample(answering(make_document, {}), 418)


@pytest.mark.parametrize(
    ("statuses", "asked", "found"),
    [
        (["200", "4XX", "default"], 200, "200"),
        (["200", "4XX", "default"], 404, "4XX"),
        (["200", "4XX", "default"], 500, "default"),
        (["200", "404", "4XX"], 404, "404"),
        (["200"], 404, None),
    ],
)
def test_the_most_exact_response_counts(
    make_document: Make, statuses: list, asked: int, found: str | None
) -> None:
    responses = {status: {"description": status} for status in statuses}
    operation = make_document({"/a": {"get": {"responses": responses}}}).operations["GET /a"]

    response = operation.response_for(asked)

    assert (response and response.status) == found


@pytest.mark.parametrize(
    ("statuses", "success", "status"),
    [
        (["404", "201", "200"], "201", 201),
        (["2XX", "404"], "2XX", 200),
        (["default"], "default", 200),
        (["404", "default"], None, 200),
        ([], None, 200),
    ],
)
def test_success_is_the_first_2xx(
    make_document: Make, statuses: list, success: str | None, status: int
) -> None:
    responses = {one: {"description": one} for one in statuses}
    operation = make_document({"/a": {"get": {"responses": responses}}}).operations["GET /a"]

    assert (operation.success and operation.success.status) == success
    assert operation.success_status == status


@pytest.mark.parametrize(
    ("content_type", "found"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        ("application/xml", "application/*"),
        ("text/plain", "*/*"),
        ("", "*/*"),
    ],
)
def test_a_content_type_finds_the_most_exact_media_type(
    make_document: Make, content_type: str, found: str
) -> None:
    operation = answering(make_document, {name: {} for name in ("*/*", "application/*", "application/json")})

    taking = make_document({"/a": {"put": {"requestBody": {"content": {"*/*": {}, "application/*": {}}}}}})

    assert operation.success.media_for(content_type).name == found
    assert taking.operations["PUT /a"].body.media_for("application/json").name == "application/*"
    assert answering(make_document, {"a/b": {}}).success.media_for(content_type) is None


def test_a_request_holds_no_field_that_the_server_sets(make_document: Make) -> None:
    properties = {
        "id": {"type": "string", "readOnly": True},
        "name": {"type": "string"},
        "secret": {"type": "string", "writeOnly": True},
    }
    schema = {"type": "object", "properties": properties, "required": ["id", "name", "secret"]}
    media = {"application/json": {"schema": schema}}
    document = make_document(
        {"/a": {"put": {"requestBody": {"content": media}, "responses": {"200": {"content": media}}}}}
    )
    operation = document.operations["PUT /a"]

    assert request_sample(operation).value == {"name": "sample", "secret": "sample"}
    assert sample(operation).value == {"id": "sample", "name": "sample"}


def test_a_parameters_sample_is_its_own_or_made(make_operation: Make) -> None:
    operation = make_operation(
        parameters=[
            {
                "name": "a",
                "in": "query",
                "schema": {"type": "integer"},
                "examples": {"x": {"value": "no"}, "y": {"value": 9}},
            },
            {"name": "b", "in": "query", "schema": {"type": "integer", "minimum": 4}},
            {"name": "c", "in": "query", "schema": False},
        ]
    )

    assert [parameter_sample(one) for one in operation.parameters[:2]] == [9, 4]
    with pytest.raises(DocumentError, match="Parameter c: no value could be made"):
        parameter_sample(operation.parameters[2])


PROGRAM = """
import json, sys
from factify_contract.spec import Document, sample
document = Document.from_dict(Document.load().without_samples())
print(json.dumps([sample(one).value for one in document.operations.values()], sort_keys=True))
print([name for name in ("jsonschema", "hypothesis", "schemathesis", "yaml") if name in sys.modules])
"""


def test_other_processes_make_the_same_samples_and_load_nothing_heavy(plain: Document) -> None:
    runs = [
        subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]

    values, heavy = runs[0].splitlines()
    assert runs[0] == runs[1]
    assert json.loads(values) == [sample(one).value for one in plain.operations.values()]
    assert heavy == "[]"
