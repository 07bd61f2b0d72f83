"""Which statuses and media types the judge accepts, and which it holds against an API."""

import pytest

REFUSED = {"code": "not_found", "message": "no such document"}


def test_declared_status_is_accepted(exchange_of, broken_by):
    assert broken_by(exchange_of("getDocument", 404, REFUSED)) == set()


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (408, "deadline_exceeded"),
        (409, "already_exists"),
        (499, "canceled"),
        (501, "unimplemented"),
        (503, "unavailable"),
    ],
)
def test_undeclared_status_is_accepted_when_the_error_table_assigns_it_to_the_code(
    exchange_of, broken_by, status, code
):
    assert broken_by(exchange_of("getDocument", status, {"code": code, "message": "no"})) == set()


@pytest.mark.parametrize("code", ["unimplemented", "not_found", "invalid_argument"])
def test_method_not_allowed_is_accepted_with_any_known_code(exchange_of, broken_by, code):
    assert broken_by(exchange_of("getMe", 405, {"code": code, "message": "no"})) == set()


def test_refusal_of_an_undocumented_path_may_have_any_form(exchange_of, broken_by):
    exchange = exchange_of(None, 404, content=b"<html>", headers={"content-type": "text/html"})

    assert broken_by(exchange) == set()


def test_internal_fault_on_an_undocumented_path_breaks_the_promise(exchange_of, broken_by):
    assert broken_by(exchange_of(None, 500, content=b"")) == {"transport.no-internal-error"}


def test_undeclared_status_without_its_code_breaks_the_promise(exchange_of, broken_by):
    exchange = exchange_of("getDocument", 409, {"code": "not_found", "message": "no"})

    assert broken_by(exchange) == {"responses.documented-status", "errors.code-matches-status"}


@pytest.mark.parametrize("status", [201, 202, 204, 302])
def test_success_other_than_200_breaks_the_promise(exchange_of, broken_by, status):
    exchange = exchange_of("trashDocument", status, {})

    assert broken_by(exchange) == {"responses.documented-status", "transport.success-is-200"}


def test_internal_fault_breaks_the_promise_although_500_is_declared(exchange_of, broken_by):
    exchange = exchange_of("getDocument", 500, {"code": "internal", "message": "oh"})

    assert broken_by(exchange) == {"transport.no-internal-error"}


@pytest.mark.parametrize(
    ("status", "url", "headers"),
    [
        (414, "http://api.test/" + "x" * 8000, {}),
        (431, "http://api.test/", {"x-long": "x" * 8000}),
        (413, "http://api.test/", {"content-length": "10000000"}),
    ],
    ids=["long address", "long headers", "big body"],
)
def test_refusal_for_size_by_a_server_in_front_is_accepted(exchange_of, broken_by, status, url, headers):
    exchange = exchange_of(
        "getMe",
        status,
        content=b"<html>",
        headers={"content-type": "text/html"},
        url=url,
        request_headers=headers,
    )

    assert broken_by(exchange) == set()


def test_refusal_for_size_of_a_small_request_breaks_the_promise(exchange_of, broken_by):
    exchange = exchange_of("getMe", 413, {"code": "invalid_argument", "message": "too big"})

    assert "responses.documented-status" in broken_by(exchange)


@pytest.mark.parametrize("given", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_json_with_parameters_is_json(exchange_of, broken_by, given):
    assert broken_by(exchange_of("trashDocument", 200, {}, headers={"content-type": given})) == set()


@pytest.mark.parametrize("given", ["text/html", "application/problem+json", ""])
def test_other_media_type_breaks_the_promise(exchange_of, broken_by, given):
    exchange = exchange_of("trashDocument", 200, {}, headers={"content-type": given})

    assert broken_by(exchange) == {"responses.media-type"}


@pytest.mark.parametrize("content", [b"", b"{", b"<html></html>"], ids=["empty", "cut off", "HTML"])
def test_body_that_is_no_json_breaks_the_promise(exchange_of, broken_by, content):
    assert broken_by(exchange_of("trashDocument", 200, content=content)) == {"responses.media-type"}


def test_verdict_tells_what_was_declared_and_what_came(exchange_of, verdicts_on):
    verdict = verdicts_on(exchange_of("getMe", 418, {"code": "teapot", "message": "no"}))[
        "responses.documented-status"
    ]

    assert verdict.expected == (
        "one of the declared statuses (200, 400, 401, 403, 404, 429, 500), "
        "or the status of the code in the body"
    )
    assert verdict.actual == '418 {"code": "teapot", "message": "no"}'
