"""The shipped document is complete, valid OpenAPI 3.1, and equals the corrected reference."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

REPOSITORY = Path(__file__).resolve().parents[2]
METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
PROSE = {"description", "summary", "title", "example", "examples", "externalDocs"}
ERRORS = {"400", "401", "403", "404", "429", "500"}
ROW = re.compile(r"^\| `(/[^`]*)` \| (?:`([^`]+)`)? ?\| (?:`([^`]+)`)? ?\| .+ \|$")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in METHODS:
                yield f"{method.upper()} {path}", operation


def resolve(document: dict[str, Any], node: Any) -> Any:
    while isinstance(node, dict) and "$ref" in node:
        target = at(document, node["$ref"].removeprefix("#"))
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def at(document: dict[str, Any], pointer: str) -> Any:
    for key in pointer.split("/")[1:]:
        document = document[key.replace("~1", "/").replace("~0", "~")]
    return document


def schema_facts(document: dict[str, Any], node: Any, seen: tuple[str, ...] = ()) -> Any:
    """A schema without prose and component names; recursion ends at the second visit."""
    if isinstance(node, list):
        return [schema_facts(document, item, seen) for item in node]
    if not isinstance(node, dict):
        return node
    name = node.get("$ref")
    if name in seen:
        return "recursion"
    if name is not None:
        seen = (*seen, name)
    facts = {}
    for key, value in resolve(document, node).items():
        if key in PROSE or key.startswith("x-"):
            continue
        if key == "properties":
            facts[key] = {name: schema_facts(document, schema, seen) for name, schema in value.items()}
        elif key in ("required", "enum", "type") and isinstance(value, list):
            if value:
                facts[key] = sorted(map(str, value))
        else:
            facts[key] = schema_facts(document, value, seen)
    return facts


def content_facts(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    content = node.get("content", {})
    return {kind: schema_facts(document, media["schema"]) for kind, media in content.items()}


def response_facts(document: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    response = resolve(document, node)
    headers = {name: resolve(document, header) for name, header in response.get("headers", {}).items()}
    return {
        "content": content_facts(document, response),
        "headers": {name: schema_facts(document, header["schema"]) for name, header in headers.items()},
    }


def operation_facts(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    body = operation.get("requestBody")
    responses = operation["responses"].items()
    return {
        "id": operation["operationId"],
        "tags": operation["tags"],
        "internal": operation.get("x-internal", False),
        "security": operation.get("security", document["security"]),
        "parameters": {
            (raw["in"], raw["name"]): (raw.get("required", False), schema_facts(document, raw["schema"]))
            for raw in operation.get("parameters", [])
        },
        "body": body and (body["required"], content_facts(document, body)),
        "responses": {status: response_facts(document, response) for status, response in responses},
    }


def document_facts(document: dict[str, Any]) -> dict[str, Any]:
    """Everything a client or server depends on, in a form that compares."""
    shared = document["components"]["responses"].items()
    schemes = document["components"]["securitySchemes"].items()
    return {
        "openapi": document["openapi"],
        "version": document["info"]["version"],
        "servers": [server["url"] for server in document["servers"]],
        "schemes": {name: {k: v for k, v in s.items() if k not in PROSE} for name, s in schemes},
        "responses": {name: response_facts(document, response) for name, response in shared},
        **{name: operation_facts(document, operation) for name, operation in operations(document)},
    }


def corrections() -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """The rows of the first table: pointer, keywords taken away, keywords set."""
    text = (REPOSITORY / "docs" / "explanation" / "document-corrections.md").read_text()
    section = text.split("## Corrected")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    matches = [ROW.match(row) for row in rows]
    assert all(matches), "a row of the table of corrections does not have its form"
    return [
        (match[1], *(json.loads(f"{{{cell or ''}}}") for cell in (match[2], match[3])))
        for match in matches
        if match
    ]


def sentences(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from sentences(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key not in ("description", "summary") or not isinstance(value, str):
                yield from sentences(value)
                continue
            for sentence in re.split(r"(?<=[.!?])\s+|\n", value):
                words = re.findall(r"[a-z0-9']+", sentence.lower())
                if len(words) >= 6:
                    yield " ".join(words)


def sources(document: dict[str, Any]) -> Iterator[str]:
    for _, operation in operations(document):
        for sample in operation.get("x-codeSamples", []):
            yield " ".join(sample["source"].split())


def undescribed(node: Any, where: str = "") -> Iterator[str]:
    """Properties without a description, however deep."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from undescribed(item, f"{where}/{index}")
    elif isinstance(node, dict):
        for name, schema in node.get("properties", {}).items():
            if not schema.get("description"):
                yield f"{where}/{name}"
        for key, value in node.items():
            if key not in ("example", "examples"):
                yield from undescribed(value, f"{where}/{key}")


def test_the_document_is_valid_openapi(document: dict[str, Any]) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1.")


def test_the_document_is_stored_in_a_stable_form(document: dict[str, Any]) -> None:
    text = (REPOSITORY / "openapi-with-samples.json").read_text()
    assert text == json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def test_every_operation_is_told_completely(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        parts = [operation, *operation.get("parameters", []), *operation["responses"].values()]
        if "requestBody" in operation:
            parts.append(operation["requestBody"])
        for part in parts:
            assert part.get("description"), name
        assert operation["summary"], name
        assert not operation["summary"].endswith("."), name
        assert operation["description"].endswith((".", "!")), name
        assert set(operation["responses"]) == {"200", *ERRORS}, name


def test_every_body_and_response_has_a_named_sample(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        contents = [response["content"] for response in operation["responses"].values()]
        if "requestBody" in operation:
            contents.append(operation["requestBody"]["content"])
        for content in contents:
            for media in content.values():
                assert media["examples"], name
                for sample in media["examples"].values():
                    assert sample.keys() == {"summary", "value"}, name


def test_every_schema_and_property_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []
    assert list(undescribed(document["components"])) == []
    assert list(undescribed(document["paths"])) == []


def test_every_tag_is_declared_once_and_described(document: dict[str, Any]) -> None:
    declared = [tag["name"] for tag in document["tags"]]
    assert len(declared) == len(set(declared))
    assert {tag for _, operation in operations(document) for tag in operation["tags"]} <= set(declared)
    assert all(tag["description"] for tag in document["tags"])


def test_every_component_schema_is_used(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    names = document["components"]["schemas"]
    assert [name for name in names if f'"#/components/schemas/{name}"' not in text] == []


def test_the_structure_is_that_of_the_reference(document: dict[str, Any], reference: dict[str, Any]) -> None:
    corrected = copy.deepcopy(reference)
    for pointer, removed, put in corrections():
        target = at(corrected, pointer)
        for keyword in removed:
            del target[keyword]
        target.update(put)
    expected, actual = document_facts(corrected), document_facts(document)
    assert actual.keys() == expected.keys()
    assert [name for name in expected if actual[name] != expected[name]] == []
    assert {tag["name"] for tag in reference["tags"]} <= {tag["name"] for tag in document["tags"]}


@pytest.mark.parametrize(
    ("pointer", "removed", "put"), corrections(), ids=[pointer for pointer, _, _ in corrections()]
)
def test_a_listed_correction_really_occurs(
    document: dict[str, Any],
    reference: dict[str, Any],
    pointer: str,
    removed: dict[str, Any],
    put: dict[str, Any],
) -> None:
    theirs, ours = at(reference, pointer), at(document, pointer)
    assert removed.items() <= theirs.items()
    assert not removed.keys() & ours.keys()
    assert put.items() <= ours.items()
    assert not put.keys() & theirs.keys()


def test_the_table_of_corrections_is_not_empty() -> None:
    assert len(corrections()) >= 8


def test_no_sentence_is_taken_from_the_reference(document: dict[str, Any], reference: dict[str, Any]) -> None:
    assert sorted(set(sentences(document)) & set(sentences(reference))) == []


def test_no_code_sample_is_taken_from_the_reference(
    document: dict[str, Any], reference: dict[str, Any]
) -> None:
    ours, theirs = set(sources(document)), set(sources(reference))
    assert ours
    assert ours.isdisjoint(theirs)
