"""The mock serving a newer document: state where handlers still fit, samples where they do not."""

import copy

import pytest

from factify_contract.spec import Document
from factify_mock.api.app import AppOptions, create_app
from factify_mock.api.newer import unfamiliar

STRICT = AppOptions(is_strict=True, raises_bugs=True)
INVITES = "/v1beta/organizations/{organization_id}/invites"


@pytest.fixture
def serve(document, connect):
    """A client, as the owner, of a mock for our document with a change."""

    def serve(change):
        raw = copy.deepcopy(document.raw)
        change(raw)
        app = create_app(Document.from_dict(raw), options=STRICT)
        return connect(app, app.ready["owner"]["token"]), app.ready

    return serve


def test_new_required_field_is_asked_for_and_the_state_kept(serve):
    def change(raw):
        schema = raw["paths"][INVITES]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema["properties"]["role"] = {"type": "string"}
        schema["required"].append("role")

    owner, ready = serve(change)
    path = INVITES.format(organization_id=ready["organization_id"])

    refused = owner.post(path, json={"email": "kit@fjord.example"})
    made = owner.post(path, json={"email": "kit@fjord.example", "role": "member"})
    listed = owner.get(path).json()["items"]

    assert refused.status_code == 400
    assert refused.json()["details"][0]["param"] == "role"
    assert "x-factify-mock" not in made.headers
    assert made.json()["invite"]["id"] in [invite["id"] for invite in listed]


def test_operation_that_moved_is_answered_from_the_state(serve):
    def change(raw):
        item = raw["paths"].pop("/v1beta/organizations/{organization_id}")
        for operation in item.values():
            operation["parameters"][0]["name"] = "id"
        raw["paths"]["/v1beta/orgs/{id}"] = item

    owner, ready = serve(change)
    answer = owner.get(f"/v1beta/orgs/{ready['organization_id']}")

    assert "x-factify-mock" not in answer.headers
    assert answer.json()["organization"]["id"] == ready["organization_id"]


def test_answer_that_needs_what_no_handler_has_comes_from_a_sample(serve):
    def change(raw):
        organization = raw["components"]["schemas"]["Organization"]
        organization["properties"]["color"] = {"type": "string"}
        organization.setdefault("required", []).append("color")

    owner, ready = serve(change)
    answer = owner.get(f"/v1beta/organizations/{ready['organization_id']}")

    assert answer.status_code == 200
    assert answer.headers["x-factify-mock"].startswith("sample")


def test_the_shipped_document_has_nothing_unknown(document):
    assert unfamiliar(document) == []
    assert unfamiliar(Document.from_dict(copy.deepcopy(document.raw))) == []
