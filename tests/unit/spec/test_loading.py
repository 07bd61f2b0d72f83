"""Reading a document: what is taken, and the one sentence for what is not."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_contract.errors import DocumentError
from factify_contract.spec import Document

SMALL = {
    "openapi": "3.1.0",
    "info": {"title": "Small", "version": "7"},
    "servers": [{"url": "https://{host}/api/{version}/", "variables": {"version": {"default": "v3"}}}],
    "paths": {
        "/things/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {
                "operationId": "getThing",
                "parameters": [{"name": "deep", "in": "query", "schema": {"type": "boolean"}}],
                "responses": {
                    "200": {
                        "description": "one",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}},
                        "links": {
                            "again": {"operationId": "getThing", "parameters": {"id": "$response.body#/id"}}
                        },
                    }
                },
            },
        }
    },
    "components": {"schemas": {"Thing": {"type": "object", "properties": {"id": {"type": "string"}}}}},
}


def test_the_shipped_document_has_all_operations(shipped: Document) -> None:
    assert len(shipped.operations) == 59
    assert next(iter(shipped.operations)) == "listApiKeys"


def test_a_document_knows_its_title_version_and_base_path() -> None:
    document = Document.from_dict(SMALL)

    assert (document.title, document.version, document.base_path) == ("Small", "7", "/api/v3")


def test_the_digest_does_not_depend_on_the_order_of_fields() -> None:
    turned = dict(reversed(SMALL.items()))

    digest = Document.from_dict(SMALL).digest

    assert digest == Document.from_dict(turned).digest
    assert digest.startswith("sha256:")
    assert len(digest) == 71


def test_the_digest_changes_with_the_document() -> None:
    other = {**SMALL, "info": {"title": "Small", "version": "8"}}

    assert Document.from_dict(SMALL).digest != Document.from_dict(other).digest


def test_links_name_the_operation_they_lead_to() -> None:
    link = Document.from_dict(SMALL).operations["getThing"].links[0]

    assert (link.name, link.status, link.operation_id) == ("again", "200", "getThing")
    assert link.parameters == {"id": "$response.body#/id"}


def test_a_link_may_point_at_its_operation() -> None:
    raw = copy.deepcopy(SMALL)
    links = raw["paths"]["/things/{id}"]["get"]["responses"]["200"]["links"]
    links["again"] = {"operationRef": "#/paths/~1things~1{id}/get"}
    del raw["paths"]["/things/{id}"]["get"]["operationId"]

    document = Document.from_dict(raw)

    assert document.operations["GET /things/{id}"].links[0].operation_id == "GET /things/{id}"


@pytest.mark.parametrize(
    ("security", "needs"),
    [
        (None, False),
        ([], False),
        ([{}], False),
        ([{"key": []}, {}], False),
        ([{"key": []}], True),
        ([{"key": []}, {"token": []}], True),
    ],
    ids=["unstated", "switched off", "empty", "optional", "one", "either"],
)
def test_authentication_is_needed_when_no_alternative_is_empty(security: object, needs: bool) -> None:
    raw = copy.deepcopy(SMALL)
    if security is not None:
        raw["paths"]["/things/{id}"]["get"]["security"] = security

    assert Document.from_dict(raw).operations["getThing"].requires_auth is needs


def test_security_of_the_document_holds_for_operations_that_state_none() -> None:
    document = Document.from_dict({**SMALL, "security": [{"key": []}]})

    assert document.operations["getThing"].requires_auth


def test_a_component_is_found_by_name_or_pointer() -> None:
    document = Document.from_dict(SMALL)

    assert document.schema("Thing").is_valid({"id": "x"})
    assert not document.schema("#/components/schemas/Thing").is_valid({"id": 1})
    assert document.schema("Thing") is document.schema("Thing")
    with pytest.raises(DocumentError, match="'#/components/schemas/Nothing', which is not there"):
        document.schema("Nothing")


# Files


def load(tmp_path: Path, name: str, content: bytes) -> Document:
    path = tmp_path / name
    path.write_bytes(content)
    return Document.load(path)


def test_a_byte_order_mark_does_not_hinder(tmp_path: Path) -> None:
    assert load(tmp_path, "a.json", b"\xef\xbb\xbf" + json.dumps(SMALL).encode()).title == "Small"


def test_yaml_is_read_with_the_types_of_json(tmp_path: Path) -> None:
    text = b"""
openapi: 3.1.0
info: {title: on, version: 2020-01-01}
paths:
  /things:
    get:
      responses:
        200: {description: yes}
        404: {description: ~}
"""
    document = load(tmp_path, "a.yaml", text)

    assert (document.title, document.version) == ("on", "2020-01-01")
    assert list(document.operations["GET /things"].responses) == ["200", "404"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.json", b'{\n  "openapi": oops\n}', "is not JSON: Expecting value at line 2, column 14"),
        ("a.json", b"", "is not JSON: Expecting value at line 1, column 1"),
        ("a.json", b"\xff\xfe", "is not UTF-8 text: byte 0 cannot be decoded"),
        ("a.json", b"[" * 100_000, "is nested too deeply"),
        ("a.json", b'{"a": ' + b"1" * 5000 + b"}", "is not JSON: Exceeds the limit"),
        ("a.json", b"[]", "is not an OpenAPI document: it holds an array"),
        ("a.json", b"{}", "is not an OpenAPI document: it has no field 'openapi'"),
        ("a.json", b'{"swagger": "2.0"}', "is Swagger 2.0; convert it"),
        ("a.json", b'{"openapi": "4.0.0"}', "is OpenAPI '4.0.0', but only 3.0 and 3.1 are understood"),
        ("a.json", b'{"openapi": 3.1}', "is OpenAPI 3.1, but only 3.0 and 3.1"),
        ("a.json", b'{"openapi": "3.1.0", "paths": ["x"]}', "its 'paths' is an array"),
        ("a.yaml", b"a: [1\nb: 2", "is not YAML: .* at line 2, column"),
        ("a.yaml", b"a: \x00", "is not YAML"),
        ("a.yaml", b"just text", "it holds a string"),
        ("a.yml", b"", "it holds nothing"),
    ],
)
def test_a_file_that_is_no_document_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    with pytest.raises(DocumentError, match=sentence) as caught:
        load(tmp_path, name, content)

    assert str(tmp_path / name) in str(caught.value)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"nothing\.json cannot be read: No such file"):
        Document.load(tmp_path / "nothing.json")


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be read: Is a directory"):
        Document.load(str(tmp_path))


def test_a_document_nested_without_end_is_refused() -> None:
    schema: dict = {}
    for _ in range(5000):
        schema = {"items": schema}

    with pytest.raises(DocumentError, match="The document is nested too deeply"):
        Document.from_dict({**SMALL, "components": {"schemas": {"Thing": schema}}})


def test_names_in_yaml_are_text(tmp_path: Path) -> None:
    text = b"openapi: 3.1.0\ninfo: {true: 1, ~: 2, 1.5: 3, title: t}\npaths: {}"

    assert list(load(tmp_path, "a.yaml", text).raw["info"]) == ["true", "null", "1.5", "title"]


# References


@pytest.mark.parametrize(
    ("ref", "sentence"),
    [
        ("https://example.com/thing.json", "refers to 'https://example.com/thing.json', which is outside"),
        ("thing.json#/Thing", "refers to 'thing.json#/Thing', which is outside of it; bundle it"),
        ("#Thing", "refers to '#Thing', which is outside"),
        ("#/components/schemas/Absent", "refers to '#/components/schemas/Absent', which is not there"),
        ("#/openapi/0", "refers to '#/openapi/0', which is not there"),
    ],
)
def test_a_reference_that_leads_nowhere_is_named(ref: str, sentence: str) -> None:
    raw = copy.deepcopy(SMALL)
    raw["components"]["schemas"]["Thing"]["properties"]["other"] = {"$ref": ref}

    with pytest.raises(DocumentError, match=sentence):
        Document.from_dict(raw)


def test_a_reference_to_itself_is_named() -> None:
    raw = copy.deepcopy(SMALL)
    raw["components"]["parameters"] = {"a": {"$ref": "#/components/parameters/a"}}
    raw["paths"]["/things/{id}"]["get"]["parameters"] = [{"$ref": "#/components/parameters/a"}]

    with pytest.raises(DocumentError, match=r"GET /things/\{id\} cannot be used: .* leads back to itself"):
        Document.from_dict(raw)


def test_a_reference_to_something_else_than_an_object_is_named() -> None:
    raw = copy.deepcopy(SMALL)
    raw["paths"]["/things/{id}"]["get"]["requestBody"] = {"$ref": "#/openapi"}

    with pytest.raises(DocumentError, match="'#/openapi' is str"):
        Document.from_dict(raw)


def test_a_name_in_a_pointer_may_be_escaped() -> None:
    raw = copy.deepcopy(SMALL)
    raw["components"]["schemas"]["a/b~c d"] = {"type": "integer"}
    raw["components"]["schemas"]["Thing"]["properties"]["n"] = {"$ref": "#/components/schemas/a~1b~0c%20d"}

    thing = Document.from_dict(raw).schema("Thing")

    assert thing.is_valid({"n": 1})
    assert not thing.is_valid({"n": "1"})


def test_an_example_that_looks_like_a_reference_is_data() -> None:
    raw = copy.deepcopy(SMALL)
    raw["components"]["schemas"]["Thing"]["examples"] = [{"$ref": "https://example.com/"}]

    assert Document.from_dict(raw).schema("Thing").is_valid({})


def test_a_whole_path_may_be_a_reference() -> None:
    raw = copy.deepcopy(SMALL)
    raw["components"]["pathItems"] = {"shared": {"put": {"responses": {"2xx": {"description": "ok"}}}}}
    raw["paths"]["/other"] = {"$ref": "#/components/pathItems/shared"}

    operation = Document.from_dict(raw).operations["PUT /other"]

    assert operation.response_for(204) is operation.responses["2XX"]


# Structure


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"paths": {"things": {}}}, "The path 'things' does not begin with a slash"),
        ({"paths": {"/a": "text"}}, "paths//a must be an object, not str"),
        ({"paths": {"/a": {"get": []}}}, "paths//a/get must be an object, not list"),
        ({"paths": {"/a": {"get": {"responses": []}}}}, "paths//a/get/responses must be an object, not list"),
        ({"paths": {"/a": {"parameters": {}}}}, "paths//a/parameters must be an array, not dict"),
        ({"paths": {"/a": {"get": {"parameters": [3]}}}}, "paths//a/get/parameters/0 must be an object"),
        ({"paths": {"/a": {"get": {"parameters": [{"in": "query"}]}}}}, "GET /a is not described as OpenAPI"),
        (
            {"paths": {"/a": {"get": {"parameters": [{"in": "body", "name": "b"}]}}}},
            "Parameter 'b' is in 'body', which OpenAPI 3 does not know",
        ),
        ({"components": {"schemas": {"A": "text"}}}, "components/schemas/A must be an object, not str"),
        ({"servers": [{"url": "http://[x"}]}, "the server's URL 'http://\\[x' is none"),
        ({"servers": ["x"]}, "servers/0 must be an object, not str"),
        ({"components": ["x"]}, "its 'components' is an array"),
        (
            {"paths": {"/a": {"get": {"operationId": "x"}, "put": {"operationId": "x"}}}},
            "PUT /a and GET /a share the operationId x",
        ),
        (
            {"paths": {"/a/{b}": {"get": {}}, "/a/{c}": {"get": {}}}},
            r"GET /a/\{c\} and /a/\{b\} are the same path",
        ),
    ],
)
def test_a_malformed_document_is_refused_and_the_place_named(change: dict, sentence: str) -> None:
    with pytest.raises(DocumentError, match=sentence):
        Document.from_dict({"openapi": "3.1.0", **change})


def test_extensions_may_hold_anything() -> None:
    raw = copy.deepcopy(SMALL)
    raw["paths"]["x-note"] = "text"
    raw["paths"]["/things/{id}"]["get"]["responses"]["x-note"] = ["text"]
    raw["paths"]["/things/{id}"]["x-note"] = 3

    document = Document.from_dict(raw)

    assert list(document.operations) == ["getThing"]
    assert list(document.operations["getThing"].responses) == ["200"]


JUNK = st.sampled_from([None, True, 0, -1.5, "", "text", [], ["x"], {}, {"$ref": "#/nowhere"}, {"x": 1}])


@settings(max_examples=500, derandomize=True, deadline=None, database=None)
@given(data=st.data())
def test_junk_in_any_place_gives_a_document_or_a_sentence(data: st.DataObject) -> None:
    raw = copy.deepcopy(SMALL)
    node: dict | list = raw
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], dict | list) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(JUNK)

    sentence = ""
    try:
        document = Document.from_dict(raw)
    except DocumentError as error:
        sentence = str(error)
    else:
        assert isinstance(document.title + document.version + document.base_path + document.digest, str)

    assert "\n" not in sentence
