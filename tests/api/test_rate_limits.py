"""How fast callers may be: counted by caller and minute, told in headers, switched on for one world."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from factify_mock.api.app import App, AppOptions, create_app
from factify_mock.model.rates import RateLimits
from factify_mock.model.world import Settings
from factify_mock.worlds import WorldOptions

LIST = "/v1beta/documents"
RATE = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
TOO_FAST = (429, "resource_exhausted", "rate_limit_exceeded", None)
# The end of the minute that begins where the test's clock stands still, 2026-05-01T12:00:00Z.
RESET = "1777636860"


@pytest.fixture
def limit(control: Callable[..., httpx.Response]) -> Callable[..., Any]:
    """Sets the limits of the first world."""

    def set_limits(limits: bool | dict[str, int]) -> Any:
        return control("PUT", "/rate-limits", json={"rate_limits": limits}).json()["rate_limits"]

    return set_limits


def told(answer: httpx.Response) -> tuple[str | None, ...]:
    return tuple(answer.headers.get(name) for name in RATE)


def test_nothing_is_limited_unless_asked_for(owner, control):
    assert told(owner.get(LIST)) == (None, None, None)
    assert control("GET", "/rate-limits").json() == {"rate_limits": False}


def test_the_documented_limits(limit, owner, control):
    assert limit(True) == {"per_minute": 1000, "posts_per_minute": 100}

    assert told(owner.get(LIST)) == ("1000", "999", RESET)
    assert told(owner.post("/v1beta/organizations", json={"name": "N"})) == ("100", "99", RESET)
    assert told(owner.get(LIST)) == ("1000", "997", RESET)


def test_one_call_too_many_is_refused_until_the_minute_is_over(limit, owner, control, refusal):
    limit({"per_minute": 2})
    control("POST", "/clock/advance", json={"seconds": 0.5})
    for left in ("1", "0"):
        assert told(owner.get(LIST)) == ("2", left, "1777636861")

    refused = owner.get(LIST)
    assert refusal(refused) == TOO_FAST
    assert told(refused) == ("2", "0", "1777636861")
    assert refused.headers["retry-after"] == "60"

    control("POST", "/clock/advance", json={"seconds": 59.9})
    assert refusal(again := owner.get(LIST)) == TOO_FAST
    assert again.headers["retry-after"] == "1"
    control("POST", "/clock/advance", json={"seconds": 0.1})
    assert told(owner.get(LIST)) == ("2", "1", "1777636921")


def test_waiting_as_long_as_the_headers_say_is_enough(limit, owner, control):
    limit({"per_minute": 1})
    control("POST", "/clock/advance", json={"seconds": 0.123456})
    owner.get(LIST)
    refused = owner.get(LIST)

    control("POST", "/clock/advance", json={"seconds": int(refused.headers["retry-after"])})
    assert owner.get(LIST).status_code == 200
    control("PUT", "/clock", json={"now": "2026-05-01T12:02:01Z"})
    assert owner.get(LIST).status_code == 200


def test_creations_have_a_limit_of_their_own(limit, owner, refusal):
    limit({"per_minute": 10, "posts_per_minute": 1})
    create = {"name": "Annex"}

    assert owner.post("/v1beta/organizations", json=create).status_code == 200
    refused = owner.post("/v1beta/organizations", json=create)

    assert refusal(refused) == TOO_FAST
    assert told(refused) == ("1", "0", RESET)
    assert told(owner.get(LIST)) == ("10", "8", RESET)


def test_creations_count_as_calls_too(limit, owner, refusal):
    limit({"per_minute": 2, "posts_per_minute": 5})
    create = {"name": "Annex"}
    assert told(owner.post("/v1beta/organizations", json=create)) == ("2", "1", RESET)
    owner.get(LIST)

    assert told(owner.post("/v1beta/organizations", json=create)) == ("2", "0", RESET)


def test_each_caller_has_a_minute_of_its_own(limit, owner, signed_in, world, refusal):
    limit({"per_minute": 1})
    body = {"organization_id": world["organization_id"], "name": "ci"}
    assert owner.post("/v1beta/api-keys", json=body).status_code == 200

    assert refusal(owner.get(LIST)) == TOO_FAST
    for name in ("member", "api_key", "outsider"):
        assert signed_in(name).get(LIST).status_code == 200, name
        assert refusal(signed_in(name).get(LIST)) == TOO_FAST, name


def test_every_answer_to_a_known_caller_tells_the_rate(limit, owner, client, world):
    limit({"per_minute": 10})

    calls = [
        owner.get("/v1beta/documents/doc_01h2xcejqtf2nbrexx3vqjhp41"),
        owner.get(f"{LIST}?page_size=0"),
        owner.get("/v1beta/quota"),
        owner.get(LIST, headers={"Prefer": "code=404"}),
    ]

    assert [told(answer)[1] for answer in calls] == ["9", "8", "7", "6"]
    profile = f"/v1beta/organizations/{world['organization_id']}/public-profile"
    assert told(client.get(LIST)) == told(client.get(profile)) == (None, None, None)


def test_a_refusal_for_the_rate_costs_no_quota(limit, owner, control):
    limit({"per_minute": 1})
    for _ in range(3):
        owner.get(LIST)

    assert control("GET", "/quotas").json()["requests_used"] == 1


def test_a_used_up_quota_tells_of_the_quota_only(limit, owner, control, refusal):
    limit({"per_minute": 10})
    control("PUT", "/quotas", json={"requests_limit": 5, "requests_used": 5})

    refused = owner.get(LIST)

    assert refusal(refused)[2] == "quota_exceeded"
    assert refused.headers.get_list("x-ratelimit-limit") == ["5"]
    assert refused.headers.get_list("x-ratelimit-reset") == ["1780272000"]


def test_a_wished_for_refusal_tells_its_rate_once(limit, owner):
    limit({"per_minute": 10})

    sampled = owner.get(LIST, headers={"Prefer": "code=429"})

    assert sampled.headers.get_list("x-ratelimit-remaining") == ["0"]


def test_limits_are_changed_and_lifted(limit, owner, refusal):
    limit({"per_minute": 1})
    owner.get(LIST)
    assert refusal(owner.get(LIST)) == TOO_FAST

    limit({"per_minute": 3})
    assert told(owner.get(LIST)) == ("3", "2", RESET)
    assert limit(False) is False
    assert told(owner.get(LIST)) == (None, None, None)


def test_a_clock_that_is_set_back_begins_another_minute(limit, owner, control):
    limit({"per_minute": 1})
    owner.get(LIST)

    control("PUT", "/clock", json={"now": "2026-04-01T00:00:00Z"})

    assert owner.get(LIST).status_code == 200


def test_a_reset_forgets_calls_and_changes(limit, owner, control):
    limit({"per_minute": 1})
    owner.get(LIST)

    control("POST", "/reset")

    assert told(owner.get(LIST)) == (None, None, None)


def test_a_world_is_limited_from_its_start(app: App, client, connect, refusal):
    made = client.post("/__mock__/worlds", json={"rate_limits": {"per_minute": 1}}).json()["world"]
    person = connect(app, made["owner"]["token"])

    assert person.get(LIST).status_code == 200
    assert refusal(person.get(LIST)) == TOO_FAST
    client.post(f"/__mock__/worlds/{made['id']}/reset")
    assert told(person.get(LIST))[:2] == ("1", "0")


def test_new_worlds_are_limited_as_the_server_was_told(document, connect):
    start = WorldOptions(settings=Settings(rate_limits=RateLimits()))
    limited = create_app(document, start=start, options=AppOptions(is_strict=True, raises_bugs=True))
    anybody = connect(limited)

    made = anybody.post("/__mock__/worlds").json()["world"]
    free = anybody.post("/__mock__/worlds", json={"rate_limits": False}).json()["world"]

    assert told(connect(limited, made["owner"]["token"]).get(LIST))[0] == "1000"
    assert told(connect(limited, free["owner"]["token"]).get(LIST))[0] is None


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"per_minute": -1}, id="negative"),
        pytest.param({"per_hour": 1}, id="unknown"),
        pytest.param(5, id="number"),
        pytest.param(None, id="null"),
    ],
)
def test_other_limits_are_refused(control, limits):
    assert control("PUT", "/rate-limits", json={"rate_limits": limits}).status_code == 400
