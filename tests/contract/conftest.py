"""The shipped document, the published reference beside the repository, and validation by pointer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = REPOSITORY.parent / "shared" / "reference" / "factify-openapi-1.1.0.json"


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    return json.loads((REPOSITORY / "openapi-with-samples.json").read_text())


@pytest.fixture(scope="session")
def reference() -> dict[str, Any]:
    if not REFERENCE.exists():
        pytest.skip("the published reference is not beside this repository")
    return json.loads(REFERENCE.read_text())


@pytest.fixture(scope="session")
def validator(document: dict[str, Any]) -> Callable[..., Draft202012Validator]:
    """Makes a validator for the schema at a JSON pointer, given as unescaped keys."""
    resource = Resource(contents=document, specification=DRAFT202012)
    registry = Registry().with_resource("urn:document", resource)

    def at(*keys: str) -> Draft202012Validator:
        pointer = "/".join(key.replace("~", "~0").replace("/", "~1") for key in keys)
        return Draft202012Validator(
            {"$ref": f"urn:document#/{pointer}"},
            registry=registry,
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )

    return at
