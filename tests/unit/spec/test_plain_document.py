"""The document without its samples: the API's own `openapi.json`."""

import json
from collections.abc import Callable
from typing import Any

from factify_contract.spec import Document

Make = Callable[..., Any]


def test_the_plain_document_has_no_samples_code_or_links(shipped: Document) -> None:
    text = json.dumps(shipped.without_samples())

    assert '"examples"' not in text
    assert '"x-codeSamples"' not in text
    assert '"links"' not in text


def test_only_samples_are_taken_out(make_document: Make) -> None:
    properties = {name: {"type": "string", "example": "e"} for name in ("example", "examples", "links")}
    media = {"schema": {"properties": properties, "examples": [{}]}, "examples": {"a": {"value": 1}}}
    responses = {
        "200": {
            "description": "ok",
            "content": {"application/json": media},
            "links": {"l": {"operationRef": "other.json#/paths/~1a/get"}},
        }
    }
    parameters = [{"name": "links", "in": "query", "schema": {}, "example": 1}]
    operation = {"parameters": parameters, "responses": responses, "x-codeSamples": [], "x-other": 1}
    raw = {
        "openapi": "3.1.0",
        "paths": {"/links": {"get": operation}},
        "components": {"examples": {}, "links": {}},
    }

    assert Document.from_dict(raw).without_samples() == {
        "openapi": "3.1.0",
        "paths": {
            "/links": {
                "get": {
                    "parameters": [{"name": "links", "in": "query", "schema": {}}],
                    "responses": {
                        "200": {
                            "description": "ok",
                            "content": {
                                "application/json": {
                                    "schema": {
                                        "properties": {
                                            name: {"type": "string"}
                                            for name in ("example", "examples", "links")
                                        }
                                    }
                                }
                            },
                        }
                    },
                    "x-other": 1,
                }
            }
        },
        "components": {},
    }


def test_taking_the_samples_out_leaves_the_document_alone(shipped: Document) -> None:
    before = shipped.digest
    shipped.without_samples()

    assert Document.from_dict(shipped.raw).digest == before
