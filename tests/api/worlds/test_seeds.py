"""The worlds that come under a name: what they promise is in them, for any number of worlds at once."""

import json
from collections import Counter

import pytest

from factify_fixtures.worlds import build
from factify_fixtures.worlds.quota_almost_exhausted import (
    DOCUMENTS_LEFT,
    KEY_REQUESTS_LEFT,
    REQUESTS_LEFT,
)

WORLDS = "/__mock__/worlds"


@pytest.mark.parametrize("name", build.SCRIPTS)
def test_the_shipped_file_is_what_the_script_makes(name):
    shipped = (build.FOLDER / f"{name}.json").read_text(encoding="utf-8")

    assert build.made(name) == shipped, "run: python -m factify_fixtures.worlds.build"


@pytest.mark.parametrize("name", build.SCRIPTS)
def test_everything_in_it_can_be_read(place, document, name):
    world = place(seed_name=name)

    statuses = Counter(answer.status_code for _, answer in world.readings(document))

    assert statuses[200] > 20
    assert set(statuses) <= {200, 400, 403, 404, 429}


@pytest.fixture
def demo(place):
    return place(seed_name="demo", frozen=True)


def listed(world, who, path, **query):
    return world.call(who, "GET", path, params={"page_size": 100, **query}).json()["items"]


def test_demo_has_documents_of_all_kinds_and_in_all_states(demo):
    everything = {"trash_state": ["active", "trashed"]}
    ids = {
        each["id"]: each
        for who in ("owner", "admin", "member", "api_key")
        for each in listed(demo, who, "/documents", **everything)
    }.values()
    own = [each for each in ids if each["owner_organization_id"] == demo.ready["organization_id"]]

    assert len(own) == 30
    assert set(Counter(each["source_format"] for each in own)) == {"pdf", "docx", "xlsx", "csv", "markdown"}
    assert Counter(each["processing_status"] for each in own) == {"ready": 26, "processing": 2, "failed": 2}
    assert sum("trashed_at" in each for each in own) == 3
    assert {each["access_level"] for each in own} == {"private", "organization", "public"}
    versions = [
        len(listed(demo, "admin", f"/documents/{each['id']}/versions"))
        for each in own
        if each["title"] in ("Budget 2026", "Board minutes March")
    ]
    assert sorted(versions) == [2, 3]


def test_demo_has_duplicates(demo):
    found = listed(demo, "owner", "/documents", query="lease")
    lease = next(each for each in found if each["title"] == "Lease of the second floor")

    (duplicate,) = demo.call("owner", "GET", f"/documents/{lease['id']}/duplicates").json()["items"]

    assert duplicate["title"] == "Lease of the second floor (scan)"


def test_demo_has_invitations_requests_and_keys_in_every_status(demo):
    organization = f"/organizations/{demo.ready['organization_id']}"
    invites = Counter(each["status"] for each in listed(demo, "owner", f"{organization}/invites"))
    assert invites == {"pending": 2, "accepted": 1, "expired": 1, "revoked": 1}

    requests = [each for table in demo.tables.access_requests.values() for each in table.values()]
    assert Counter(each.status for each in requests) == {"pending": 3, "approved": 1, "denied": 1}

    query = {"organization_id": demo.ready["organization_id"], "include_revoked": True}
    keys = listed(demo, "owner", "/api-keys", **query)
    states = {each["name"]: (each["is_active"], "expires_at" in each, "revoked_at" in each) for each in keys}
    assert states == {
        "Archive sync": (True, False, False),
        "Nightly export": (False, True, False),
        "Old laptop": (False, False, True),
        "Reporting": (True, True, False),
    }


def test_demo_has_shares_policies_and_a_month_of_usage(demo):
    roles = {each.role for grants in demo.tables.grants.values() for each in grants.values()}
    assert roles == {"viewer", "commenter", "collaborator", "admin", "owner"}
    kinds = {holder.partition("_")[0] for grants in demo.tables.grants.values() for holder in grants}
    assert kinds == {"user", "bot", "org"}
    assert sum(len(each) for each in demo.tables.attachments.values()) >= 3

    usage = demo.call("owner", "GET", "/quota/usage").json()
    assert len(usage["daily_usage"]) == 26  # there are five Sundays in March 2026
    assert usage["total_requests"] > 300


def test_demo_has_an_invitation_that_can_be_accepted(demo):
    mail = demo.control("GET", "/outbox?to=invitee@mailbox.example").json()["messages"][-1]
    path = f"/organizations/{demo.ready['organization_id']}/invites/accept"

    answer = demo.call("invitee", "POST", path, json={"token": mail["token"]})

    assert answer.json()["organization"]["name"] == "Northwind Archive"


def test_the_quota_is_almost_exhausted(place, refusal):
    world = place(seed_name="quota-almost-exhausted")
    assert world.call("owner", "GET", "/quota").json()["quota"]["remaining"] == REQUESTS_LEFT
    keys = world.call("owner", "GET", "/quota/keys").json()["quotas"]
    assert [each["remaining"] for each in keys] == [KEY_REQUESTS_LEFT]

    statuses = [world.call("api_key", "GET", "/documents").status_code for _ in range(KEY_REQUESTS_LEFT + 1)]
    assert statuses == [200, 200, 429]
    assert [world.call("owner", "GET", "/me").status_code for _ in range(2)] == [200, 429]
    assert refusal(world.call("owner", "GET", "/me"))[2] == "quota_exceeded"


def test_the_document_quota_is_almost_exhausted(place, refusal):
    world = place(seed_name="quota-almost-exhausted")
    upload = {"files": {"payload": ("a.pdf", b"%PDF-1.7 x", "application/pdf")}, "data": {"title": "A"}}

    answers = [world.call("owner", "POST", "/documents", **upload) for _ in range(DOCUMENTS_LEFT + 1)]

    assert [each.status_code for each in answers] == [200, 429]


def test_a_world_is_seeded_in_place_and_its_people_stay_who_they_are(place):
    world = place()

    answer = world.control("POST", "/seed", json={"seed_name": "demo"}).json()["world"]

    assert answer == world.ready
    assert world.call("member", "GET", "/me").json()["user"]["email"] == "member@northwind.example"
    assert listed(world, "api_key", "/documents")
    assert world.control("GET", "/clock").json()["now"].startswith("2026-03-31T12:00:0")


def test_many_worlds_begin_with_one_seed_each_with_its_own_ids(place):
    worlds = [place(seed_name="demo") for _ in range(5)]

    assert len({each.ready["organization_id"] for each in worlds}) == 5
    assert len({each.ready["api_key"]["secret"] for each in worlds}) == 5
    assert len({each["id"] for world in worlds for each in listed(world, "owner", "/documents")}) == sum(
        len(listed(world, "owner", "/documents")) for world in worlds
    )


def test_a_reset_brings_back_the_seed(demo):
    before = demo.snapshot()
    demo.call("owner", "POST", "/organizations", json={"name": "Another"}).raise_for_status()

    assert demo.control("POST", "/reset").json()["world"] == demo.ready
    assert demo.snapshot() == before


def test_what_is_asked_for_beside_a_seed_holds(place):
    world = place(seed_name="demo", now="2026-04-15T00:00:00Z", frozen=True, processing_seconds=5, seed=7)

    assert world.control("GET", "/clock").json() == {"now": "2026-04-15T00:00:00Z", "frozen": True}
    assert world.control("GET", "").json()["settings"]["processing_seconds"] == 5
    statuses = {
        each["status"]
        for each in listed(world, "owner", f"/organizations/{world.ready['organization_id']}/invites")
    }
    assert statuses == {"accepted", "expired", "revoked"}


def test_an_unknown_seed_is_refused_with_the_names_that_there_are(client, place, refusal):
    answers = [
        client.post(WORLDS, json={"seed_name": "nowhere"}),
        place().control("POST", "/seed", json={"seed_name": "nowhere"}),
    ]

    for answer in answers:
        assert refusal(answer)[3] == "seed_name"
        for name in build.SCRIPTS:
            assert name in answer.json()["message"]


def test_shipped_worlds_are_as_readable_as_json_can_be():
    lines = (build.FOLDER / "demo.json").read_text(encoding="utf-8").splitlines()
    title = next(line for line in lines if '"Board minutes March"' in line)

    assert json.loads(title.strip().rstrip(","))["trash_state"] == "active"
