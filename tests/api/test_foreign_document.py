"""A document that describes another API: everything comes from its samples, for anybody."""

from pathlib import Path

import pytest

from factify_contract.spec import Document
from factify_contract.spec.samples import parameter_sample, request_sample
from factify_mock.api.app import AppOptions, create_app

FOREIGN = Path(__file__).parents[1] / "unit" / "spec" / "foreign"
NAMES = ["petstore.yaml", "galaxy.yaml", "request-examples.json", "star-trek.json"]
STRICT = AppOptions(is_strict=True, raises_bugs=True)


@pytest.fixture(scope="module", params=NAMES, ids=lambda name: name.partition(".")[0])
def foreign(request):
    return Document.load(FOREIGN / request.param)


def call(client, document, operation):
    """One call made of the document's own samples."""
    path = {each.name: parameter_sample(each) for each in operation.path_parameters}
    query = {
        each.name: parameter_sample(each)
        for each in operation.query_parameters
        if each.required and not each.is_object
    }
    headers = {
        each.name: each.write(parameter_sample(each)) for each in operation.header_parameters if each.required
    }
    body = request_sample(operation)
    if body.media_type == "application/json":
        content = {"json": body.value}
    elif body.media_type == "application/octet-stream":
        content = {"content": b"bytes", "headers": {"Content-Type": body.media_type}}
    else:
        content = {}
    headers |= content.pop("headers", {})
    url = document.base_path + operation.format_path(path)
    return client.request(operation.method, url, params=query, headers=headers, **content)


def test_every_operation_answers_a_valid_sample_without_credentials(foreign, connect):
    client = connect(create_app(foreign, options=STRICT))
    plain = [
        each
        for each in foreign.operations.values()
        if each.body is None
        or request_sample(each).media_type in ("application/json", "application/octet-stream")
    ]

    for operation in plain:
        answer = call(client, foreign, operation)

        assert answer.status_code == operation.success_status, (operation.id, answer.text)
        assert answer.headers["x-factify-mock"].startswith("sample")
        media = operation.success and operation.success.media_for(answer.headers.get("content-type", ""))
        if media and "json" in media.name:
            assert media.validator.is_valid(answer.json()), operation.id
    assert len(plain) > 5


@pytest.fixture
def pets(connect):
    return connect(create_app(Document.load(FOREIGN / "petstore.yaml"), options=STRICT))


def test_paths_begin_with_the_path_of_the_first_server(pets):
    assert pets.get("/v2/pet/1").status_code == 200
    assert pets.get("/pet/1").status_code == 404


def test_requests_are_validated(pets, refusal):
    assert refusal(pets.get("/v2/pet/dog")) == (400, "invalid_argument", "invalid_field_value", "petId")
    assert refusal(pets.post("/v2/pet", json={"name": "Rex"}))[3] == "photoUrls"


def test_credentials_are_neither_asked_for_nor_judged(pets):
    assert pets.get("/v2/pet/1", headers={"Authorization": "Bearer whatever"}).status_code == 200
    assert pets.get("/v2/pet/1", headers={"api_key": "special-key"}).status_code == 200


def test_an_operation_that_shares_only_its_name_is_not_ours(connect):
    raw = {
        "openapi": "3.1.0",
        "info": {"title": "Another", "version": "1"},
        "paths": {
            "/me": {
                "get": {
                    "operationId": "getMe",
                    "responses": {
                        "200": {
                            "description": "Somebody.",
                            "content": {"application/json": {"schema": {"const": "somebody"}}},
                        }
                    },
                }
            }
        },
    }

    answer = connect(create_app(Document.from_dict(raw), options=STRICT)).get("/me")

    assert answer.json() == "somebody"


def test_a_newer_version_of_our_document_still_asks_for_credentials(document, connect):
    raw = {**document.raw, "paths": dict(document.raw["paths"])}
    raw["paths"]["/v1beta/novelties"] = {
        "get": {"operationId": "listNovelties", "responses": {"200": {"description": "Nothing."}}}
    }
    newer = create_app(Document.from_dict(raw), options=STRICT)

    assert connect(newer).get("/v1beta/novelties").status_code == 401
    assert connect(newer, newer.ready["owner"]["token"]).get("/v1beta/novelties").status_code == 200
    assert connect(newer, newer.ready["owner"]["token"]).get("/v1beta/me").json()["user"]


def test_the_control_plane_is_there_for_a_foreign_document_too(pets):
    assert pets.get("/__mock__/health").json() == {"status": "ok"}
