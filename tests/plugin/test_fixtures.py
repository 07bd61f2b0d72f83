"""The fixtures as a test author meets them."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from factify_fixtures import ControlRefused


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
    for asked in (other.clock.now, other.reset, other.requests.sent):
        with pytest.raises(ControlRefused, match="this world is closed"):
            asked()


def test_a_misspelt_beginning_is_answered_with_what_was_meant(factify_server):
    with pytest.raises(TypeError, match=r"takes no 'variant'; did you mean 'variants'\?"):
        factify_server.new_world(variant={"unknown-fields": "ignored"})


def test_clock_does_not_advance_into_the_past(factify):
    before = factify.clock.freeze()
    with pytest.raises(ValueError, match=r"advance\(hours=2, days=-1\) would go back"):
        factify.clock.advance(days=-1, hours=2)
    assert factify.clock.now() == before


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
    with pytest.raises(TypeError, match="'2030-01-01' is no datetime"):
        factify.clock.set("2030-01-01")


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


def test_clients_are_ready_and_quotas_are_set(factify):
    factify.quota.set(requests_limit=3, requests_used=0)

    statuses = [factify.owner.client().get("/v1beta/documents").status_code for _ in range(4)]

    assert statuses == [200, 200, 200, 429]
    assert factify.quota.set(requests_limit=None)["requests_limit"] > 3


def test_the_outbox_is_read_and_emptied(factify):
    path = f"/organizations/{factify.organization_id}/invites"
    for email in ("a@example.com", "b@example.com"):
        api(factify, factify.owner, "POST", path, json={"email": email})

    assert [each["to"] for each in factify.outbox.all()] == ["a@example.com", "b@example.com"]
    assert len(factify.outbox.all(kind="organization_invite", to="A@example.com")) == 1
    with pytest.raises(
        LookupError, match=r"no mail with to='c@example.com'; .* a@example.com \(organization_"
    ):
        factify.outbox.latest(to="c@example.com")
    factify.outbox.clear()
    assert factify.outbox.all() == []


def test_a_frozen_clock_runs_on_when_it_is_told(factify):
    frozen = factify.clock.freeze()
    assert factify.clock.now() == frozen
    assert factify.clock.resume() >= frozen
    assert factify.clock.now() > frozen


def test_tokens_stay_out_of_what_pytest_prints(factify):
    assert factify.owner.token not in repr(factify.owner)
    assert factify.api_key.secret not in repr(factify.api_key)
    assert factify.api_key.token == factify.api_key.secret


def test_no_name_is_made_up(factify):
    with pytest.raises(AttributeError, match="'Factify' object has no attribute 'onwer'"):
        factify.onwer  # noqa: B018 - asked for on purpose


def test_plugin_imports_nothing_heavy():
    code = (
        "import sys, pytest, uuid\n"
        "before = set(sys.modules)\n"
        "import factify_fixtures.plugin\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    foreign = {each.partition(".")[0] for each in loaded.stdout.split()} - sys.stdlib_module_names
    assert foreign == {"factify_fixtures"}, "only the standard library beside pytest"
    assert set(loaded.stdout.split()) >= {"factify_fixtures", "factify_fixtures.plugin"}


WORLDS = """
    import pytest

    @pytest.mark.parametrize("number", range(4))
    def test_world(number, factify, factify_session, record_property):
        assert factify.owner.client().get("/v1beta/me").json()["user"]["id"] == factify.owner.user_id
        record_property("world", (factify.world_id, factify.api_key.secret))
        record_property("session", factify_session.world_id)
"""


def properties(pytester, *arguments):
    """What each test recorded, by its name; and the worlds of the session."""
    pytester.makepyfile(WORLDS)
    reports = []

    class Collector:
        def pytest_runtest_logreport(self, report):
            if report.when == "call":
                reports.append(report)

    arguments = ("-q", "-p", "no:cacheprovider", *arguments)
    assert pytester.inline_run(*arguments, plugins=[Collector()]).ret == 0
    recorded = {each.nodeid: dict(each.user_properties) for each in reports}
    worlds = {name: tuple(each["world"]) for name, each in recorded.items()}
    assert len(set(worlds.values())) == 4
    return worlds, {each["session"] for each in recorded.values()}


def test_a_test_meets_the_same_ids_alone_and_among_others_and_on_any_worker(pytester):
    alone, session = properties(pytester, "-p", "no:xdist", "--factify-seed=5")
    beside, _ = properties(pytester, "-n", "2", "--factify-seed=5")
    (only,) = dict.fromkeys(name for name in alone if "[2]" in name)
    other, other_session = properties(pytester, "-p", "no:xdist", "--factify-seed=6")

    assert alone == beside
    assert alone[only] != other[only]
    assert len(session) == 1
    assert session != other_session
