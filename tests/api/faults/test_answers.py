"""What a struck call is answered with, and whether it took effect."""

import json
from pathlib import Path

import pytest

from factify_contract.spec import Document
from factify_mock.api.app import create_app

ME, LIST = "/v1beta/me", "/v1beta/documents"


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ({"status": 400}, "invalid_argument", "invalid_field_value"),
        ({"status": 400, "code": "failed_precondition"}, "failed_precondition", "precondition_failed"),
        ({"status": 400, "code": "unknown"}, "unknown", "internal_error"),
        ({"status": 401, "reason": "expired_token"}, "unauthenticated", "expired_token"),
        ({"status": 403}, "permission_denied", "insufficient_permissions"),
        ({"status": 404}, "not_found", "resource_not_found"),
        ({"status": 409}, "already_exists", "resource_already_exists"),
        ({"status": 429, "reason": "quota_exceeded"}, "resource_exhausted", "quota_exceeded"),
        ({"status": 500}, "internal", "internal_error"),
        ({"status": 503}, "unavailable", "service_unavailable"),
    ],
    ids=str,
)
def test_a_status_comes_with_the_documented_body(plan, owner, refusal, document, words, code, reason):
    plan(operations=["getMe"], **words)

    answer = owner.get(ME)

    assert refusal(answer) == (words["status"], code, reason, None)
    assert document.schema("ErrorResponse").problems(answer.json()) == []


def test_an_error_that_has_no_reason_gives_none(plan, owner, document):
    plan(status=408)

    answer = owner.get(ME)

    assert (answer.status_code, answer.json()["code"]) == (408, "deadline_exceeded")
    assert "reason" not in answer.json()["details"][0]
    assert document.schema("ErrorResponse").problems(answer.json()) == []


def test_message_and_param_are_as_planned(plan, owner, refusal):
    plan(status=400, reason="invalid_enum_value", param="sort", message="No such order")

    answer = owner.get(LIST)

    assert refusal(answer) == (400, "invalid_argument", "invalid_enum_value", "sort")
    assert answer.json()["message"] == "No such order"


def test_too_many_requests_say_when_to_come_back(plan, owner):
    plan(status=429, retry_after=7)

    headers = owner.get(ME).headers

    assert headers["retry-after"] == "7"
    assert (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]) == ("1000", "0")
    assert headers["x-ratelimit-reset"] == "1777636807"  # the world's clock says 12:00:00


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ({"status": 429}, "1"),
        ({"status": 429, "retry_after": None}, None),
        ({"status": 429, "reason": "quota_exceeded"}, None),
        ({"status": 503}, None),
        ({"status": 503, "retry_after": 0}, "0"),
        ({"gateway": True, "status": 503, "retry_after": 9}, "9"),
    ],
    ids=str,
)
def test_retry_after_is_there_where_it_is_planned_or_usual(plan, owner, words, expected):
    plan(**words)

    assert owner.get(ME).headers.get("retry-after") == expected


def test_a_gateway_answers_with_a_page_for_people(plan, owner):
    plan(gateway=True)

    answer = owner.get(ME)

    assert answer.status_code == 403
    assert answer.headers["content-type"] == "text/html; charset=UTF-8"
    assert (answer.headers["server"], answer.headers["cf-mitigated"]) == ("cloudflare", "challenge")
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_gateway_may_have_any_status_of_a_failure(plan, owner):
    plan(gateway=True, status=502)

    answer = owner.get(ME)

    assert (answer.status_code, "cf-mitigated" in answer.headers) == (502, False)
    assert "<h1>Error 502</h1>" in answer.text


def test_malformed_json_is_complete_as_http(plan, owner):
    plan(operations=["getMe"], malformed_json=True)

    broken, whole = owner.get(ME), owner.get(ME)

    assert (broken.status_code, broken.headers["content-type"]) == (200, "application/json")
    assert broken.content == whole.content[:-1]
    with pytest.raises(json.JSONDecodeError):
        broken.json()


def test_a_struck_call_takes_no_effect(plan, owner, upload, control):
    plan(operations=["createDocument"], status=503)
    used = control("GET", "/quotas").json()["requests_used"]

    assert upload(owner).status_code == 503

    assert control("GET", "/quotas").json()["requests_used"] == used
    assert owner.get(LIST).json()["items"] == []


def test_a_struck_call_may_take_effect_nevertheless(plan, owner, upload):
    plan(operations=["createDocument"], status=503, takes_effect=True)

    assert upload(owner, "Lease").status_code == 503
    assert upload(owner, "Lease").status_code == 200

    assert [each["title"] for each in owner.get(LIST).json()["items"]] == ["Lease", "Lease"]


def test_what_was_sent_is_on_record_although_nothing_was_done_with_it(plan, owner, upload, received, app):
    plan(operations=["createDocument"], status=503)

    upload(owner, "Lease")

    (request,) = received()
    assert request["request_body"]["title"] == "Lease"
    assert len(app.blobs) == 0


def test_even_a_bad_request_is_struck_first(plan, owner):
    plan(operations=["createOrganization"], status=503)

    assert owner.post("/v1beta/organizations", content=b"{").status_code == 503
    assert owner.post("/v1beta/organizations", content=b"{").status_code == 400


def test_a_stranger_is_refused_before_a_plan_is_asked(plan, client, owner):
    plan(status=503)

    assert client.get(ME, headers={"Authorization": "Bearer nonsense"}).status_code == 401
    assert owner.get(ME).status_code == 503


def test_another_api_answers_with_its_own_samples(in_process):
    petstore = Path(__file__).parents[2] / "unit/spec/foreign/petstore.yaml"
    app = create_app(Document.load(petstore))
    with in_process(app) as client:
        faults = f"/__mock__/worlds/{app.ready['id']}/faults"
        refused = client.post(faults, json={"operations": ["getOrderById"], "status": 503})
        named = client.post(faults, json={"operations": ["getOrderById"], "status": 404, "code": "not_found"})
        client.post(faults, json={"operations": ["getOrderById"], "status": 404}).raise_for_status()
        answers = [client.get(f"{app.document.base_path}/store/order/7") for _ in range(2)]
    app.close()

    assert "getOrderById can't answer 503: the document knows 400 or 404 for it" in refused.json()["message"]
    assert named.json()["details"][0]["param"] == "code"
    assert [each.status_code for each in answers] == [404, 200]
    assert "preference-applied" not in answers[0].headers
