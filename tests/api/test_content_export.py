"""Exported files: fetched with what came with their address, until it expires, and byte for byte."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from factify_contract.scenarios.pdf import pdf
from factify_contract.spec import parse_timestamp
from factify_mock.api.app import create_app
from factify_mock.worlds import WorldOptions

LETTER = pdf("A letter")
MARKDOWN = b"# Lease\n\nThe north wing.\n"
CSV = b"room,rent\nNorth,1200\n"


def office(member):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr(member, "<content/>")
    return stream.getvalue()


@pytest.fixture
def upload(owner):
    """Creates a document of the owner's with this file, and returns it."""

    def create(content=LETTER, name="letter.pdf", title="Lease", **fields):
        answer = owner.post(
            "/v1beta/documents", data={"title": title, **fields}, files={"payload": (name, content)}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["document"]

    return create


@pytest.fixture
def export(owner):
    """The owner's export of a document."""

    def ask(document, **query):
        answer = owner.get(f"/v1beta/documents/{document['id']}/export", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return ask


@pytest.fixture
def fetch(client):
    """What a client without credentials gets at an exported address, with the headers that came with it."""
    return lambda exported, **headers: client.get(exported["url"], headers=exported["headers"] | headers)


def test_file_is_delivered_as_it_was_uploaded(upload, export, fetch):
    exported = export(upload())

    answer = fetch(exported)

    assert answer.status_code == 200
    assert answer.content == LETTER
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-length"] == str(len(LETTER))
    assert answer.headers["etag"] == f'"{hashlib.sha256(LETTER).hexdigest()}"'


@pytest.mark.parametrize(
    ("content", "name", "media_type", "suffix"),
    [
        (office("word/document.xml"), "a.docx", "wordprocessingml.document", ".docx"),
        (office("xl/workbook.xml"), "a.xlsx", "spreadsheetml.sheet", ".xlsx"),
        (CSV, "a.csv", "text/csv", ".csv"),
        (MARKDOWN, "a.markdown", "text/markdown", ".md"),
        (b"%PDF-1.7 cut off", "a.pdf", "application/pdf", ".pdf"),
    ],
)
def test_every_format_has_its_media_type_and_suffix(upload, export, fetch, content, name, media_type, suffix):
    answer = fetch(export(upload(content, name)))

    assert answer.content == content
    assert media_type in answer.headers["content-type"]
    assert f'filename="Lease{suffix}"' in answer.headers["content-disposition"]


def test_file_is_named_for_the_document_in_any_script(upload, export, fetch):
    answer = fetch(export(upload(title='Mietvertrag "Süd"\r\n漢')))

    disposition = answer.headers["content-disposition"]
    assert 'filename="Mietvertrag _S_d_"' not in disposition
    assert disposition.endswith("filename*=UTF-8''Mietvertrag%20%22S%C3%BCd%22%0D%0A%E6%BC%A2.pdf")
    assert "\r" not in disposition


def test_large_file_comes_whole_from_the_disk(upload, export, fetch):
    content = LETTER + b"\n% " + bytes(range(256)) * 4096

    answer = fetch(export(upload(content)))

    assert hashlib.sha256(answer.content).digest() == hashlib.sha256(content).digest()


def test_address_is_on_the_host_that_the_request_named(app, connect, world):
    client = connect(app, world["owner"]["token"])
    created = client.post("/v1beta/documents", data={"title": "T"}, files={"payload": ("a.pdf", LETTER)})
    path = f"/v1beta/documents/{created.json()['document']['id']}/export"

    named = client.get(path, headers={"Host": "factify.example:8443"}).json()["url"]
    forged = client.get(path, headers={"Host": "evil.example/?x="}).json()["url"]

    assert named.startswith("http://factify.example:8443/__files__/")
    assert forged.startswith("http://mock.example/__files__/")


def test_named_version_is_exported_and_the_current_one_by_default(owner, upload, export, fetch):
    document = upload()
    second = pdf("Another letter")
    owner.post(f"/v1beta/documents/{document['id']}/versions", files={"payload": ("b.pdf", second)})

    assert fetch(export(document)).content == second
    assert fetch(export(document, version_id=document["current_version"]["id"])).content == LETTER


def test_version_of_another_document_is_not_found(owner, upload, refusal):
    document, other = upload(), upload()

    answer = owner.get(
        f"/v1beta/documents/{document['id']}/export",
        params={"version_id": other["current_version"]["id"]},
    )

    assert refusal(answer) == (404, "not_found", "resource_not_found", None)


def test_address_expires_with_the_worlds_clock(upload, export, fetch, control, refusal):
    exported = export(upload())
    now = parse_timestamp(control("GET", "/clock").json()["now"])
    assert parse_timestamp(exported["expires_at"]) == now + timedelta(minutes=15)

    control("POST", "/clock/advance", json={"seconds": 15 * 60 - 1})
    assert fetch(exported).status_code == 200
    control("POST", "/clock/advance", json={"seconds": 1})

    assert refusal(fetch(exported)) == (403, "permission_denied", "insufficient_permissions", None)


def test_headers_that_came_with_the_address_are_required(client, upload, export, refusal):
    exported, other = export(upload()), export(upload())
    (name,) = exported["headers"]

    without = client.get(exported["url"])
    wrong = client.get(exported["url"], headers=other["headers"])
    lower = client.get(exported["url"], headers={name.lower(): exported["headers"][name]})

    assert refusal(without) == (403, "permission_denied", "insufficient_permissions", None)
    assert name in without.json()["message"]
    assert wrong.status_code == 403
    assert lower.status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.copy_set_param("signature", "0" * 43),
        lambda url: url.copy_set_param("expires", "99999999999"),
        lambda url: url.copy_remove_param("signature"),
        lambda url: url.copy_remove_param("expires"),
        lambda url: url.copy_set_param("expires", "x" * 100),
        lambda url: url.copy_set_param("signature", "é"),
        lambda url: url.copy_set_param("expires", "٣"),
    ],
    ids=["signature", "expires", "no signature", "no expires", "no number", "no ascii", "other digits"],
)
def test_altered_address_is_refused(client, upload, export, refusal, change):
    exported = export(upload())

    answer = client.get(change(httpx.URL(exported["url"])), headers=exported["headers"])

    assert refusal(answer)[:2] == (403, "permission_denied")


def test_address_of_one_version_does_not_lead_to_another(client, upload, export):
    mine, other = export(upload()), upload()
    url = mine["url"].replace(mine["url"].rsplit("/", 1)[1][:30], other["current_version"]["id"])

    assert client.get(url, headers=mine["headers"]).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "",
        "wld_00000000000000000000000000/exports/ver_00000000000000000000000000.pdf",
        "{world}",
        "{world}/exports",
        "{world}/exports/ver_00000000000000000000000000.pdf",
        "{world}/entry-pages/doc_00000000000000000000000000.pdf",
        "{world}/logos/0.png",
        "{world}/others/1",
        "{world}/exports/a/b",
        "%00",
    ],
)
def test_address_that_leads_nowhere_is_not_found(client, world, refusal, path):
    answer = client.get("/__files__/" + path.format(world=world["id"]))

    assert refusal(answer)[:3] == (404, "not_found", "resource_not_found")


def test_files_are_only_read(client, upload, export, refusal):
    exported = export(upload())

    answer = client.post(exported["url"], headers=exported["headers"])
    head = client.head(exported["url"], headers=exported["headers"])

    assert refusal(answer)[:2] == (405, "unimplemented")
    assert answer.headers["allow"] == "GET, HEAD"
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(LETTER))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=10-", slice(10, None)),
        ("bytes=-10", slice(-10, None)),
        ("bytes=0-999999999", slice(0, None)),
        ("bytes=-999999999", slice(0, None)),
    ],
)
def test_part_of_a_file_is_delivered(upload, export, fetch, wanted, expected):
    answer = fetch(export(upload()), Range=wanted)

    part = LETTER[expected]
    first = LETTER.index(part)
    assert answer.status_code == 206
    assert answer.content == part
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(LETTER)}"


@pytest.mark.parametrize("wanted", ["bytes=0-1,5-6", "bytes=9-2", "lines=1-2", "bytes=-", "bytes=a-b"])
def test_range_that_is_none_gets_the_whole_file(upload, export, fetch, wanted):
    answer = fetch(export(upload()), Range=wanted)

    assert (answer.status_code, answer.content) == (200, LETTER)


@pytest.mark.parametrize("wanted", [f"bytes={len(LETTER)}-", "bytes=-0"])
def test_range_beyond_the_file_is_not_satisfiable(upload, export, fetch, wanted):
    answer = fetch(export(upload()), Range=wanted)

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(LETTER)}"
    assert answer.json()["code"] == "invalid_argument"


def test_range_of_a_file_that_has_changed_gets_the_whole(upload, export, fetch):
    exported = export(upload())

    old = fetch(exported, **{"Range": "bytes=0-9", "If-Range": '"of another file"'})
    same = fetch(exported, **{"Range": "bytes=0-9", "If-Range": old.headers["etag"]})

    assert (old.status_code, same.status_code) == (200, 206)


def test_part_of_a_large_file_comes_from_the_disk(upload, export, fetch):
    content = LETTER + b"\n% " + bytes(range(256)) * 1024

    answer = fetch(export(upload(content)), Range="bytes=100000-200000")

    assert answer.content == content[100_000:200_001]


def test_export_takes_the_permission_to_export(upload, owner, signed_in, world, refusal):
    document = upload(access_level="private")
    path = f"/v1beta/documents/{document['id']}/export"
    assert refusal(signed_in("member").get(path))[:2] == (404, "not_found")

    for name, role in (("member", "collaborator"), ("outsider", "admin")):
        grant = {"recipients": [{"recipient": world[name]["user_id"], "role": role}]}
        owner.post(f"/v1beta/documents/{document['id']}/share", json=grant)

    low = signed_in("member").get(path)
    assert refusal(low)[:3] == (403, "permission_denied", "insufficient_permissions")
    assert signed_in("outsider").get(path).status_code == 200


def test_owner_exports_from_the_trash(owner, upload, export, fetch):
    document = upload()
    given_before = export(document)
    owner.post(f"/v1beta/documents/{document['id']}/trash", json={})

    assert fetch(export(document)).content == LETTER
    assert fetch(given_before).content == LETTER


def test_address_of_a_world_that_was_reset_leads_to_no_other_file(client, control, upload, export):
    exported = export(upload())
    control("POST", "/reset")
    assert client.get(exported["url"], headers=exported["headers"]).status_code == 404

    upload(pdf("Something else"))

    assert client.get(exported["url"], headers=exported["headers"]).status_code == 403


def test_downloads_are_on_record_and_cost_no_quota(control, upload, export, fetch):
    exported = export(upload())
    used = control("GET", "/quotas").json()["requests_used"]

    fetch(exported)

    assert control("GET", "/quotas").json()["requests_used"] == used
    latest = control("GET", "/requests").json()["requests"][-1]
    assert latest["path"] == httpx.URL(exported["url"]).path
    assert (latest["status"], latest["operation_id"], latest["response_body"]) == (200, None, None)


def test_same_seed_gives_the_same_address_and_headers(document, connect):
    start = WorldOptions(now=datetime(2026, 5, 1, 12, tzinfo=UTC), is_frozen=True)

    def exported():
        app = create_app(document, start=start)
        client = connect(app, app.ready["owner"]["token"])
        made = client.post("/v1beta/documents", data={"title": "T"}, files={"payload": ("a.pdf", LETTER)})
        answer = client.get(f"/v1beta/documents/{made.json()['document']['id']}/export").content
        app.close()
        return answer

    assert exported() == exported()
