"""The mock's own mistakes: loud in tests, a 500 that names the rule in service."""

from dataclasses import replace

import pytest

from factify_mock.api.app import AppOptions, create_app
from factify_mock.api.problems import Violation


@pytest.fixture
def broken(document, connect):
    """A client of a mock in which `getMe` is answered by the given handler."""

    def make(handler, options):
        made = create_app(document, options=options)
        route = made.routes.of(document.operations["getMe"])
        made.routes.put(replace(route, handler=handler))
        return connect(made, made.ready["owner"]["token"])

    return make


def undocumented(call):
    return {"user": {"id": 7}}


def failing(call):
    raise ZeroDivisionError("a mistake")


def test_an_undocumented_answer_is_a_500_that_names_the_rule(broken, refusal, caplog):
    answer = broken(undocumented, AppOptions(is_strict=True)).get("/v1beta/me")

    assert refusal(answer) == (500, "internal", "internal_error", None)
    assert answer.headers["x-factify-mock-violation"].startswith("getMe 200: ")
    assert "Violation" in caplog.text


def test_an_undocumented_answer_is_an_exception_in_tests(broken):
    client = broken(undocumented, AppOptions(is_strict=True, raises_bugs=True))

    with pytest.raises(Violation, match="getMe 200"):
        client.get("/v1beta/me")


def test_an_undocumented_answer_passes_where_nobody_checks(broken):
    assert broken(undocumented, AppOptions()).get("/v1beta/me").json() == {"user": {"id": 7}}


def test_a_failing_handler_is_a_500_and_logged_with_its_traceback(broken, refusal, caplog):
    answer = broken(failing, AppOptions()).get("/v1beta/me")

    assert refusal(answer) == (500, "internal", "internal_error", None)
    assert "ZeroDivisionError: a mistake" in caplog.text


def test_a_failing_handler_is_an_exception_in_tests(broken):
    with pytest.raises(ZeroDivisionError, match="a mistake"):
        broken(failing, AppOptions(raises_bugs=True)).get("/v1beta/me")


def test_a_failure_does_not_end_the_service(broken):
    client = broken(failing, AppOptions())
    client.get("/v1beta/me")

    assert client.get("/v1beta/documents").status_code == 200
