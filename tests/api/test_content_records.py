"""Records: what lies in the file of a version, once it is ready, and the same for ever."""

import io
import json
import subprocess
import sys

import docx
import openpyxl
import pytest

from factify_contract.scenarios.pdf import pdf
from factify_mock.api.app import AppOptions, create_app
from factify_mock.model.world import Settings
from factify_mock.worlds import WorldOptions


def saved(thing):
    target = io.BytesIO()
    thing.save(target)
    return target.getvalue()


def word():
    made = docx.Document()
    made.add_heading("Lease", 1)
    made.add_paragraph("The north wing.")
    return saved(made)


def workbook():
    made = openpyxl.Workbook()
    made.active.append(["Room", "Rent"])
    made.active.append(["North", 1200])
    return saved(made)


def uploaded(client, content, name="letter.pdf"):
    answer = client.post("/v1beta/documents", data={"title": "Lease"}, files={"payload": (name, content)})
    assert answer.status_code == 200, answer.text
    return answer.json()["document"]


def record(client, document):
    return client.get(f"/v1beta/versions/{document['current_version']['id']}/record")


@pytest.mark.parametrize(
    ("content", "name", "source_format", "kind", "has_layout"),
    [
        (pdf("Lease"), "a.pdf", "pdf", "document", True),
        (word(), "a.docx", "docx", "document", True),
        (b"# Lease\n\nThe north wing.\n", "a.md", "markdown", "document", False),
        (workbook(), "a.xlsx", "xlsx", "spreadsheet", True),
        (b"Room,Rent\nNorth,1200\n", "a.csv", "csv", "spreadsheet", True),
    ],
)
def test_record_holds_what_its_format_calls_for(owner, content, name, source_format, kind, has_layout):
    found = record(owner, uploaded(owner, content, name)).json()

    assert found["source_format"] == source_format
    assert set(found) == {"id", "source_format", kind}
    assert ("layout" in found[kind]) == has_layout
    assert found[kind]["record"]["id"] == found["id"]
    shown = json.dumps(found)
    assert ("North" if kind == "spreadsheet" else "Lease") in shown


def test_record_names_its_version_and_the_time_it_was_made(document, connect):
    start = WorldOptions(is_frozen=True, settings=Settings(processing_seconds=60))
    app = create_app(document, start=start, options=AppOptions(is_strict=True, raises_bugs=True))
    client = connect(app, app.ready["owner"]["token"])
    made = uploaded(client, pdf("Lease"))
    version = client.get(f"/v1beta/versions/{made['current_version']['id']}").json()
    world = f"/__mock__/worlds/{app.ready['id']}"
    ready_at = connect(app).post(f"{world}/clock/advance", json={"seconds": 60}).json()["now"]

    found = record(client, made).json()["document"]

    source = found["record"]["source"]
    assert source["remote_id"] == version["id"]
    assert source["ingested_at"] == version["created_at"]
    assert found["layout"]["source"] == source
    assert found["record"]["metadata"] == {"extracted_at": ready_at}
    assert found["layout"]["extracted_at"] == ready_at
    app.close()


def test_record_stays_the_same_while_titles_and_time_change(owner, control):
    made = uploaded(owner, pdf("Lease"))
    before = record(owner, made).content

    control("POST", "/clock/advance", json={"days": 3})
    owner.patch(f"/v1beta/documents/{made['id']}", json={"title": "Other"})
    owner.patch(f"/v1beta/versions/{made['current_version']['id']}", json={"title": "Other"})

    assert record(owner, made).content == before


def test_equal_files_have_records_of_their_own(owner):
    one, other = (record(owner, uploaded(owner, pdf("Lease"))).json() for _ in range(2))

    assert one["id"] != other["id"]
    assert one["document"]["record"]["blocks"] == other["document"]["record"]["blocks"]


def test_record_of_an_older_version_stays_readable(owner):
    made = uploaded(owner, pdf("First"))
    path = f"/v1beta/documents/{made['id']}/versions"
    second = owner.post(path, files={"payload": ("b.md", b"# Second")}).json()

    assert "First" in record(owner, made).text
    assert owner.get(f"/v1beta/versions/{second['id']}/record").json()["source_format"] == "markdown"


def test_record_is_refused_before_the_version_is_ready_and_when_it_failed(owner, connect, document, refusal):
    start = WorldOptions(settings=Settings(processing_seconds=60))
    app = create_app(document, start=start, options=AppOptions(is_strict=True, raises_bugs=True))
    client = connect(app, app.ready["owner"]["token"])

    early = record(client, uploaded(client, pdf("Lease")))
    failed = record(owner, uploaded(owner, b"%PDF-1.7 nothing"))
    app.close()

    for answer in (early, failed):
        assert refusal(answer)[:3] == (400, "failed_precondition", "precondition_failed")


def test_file_that_opens_and_leads_its_reader_astray_has_no_record(owner, refusal):
    broken = io.BytesIO()
    import zipfile

    with zipfile.ZipFile(broken, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("xl/workbook.xml", "<workbook/>")

    answer = record(owner, uploaded(owner, broken.getvalue(), "a.xlsx"))

    assert refusal(answer)[:3] == (400, "failed_precondition", "precondition_failed")


def test_record_is_for_those_who_see_the_document(owner, signed_in, client, refusal):
    made = uploaded(owner, pdf("Lease"))  # open to the organization
    path = f"/v1beta/versions/{made['current_version']['id']}/record"

    assert signed_in("member").get(path).status_code == 200
    assert refusal(signed_in("outsider").get(path))[:2] == (404, "not_found")
    assert refusal(client.get(path))[0] == 401
    assert refusal(owner.get("/v1beta/versions/ver_00000000000000000000000000/record"))[0] == 404


def test_long_text_is_cut_and_said_to_be(owner):
    text = "word " * 300_000

    found = record(owner, uploaded(owner, text.encode(), "long.md")).json()["document"]["record"]

    assert found["metadata"]["attributes"] == {"truncated": True}


def test_same_seed_gives_the_same_record_in_another_process():
    script = (
        "import asyncio, httpx\n"
        "from datetime import UTC, datetime\n"
        "from factify_contract.scenarios.pdf import pdf\n"
        "from factify_mock.api.app import create_app\n"
        "from factify_mock.worlds import WorldOptions\n"
        "async def main():\n"
        "    start = WorldOptions(now=datetime(2026, 5, 1, tzinfo=UTC), is_frozen=True)\n"
        "    app = create_app(seed=7, start=start)\n"
        "    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url='http://m.example',\n"
        "        headers={'Authorization': 'Bearer ' + app.ready['owner']['token']})\n"
        "    made = await client.post('/v1beta/documents', data={'title': 'T'},\n"
        "        files={'payload': ('a.pdf', pdf('Lease'))})\n"
        "    version = made.json()['document']['current_version']['id']\n"
        "    print((await client.get(f'/v1beta/versions/{version}/record')).text)\n"
        "    app.close()\n"
        "asyncio.run(main())\n"
    )

    first, second = (
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
        for _ in range(2)
    )

    assert "Lease" in first
    assert first == second
