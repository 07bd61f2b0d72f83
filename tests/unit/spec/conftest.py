"""Documents for the tests of `factify_contract.spec`."""

from collections.abc import Callable
from typing import Any

import pytest

from factify_contract.spec import Document

Maker = Callable[..., Document]


@pytest.fixture(scope="session")
def shipped() -> Document:
    """The document of the API, as it is shipped."""
    return Document.load()


@pytest.fixture(scope="session")
def plain(shipped: Document) -> Document:
    """The same without samples, so that every sample must be made."""
    return Document.from_dict(shipped.without_samples())


@pytest.fixture
def make_document() -> Maker:
    """A document of the given paths and further top-level fields."""

    def make(paths: dict[str, Any] | None = None, *, openapi: str = "3.1.0", **fields: Any) -> Document:
        info = {"title": "Test", "version": "1"}
        return Document.from_dict({"openapi": openapi, "info": info, "paths": paths or {}, **fields})

    return make


@pytest.fixture
def make_operation(make_document: Maker) -> Callable[..., Any]:
    """`GET /things` with the given fields."""

    def make(**fields: Any) -> Any:
        operation = {"responses": {"200": {"description": "ok"}}, **fields}
        return make_document({"/things": {"get": operation}}).operations["GET /things"]

    return make


@pytest.fixture
def make_validator(make_document: Maker) -> Callable[..., Any]:
    """The validator of a schema, whose components may be given as well."""

    def make(schema: Any, *, incoming: bool = False, openapi: str = "3.1.0", **schemas: Any) -> Any:
        document = make_document(
            {
                "/things": {
                    "post": {
                        "requestBody": {"content": {"application/json": {"schema": schema}}},
                        "responses": {
                            "200": {"description": "ok", "content": {"application/json": {"schema": schema}}}
                        },
                    }
                }
            },
            openapi=openapi,
            components={"schemas": schemas},
        )
        operation = document.operations["POST /things"]
        holder = operation.body if incoming else operation.responses["200"]
        return holder.media["application/json"].validator

    return make
