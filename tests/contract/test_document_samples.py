"""Every sample of the shipped document keeps its schema, and all of them tell of one consistent world."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "openapi-with-samples.json").read_text())
OPERATIONS = {
    operation["operationId"]: (path, method, operation)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
}
STATUS = {
    "invalid_argument": 400,
    "failed_precondition": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "already_exists": 409,
    "resource_exhausted": 429,
    "internal": 500,
    "unavailable": 503,
}
REASONS = {
    "invalid_argument": {
        "missing_required_field",
        "invalid_field_value",
        "invalid_enum_value",
        "invalid_cursor",
        "invalid_id_format",
    },
    "failed_precondition": {"precondition_failed"},
    "unauthenticated": {
        "missing_api_key",
        "invalid_api_key",
        "expired_api_key",
        "invalid_token",
        "expired_token",
        "authentication_required",
    },
    "permission_denied": {"insufficient_permissions"},
    "not_found": {"resource_not_found"},
    "already_exists": {"resource_already_exists"},
    "resource_exhausted": {"rate_limit_exceeded", "quota_exceeded"},
    "internal": {"internal_error"},
    "unavailable": {"service_unavailable"},
}
ID = re.compile(r"\b(doc|ver|user|bot|org|key|pol|inv|acr|req)_([0-9a-z]{20,})\b")
TYPE_ID_SUFFIX = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
Validate = Callable[..., Draft202012Validator]

each_operation = pytest.mark.parametrize("operation_id", OPERATIONS)


def values(media: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, sample in media.get("examples", {}).items():
        yield name, sample["value"]


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from strings(item)
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)


def objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, list):
        for item in node:
            yield from objects(item)
    elif isinstance(node, dict):
        yield node
        for value in node.values():
            yield from objects(value)


def answers(status: str = "200") -> Iterator[tuple[str, Any]]:
    for operation_id, (_, _, operation) in OPERATIONS.items():
        for name, value in values(operation["responses"][status]["content"]["application/json"]):
            yield f"{operation_id} {status} {name}", value


@pytest.mark.parametrize(
    ("format_name", "wrong"),
    [("date-time", "2026-03-02 09:15"), ("email", "kit"), ("uri", "no scheme"), ("uuid", "1234")],
)
def test_the_validator_of_these_tests_judges_formats(format_name: str, wrong: str) -> None:
    checker = Draft202012Validator.FORMAT_CHECKER
    assert not Draft202012Validator({"format": format_name}, format_checker=checker).is_valid(wrong)


@each_operation
def test_samples_of_parameters_are_valid(operation_id: str, validator: Validate) -> None:
    path, method, operation = OPERATIONS[operation_id]
    for index, parameter in enumerate(operation.get("parameters", [])):
        schema = validator("paths", path, method, "parameters", str(index), "schema")
        for _, value in values(parameter):
            schema.validate(value)
        assert parameter["in"] != "path" or parameter["examples"], parameter["name"]


@each_operation
def test_samples_of_bodies_are_valid(operation_id: str, validator: Validate) -> None:
    path, method, operation = OPERATIONS[operation_id]
    for kind, media in operation.get("requestBody", {}).get("content", {}).items():
        schema = validator("paths", path, method, "requestBody", "content", kind, "schema")
        for _, value in values(media):
            schema.validate(value)


@each_operation
def test_samples_of_responses_are_valid(operation_id: str, validator: Validate) -> None:
    path, method, operation = OPERATIONS[operation_id]
    for status, response in operation["responses"].items():
        for kind, media in response["content"].items():
            schema = validator("paths", path, method, "responses", status, "content", kind, "schema")
            for _, value in values(media):
                schema.validate(value)


@pytest.mark.parametrize("name", DOCUMENT["components"]["headers"])
def test_samples_of_headers_are_valid(name: str, validator: Validate) -> None:
    header = DOCUMENT["components"]["headers"][name]
    assert header["examples"]
    for _, value in values(header):
        validator("components", "headers", name, "schema").validate(value)


@pytest.mark.parametrize("name", DOCUMENT["components"]["responses"])
def test_samples_of_shared_responses_are_valid(name: str, validator: Validate) -> None:
    media = DOCUMENT["components"]["responses"][name]["content"]["application/json"]
    assert media["examples"]
    for _, value in values(media):
        validator("components", "schemas", "ErrorResponse").validate(value)
        assert value["details"][0]["reason"] in REASONS[value["code"]]


@each_operation
def test_refusals_use_documented_codes_and_reasons(operation_id: str) -> None:
    responses = OPERATIONS[operation_id][2]["responses"]
    for status in responses.keys() - {"200"}:
        for name, value in values(responses[status]["content"]["application/json"]):
            assert STATUS[value["code"]] == int(status), name
            for detail in value["details"]:
                assert detail["reason"] in REASONS[value["code"]], name
                assert ("param" in detail) == (value["code"] == "invalid_argument"), name


@each_operation
def test_a_validation_sample_names_something_the_caller_sent(operation_id: str) -> None:
    operation = OPERATIONS[operation_id][2]
    known = {parameter["name"] for parameter in operation.get("parameters", [])}
    for media in operation.get("requestBody", {}).get("content", {}).values():
        schema = media["schema"]
        if "$ref" in schema:
            schema = DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        known |= schema["properties"].keys()
    for name, value in values(operation["responses"]["400"]["content"]["application/json"]):
        for detail in value["details"]:
            if "param" in detail and name not in ("unknown_field", "unknown_parameter"):
                top = detail["param"].split("[")[0]
                assert top in known, name


def test_every_request_id_is_used_once() -> None:
    refusals = [
        value for status in ("400", "401", "403", "404", "429", "500") for _, value in answers(status)
    ]
    ids = [detail["request_id"] for refusal in refusals for detail in refusal["details"]]
    assert len(ids) == len(set(ids)) > 59 * 6


def test_every_id_in_a_sample_is_a_type_id() -> None:
    found = {
        match.groups()
        for _, _, operation in OPERATIONS.values()
        for text in strings(operation)
        for match in ID.finditer(text)
    }
    assert {prefix for prefix, _ in found} == {
        "doc",
        "ver",
        "user",
        "bot",
        "org",
        "key",
        "pol",
        "inv",
        "acr",
        "req",
    }
    assert [f"{prefix}_{suffix}" for prefix, suffix in found if not TYPE_ID_SUFFIX.fullmatch(suffix)] == []


def test_a_user_looks_the_same_in_every_sample() -> None:
    seen: dict[str, Any] = {}
    for where, value in answers():
        for user in objects(value):
            if "given_name" in user:
                assert seen.setdefault(user["id"], user) == user, where
    assert len({user["email"] for user in seen.values()}) == len(seen) > 3


def test_subjects_have_the_prefix_of_their_type() -> None:
    for where, value in answers():
        for subject in objects(value):
            if subject.keys() == {"id", "type", "name"}:
                assert subject["id"].startswith(subject["type"] + "_"), where


def test_nothing_in_a_sample_happens_before_its_beginning() -> None:
    later = (
        "updated_at",
        "trashed_at",
        "last_viewed_at",
        "shared_at",
        "expires_at",
        "accepted_at",
        "revoked_at",
    )
    compared = 0
    for where, value in answers():
        for item in objects(value):
            for key in later:
                if "created_at" in item and key in item:
                    assert item["created_at"] <= item[key], (where, key)
                    compared += 1
    assert compared > 20


def test_documents_agree_with_themselves() -> None:
    for where, value in answers():
        for item in objects(value):
            if "processing_status" in item and "access_level" in item:
                assert item["url"].endswith(item["id"].removeprefix("doc_")), where
                assert item["access_level"] == item["general_access"], where
                assert "trashed_at" not in item or item["access_level"] == "private", where


def test_invites_agree_with_themselves() -> None:
    for where, value in answers():
        for item in objects(value):
            if "sender" in item:
                assert ("accepted_at" in item) == ("accepted_by" in item) == (item["status"] == "accepted"), (
                    where
                )


def test_api_keys_agree_with_themselves() -> None:
    for where, value in answers():
        for item in objects(value):
            if "key_prefix" in item:
                assert len(item["key_prefix"]) == 19, where
                assert item["is_active"] or {"revoked_at", "expires_at"} & item.keys(), where
            if "secret" in item:
                assert re.fullmatch(r"ffy_test_[0-7][0-9a-hjkmnp-tv-z]{25}[0-9A-Za-z]{43}", item["secret"]), (
                    where
                )
                assert item["api_key"]["key_prefix"] == item["secret"][:16] + "...", where


def test_grant_counts_agree_with_their_results() -> None:
    for where, value in answers():
        if "results" in value:
            outcomes = [result["success"] for result in value["results"]]
            assert value["total"] == len(outcomes), where
            assert value["successful"] == sum(outcomes), where
            assert value["failed"] == len(outcomes) - sum(outcomes), where


def test_quotas_agree_with_themselves() -> None:
    for where, value in answers():
        for item in objects(value):
            limit = item.get("effective_limit", item.get("limit"))
            if "current_usage" in item and limit is not None:
                assert item["remaining"] == max(0, limit - item["current_usage"]), where
                assert item["is_exceeded"] == (item["current_usage"] >= limit), where


def test_page_tokens_are_unpadded_base64url_of_compact_json() -> None:
    decoded = []
    for where, value in answers():
        page = value.get("pagination", value)
        tokens = [page.get(key) for key in ("next_page_token", "prev_page_token", "next_cursor")]
        for token in filter(None, tokens):
            text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
            cursor = json.loads(text)
            assert "=" not in token, where
            assert text == json.dumps(cursor, separators=(",", ":")), where
            assert cursor["d"] in ("next", "prev"), where
            decoded.append(cursor)
        if "next_page_token" in page:
            assert page["has_more"] == bool(page["next_page_token"]), where
    assert {cursor["d"] for cursor in decoded} == {"next", "prev"}


@each_operation
def test_links_lead_to_operations_that_take_what_they_give(operation_id: str, validator: Validate) -> None:
    _, _, producer = OPERATIONS[operation_id]
    answer = next(values(producer["responses"]["200"]["content"]["application/json"]))[1]
    for name, link in producer["responses"]["200"].get("links", {}).items():
        assert link["description"].endswith("."), name
        path, method, consumer = OPERATIONS[link["operationId"]]
        given = link.get("parameters", {})
        parameters = {p["name"]: (i, p) for i, p in enumerate(consumer.get("parameters", []))}
        required = {parameter for parameter, (_, p) in parameters.items() if p.get("required")}
        assert required <= given.keys() <= parameters.keys(), name
        for parameter, expression in given.items():
            schema = validator("paths", path, method, "parameters", str(parameters[parameter][0]), "schema")
            schema.validate(evaluate(expression, answer, producer))


def evaluate(expression: str, answer: Any, producer: dict[str, Any]) -> Any:
    """What a runtime expression gives for the sample answer, or for the sample of a request parameter."""
    if expression.startswith("$response.body#/"):
        for key in expression.removeprefix("$response.body#/").split("/"):
            answer = answer[int(key)] if isinstance(answer, list) else answer[key]
        return answer
    kind, name = expression.removeprefix("$request.").split(".", 1)
    (parameter,) = [p for p in producer["parameters"] if (p["in"], p["name"]) == (kind, name)]
    return next(values(parameter))[1]


def test_everything_that_is_made_can_be_followed() -> None:
    makers = [name for name in OPERATIONS if name.startswith(("create", "attach", "add", "list"))]
    unfollowed = {name for name in makers if not OPERATIONS[name][2]["responses"]["200"].get("links")}
    assert unfollowed == set()
