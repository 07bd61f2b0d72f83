"""Planted faults: each must be found, named by its clause, and shown by a small request."""

from collections.abc import Callable
from typing import Any

import pytest

from factify_contract.spec.samples import sample

Asked = Any
Examine = Callable[..., Any]


def test_an_answer_without_a_required_field_is_found(examine: Examine, answer: Callable[..., Any]) -> None:
    def forgets(asked: Asked) -> Any:
        if asked.operation.id == "getMe" and is_fine(asked):
            return answer(200, {"organizations": []})
        return None

    found = examine(forgets, only={"getMe", "getDocument"})

    assert set(found.against("getMe")) == {"responses.body-matches-schema"}
    assert found.against("getDocument") == {}


def test_an_answer_with_a_value_of_another_type_is_found(
    examine: Examine, answer: Callable[..., Any]
) -> None:
    def mistypes(asked: Asked) -> Any:
        if asked.operation.id == "getMe" and is_fine(asked):
            return answer(200, {**fine(asked), "organizations": "none"})
        return None

    assert set(examine(mistypes, only={"getMe"}).against("getMe")) == {"responses.body-matches-schema"}


def test_a_server_error_on_odd_input_is_found_and_made_small(
    examine: Examine, answer: Callable[..., Any]
) -> None:
    def chokes(asked: Asked) -> Any:
        text = asked.body.get("description") if isinstance(asked.body, dict) else None
        if asked.operation.id == "updateDocument" and isinstance(text, str) and not text.isascii():
            return answer(500, {"code": "internal", "message": "?"})
        return None

    found = examine(chokes, only={"updateDocument"}, examples=20).against("updateDocument")

    assert set(found) == {"transport.no-internal-error"}
    (curl,) = found["transport.no-internal-error"].curl
    assert "description" in curl
    assert "title" not in curl


def test_an_undocumented_status_is_found(examine: Examine, answer: Callable[..., Any]) -> None:
    def creates(asked: Asked) -> Any:
        if asked.operation.id == "createShareLink" and is_fine(asked):
            return answer(201, fine(asked))
        return None

    found = examine(creates, only={"createShareLink"}).against("createShareLink")

    assert "responses.documented-status" in found


def test_a_wrong_media_type_is_found(examine: Examine, answer: Callable[..., Any]) -> None:
    def mislabels(asked: Asked) -> Any:
        if asked.operation.id == "listDocuments" and is_fine(asked):
            return answer(200, fine(asked), "text/plain")
        return None

    found = examine(mislabels, only={"listDocuments"}).against("listDocuments")

    assert set(found) == {"responses.media-type"}
    assert "?" not in found["responses.media-type"].curl[0]


@pytest.mark.parametrize(
    ("known", "clause"),
    [
        ({None}, "authentication.required"),
        ({"not.a.token"}, "authentication.unknown-token-refused"),
    ],
    ids=["nobody", "anybody"],
)
def test_an_operation_that_lets_strangers_in_is_found(
    examine: Examine, answer: Callable[..., Any], known: set[str | None], clause: str
) -> None:
    def welcomes(asked: Asked) -> Any:
        if asked.operation.id == "getDocument" and asked.token in known and not asked.problems:
            return answer(200, fine(asked))
        return None

    found = examine(welcomes, only={"getDocument", "getVersion"})

    assert set(found.against("getDocument")) == {clause}
    assert found.against("getVersion") == {}


@pytest.mark.parametrize(
    ("operation_id", "param", "clause"),
    [
        ("createDocument", "title", "documents.create-needs-title"),
        ("createDocument", "payload", "documents.create-needs-payload"),
        ("createDocumentVersion", "payload", "versions.create-needs-payload"),
        ("createApiKey", "name", "transport.missing-required-refused"),
        ("listApiKeys", "organization_id", "transport.missing-required-refused"),
    ],
)
def test_an_accepted_request_without_a_required_field_is_found(
    examine: Examine, answer: Callable[..., Any], operation_id: str, param: str, clause: str
) -> None:
    def overlooks(asked: Asked) -> Any:
        missed = all(problem.param == param and problem.rule == "required" for problem in asked.problems)
        if asked.operation.id == operation_id and missed and asked.token == "owner-token":
            return answer(200, fine(asked))
        return None

    finding = examine(overlooks, only={operation_id}, examples=20).against(operation_id)[clause]

    assert param in finding.expected


@pytest.mark.parametrize(
    ("operation_id", "param", "rule", "clause"),
    [
        ("createDocument", "title", "maxLength", "documents.title-limit"),
        ("updateDocument", "title", "minLength", "requests.empty-title-refused"),
        ("updateDocument", "description", "maxLength", "documents.description-limit"),
        ("updateVersion", "title", "maxLength", "versions.title-limit"),
        ("setAPIKeyQuota", "limit", "exclusiveMinimum", "request-quota.key-limit-positive"),
    ],
)
def test_an_accepted_value_beyond_a_documented_limit_is_found(
    examine: Examine, answer: Callable[..., Any], operation_id: str, param: str, rule: str, clause: str
) -> None:
    def overlooks(asked: Asked) -> Any:
        missed = all(problem.param == param and problem.rule == rule for problem in asked.problems)
        if asked.operation.id == operation_id and missed and asked.token == "owner-token":
            return answer(200, fine(asked))
        return None

    found = examine(overlooks, only={operation_id}, examples=20).against(operation_id)

    # The same value in other alphabets is judged apart, for servers that count otherwise.
    assert set(found) - {"requests.limit-refused"} == {clause}


def test_a_valid_request_called_invalid_is_found(examine: Examine, refuse: Callable[..., Any]) -> None:
    def nags(asked: Asked) -> Any:
        if asked.operation.id == "getVersion" and is_fine(asked):
            return refuse(400, "invalid_argument", "invalid_field_value", "version_id")
        return None

    # Without a document of its own the phase knows no real version, so createDocument has to be there.
    found = examine(nags, only={"getVersion", "createDocument"})

    assert "requests.valid-accepted" in found.against("getVersion")


def test_a_fault_that_does_not_come_back_is_no_finding(examine: Examine, answer: Callable[..., Any]) -> None:
    seen: list[Asked] = []

    def stumbles_once(asked: Asked) -> Any:
        if asked.operation.id == "getQuota" or not is_fine(asked):
            return None
        seen.append(asked)
        return answer(500, {"code": "internal", "message": "?"}) if len(seen) == 1 else None

    found = examine(stumbles_once, only={"getDocumentQuota"})

    assert found.findings == []
    assert any("sent again" in getattr(event, "message", "") for event in found.events)


def fine(asked: Asked) -> Any:
    """What a faultless target answers."""
    body = sample(asked.operation).value
    if "document" in body:
        body["document"]["id"] = asked.path.get("document_id", body["document"]["id"])
    return body


def is_fine(asked: Asked) -> bool:
    return asked.token is not None and asked.token.endswith("-token") and not asked.problems
