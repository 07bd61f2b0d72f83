"""Faults as a test author plans them."""

import httpx
import pytest

from factify_fixtures import ControlRefused
from factify_fixtures.received import line_of


def me(factify):
    headers = {"Authorization": f"Bearer {factify.owner.token}"}
    return httpx.get(f"{factify.url}/v1beta/me", headers=headers).status_code


def test_a_plan_strikes_and_says_how_often(factify):
    fault = factify.faults.add(operation="getMe", status=503, times=2)
    factify.faults.add(operation=["getMe", "listDocuments"], gateway=True)

    assert [me(factify) for _ in range(4)] == [503, 503, 403, 200]
    assert (fault.fired, factify.faults.fired()) == (2, 3)


def test_plans_are_taken_back(factify):
    first = factify.faults.add(status=500, times=None)
    factify.faults.add(status=503, times=None)

    first.remove()
    assert me(factify) == 503
    factify.faults.clear()
    assert me(factify) == 200
    with pytest.raises(LookupError, match="flt_1 is not at work any more"):
        _ = first.fired


def test_an_impossible_plan_says_what_is_possible(factify):
    with pytest.raises(ControlRefused, match="getMe can't answer 502: the document knows 400, 401"):
        factify.faults.add(operation="getMe", status=502)


def test_a_line_about_a_request_names_the_plan_that_struck_it(factify):
    factify.faults.add(operation="getMe", drop="close")
    factify.faults.add(operation="getMe", status=503)
    with pytest.raises(httpx.RemoteProtocolError):
        me(factify)
    me(factify)

    told = [line_of(each, factify.callers()) for each in factify.requests.sent()]

    assert told == [
        "getMe: GET /v1beta/me by owner → no answer (flt_1)",
        "getMe: GET /v1beta/me by owner → 503 (flt_2)",
    ]
