"""Every rule of lint: a small document without the defect, and the same with it."""

# ruff: noqa: E501 - a table reads best with a row a line

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factify_contract.spec.lint import lint, rules

JSON = "application/json"
CLEAN: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Boats", "version": "1"},
    "security": [{"token": []}],
    "tags": [{"name": "Boats"}],
    "paths": {
        "/boats": {
            "get": {
                "operationId": "listBoats",
                "tags": ["Boats"],
                "parameters": [
                    {"name": "page_token", "in": "query", "schema": {"type": "string"}},
                    {"name": "sort", "in": "query", "schema": {"type": "string", "enum": ["name", "-name"]}},
                ],
                "responses": {
                    "200": {
                        "description": "Boats",
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Boats"}}},
                    },
                    "400": {"$ref": "#/components/responses/Refused"},
                },
            },
            "post": {
                "operationId": "createBoat",
                "tags": ["Boats"],
                "requestBody": {
                    "content": {
                        JSON: {"schema": {"$ref": "#/components/schemas/NewBoat"}, "example": {"name": "Ada"}}
                    }
                },
                "responses": {
                    "200": {
                        "description": "The boat",
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Boat"}}},
                    },
                    "400": {"$ref": "#/components/responses/Refused"},
                },
            },
        },
        "/boats/{boat_id}": {
            "put": {
                "operationId": "replaceBoat",
                "tags": ["Boats"],
                "parameters": [
                    {"name": "boat_id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "requestBody": {"content": {JSON: {"schema": {"$ref": "#/components/schemas/NewBoat"}}}},
                "responses": {
                    "200": {
                        "description": "The boat",
                        "content": {JSON: {"schema": {"$ref": "#/components/schemas/Boat"}}},
                    },
                    "404": {"$ref": "#/components/responses/Refused"},
                },
            }
        },
    },
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "responses": {"Refused": {"description": "Refused"}},
        "schemas": {
            "Boat": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string"}, "rig": {"$ref": "#/components/schemas/Rig"}},
            },
            "NewBoat": {
                "type": "object",
                "required": ["name"],
                "properties": {"name": {"type": "string", "maxLength": 9}},
            },
            "Rig": {"type": "string", "enum": ["sloop", "ketch"], "default": "sloop"},
            "Boats": {
                "type": "object",
                "properties": {
                    "items": {"type": "array", "items": {"$ref": "#/components/schemas/Boat"}},
                    "has_more": {"type": "boolean"},
                    "next_page_token": {"type": "string"},
                },
            },
        },
    },
}
REFERENCE = Path(__file__).resolve().parents[3].parent / "shared" / "reference" / "factify-openapi-1.1.0.json"
SCHEMAS, BOATS, BOAT = "/components/schemas", "/paths/~1boats", "/paths/~1boats~1{boat_id}"


def put(pointer: str, value: Any) -> Callable[[Any], None]:
    """Sets the value at a pointer."""

    def change(document: Any) -> None:
        *parents, last = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
        for step in parents:
            document = document[int(step)] if isinstance(document, list) else document.setdefault(step, {})
        if isinstance(document, list):
            document.insert(int(last), value)
        else:
            document[last] = value

    return change


def drop(pointer: str) -> Callable[[Any], None]:
    """Removes what is at a pointer."""

    def change(document: Any) -> None:
        *parents, last = [step.replace("~1", "/") for step in pointer.split("/")[1:]]
        for step in parents:
            document = document[step]
        del document[last]

    return change


def param(name: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string"}, **more}


def lists(path: str, token: str) -> dict[str, Any]:
    """An operation like listBoats that pages by another parameter."""
    other = copy.deepcopy(CLEAN["paths"]["/boats"]["get"])
    return {**other, "operationId": f"list{path}", "parameters": [param(token)]}


NEW_BOAT, BODY = f"{SCHEMAS}/NewBoat", f"{BOATS}/post/requestBody/content/application~1json"
DEFECTS: list[tuple[str, str, list[Callable[[Any], None]]]] = [
    ("closed-beside-composition", f"{SCHEMAS}/Boat", [
        put(f"{SCHEMAS}/Boat/additionalProperties", False),
        put(f"{SCHEMAS}/Boat/allOf", [{"properties": {"length": {"type": "number"}}}]),
    ]),
    ("enum-without-type", f"{SCHEMAS}/Rig", [drop(f"{SCHEMAS}/Rig/type")]),
    ("enum-in-another-case", f"{SCHEMAS}/Boat/properties/hull", [
        put(f"{SCHEMAS}/Boat/properties/hull", {"type": "string", "enum": ["HULL_STEEL", "HULL_WOOD"]}),
    ]),
    ("enum-repeats-value", f"{SCHEMAS}/Rig", [put(f"{SCHEMAS}/Rig/enum/0", "ketch")]),
    ("default-not-allowed", f"{SCHEMAS}/Rig", [put(f"{SCHEMAS}/Rig/default", "yawl")]),
    ("range-is-empty", f"{NEW_BOAT}/properties/name", [put(f"{NEW_BOAT}/properties/name/minLength", 10), drop(f"{BODY}/example")]),
    ("pattern-does-not-compile", f"{SCHEMAS}/Boat/properties/name", [put(f"{SCHEMAS}/Boat/properties/name/pattern", "^(a")]),
    ("required-not-defined", f"{SCHEMAS}/Boat", [put(f"{SCHEMAS}/Boat/required", ["name", "lenght"])]),
    ("nullable-of-3-0", f"{SCHEMAS}/Boat/properties/name", [put(f"{SCHEMAS}/Boat/properties/name/nullable", True)]),
    ("discriminator-without-choice", f"{SCHEMAS}/Boat", [put(f"{SCHEMAS}/Boat/discriminator", {"propertyName": "rig"})]),
    ("operation-without-id", f"{BOATS}/get", [drop(f"{BOATS}/get/operationId")]),
    ("operation-id-twice", f"{BOAT}/put", [put(f"{BOAT}/put/operationId", "createBoat")]),
    ("path-parameter-undeclared", f"{BOAT}/put", [put(f"{BOAT}/put/parameters", [])]),
    ("paths-collide", "/paths/~1boats~1{id}/put", [
        lambda document: document["paths"].update(
            {"/boats/{id}": json.loads(json.dumps(document["paths"]["/boats/{boat_id}"]).replace("boat_id", "id").replace("replaceBoat", "putBoat"))}
        )
    ]),
    ("answer-undeclared", f"{BOAT}/put", [drop(f"{BOAT}/put/responses/404")]),
    ("tag-undeclared", f"{BOATS}/post/tags", [put(f"{BOATS}/post/tags", ["Ships"])]),
    ("body-asks-for-nothing", f"{BODY}/schema", [
        put(f"{BODY}/schema", {"type": "object", "properties": {"name": {"type": "string"}}}),
    ]),
    ("item-names-nobody", f"{BODY}/schema/properties/boats/items", [
        put(f"{BODY}/schema", {"required": ["boats"], "properties": {"boats": {"type": "array", "items": {
            "required": ["rig"], "properties": {"boat": {"type": "string"}, "rig": {"type": "string"}}}}}}),
        drop(f"{BODY}/example"),
    ]),
    ("server-field-in-body", f"{BODY}/schema/properties/id", [
        put(f"{NEW_BOAT}/properties/id", {"type": "string", "description": "Set by the server."}),
        drop(f"{BOAT}/put/requestBody"),
    ]),
    ("more-without-a-way", f"{BOATS}/get", [drop(f"{SCHEMAS}/Boats/properties/next_page_token")]),
    ("pages-by-another-name", "/paths/~1d/get", [
        lambda document: document["paths"].update(
            {f"/{name}": {"get": lists(name, token)} for name, token in
             (("a", "page_token"), ("b", "page_token"), ("c", "page_token"), ("d", "cursor"))}
        )
    ]),
    ("parameter-in-two-places", f"{BOAT}/put", [
        put(f"{BOAT}/delete", {**CLEAN["paths"]["/boats/{boat_id}"]["put"], "operationId": "deleteBoat"}),
        drop(f"{BOAT}/delete/requestBody"),
        lambda document: document["paths"]["/boats/{boat_id}"]["delete"].update(
            parameters=[*document["paths"]["/boats/{boat_id}"]["put"]["parameters"], param("name")]
        ),
    ]),
    ("reference-leads-nowhere", f"{SCHEMAS}/Boats/properties/items/items", [
        put(f"{SCHEMAS}/Boats/properties/items/items/$ref", "#/components/schemas/Ship"),
    ]),
    ("component-unused", f"{SCHEMAS}/Raft", [put(f"{SCHEMAS}/Raft", {"type": "object"})]),
    ("answer-shared-but-unlisted", "/components/responses/Gone", [put("/components/responses/Gone", {"description": "Gone"})]),
    ("input-not-exposed", f"{SCHEMAS}/ListBoatsRequest/properties/built", [
        put(f"{SCHEMAS}/ListBoatsRequest", {"properties": {"page_token": {}, "sort": {}, "built": {}}}),
    ]),
    ("open-by-words-only", f"{BOATS}/get", [put(f"{BOATS}/get/description", "This needs no harbour; it does not require authentication.")]),
    ("length-in-bytes", f"{NEW_BOAT}/properties/name", [put(f"{NEW_BOAT}/properties/name/description", "At most 9 bytes.")]),
    ("size-does-not-fit", f"{NEW_BOAT}/properties/photo", [
        put(f"{NEW_BOAT}/properties/photo", {"type": "string", "format": "byte", "maxLength": 2097152, "description": "Up to 2 MB."}),
    ]),
    ("exclusion-in-words-only", f"{BOATS}/get/parameters/0", [
        put(f"{BOATS}/get/parameters/0/description", "This and sort are mutually exclusive."),
    ]),
    ("range-order-in-words-only", f"{BOATS}/get/parameters/0", [
        put(f"{BOATS}/get/parameters/0", param("built.after")), put(f"{BOATS}/get/parameters/1", param("built.before")),
    ]),
    ("sort-key-is-no-field", f"{BOATS}/get/parameters/1", [
        put(f"{BOATS}/get/parameters/1/schema", {"type": "string", "enum": ["age", "-age"]}),
    ]),
    ("example-breaks-schema", f"{BODY}/example", [put(f"{BODY}/example", {"name": "Ada Lovelace"})]),
    ("accepted-in-vain", "/x-lint-accepted", [
        put("/x-lint-accepted", [{"rule": "enum-without-type", "at": f"{SCHEMAS}/Rig", "reason": "once it was so"}]),
    ]),
]  # fmt: skip


def with_changes(changes: list[Callable[[Any], None]]) -> dict[str, Any]:
    document = copy.deepcopy(CLEAN)
    for change in changes:
        change(document)
    return document


def told(document: Any) -> list[tuple[str, str]]:
    return [(defect.rule.id, defect.pointer) for defect in lint(document) if not defect.accepted]


def test_clean_document_has_no_defect() -> None:
    assert told(CLEAN) == []


@pytest.mark.parametrize(("rule", "pointer", "changes"), DEFECTS, ids=[each[0] for each in DEFECTS])
def test_defect_is_found_at_its_place_and_nothing_else(
    rule: str, pointer: str, changes: list[Callable[[Any], None]]
) -> None:
    found = told(with_changes(changes))

    # What is used nowhere is a defect of its own, and unavoidable for an input that is not exposed.
    beside = {"component-unused"} if rule == "input-not-exposed" else set()
    assert [each for each in found if each[0] not in beside] == [(rule, pointer)]


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in rules()} == {each[0] for each in DEFECTS}


def test_rules_say_what_why_and_what_next() -> None:
    for rule in rules():
        assert all(text.endswith(".") for text in (rule.sentence, rule.why, rule.advice)), rule.id


def test_accepted_defect_comes_with_its_reason() -> None:
    rig = f"{SCHEMAS}/Rig"
    accepted = {"rule": "enum-without-type", "at": [rig], "reason": "The rigs are numbered soon."}
    document = with_changes([drop(f"{rig}/type"), put("/x-lint-accepted", [accepted])])

    [defect] = lint(document)
    assert (defect.rule.id, defect.pointer, defect.accepted) == (
        "enum-without-type", rig, "The rigs are numbered soon.",
    )  # fmt: skip


@pytest.mark.parametrize("given", [{}, "all", [3], [{"rule": "enum-without-type", "at": f"{SCHEMAS}/Rig"}]])
def test_reason_that_is_none_accepts_nothing(given: Any) -> None:
    document = with_changes([drop(f"{SCHEMAS}/Rig/type"), put("/x-lint-accepted", given)])

    assert told(document) == [("enum-without-type", f"{SCHEMAS}/Rig")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"paths": None}, {"paths": {"/a": None, "/b": []}}, {"paths": {"/a": {"get": {"parameters": {}, "tags": 3}}}},
        {"components": []}, {"components": {"schemas": {"A": {"enum": {}, "required": 3, "properties": []}}}},
        {"security": {}, "tags": {}}, {"paths": {"/a": {"get": {"responses": [], "requestBody": "x"}}}},
    ],
)  # fmt: skip
def test_document_that_is_wrong_in_other_ways_is_read_as_far_as_it_goes(wrong: dict[str, Any]) -> None:
    lint({"openapi": "3.1.0", "info": {}, **wrong})


@pytest.mark.skipif(not REFERENCE.exists(), reason="the published reference is not beside this repository")
def test_reference_has_the_defects_that_are_known_of_it() -> None:
    found = told(json.loads(REFERENCE.read_text()))
    closed = ("GetRecordResponse", *(f"qcr.v1alpha.{name}" for name in (
        "Block", "CellAlignment", "DataCell", "DataSource", "LayoutBinding", "PathSegment")))  # fmt: skip
    documents, organizations = (
        "/paths/~1v1beta~1documents",
        "/paths/~1v1beta~1organizations~1{organization_id}",
    )
    body = "requestBody/content/application~1json/schema"
    form = "requestBody/content/multipart~1form-data/schema/properties"

    known = {
        *(("closed-beside-composition", f"{SCHEMAS}/{name}") for name in closed),
        ("body-asks-for-nothing", f"{documents}~1{{document_id}}~1transfer/post/{body}"),
        ("body-asks-for-nothing", f"{documents}~1{{document_id}}~1share/post/{body}"),
        ("body-asks-for-nothing", f"/paths/~1v1beta~1quota~1keys~1{{api_key_id}}/put/{body}"),
        ("item-names-nobody", f"{documents}~1{{document_id}}~1share/post/{body}/properties/recipients/items"),
        ("enum-without-type", f"{SCHEMAS}/AccessLevel"),
        ("enum-without-type", f"{SCHEMAS}/DocumentRole"),
        ("length-in-bytes", f"{organizations}~1invites/post/{body}/properties/message"),
        ("size-does-not-fit", f"{organizations}~1logo/post/{body}/properties/image_data"),
        *(
            ("server-field-in-body", f"{documents}/post/{form}/{name}")
            for name in ("document_id", "version_id", "payload_key")
        ),
        ("component-unused", f"{SCHEMAS}/ListDocumentsRequest"),
        ("input-not-exposed", f"{SCHEMAS}/ListOrganizationInvitesRequest/properties/expires"),
        ("enum-in-another-case", f"{SCHEMAS}/ProcessingOutcome"),
        ("open-by-words-only", f"{organizations}~1public-profile/get"),
        ("answer-shared-but-unlisted", "/components/responses/Conflict"),
        ("answer-shared-but-unlisted", "/components/responses/ServiceUnavailable"),
        ("pages-by-another-name", f"{documents}~1{{document_id}}~1timeline/get"),
        ("more-without-a-way", f"{documents}~1{{document_id}}~1access-requests/get"),
    }
    assert sorted(known - set(found)) == []


def test_shipped_document_has_none_that_it_does_not_account_for() -> None:
    shipped = json.loads((Path(__file__).resolve().parents[3] / "openapi-with-samples.json").read_text())

    assert told(shipped) == []
