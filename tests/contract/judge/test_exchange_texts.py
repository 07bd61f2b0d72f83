"""How an exchange reads in a report, and what never shows in one."""

import json
from dataclasses import replace

from factify_contract.redaction import Redactor, mask
from factify_contract.report.wording import files_named


def test_line_says_who_asked_for_what_and_what_came(exchange_of):
    exchange = exchange_of("getMe", 200, {}, url="http://api.test/v1beta/me?a=1", actor="member")

    assert exchange.line == "member GET /v1beta/me?a=1 → 200"


def test_line_of_a_refusal_has_its_code_and_reason(exchange_of):
    body = {"code": "not_found", "message": "no", "details": [{"reason": "resource_not_found"}]}

    assert exchange_of("getMe", 404, body).line.endswith("→ 404 not_found/resource_not_found")


def test_curl_takes_address_and_token_from_the_environment(exchange_of):
    exchange = exchange_of("getMe", 200, {}, url="http://api.test/v1beta/me?q=it's", actor="api_key")

    assert exchange.curl == (
        "curl -sS -X GET \"$FACTIFY_URL\"'/v1beta/me?q=it'\"'\"'s' "
        '-H "Authorization: Bearer $FACTIFY_API_KEY_TOKEN"'
    )


def test_curl_adds_what_follows_the_base_url(exchange_of):
    exchange = exchange_of("getMe", 200, {}, url="http://api.test/base/v1beta/me", actor="anonymous")

    assert replace(exchange, base_url="http://api.test/base").curl.endswith('"$FACTIFY_URL"/v1beta/me')


def test_curl_of_an_anonymous_call_has_no_token(exchange_of):
    assert "Authorization" not in exchange_of("getMe", 401, {}, actor="anonymous").curl


def test_curl_shows_a_json_body_without_its_token(exchange_of):
    body = json.dumps({"token": "canary-invite", "role": "member"}).encode()
    exchange = exchange_of(
        "acceptOrganizationInvite",
        200,
        {},
        method="POST",
        request_body=body,
        request_headers={"content-type": "application/json"},
    )

    assert exchange.curl.endswith("""--data-binary '{"token":"<redacted>","role":"member"}'""")


def test_curl_of_an_upload_names_its_fields_and_files(exchange_of):
    body = json.dumps({"title": "A letter", "payload": "@letter.pdf"}).encode()
    exchange = exchange_of(
        "createDocument",
        200,
        {},
        method="POST",
        request_body=body,
        request_headers={"content-type": "multipart/form-data; boundary=x"},
    )

    assert exchange.curl.endswith("-F 'title=A letter' -F payload=@letter.pdf")
    assert files_named([exchange.curl]) == (
        "letter.pdf stands for a file that the run made; put one of your own there"
    )


def test_files_of_commands_are_named_once_and_none_where_there_are_none():
    commands = [
        "curl -F 'payload=@my letter.pdf' -F title=a",
        "curl -F payload=@b.pdf",
        "curl -F payload=@b.pdf",
    ]

    assert files_named(commands).startswith("my letter.pdf, b.pdf stand for files that the run made")
    assert files_named(["curl -F title=me@home"]) == files_named([]) == ""


def test_step_says_what_was_sent(exchange_of):
    body = json.dumps({"token": "tok-secret", "role": "x" * 200}).encode()
    exchange = exchange_of("createOrganizationInvite", 403, {}, method="POST", request_body=body)

    assert exchange.step.startswith('owner POST /v1beta/somewhere {"token":"<redacted>","role":"xxx')
    assert exchange.step.endswith("x… → 403")
    assert exchange_of("getMe", 200, {}).step == exchange_of("getMe", 200, {}).line


def test_body_that_is_no_json_is_none(exchange_of):
    exchange = exchange_of("getMe", 200, content=b"\xff{")

    assert (exchange.is_json, exchange.json) == (False, None)


def test_body_nested_beyond_reason_is_no_json(exchange_of):
    assert not exchange_of("getMe", 200, content=b"[" * 100_000).is_json


def test_mask_blanks_secret_fields_at_any_depth():
    value = {"items": [{"secret": "s", "next_page_token": "keep", "token": ""}]}

    assert mask(value) == {"items": [{"secret": "<redacted>", "next_page_token": "keep", "token": ""}]}


def test_redactor_replaces_what_it_learned_from_an_answer():
    redactor = Redactor()
    redactor.learn_from(b'{"api_key": {"id": "key_1"}, "secret": "ffy_test_canary"}')

    assert redactor.clean("with ffy_test_canary inside") == "with <redacted> inside"


def test_redactor_replaces_a_longer_secret_before_the_shorter_one_in_it():
    redactor = Redactor()
    redactor.learn("canary-one", "<short>")
    redactor.learn("canary-one-and-more", "<long>")

    assert redactor.clean("canary-one-and-more, canary-one") == "<long>, <short>"


def test_redactor_ignores_what_is_too_short_to_be_secret():
    redactor = Redactor()
    redactor.learn("abc")

    assert redactor.clean("abc") == "abc"
