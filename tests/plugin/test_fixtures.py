"""The fixtures as a test author meets them."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest


def api(factify, person, method, path, **arguments):
    headers = {"Authorization": f"Bearer {person.token}"}
    return httpx.request(method, f"{factify.url}/v1beta{path}", headers=headers, **arguments)


def test_every_identity_is_who_it_says(factify):
    for person in (factify.owner, factify.admin, factify.member, factify.outsider, factify.invitee):
        me = api(factify, person, "GET", "/me").json()
        assert (me["user"]["id"], me["user"]["email"]) == (person.user_id, person.email)


def test_worlds_do_not_meet(factify, factify_server):
    other = factify_server.new_world()
    path = f"/organizations/{factify.organization_id}"

    assert other.organization_id != factify.organization_id
    assert api(factify, factify.owner, "GET", path).status_code == 200
    assert api(factify, other.owner, "GET", path).status_code == 404
    other.close()
    assert api(factify, other.owner, "GET", path).status_code == 401


def test_clock_decides_what_has_expired(factify):
    invites = f"/organizations/{factify.organization_id}/invites"
    api(factify, factify.owner, "POST", invites, json={"email": factify.invitee.email})
    token = factify.outbox.latest(to=factify.invitee.email)["token"]
    before = factify.clock.freeze()

    assert factify.clock.advance(days=7, seconds=1) - before == timedelta(days=7, seconds=1)

    accepted = api(factify, factify.invitee, "POST", f"{invites}/accept", json={"token": token})
    assert accepted.status_code == 404
    factify.clock.set(datetime(2030, 1, 1, tzinfo=UTC))
    assert factify.clock.now() == datetime(2030, 1, 1, tzinfo=UTC)


def test_clock_refuses_a_time_without_zone(factify):
    with pytest.raises(ValueError, match="no time zone"):
        factify.clock.set(datetime(2030, 1, 1))  # noqa: DTZ001 - the mistake under test


def test_empty_outbox_says_so(factify):
    with pytest.raises(LookupError, match="mail was sent to nobody"):
        factify.outbox.latest(to="somebody@example.com")


def test_reset_takes_the_world_back_and_keeps_its_tokens(factify):
    api(
        factify, factify.owner, "PATCH", f"/organizations/{factify.organization_id}", json={"name": "Renamed"}
    )

    factify.reset()

    organization = api(factify, factify.owner, "GET", f"/organizations/{factify.organization_id}").json()
    assert organization["organization"]["name"] != "Renamed"


def test_received_requests_are_on_record_without_tokens(factify):
    api(factify, factify.owner, "GET", "/me", params={"page": "1"})

    (request,) = factify.requests.sent(operation_id="getMe")

    assert request["status"] == 400
    assert factify.owner.token not in str(request)


def test_plugin_imports_nothing_heavy():
    code = "import sys, factify_fixtures.plugin; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    heavy = {"httpx", "schemathesis", "hypothesis", "uvicorn", "jsonschema", "factify_contract.spec"}
    assert heavy.isdisjoint(loaded.stdout.split())


def test_same_seed_gives_the_same_world(pytester):
    pytester.makepyfile(
        """
        def test_world(factify):
            print("world", factify.world_id, factify.owner.user_id, factify.api_key.secret)
        """
    )

    def world(seed):
        result = pytester.runpytest_subprocess("-q", "-s", "-p", "no:cacheprovider", f"--factify-seed={seed}")
        assert result.ret == 0
        return next(line for line in result.outlines if "world" in line)

    assert world(5) == world(5) != world(6)
