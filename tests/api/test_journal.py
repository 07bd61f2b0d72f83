"""What a world remembers of the calls it received."""

import json

from factify_mock.journal import KEPT_BYTES, KEPT_CALLS, Entry, Journal, kept


def test_a_call_is_on_record_with_its_answer(control, owner, world):
    owner.patch(f"/v1beta/organizations/{world['organization_id']}?", json={"name": "Renamed"})

    (entry,) = control("GET", "/requests").json()["requests"]

    assert (entry["method"], entry["status"], entry["operation_id"]) == ("PATCH", 200, "updateOrganization")
    assert entry["path"] == f"/v1beta/organizations/{world['organization_id']}"
    assert entry["at"] == "2026-05-01T12:00:00Z"
    assert entry["actor_id"] == world["owner"]["user_id"]
    assert entry["request_body"] == {"name": "Renamed"}
    assert entry["response_body"]["organization"]["name"] == "Renamed"


def test_secrets_are_not_on_record(control, owner, world):
    owner.get("/v1beta/me", headers={"Cookie": "session=hidden"})

    (entry,) = control("GET", "/requests").json()["requests"]

    assert ["authorization", "redacted"] in entry["request_headers"]
    assert world["owner"]["token"] not in json.dumps(entry)
    assert "hidden" not in json.dumps(entry)


def test_a_refusal_has_the_same_id_on_record_and_in_its_body(control, owner):
    refused = owner.get("/v1beta/documents/nonsense").json()

    (entry,) = control("GET", "/requests?operation_id=getDocument").json()["requests"]

    assert entry["id"] == refused["details"][0]["request_id"]


def test_a_form_is_on_record_without_its_files(control, owner):
    files = {"payload": ("a.pdf", b"%PDF-1.7 secret contents", "application/pdf")}
    owner.post("/v1beta/documents", data={"title": "Report"}, files=files)

    (entry,) = control("GET", "/requests").json()["requests"]

    assert entry["request_body"]["title"] == "Report"
    assert entry["request_body"]["payload"][0]["filename"] == "a.pdf"
    assert entry["request_body"]["payload"][0]["size"] == 24


def test_a_call_by_nobody_is_on_record_in_the_first_world(control, client):
    client.get("/v1beta/me")
    client.get("/nowhere", headers={"X-Odd": "ä".encode("latin-1")})

    entries = control("GET", "/requests").json()["requests"]

    assert [(each["operation_id"], each["actor_id"], each["status"]) for each in entries] == [
        ("getMe", None, 401),
        (None, None, 404),
    ]


def test_a_call_that_gets_nowhere_is_on_record_in_the_world_of_its_credentials(client, control):
    other = client.post("/__mock__/worlds").json()["world"]
    client.get("/v1beta/nowhere", headers={"Authorization": f"Bearer {other['owner']['token']}"})
    client.get("/v1beta/nowhere", headers={"Authorization": f"Bearer {other['api_key']['secret']}"})
    client.put(f"/__mock__/worlds/{other['id']}/clock", json={"now": "2999-01-01T00:00:00Z"})
    client.get("/v1beta/me", headers={"Authorization": f"Bearer {other['owner']['token']}"})

    record = client.get(f"/__mock__/worlds/{other['id']}/requests").json()["requests"]

    assert [each["status"] for each in record] == [404, 404, 401]
    assert control("GET", "/requests").json()["requests"] == []


def test_the_latest_calls_are_listed_oldest_first(control, owner):
    for size in (1, 2, 3):
        owner.get(f"/v1beta/documents?page_size={size}")
    owner.get("/v1beta/me")

    entries = control("GET", "/requests?operation_id=listDocuments&limit=2").json()["requests"]

    assert [each["query"] for each in entries] == ["page_size=2", "page_size=3"]


def test_control_calls_are_not_on_record(control):
    control("GET", "/clock")

    assert control("GET", "/requests").json()["requests"] == []


def test_a_cleared_journal_goes_on_counting(control, owner):
    owner.get("/v1beta/documents/nonsense")
    before = control("GET", "/requests").json()["requests"][0]["id"]
    control("DELETE", "/requests")
    owner.get("/v1beta/documents/nonsense")

    (entry,) = control("GET", "/requests").json()["requests"]

    assert entry["id"] != before


def entry(ordinal, app):
    at = app.world.clock.now()
    return Entry(ordinal, at, "GET", "/", b"", None, None, 200, [], b"", b"", at)


def test_a_journal_is_bounded(app):
    journal = Journal("wld_x")
    for _ in range(KEPT_CALLS + 5):
        journal.add(entry(journal.next_ordinal(), app))

    listed = list(journal.newest_first())

    assert (listed[0].ordinal, listed[-1].ordinal) == (KEPT_CALLS + 5, 6)


def test_a_long_body_is_cut():
    assert kept(b"x" * (KEPT_BYTES + 1)) == b"x" * KEPT_BYTES


def test_request_ids_are_repeatable_and_well_formed(document):
    schema = document.schema("ErrorDetail")

    assert Journal("wld_x").request_id(1) == Journal("wld_x").request_id(1)
    assert len({Journal(name).request_id(number) for name in "ab" for number in range(100)}) == 200
    assert schema.is_valid({"request_id": Journal("wld_x").request_id(1)})
