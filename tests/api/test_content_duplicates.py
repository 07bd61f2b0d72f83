"""Duplicates: documents with the same bytes or the same looks, among those that the caller sees."""

import hashlib
import io

import pypdfium2
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from factify_contract.scenarios.pdf import pdf
from factify_mock.api.app import AppOptions, create_app
from factify_mock.model.world import Settings
from factify_mock.worlds import WorldOptions

LEASE = pdf("Lease of the north wing, from 1 January to 31 December.")
OTHER = pdf("Something else entirely, with other words in it.")


def scanned(content):
    """The same pages as compressed pictures: other bytes, the same looks."""
    source = pypdfium2.PdfDocument(content)
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for page in source:
        picture = io.BytesIO()
        page.render(scale=2).to_pil().convert("RGB").save(picture, "JPEG", quality=70)
        picture.seek(0)
        with Image.open(picture) as image:
            canvas.setPageSize(page.get_size())
            canvas.drawImage(ImageReader(image), 0, 0, *page.get_size())
            canvas.showPage()
    canvas.save()
    source.close()
    return target.getvalue()


@pytest.fixture
def upload():
    """Creates a document and returns it."""

    def create(client, content, name="a.pdf", title="T", **fields):
        answer = client.post(
            "/v1beta/documents", data={"title": title, **fields}, files={"payload": (name, content)}
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["document"]

    return create


def duplicates(client, document, **query):
    answer = client.get(f"/v1beta/documents/{document['id']}/duplicates", params=query)
    assert answer.status_code == 200, answer.text
    return [each["document_id"] for each in answer.json()["items"]]


def test_copy_of_other_bytes_with_the_same_looks_is_found_and_nothing_else(owner, upload):
    original = upload(owner, LEASE)
    scan = upload(owner, scanned(LEASE))
    upload(owner, OTHER)
    upload(owner, b"a,b\n", "a.csv")
    upload(owner, b"%PDF-1.7 broken")

    assert duplicates(owner, original) == [scan["id"]]
    assert duplicates(owner, scan) == [original["id"]]


def test_file_of_the_same_bytes_is_found_in_every_format_and_state(owner, upload):
    for content, name in (
        (LEASE, "a.pdf"),
        (b"a,b\n", "a.csv"),
        (b"# A\n", "a.md"),
        (b"%PDF-1.7 x", "a.pdf"),
    ):
        one, two = upload(owner, content, name), upload(owner, content, name)

        assert duplicates(owner, one) == [two["id"]]


def test_duplicate_is_described_newest_first(owner, upload):
    original = upload(owner, LEASE)
    first, second = upload(owner, LEASE, title="First"), upload(owner, scanned(LEASE), title="Second")
    owner.patch(f"/v1beta/versions/{first['current_version']['id']}", json={"title": "Scan"})

    answer = owner.get(f"/v1beta/documents/{original['id']}/duplicates").json()

    assert answer == {
        "items": [
            {"document_id": second["id"], "title": "Second", "version_id": second["current_version"]["id"]},
            {
                "document_id": first["id"],
                "title": "First",
                "version_id": first["current_version"]["id"],
                "version_title": "Scan",
            },
        ]
    }


def test_only_what_the_caller_sees_is_found(owner, signed_in, upload, refusal):
    shared = upload(owner, LEASE, access_level="organization")
    private = upload(owner, LEASE, access_level="private")
    foreign = upload(signed_in("outsider"), LEASE, access_level="private")
    public = upload(signed_in("outsider"), LEASE, access_level="public")

    assert duplicates(owner, shared) == [private["id"]]
    assert duplicates(signed_in("member"), shared) == []
    assert duplicates(signed_in("outsider"), foreign) == [public["id"]]
    hidden = signed_in("member").get(f"/v1beta/documents/{private['id']}/duplicates")
    assert refusal(hidden)[:2] == (404, "not_found")


def test_trash_holds_no_duplicates(owner, upload):
    original, other = upload(owner, LEASE), upload(owner, LEASE)
    owner.post(f"/v1beta/documents/{other['id']}/trash", json={})

    assert duplicates(owner, original) == []
    assert duplicates(owner, other) == [original["id"]]


def test_current_versions_are_compared(owner, upload):
    original, changed = upload(owner, LEASE), upload(owner, LEASE)
    path = f"/v1beta/documents/{changed['id']}/versions"

    owner.post(path, files={"payload": ("b.pdf", OTHER)})
    assert duplicates(owner, original) == []
    owner.post(path, files={"payload": ("c.pdf", scanned(LEASE))})
    assert duplicates(owner, original) == [changed["id"]]


def test_looks_are_known_when_processing_is_over(document, connect, upload):
    start = WorldOptions(is_frozen=True, settings=Settings(processing_seconds=60))
    app = create_app(document, start=start, options=AppOptions(is_strict=True, raises_bugs=True))
    client = connect(app, app.ready["owner"]["token"])
    original, scan = upload(client, LEASE), upload(client, scanned(LEASE))

    assert duplicates(client, original) == []
    connect(app).post(f"/__mock__/worlds/{app.ready['id']}/clock/advance", json={"seconds": 60})
    assert duplicates(client, original) == [scan["id"]]
    app.close()


def test_content_hash_finds_files_by_their_bytes(owner, upload):
    original, other = upload(owner, LEASE), upload(owner, OTHER)
    upload(owner, scanned(LEASE))
    copy = upload(owner, LEASE)
    digest = hashlib.sha256(LEASE).hexdigest()

    assert duplicates(owner, other, file_contents_hash=digest) == [copy["id"], original["id"]]
    assert duplicates(owner, original, file_contents_hash=digest.upper()) == [copy["id"]]
    assert duplicates(owner, original, file_contents_hash="0" * 64) == []
    assert duplicates(owner, original, file_contents_hash="z" * 64) == []


@pytest.mark.parametrize("length", [0, 63, 65])
def test_content_hash_of_another_length_is_refused(owner, upload, refusal, length):
    document = upload(owner, LEASE)

    answer = owner.get(
        f"/v1beta/documents/{document['id']}/duplicates", params={"file_contents_hash": "a" * length}
    )

    assert refusal(answer)[1] == "invalid_argument"
    assert refusal(answer)[3] == "file_contents_hash"


def test_two_hundred_documents_of_one_kind_are_searched(owner, upload):
    documents = [upload(owner, pdf(f"Document number {number}")) for number in range(200)]
    again = upload(owner, pdf("Document number 77") + b"\n% written anew\n")
    scan = upload(owner, scanned(pdf("Document number 77")))

    assert duplicates(owner, again) == [scan["id"], documents[77]["id"]]
    assert documents[77]["id"] in duplicates(owner, scan)
    assert scan["id"] not in duplicates(owner, upload(owner, OTHER))
