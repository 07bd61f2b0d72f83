"""A snapshot is the world: whoever goes back to one finds everything as it was, and goes on as before."""

import copy
import dataclasses
import json
import re
from base64 import b64encode
from typing import get_args

import pytest

from factify_fixtures import files
from factify_mock.control import description
from factify_mock.model.rates import Window
from factify_mock.model.world import Tables
from factify_mock.snapshots.tables import RECORDS
from factify_mock.states import Identities

WORLDS = "/__mock__/worlds"

# Indexes, which a snapshot leaves out because they follow from the records.
INDEXES = {"user_by_email", "organizations_of", "invite_by_token", "key_by_secret", "key_by_bot"}
INDEXES |= {"versions_of", "documents_of", "access_of", "revision"}


@pytest.fixture
def demo(place):
    return place(seed_name="demo", frozen=True)


def live(world):
    """Calls that change much and use up ids, secrets, tokens and quota; and their answers."""
    organization = f"/organizations/{world.ready['organization_id']}"
    upload = {"payload": ("a.pdf", files.pdf("A letter"), "application/pdf")}
    made = world.call("member", "POST", "/documents", data={"title": "A letter"}, files=upload)
    document = f"/documents/{made.json()['document']['id']}"
    new = {"recipients": [{"recipient": "new@x.example", "role": "viewer"}]}
    key = {"organization_id": world.ready["organization_id"], "name": "ci"}
    return [
        made,
        world.call("member", "POST", f"{document}/share", json=new),
        world.call("member", "POST", f"{document}/share-links", json={}),
        world.call("invitee", "POST", f"{document}/access-requests", json={"permission": "view"}),
        world.call("member", "POST", f"{document}/trash", json={}),
        world.call("admin", "POST", f"{organization}/invites", json={"email": "new@x.example"}),
        world.call("owner", "POST", "/api-keys", json=key),
        world.call("outsider", "GET", document),
        world.call("owner", "GET", "/quota/usage"),
        world.control("GET", "/outbox"),
    ]


def test_a_world_that_was_restored_answers_every_reading_as_before(demo, document):
    kept = demo.snapshot()
    before = {name: (each.status_code, each.content) for name, each in demo.readings(document)}
    live(demo)

    assert demo.control("PUT", "/snapshot", json=kept).status_code == 200

    after = {name: (each.status_code, each.content) for name, each in demo.readings(document)}
    assert after == before
    assert {status for status, _ in before.values()} == {200, 400, 403, 404}


def test_a_snapshot_of_what_was_restored_is_the_same(demo):
    kept = demo.snapshot(content=True)
    live(demo)
    demo.control("PUT", "/snapshot", json=kept)

    assert demo.snapshot(content=True) == kept


def test_restored_tables_and_their_indexes_are_those_that_were(demo):
    live(demo)
    before, made = copy.deepcopy(demo.tables), demo.sandbox.world.ids.made
    demo.control("PUT", "/snapshot", json=demo.snapshot())

    after = demo.tables
    assert demo.sandbox.world.ids.made == made
    for each in dataclasses.fields(Tables):
        if each.name != "revision":
            assert filled(getattr(after, each.name)) == filled(getattr(before, each.name)), each.name


def filled(table):
    """A table without the rows that say nothing, such as the invitations of an organization without any."""
    return {key: row for key, row in table.items() if row} if isinstance(table, dict) else table


def test_every_table_is_in_a_snapshot_or_follows_from_it(demo):
    carried = set(demo.snapshot()["tables"]) - {"replaced_tokens"}

    assert {each.name for each in dataclasses.fields(Tables)} == carried | INDEXES


def test_the_control_document_describes_every_field_of_every_record():
    schemas = description.document().raw["components"]["schemas"]
    rows = {name: schemas["SnapshotTables"]["properties"][name]["items"]["$ref"] for name in RECORDS}
    kinds = {reference.rpartition("/")[2]: RECORDS[name] for name, reference in rows.items()}

    for name, kind in {**kinds, "SnapshotIdentities": Identities}.items():
        fields = dataclasses.fields(kind)
        mandatory = [
            each.name
            for each in fields
            if each.default is dataclasses.MISSING and type(None) not in get_args(each.type)
        ]
        assert list(schemas[name]["properties"]) == [each.name for each in fields]
        assert schemas[name]["required"] == mandatory
    windows = schemas["Snapshot"]["properties"]["rate_windows"]["items"]
    assert list(windows["properties"]) == ["caller_id", *(each.name for each in dataclasses.fields(Window))]


def test_the_same_calls_after_a_restore_are_answered_by_the_same_bytes(demo):
    kept = demo.snapshot()
    first = [(each.status_code, each.content) for each in live(demo)]
    demo.control("PUT", "/snapshot", json=kept)
    second = [(each.status_code, each.content) for each in live(demo)]

    assert second == first


def test_time_behaviour_and_rates_are_restored(place):
    limits = {"per_minute": 5, "posts_per_minute": 1}
    world = place(rate_limits=limits, variants={"hidden-documents": "403"}, processing_seconds=7)
    world.call("owner", "GET", "/me")
    kept = world.snapshot()
    world.control("POST", "/clock/advance", json={"days": 400})
    world.control("PUT", "/clock", json={"frozen": False})
    world.control("PUT", "/rate-limits", json={"rate_limits": False})

    world.control("PUT", "/snapshot", json=kept)

    assert world.control("GET", "/clock").json() == {"now": "2026-05-01T12:00:00Z", "frozen": True}
    behaviour = world.control("GET", "").json()["settings"]
    assert (behaviour["rate_limits"], behaviour["processing_seconds"]) == (limits, 7)
    assert behaviour["variants"]["hidden-documents"] == "403"
    assert world.call("owner", "GET", "/me").headers["x-ratelimit-remaining"] == "3"


def test_tokens_work_on_where_time_allows_and_are_renewed_where_it_does_not(demo):
    kept = demo.snapshot()
    assert demo.control("PUT", "/snapshot", json=kept).json()["world"] == demo.ready

    kept["clock"]["now"] = "2028-01-01T00:00:00Z"
    renewed = demo.control("PUT", "/snapshot", json=kept).json()["world"]

    assert demo.call("owner", "GET", "/me").status_code == 401
    demo.ready = renewed
    assert demo.call("owner", "GET", "/me").status_code == 200


def test_worlds_that_begin_with_one_snapshot_share_nothing(demo, place):
    kept = demo.snapshot()
    one, other = place(snapshot=kept), place(snapshot=kept)

    for world in (one, other):
        items = world.call("owner", "GET", "/documents", params={"page_size": 100}).json()["items"]
        assert len(items) == len(demo.call("owner", "GET", "/documents?page_size=100").json()["items"])
        organizations = world.call("api_key", "GET", "/organizations").json()["items"]
        assert [each["id"] for each in organizations] == [world.ready["organization_id"]]
    texts = [json.dumps(each.snapshot()["tables"]) for each in (demo, one, other)]
    for pattern in (
        r"\b(?!mail_)[a-z]+_[0-9a-z]{26}\b",
        r"ffy_test_\w+",
        r'"token": "\w+"',
        r'"slug": "\w+"',
    ):
        found = [set(re.findall(pattern, text)) for text in texts]
        assert len(found[0]) == len(found[1]) == len(found[2]) > 0
        assert not found[0] & found[1] | found[1] & found[2] | found[0] & found[2]


def test_a_snapshot_finds_the_people_of_another_world_of_its_kind(place):
    one, other = place(), place(processing_seconds=0)
    live(one)

    answer = other.control("PUT", "/snapshot", json=one.snapshot())

    assert answer.json()["world"] == other.ready
    titles = [each["title"] for each in other.call("owner", "GET", "/documents").json()["items"]]
    assert titles == [each["title"] for each in one.call("owner", "GET", "/documents").json()["items"]]
    assert other.call("api_key", "GET", "/documents").status_code == 200


def test_a_world_goes_on_where_another_one_would_have_gone_on(place):
    """What is moved into a world is what would have happened there, but for random tokens."""
    one, other, third = place(), place(processing_seconds=0), place(processing_seconds=0)
    live(one)
    live(third)
    other.control("PUT", "/snapshot", json=one.snapshot())

    moved, lived = other.snapshot(), third.snapshot()
    assert moved["ids"]["made"] == lived["ids"]["made"]
    for name in ("documents", "users", "api_keys", "events"):
        numbers = [[row["id"][:14] for row in each["tables"][name]] for each in (moved, lived)]
        assert numbers[0] == numbers[1]


def test_documents_of_nobodys_organization_are_restored(place):
    world = place()
    upload = {"payload": ("a.pdf", files.pdf("A letter"), "application/pdf")}
    world.call("invitee", "POST", "/documents", data={"title": "Mine"}, files=upload).raise_for_status()
    before = world.call("invitee", "GET", "/documents").json()

    world.control("PUT", "/snapshot", json=world.snapshot()).raise_for_status()

    assert world.call("invitee", "GET", "/documents").json() == before


def test_a_snapshot_with_its_content_goes_to_other_servers(demo, elsewhere):
    there = elsewhere()
    ids = {each["title"]: each["id"] for each in demo.call("owner", "GET", "/documents").json()["items"]}
    assert "Brochure" in ids
    refused = there.control("PUT", "/snapshot", json=demo.snapshot())
    assert refused.status_code == 400
    assert "not on this server" in refused.json()["message"]

    there.control("PUT", "/snapshot", json=demo.snapshot(content=True)).raise_for_status()

    found = there.call("owner", "GET", "/documents", params={"query": "brochure"}).json()["items"]
    version = found[0]["current_version"]["id"]
    record = there.call("owner", "GET", f"/versions/{version}/record").json()
    assert "Northwind Archive" in json.dumps(record)


def test_a_logo_is_found_at_its_new_address(place):
    world = place()
    path = f"/organizations/{world.ready['organization_id']}"
    image = {"image_data": b64encode(b"\x89PNG\r\n\x1a\n and so on").decode()}
    url = world.call("owner", "POST", f"{path}/logo", json=image).json()["logo_url"]
    world.call("owner", "PATCH", path, json={"logo_image_url": url}).raise_for_status()

    other = place(snapshot=world.snapshot())

    organization = other.call("owner", "GET", "/organizations").json()["items"][0]
    assert organization["logo_image_url"] != url
    shown = other._client.get(organization["logo_image_url"])
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")


GONE = object()
NOBODY = "user_01kdvdna0zzzzzzzzzzzzzzzzz"


def put(*path, value):
    """What puts something else, or a function of what is there, at a path of a snapshot; or takes it away."""

    def spoil(snapshot):
        *parents, last = path
        place = snapshot
        for each in parents:
            place = place[each]
        if value is GONE:
            del place[last]
        else:
            place[last] = value(place[last]) if callable(value) else value

    return spoil


def row(name, index, field, value):
    return put("tables", name, index, field, value=value)


def doubled(rows):
    return [*rows, rows[0]]


SPOILT = {
    "format": put("format", value="another"),
    "version": put("version", value=2),
    "ids": put("ids", value=GONE),
    "ids.made": put("ids", "made", value=3),
    "clock.now": put("clock", "now", value="9999-03-31T12:00:00Z"),
    "settings.mutants": put("settings", "mutants", value=["x"]),
    "settings.variants": put("settings", "variants", value={"x": "y"}),
    "identities.owner": put("identities", "owner", value=NOBODY),
    "identities.policy_ids": put("identities", "policy_ids", value=["pol_01kdvdna0zzzzzzzzzzzzzzzzz"]),
    "tables.users[5].id": put("tables", "users", value=lambda rows: [*rows[:5], rows[0], *rows[5:]]),
    "tables.users[1].email": row("users", 1, "email", "OWNER@northwind.example"),
    "tables.users[1].created_at": row("users", 1, "created_at", "2026-01-05T09:00:00"),
    "tables.organizations[1].id": row("members", 1, "role", "admin"),
    "tables.members[5].user_id": put("tables", "members", value=doubled),
    "tables.members[0].role": row("members", 0, "role", "king"),
    "tables.invites[0].sender_id": row("invites", 0, "sender_id", NOBODY),
    "tables.open_invites[0]": put("tables", "open_invites", 0, value="inv_01kdvdna0zzzzzzzzzzzzzzzzz"),
    "tables.api_keys[1].created_by": row("api_keys", 1, "created_by", NOBODY),
    "tables.documents[3].title": row("documents", 3, "title", ""),
    "tables.documents[4].colour": row("documents", 4, "colour", "red"),
    "tables.documents[5].owner_id": row("documents", 5, "owner_id", NOBODY),
    "tables.documents[6].current_version_id": row("documents", 6, "current_version_id", "?"),
    "tables.versions[3].ordinal": row("versions", 3, "ordinal", 0),
    "tables.versions[4].sha256": row("versions", 4, "sha256", "0" * 64),
    "tables.grants[9].recipient_id": row("grants", 9, "recipient_id", "org_01kdvdna0zzzzzzzzzzzzzzzzz"),
    "tables.grants[10].role": row("grants", 10, "role", "king"),
    "tables.views[0].viewer_id": row("views", 0, "viewer_id", NOBODY),
    "tables.events[7].type": row("events", 7, "type", "TIMELINE_EVENT"),
    "tables.usage[0].days": row("usage", 0, "days", {"yesterday": 3}),
    "tables.usage[1].subject_id": row("usage", 1, "subject_id", "key_01kdvdna0zzzzzzzzzzzzzzzzz"),
    "tables.colours": put("tables", "colours", value=[]),
    "rate_windows": put("rate_windows", value={}),
}


@pytest.mark.parametrize("place_named", SPOILT)
def test_a_mistake_is_named_by_its_place_and_nothing_is_restored(demo, refusal, place_named):
    before, spoilt = demo.snapshot(), demo.snapshot()
    SPOILT[place_named](spoilt)

    answer = demo.control("PUT", "/snapshot", json=spoilt)

    assert (refusal(answer)[0], refusal(answer)[3]) == (400, place_named)
    assert demo.snapshot() == before


def test_owners_and_current_versions_are_held_to_their_documents(demo, refusal):
    for field, value in (("owner_id", lambda rows: rows[0]["id"]), ("current_version_id", None)):
        spoilt = demo.snapshot()
        tables = spoilt["tables"]
        document = tables["documents"][5]
        other = tables["versions"][0]["id"] if value is None else value(tables["users"])
        assert document[field] != other
        document[field] = other

        answer = demo.control("PUT", "/snapshot", json=spoilt)

        assert refusal(answer)[3] == f"tables.documents[5].{field}"


def test_a_mistake_in_a_new_world_is_named_and_no_world_is_made(demo, client, refusal):
    spoilt = demo.snapshot()
    spoilt["tables"]["documents"][5]["owner_id"] = NOBODY

    answer = client.post(WORLDS, json={"snapshot": spoilt})

    assert refusal(answer)[3] == "snapshot.tables.documents[5].owner_id"
    assert len(client.get(WORLDS).json()["worlds"]) == 2
    both = {"snapshot": demo.snapshot(), "seed_name": "demo"}
    assert refusal(client.post(WORLDS, json=both))[3] == "seed_name"


def test_a_file_that_is_not_what_its_digest_says_is_refused_and_not_kept(demo, elsewhere, refusal):
    there, spoilt = elsewhere(), demo.snapshot(content=True)
    digest, other = sorted(spoilt["files"])[:2]
    spoilt["files"][digest]["content"] = spoilt["files"][other]["content"]

    answer = there.control("PUT", "/snapshot", json=spoilt)

    assert refusal(answer)[3] == f"files.{digest}.content"
    assert other not in there.app.blobs
    spoilt["files"][digest]["content"] = "?"
    assert refusal(there.control("PUT", "/snapshot", json=spoilt))[3] == f"files.{digest}.content"


def test_what_is_left_out_is_empty(place):
    world = place()
    snapshot = world.snapshot()
    for name in ("clock", "settings", "received", "rate_windows", "files"):
        del snapshot[name]
    snapshot["tables"] = {name: rows for name, rows in snapshot["tables"].items() if rows}

    assert world.control("PUT", "/snapshot", json=snapshot).status_code == 200
    assert world.snapshot()["tables"]["documents"] == []


def test_open_invitations_that_are_left_out_are_the_latest_pending_ones(demo):
    snapshot = demo.snapshot()
    opened = snapshot["tables"].pop("open_invites")

    demo.control("PUT", "/snapshot", json=snapshot)

    assert sorted(demo.snapshot()["tables"]["open_invites"]) == sorted(opened)


def test_states_are_kept_by_name_and_gone_back_to(demo, refusal):
    before = demo.snapshot()
    taken = demo.control("POST", "/snapshots/before").json()["snapshot"]
    assert taken == {"name": "before", "now": "2026-03-31T12:00:00Z"}
    first = [each.content for each in live(demo)]
    demo.control("POST", "/clock/advance", json={"days": 3})
    demo.control("POST", "/snapshots/after")

    assert demo.control("POST", "/snapshots/before/restore").json()["world"] == demo.ready
    assert demo.snapshot() == before
    assert [each.content for each in live(demo)] == first

    demo.control("POST", "/snapshots/after/restore")
    assert demo.control("GET", "/clock").json()["now"] == "2026-04-03T12:00:00Z"
    names = [each["name"] for each in demo.control("GET", "/snapshots").json()["snapshots"]]
    assert names == ["before", "after"]
    assert demo.control("DELETE", "/snapshots/after").json() == {}
    assert refusal(demo.control("DELETE", "/snapshots/after"))[0] == 404
    assert refusal(demo.control("POST", "/snapshots/after/restore"))[0] == 404
    assert refusal(demo.control("POST", "/snapshots/not%20a%20name"))[3] == "name"


def test_a_legacy_world_goes_back_to_its_generation(place):
    world = place(legacy=True)
    world.control("POST", "/snapshots/legacy")
    world.control("PUT", "/snapshot", json={**world.snapshot(), "settings": place().snapshot()["settings"]})
    assert world.control("GET", "").json()["settings"]["legacy"] is False
    upload = {"payload": ("a.pdf", files.pdf("A letter"), "application/pdf")}
    made = world.call("owner", "POST", "/documents", data={"title": "A"}, files=upload).json()["document"]
    assert world.call("owner", "GET", f"/documents/{made['id']}/general-access").status_code == 404

    world.control("POST", "/snapshots/legacy/restore")

    made = world.call("owner", "POST", "/documents", data={"title": "A"}, files=upload).json()["document"]
    assert world.call("owner", "GET", f"/documents/{made['id']}/general-access").status_code == 200


def test_a_reset_goes_back_to_the_beginning_not_to_what_was_restored(place):
    world = place()
    empty = world.snapshot()
    live(world)
    world.control("PUT", "/snapshot", json=world.snapshot())

    world.control("POST", "/reset")

    assert world.snapshot() == empty


def test_what_a_defective_world_left_behind_is_no_obstacle(place):
    world = place(mutants=["trash.deletes-document", "invites.old-token-accepted"])
    live(world)
    organization = f"/organizations/{world.ready['organization_id']}"
    for _ in range(2):
        world.call("owner", "POST", f"{organization}/invites", json={"email": "invitee@mailbox.example"})
    former = world.control("GET", "/outbox?to=invitee@mailbox.example").json()["messages"][0]["token"]

    assert world.control("PUT", "/snapshot", json=world.snapshot()).status_code == 200

    accepted = world.call("invitee", "POST", f"{organization}/invites/accept", json={"token": former})
    assert accepted.status_code == 200
