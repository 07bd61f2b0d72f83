"""What the judge finds in the bodies of refusals and of answers."""

from typing import Any

import pytest


def refusal(code: str, reason: str = "", **detail: str) -> dict[str, Any]:
    details = [{"reason": reason, **detail}] if reason else [detail] if detail else []
    return {"code": code, "message": f"refused: {code}", "details": details}


DOCUMENT = {
    "id": "doc_01h2xcejqtf2nbrexx3vqjhp41",
    "url": "https://app.example/d/1",
    "title": "Letter",
    "access_level": "private",
    "processing_status": "ready",
    "created_at": "2026-01-05T09:00:00Z",
    "created_by": {"id": "user_01h2xcejqtf2nbrexx3vqjhp41", "type": "user", "name": "Olga"},
}
PATH = {"document_id": DOCUMENT["id"]}


@pytest.mark.parametrize(
    "body",
    [
        {"code": "not_found", "message": "no"},
        {"code": "not_found", "message": "no", "details": []},
        {"code": "not_found", "message": "no", "details": [{}]},
        {"code": "not_found", "message": "no", "details": [{"reason": "resource_not_found", "extra": 1}]},
        {"code": "not_found", "message": "no", "details": [{"request_id": "req_01arwx4k8xrgqskvxq69gdn019"}]},
    ],
    ids=["bare", "no details", "empty detail", "unknown field", "request id"],
)
def test_documented_envelope_is_accepted(exchange_of, broken_by, body):
    assert broken_by(exchange_of("getMe", 404, body)) == set()


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"error": {"code": "not_found", "message": "no"}},
        {"code": "not_found"},
        {"code": 5, "message": "no"},
        {"code": "not_found", "message": "no", "details": {}},
        {"code": "not_found", "message": "no", "details": ["resource_not_found"]},
    ],
    ids=["list", "older form", "no message", "number as code", "details an object", "details of texts"],
)
def test_other_envelope_breaks_the_promise(exchange_of, broken_by, body):
    assert "errors.envelope" in broken_by(exchange_of("getMe", 404, body))


@pytest.mark.parametrize(
    ("status", "body", "clause"),
    [
        (404, refusal("missing"), "errors.code-known"),
        (404, refusal("permission_denied"), "errors.code-matches-status"),
        (400, refusal("invalid_argument", "too_silly"), "errors.reason-known"),
        (404, refusal("not_found", "missing_api_key"), "errors.reason-fits-code"),
        (404, {"code": "not_found", "message": " "}, "errors.message-not-empty"),
        (404, refusal("not_found", request_id="req_1"), "errors.request-id-format"),
        (404, refusal("not_found", param="document_id"), "errors.param-only-for-validation"),
    ],
)
def test_each_fault_of_a_refusal_breaks_its_own_clause(exchange_of, broken_by, status, body, clause):
    assert clause in broken_by(exchange_of("getMe", status, body))


@pytest.mark.parametrize("status", [400, 500])
def test_unknown_may_come_under_either_of_its_statuses(exchange_of, broken_by, status):
    assert "errors.code-matches-status" not in broken_by(exchange_of("getMe", status, refusal("unknown")))


def test_clauses_that_nothing_broke_count_as_kept(exchange_of, verdicts_on):
    body = refusal("not_found", "resource_not_found", request_id="req_01arwx4k8xrgqskvxq69gdn019")
    kept = verdicts_on(exchange_of("getMe", 404, body))

    assert {clause for clause in kept if clause.startswith("errors.")} == {
        "errors.envelope",
        "errors.code-known",
        "errors.code-matches-status",
        "errors.message-not-empty",
        "errors.reason-known",
        "errors.reason-fits-code",
        "errors.request-id-format",
    }


def test_valid_document_breaks_nothing(exchange_of, broken_by):
    assert broken_by(exchange_of("getDocument", 200, {"document": DOCUMENT}, path=PATH)) == set()


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"title": ""}, "responses.body-matches-schema"),
        ({"title": None}, "responses.body-matches-schema"),
        ({"surprise": 1}, "responses.body-matches-schema"),
        ({"access_level": "secret"}, "responses.body-matches-schema"),
        ({"created_at": "2026-01-05 09:00"}, "timestamps.well-formed"),
        ({"created_at": "2026-01-05T09:00:00"}, "timestamps.well-formed"),
        ({"id": "doc_1"}, "identifiers.well-formed"),
        ({"id": "ver_01h2xcejqtf2nbrexx3vqjhp41"}, "identifiers.well-formed"),
        ({"owner_organization_id": "northwind"}, "identifiers.named-fields-well-formed"),
        ({"updated_at": "2026-01-05T08:00:00Z"}, "timestamps.not-in-disorder"),
        ({"id": "doc_01h2xcejqtf2nbrexx3vqjhp42"}, "identifiers.matches-path"),
    ],
)
def test_each_fault_of_a_document_breaks_its_own_clause(exchange_of, broken_by, change, clause):
    exchange = exchange_of("getDocument", 200, {"document": DOCUMENT | change}, path=PATH)

    assert clause in broken_by(exchange)


def test_subject_with_the_other_prefix_breaks_the_promise(exchange_of, broken_by):
    subject = DOCUMENT["created_by"] | {"type": "bot"}
    exchange = exchange_of("getDocument", 200, {"document": DOCUMENT | {"created_by": subject}}, path=PATH)

    assert broken_by(exchange) == {"identifiers.subject-prefix-matches-type"}


def test_unresolved_owner_organization_may_be_empty(exchange_of, broken_by):
    exchange = exchange_of(
        "getDocument", 200, {"document": DOCUMENT | {"owner_organization_id": ""}}, path=PATH
    )

    assert broken_by(exchange) == set()


def test_instants_of_different_precision_are_in_order(exchange_of, broken_by):
    times = {"created_at": "2026-01-05T09:00:00.7Z", "updated_at": "2026-01-05T09:00:00Z"}

    assert broken_by(exchange_of("getDocument", 200, {"document": DOCUMENT | times}, path=PATH)) == set()


@pytest.mark.parametrize(
    ("change", "is_broken"),
    [
        ({"is_active": True}, False),
        ({"is_active": False}, True),
        ({"is_active": True, "revoked_at": "2026-01-06T09:00:00Z"}, True),
        ({"is_active": False, "revoked_at": "2026-01-06T09:00:00Z"}, False),
        ({"is_active": False, "expires_at": "2026-01-06T09:00:00Z"}, False),
    ],
    ids=["active", "inactive for no reason", "active though revoked", "revoked", "perhaps expired"],
)
def test_key_is_active_unless_revoked_or_perhaps_expired(exchange_of, broken_by, change, is_broken):
    key = {
        "id": "key_01h2xcejqtf2nbrexx3vqjhp41",
        "name": "robot",
        "organization_id": "org_01h2xcejqtf2nbrexx3vqjhp41",
        "created_at": "2026-01-05T09:00:00Z",
        "key_prefix": "ffy_test_01jd4h5...",
    }
    exchange = exchange_of("revokeApiKey", 200, {"api_key": key | change})

    assert broken_by(exchange) == ({"api-keys.active-agrees"} if is_broken else set())


def test_acceptance_without_its_person_breaks_the_promise(exchange_of, broken_by):
    invite = {
        "id": "inv_01h2xcejqtf2nbrexx3vqjhp41",
        "organization_id": "org_01h2xcejqtf2nbrexx3vqjhp41",
        "email": "ines@people.example",
        "status": "accepted",
        "sender": {"id": "user_01h2xcejqtf2nbrexx3vqjhp41", "name": "Olga", "email": "olga@people.example"},
        "created_at": "2026-01-05T09:00:00Z",
        "expires_at": "2026-01-12T09:00:00Z",
        "accepted_at": "2026-01-06T09:00:00Z",
    }
    body = {"items": [invite], "pagination": {"has_more": False}}

    assert broken_by(exchange_of("listOrganizationInvites", 200, body)) == {
        "invites.acceptance-fields-together"
    }
