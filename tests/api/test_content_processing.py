"""From upload to ready or failed: on the world's clock, and decided by the file."""

import io
import zipfile

import httpx
import pytest

from factify_contract.scenarios.pdf import pdf
from factify_mock.api.app import App, AppOptions, create_app
from factify_mock.model.world import Settings
from factify_mock.worlds import WorldOptions

CORRUPT = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ncut off"


@pytest.fixture
def slow(document, connect):
    """The owner of a world where processing takes a minute, and a way to let minutes pass."""
    start = WorldOptions(is_frozen=True, settings=Settings(processing_seconds=60))
    app = create_app(document, start=start, options=AppOptions(is_strict=True, raises_bugs=True))
    client = connect(app, app.ready["owner"]["token"])

    def advance(seconds):
        world = app.ready["id"]
        connect(app).post(f"/__mock__/worlds/{world}/clock/advance", json={"seconds": seconds})

    yield client, advance
    app.close()


def created(client, content, name="letter.pdf"):
    answer = client.post("/v1beta/documents", data={"title": "T"}, files={"payload": (name, content)})
    assert answer.status_code == 200, answer.text
    return answer.json()["document"]


def statuses(client, document):
    """The status of a document, and that of its current version."""
    version = document["current_version"]["id"]
    return (
        client.get(f"/v1beta/documents/{document['id']}").json()["document"]["processing_status"],
        client.get(f"/v1beta/versions/{version}").json()["processing_status"],
    )


def process(client, document, **body):
    return client.post(f"/v1beta/documents/{document['id']}/process", json=body).json()["status"]


def spoilt_archive():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("word/document.xml", "<not><closed>")
    return stream.getvalue()


@pytest.mark.parametrize(("content", "end"), [(pdf("Lease"), "ready"), (CORRUPT, "failed")])
def test_processing_ends_on_the_worlds_clock(slow, content, end):
    client, advance = slow
    document = created(client, content)

    assert document["processing_status"] == "processing"
    advance(59)
    assert statuses(client, document) == ("processing", "processing")
    advance(1)
    assert statuses(client, document) == (end, end)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (CORRUPT, "a.pdf"),
        (b"%PDF-1.7 no object in it", "a.pdf"),
        (CORRUPT + bytes(100_000), "large.pdf"),
        (spoilt_archive(), "a.docx"),
        (b"name\n" * 2000 + b"caf\xe9\n", "a.csv"),
        (b"# Title\n" * 2000 + b"\0", "a.md"),
    ],
)
def test_file_that_cannot_be_opened_is_accepted_and_fails(owner, content, name):
    document = created(owner, content, name)

    assert document["processing_status"] == "processing"
    assert statuses(owner, document) == ("failed", "failed")
    listed = owner.get("/v1beta/documents", params={"processing_status": "failed"}).json()["items"]
    assert [each["id"] for each in listed] == [document["id"]]


@pytest.mark.parametrize(
    ("content", "name"),
    [(pdf("Lease"), "a.pdf"), (pdf("Lease") + bytes(100_000), "large.pdf"), (b"a,b\n1,2\n", "a.csv")],
)
def test_file_that_can_be_opened_is_ready(owner, content, name):
    assert statuses(owner, created(owner, content, name)) == ("ready", "ready")


def test_same_bytes_fail_or_succeed_alike_as_often_as_they_come(owner):
    for content, end in ((CORRUPT, "failed"), (pdf("Lease"), "ready")):
        assert {statuses(owner, created(owner, content)) for _ in range(3)} == {(end, end)}


def test_document_follows_its_current_version(owner):
    document = created(owner, pdf("Lease"))
    path = f"/v1beta/documents/{document['id']}/versions"

    broken = owner.post(path, files={"payload": ("b.pdf", CORRUPT)}).json()
    seen = owner.get(f"/v1beta/documents/{document['id']}").json()["document"]

    assert broken["processing_status"] == "processing"
    assert seen["current_version"]["id"] == broken["id"]
    assert seen["processing_status"] == "failed"
    assert owner.get(f"/v1beta/versions/{document['current_version']['id']}").json()["processing_status"] == (
        "ready"
    )


@pytest.mark.parametrize("is_async", [True, False])
def test_outcome_says_how_far_a_good_version_is(slow, is_async):
    client, advance = slow
    document = created(client, pdf("Lease"))

    assert process(client, document, **{"async": is_async}) == "PROCESSING_OUTCOME_ALREADY_PROCESSING"
    advance(60)
    assert process(client, document, **{"async": is_async}) == "PROCESSING_OUTCOME_ALREADY_COMPLETED"


def test_failed_version_is_started_again_and_fails_again(slow):
    client, advance = slow
    document = created(client, CORRUPT)
    advance(60)

    assert process(client, document) == "PROCESSING_OUTCOME_FAILED"
    assert statuses(client, document) == ("failed", "failed")
    assert process(client, document, **{"async": True}) == "PROCESSING_OUTCOME_STARTED"
    assert statuses(client, document) == ("processing", "processing")
    assert process(client, document) == "PROCESSING_OUTCOME_ALREADY_PROCESSING"
    advance(60)
    assert statuses(client, document) == ("failed", "failed")


def test_named_version_is_processed(owner, refusal):
    document, other = created(owner, CORRUPT), created(owner, pdf("Other"))
    first = document["current_version"]["id"]
    path = f"/v1beta/documents/{document['id']}"
    owner.post(f"{path}/versions", files={"payload": ("b.pdf", pdf("Lease"))})

    answer = owner.post(f"{path}/process", json={"version_id": first, "async": False}).json()
    foreign = owner.post(f"{path}/process", json={"version_id": other["current_version"]["id"]})

    assert answer == {
        "document_id": document["id"],
        "version_id": first,
        "status": "PROCESSING_OUTCOME_FAILED",
    }
    assert process(owner, document, version_id=None) == "PROCESSING_OUTCOME_ALREADY_COMPLETED"
    assert refusal(foreign)[:3] == (404, "not_found", "resource_not_found")


def mutated(document, connect, name):
    settings = Settings(processing_seconds=60, mutants=frozenset({name}))
    app = create_app(document, start=WorldOptions(is_frozen=True, settings=settings))
    client = connect(app, app.ready["owner"]["token"])
    made = created(client, pdf("Lease"))
    return app, client, made


def test_mutant_never_ends(document, connect):
    app, client, made = mutated(document, connect, "processing.never-ends")

    connect(app).post(f"/__mock__/worlds/{app.ready['id']}/clock/advance", json={"days": 20})

    assert statuses(client, made) == ("processing", "processing")
    app.close()


def test_mutant_starts_what_is_running(document, connect):
    app, client, made = mutated(document, connect, "processing.starts-twice")

    assert process(client, made) == "PROCESSING_OUTCOME_STARTED"
    app.close()


def test_workbook_is_told_from_a_word_file_by_the_directory_at_its_end(owner):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("docProps/thumbnail.jpeg", bytes(range(256)) * 400)
        made.writestr("xl/workbook.xml", "<workbook/>")

    document = created(owner, stream.getvalue(), "without a suffix")

    assert document["source_format"] == "xlsx"


def test_refused_upload_is_not_kept(app: App, owner: httpx.Client):
    answer = owner.post("/v1beta/documents", data={"title": "T"}, files={"payload": ("a.txt", b"text")})

    assert answer.status_code == 400
    assert len(app.blobs) == 0


def test_world_that_was_reset_while_a_file_was_read_gets_the_document(app, owner, control):
    created(owner, pdf("Lease"))
    control("POST", "/reset")

    assert statuses(owner, created(owner, pdf("Lease"))) == ("ready", "ready")
