"""Worlds made, moved in time, looked into and forgotten, through the mock's own door."""

import tempfile

import openapi_spec_validator
import pytest

from factify_contract.spec import Document
from factify_mock.api.app import AppOptions, create_app
from factify_mock.control.calls import CALLS
from factify_mock.control.description import PATH as DOCUMENT

WORLDS = "/__mock__/worlds"


@pytest.fixture(scope="module")
def control_document():
    return Document.load(DOCUMENT)


@pytest.fixture
def new_world(client):
    def make(**options):
        return client.post(WORLDS, json=options).raise_for_status().json()["world"]

    return make


def test_every_control_operation_has_its_call(control_document):
    assert set(control_document.operations) == {*CALLS, "getControlDocument"}


def test_the_control_document_is_valid_openapi(control_document):
    openapi_spec_validator.validate(control_document.raw)


def test_the_control_document_is_served(client, control_document):
    assert client.get("/__mock__/openapi.json").json() == control_document.raw


def test_answers_are_what_the_control_document_says(client, control, new_world, owner, control_document):
    owner.get("/v1beta/me")
    organization = new_world()["organization_id"]
    owner.post("/v1beta/documents/x/share")
    calls = {
        "getHealth": client.get("/__mock__/health"),
        "getReadiness": client.get("/__mock__/ready"),
        "listWorlds": client.get(WORLDS),
        "createWorld": client.post(WORLDS),
        "getWorld": control("GET", ""),
        "issueToken": control("POST", "/tokens", json={"email": "member@northwind.example"}),
        "getClock": control("GET", "/clock"),
        "setClock": control("PUT", "/clock", json={"frozen": False}),
        "advanceClock": control("POST", "/clock/advance", json={"days": 1, "seconds": 0.5}),
        "listOutbox": control("GET", "/outbox"),
        "clearOutbox": control("DELETE", "/outbox"),
        "getQuotas": control("GET", "/quotas"),
        "setQuotas": control("PUT", "/quotas", json={"requests_used": 3}),
        "getRateLimits": control("GET", "/rate-limits"),
        "setRateLimits": control("PUT", "/rate-limits", json={"rate_limits": {"per_minute": 7}}),
        "setProcessing": control("PUT", "/processing", json={"outcome": "ready"}),
        "listRequests": control("GET", "/requests"),
        "clearRequests": control("DELETE", "/requests"),
        "resetWorld": control("POST", "/reset"),
    }
    for name, answer in calls.items():
        media = control_document.operations[name].success.media_for("application/json")
        assert answer.status_code == 200, name
        assert media.validator.problems(answer.json()) == [], name
    assert organization


def test_readiness_names_the_first_world_and_counts_all(client, world, new_world):
    before = client.get("/__mock__/ready").json()
    new_world()

    assert before == {"status": "ready", "world_id": world["id"], "worlds": 1}
    assert client.get("/__mock__/ready").json()["worlds"] == 2


def test_a_server_that_cannot_keep_uploads_is_not_ready(client, monkeypatch, tmp_path, refusal):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))

    answer = client.get("/__mock__/ready")

    assert refusal(answer)[:2] == (503, "unavailable")
    assert client.get("/__mock__/health").status_code == 200


def test_a_world_answers_with_the_shape_of_the_ready_line(world, new_world):
    made = new_world()

    assert set(made) == set(world)
    assert made["id"] != world["id"]
    assert {name: set(made[name]) for name in ("owner", "api_key")} == {
        "owner": {"user_id", "email", "token"},
        "api_key": {"id", "secret", "bot_id"},
    }


def test_worlds_do_not_meet(connect, app, owner, new_world):
    other = connect(app, new_world()["owner"]["token"])
    files = {"payload": ("a.pdf", b"%PDF-1.7 x", "application/pdf")}
    made = owner.post("/v1beta/documents", data={"title": "Mine"}, files=files).json()["document"]

    assert other.get("/v1beta/documents").json()["items"] == []
    assert other.get(f"/v1beta/documents/{made['id']}").status_code == 404


def test_worlds_of_one_seed_are_alike_one_after_the_other_and_apart_side_by_side(client, new_world):
    first, beside = new_world(seed=7), new_world(seed=7)
    assert beside["organization_id"] != first["organization_id"]
    assert beside["api_key"] != first["api_key"]

    for world in (first, beside):
        client.delete(f"{WORLDS}/{world['id']}")
    assert [new_world(seed=7)["api_key"] for _ in range(2)] == [first["api_key"], beside["api_key"]]


def test_a_reset_brings_everything_back_and_keeps_tokens(connect, app, control, owner, world):
    control("POST", "/clock/advance", json={"days": 3})
    owner.patch(
        f"/v1beta/organizations/{world['organization_id']}", json={"name": "Renamed"}
    ).raise_for_status()

    assert control("POST", "/reset").json()["world"] == world

    assert owner.get("/v1beta/organizations").json()["items"][0]["name"] == "Northwind Archive"
    assert control("GET", "/clock").json() == {"now": "2026-05-01T12:00:00Z", "frozen": True}
    assert connect(app, world["api_key"]["secret"]).get("/v1beta/documents").status_code == 200


def test_a_reset_forgets_keys_that_were_made_meanwhile(connect, app, control, owner, world, refusal):
    body = {"organization_id": world["organization_id"], "name": "ci"}
    key = connect(app, owner.post("/v1beta/api-keys", json=body).json()["secret"])
    assert key.get("/v1beta/documents").status_code == 200

    control("POST", "/reset")

    assert refusal(key.get("/v1beta/documents"))[2] == "invalid_api_key"


def test_a_deleted_world_is_unknown(client, connect, app, new_world, refusal):
    made = new_world()
    person, key = connect(app, made["owner"]["token"]), connect(app, made["api_key"]["secret"])
    assert person.get("/v1beta/me").status_code == key.get("/v1beta/documents").status_code == 200

    assert client.delete(f"{WORLDS}/{made['id']}").json() == {}

    assert refusal(person.get("/v1beta/me"))[2] == "invalid_token"
    assert refusal(key.get("/v1beta/documents"))[2] == "invalid_api_key"
    assert refusal(client.get(f"{WORLDS}/{made['id']}"))[0] == 404


def test_the_first_world_stays(control, refusal):
    assert refusal(control("DELETE", ""))[1] == "failed_precondition"


def test_a_new_world_starts_as_asked(connect, app, new_world):
    made = new_world(now="2027-01-31T23:00:00Z", frozen=True, processing_seconds=5)
    person = connect(app, made["owner"]["token"])
    files = {"payload": ("a.pdf", b"%PDF-1.7 x", "application/pdf")}
    document = person.post("/v1beta/documents", data={"title": "T"}, files=files).json()["document"]

    assert document["created_at"] == "2027-01-31T23:00:00Z"
    status = person.get(f"/v1beta/documents/{document['id']}").json()["document"]["processing_status"]
    assert status == "processing"


def test_a_new_world_starts_as_the_server_was_told(client):
    assert client.post(WORLDS).status_code == 200
    summaries = client.get(WORLDS).json()["worlds"]

    assert [each["frozen"] for each in summaries] == [True, True]


def test_the_clock_is_read_set_frozen_and_resumed(control):
    assert control("GET", "/clock").json() == {"now": "2026-05-01T12:00:00Z", "frozen": True}

    assert control("PUT", "/clock", json={"now": "2026-06-01T00:00:00+02:00"}).json() == {
        "now": "2026-05-31T22:00:00Z",
        "frozen": True,
    }
    assert (
        control("POST", "/clock/advance", json={"hours": 2, "minutes": 30}).json()["now"]
        == "2026-06-01T00:30:00Z"
    )
    assert control("PUT", "/clock", json={"frozen": False}).json()["frozen"] is False
    assert control("PUT", "/clock", json={"now": None, "frozen": True}).json()["frozen"] is True


@pytest.mark.parametrize(
    ("body", "param"),
    [
        pytest.param({"days": -1}, "days", id="backwards"),
        pytest.param({"days": 1e9}, "days", id="too-far"),
        pytest.param({"weeks": 1}, "weeks", id="unknown-unit"),
        pytest.param({}, "body", id="nothing"),
    ],
)
def test_a_clock_only_advances_by_known_units(control, refusal, body, param):
    assert refusal(control("POST", "/clock/advance", json=body))[3] == param


def test_a_clock_has_an_end(control, refusal):
    control("PUT", "/clock", json={"now": "9000-12-31T00:00:00Z"})

    assert refusal(control("POST", "/clock/advance", json={"days": 2}))[0] == 400
    assert refusal(control("PUT", "/clock", json={"now": "0001-01-01T00:00:00Z"}))[3] == "now"


def test_the_outbox_holds_the_token_of_an_invitation(control, owner, world):
    invites = f"/v1beta/organizations/{world['organization_id']}/invites"
    invite = owner.post(invites, json={"email": "New@Mailbox.example"}).json()["invite"]

    found = control("GET", "/outbox?to=new@mailbox.example&kind=organization_invite").json()["messages"]

    assert [each["invite_id"] for each in found] == [invite["id"]]
    assert len(found[0]["token"]) <= 128
    assert control("GET", "/outbox?kind=document_shared").json()["messages"] == []
    control("DELETE", "/outbox")
    assert control("GET", "/outbox").json()["messages"] == []


def test_quotas_are_set_and_met(control, owner, refusal):
    answer = control("PUT", "/quotas", json={"requests_limit": 5, "requests_used": 4, "documents_limit": 1})
    assert answer.json() == {
        "requests_limit": 5,
        "requests_used": 4,
        "documents_limit": 1,
        "documents_used": 0,
    }

    assert owner.get("/v1beta/documents").status_code == 200
    refused = owner.get("/v1beta/documents")

    assert refusal(refused) == (429, "resource_exhausted", "quota_exceeded", None)
    assert refused.headers["x-ratelimit-limit"] == "5"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert refused.headers["x-ratelimit-reset"] == "1780272000"
    assert "retry-after" not in refused.headers
    assert owner.get("/v1beta/quota").json()["quota"]["is_exceeded"] is True
    assert control("GET", "/quotas").json()["requests_used"] == 5


def test_whole_numbers_with_a_point_are_answered_without(control, owner, world):
    limits = {"requests_limit": 50.0, "requests_used": 2.0, "documents_limit": 7.0}
    texts = [
        control("PUT", "/quotas", json=limits).text,
        owner.get("/v1beta/quota").text,
        owner.get("/v1beta/documents/quota").text,
        owner.put(f"/v1beta/quota/keys/{world['api_key']['id']}", json={"limit": 5.0}).text,
        owner.get("/v1beta/quota/keys").text,
    ]

    assert [text for text in texts if ".0" in text] == []
    assert '"limit":5' in texts[-1]


def test_a_limit_of_null_is_the_default_again(control):
    before = control("GET", "/quotas").json()
    control("PUT", "/quotas", json={"requests_limit": 5, "documents_limit": 2})

    assert control("PUT", "/quotas", json={"requests_limit": None, "documents_limit": None}).json() == before


def test_quotas_of_another_organization_are_set_by_its_id(client, control, new_world, refusal):
    elsewhere = new_world()["organization_id"]

    assert refusal(control("GET", f"/quotas?organization_id={elsewhere}"))[0] == 404


def test_the_quota_of_a_key_is_told_in_the_headers(signed_in, owner, world, refusal):
    key_path = f"/v1beta/quota/keys/{world['api_key']['id']}"
    owner.put(key_path, json={"limit": 1}).raise_for_status()
    key = signed_in("api_key")
    assert key.get("/v1beta/documents").status_code == 200

    refused = key.get("/v1beta/documents")

    assert refusal(refused)[2] == "quota_exceeded"
    assert refused.headers["x-ratelimit-limit"] == "1"


def test_a_token_can_be_had_for_anybody(connect, app, control, refusal):
    body = {"email": "Member@northwind.example", "seconds": 60}
    person = connect(app, control("POST", "/tokens", json=body).json()["token"])
    assert person.get("/v1beta/me").json()["user"]["email"] == "member@northwind.example"

    control("POST", "/clock/advance", json={"seconds": 60})

    assert refusal(person.get("/v1beta/me"))[2] == "expired_token"
    assert refusal(control("POST", "/tokens", json={"email": "nobody@x.example"}))[0] == 404
    assert refusal(control("POST", "/tokens", json={}))[0] == 400


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_page_in_a_browser_cannot_reach_the_control_plane(client, refusal, method):
    answer = client.request(method, WORLDS, headers={"Origin": "http://localhost:3000"})

    assert refusal(answer) == (403, "permission_denied", "insufficient_permissions", None)


def test_the_control_plane_can_be_switched_off(document, connect):
    closed = connect(create_app(document, options=AppOptions(has_control=False)))

    assert closed.get("/__mock__/health").status_code == 404


@pytest.mark.parametrize(
    ("body", "param"),
    [
        pytest.param({"seed": -1}, "seed", id="negative-seed"),
        pytest.param({"now": "soon"}, "now", id="no-timestamp"),
        pytest.param({"mutants": ["no-such-mutant"]}, "mutants", id="unknown-mutant"),
        pytest.param({"colour": "red"}, "colour", id="unknown-option"),
    ],
)
def test_a_world_is_not_made_of_unknown_wishes(client, refusal, body, param):
    assert refusal(client.post(WORLDS, json=body)) == (400, "invalid_argument", "invalid_field_value", param)
    assert len(client.get(WORLDS).json()["worlds"]) == 1


def test_an_unknown_control_path_is_not_found(client, refusal):
    assert refusal(client.get("/__mock__/nothing"))[0] == 404
    assert refusal(client.put("/__mock__/health"))[0] == 405
