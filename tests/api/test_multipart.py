"""Uploads: what is taken, what is refused by name, and that nothing is left of what was refused."""

import hashlib

import pytest

from factify_mock.api.app import AppOptions, create_app
from factify_mock.api.limits import Limits

PATH = "/v1beta/documents"
PDF = b"%PDF-1.7\n1 0 obj\n"


def part(name, content, *, filename=None, headers=()):
    """One part of a form; `name` and `filename` go into the header as they are."""
    disposition = b'Content-Disposition: form-data; name="' + name + b'"'
    if filename is not None:
        disposition += b'; filename="' + filename + b'"'
    return b"\r\n".join([b"--x", disposition, *headers, b"", content, b""])


TITLE = part(b"title", b"Report")
FILE = part(b"payload", PDF, filename=b"report.pdf", headers=[b"Content-Type: application/pdf"])
END = b"--x--\r\n"


@pytest.fixture
def upload(raw, world):
    """Sends a form made of bytes as the owner."""

    def send(content, *, content_type=b"multipart/form-data; boundary=x", disconnects=False, size=1000):
        token = f"Bearer {world['owner']['token']}".encode()
        chunks = [content[at : at + size] for at in range(0, len(content), size)]
        headers = [(b"authorization", token), (b"content-type", content_type)]
        return raw("POST", PATH, headers=headers, chunks=chunks, disconnects=disconnects)

    return send


@pytest.fixture
def nothing_kept(app):
    """Afterwards there is no document and no uploaded byte."""
    yield
    assert app.world.tables.documents == {}
    assert len(app.blobs) == 0
    assert app.blobs.files() == []


@pytest.mark.parametrize("size", [1, 7, 1000], ids=["byte-by-byte", "small-chunks", "at-once"])
def test_a_form_is_taken_in_chunks_of_any_size(app, upload, size):
    answer = upload(TITLE + FILE + END, size=size)

    assert answer.body["document"]["title"] == "Report"
    assert app.blobs.read(hashlib.sha256(PDF).hexdigest()) == PDF


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(part(b"payload", PDF, filename=b"a.pdf"), id="without-content-type"),
        pytest.param(
            part(b"payload", PDF, filename=b"a", headers=[b"Content-Type: application/octet-stream"]),
            id="octet-stream",
        ),
        pytest.param(part(b"payload", PDF), id="without-file-name"),
        pytest.param(part(b"payload", PDF, filename="übung.pdf".encode()), id="file-name-in-utf-8"),
        pytest.param(part(b"payload", PDF, filename=b"\xff.pdf"), id="file-name-in-latin-1"),
        pytest.param(part(b"payload", PDF, filename=b"../../etc/passwd"), id="file-name-with-a-path"),
        pytest.param(part(b"payload", PDF, filename=b"C:\\\\a.pdf"), id="file-name-of-windows"),
    ],
)
def test_a_file_may_be_labelled_in_many_ways(upload, file):
    assert upload(TITLE + file + END).status == 200


def test_parts_may_come_in_any_order(upload):
    assert upload(FILE + TITLE + END).status == 200


def test_fields_that_only_the_server_sets_are_ignored(upload):
    extra = part(b"document_id", b"doc_00000000000000000000000000") + part(b"version_id", b"mine")

    answer = upload(TITLE + extra + FILE + END)

    assert answer.body["document"]["id"] != "doc_00000000000000000000000000"


@pytest.mark.parametrize(
    ("content", "reason", "param"),
    [
        pytest.param(b"", "invalid_field_value", "body", id="empty-body"),
        pytest.param(b"no form at all", "invalid_field_value", "body", id="no-form"),
        pytest.param(b"--y\r\n\r\n--y--\r\n", "invalid_field_value", "body", id="another-boundary"),
        pytest.param(b"{}", "invalid_field_value", "body", id="json"),
        pytest.param(TITLE + FILE, "invalid_field_value", "body", id="cut-before-the-end"),
        pytest.param((TITLE + FILE + END)[:-3], "invalid_field_value", "body", id="cut-in-the-end"),
        pytest.param((TITLE + FILE)[:-10], "invalid_field_value", "body", id="cut-in-the-file"),
        pytest.param(TITLE[:20], "invalid_field_value", "body", id="cut-in-a-header"),
        pytest.param(b"--x\r\n\r\nvalue\r\n" + END, "invalid_field_value", "body", id="part-without-headers"),
        pytest.param(
            b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n" + END,
            "invalid_field_value",
            "body",
            id="nameless-part",
        ),
        pytest.param(b"--x\r\n: v\r\n\r\nv\r\n" + END, "invalid_field_value", "body", id="nameless-header"),
        pytest.param(TITLE + END, "missing_required_field", "payload", id="without-file"),
        pytest.param(FILE + END, "missing_required_field", "title", id="without-title"),
        pytest.param(part(b"title", b"") + FILE + END, "missing_required_field", "title", id="empty-title"),
        pytest.param(
            part(b"title", b"t" * 256) + FILE + END, "invalid_field_value", "title", id="title-too-long"
        ),
        pytest.param(
            part(b"title", b"t" * 10_000_000) + FILE + END,
            "invalid_field_value",
            "title",
            id="title-of-ten-megabytes",
        ),
        pytest.param(
            part(b"title", b"\xff\xfe") + FILE + END, "invalid_field_value", "title", id="title-not-utf-8"
        ),
        pytest.param(
            part(b"title", b"a\0b") + FILE + END, "invalid_field_value", "title", id="title-with-nul"
        ),
        pytest.param(TITLE + TITLE + FILE + END, "invalid_field_value", "title", id="title-twice"),
        pytest.param(TITLE + FILE + FILE + END, "invalid_field_value", "payload", id="file-twice"),
        pytest.param(
            part(b"title", b"t", filename=b"t.txt") + FILE + END,
            "invalid_field_value",
            "title",
            id="title-as-a-file",
        ),
        pytest.param(
            TITLE + part(b"colour", b"red") + FILE + END, "invalid_field_value", "colour", id="unknown-field"
        ),
        pytest.param(
            TITLE + part(b"other", b"x", filename=b"o") + FILE + END,
            "invalid_field_value",
            "other",
            id="unknown-file",
        ),
        pytest.param(part(b"", b"x") + FILE + END, "missing_required_field", "title", id="empty-name"),
        pytest.param(
            TITLE + part(b"access_level", b"secret") + FILE + END,
            "invalid_enum_value",
            "access_level",
            id="unknown-word",
        ),
        pytest.param(
            TITLE + part(b"access_level", b"") + FILE + END,
            "invalid_enum_value",
            "access_level",
            id="empty-word",
        ),
        pytest.param(
            TITLE
            + part(b"payload", b"JVBERg==", filename=b"a", headers=[b"Content-Transfer-Encoding: base64"])
            + END,
            "invalid_field_value",
            "payload",
            id="transfer-encoding",
        ),
        pytest.param(
            b"".join(part(b"p%d" % number, b"") for number in range(101)) + END,
            "invalid_field_value",
            "body",
            id="many-parts",
        ),
    ],
)
@pytest.mark.usefixtures("nothing_kept")
def test_a_bad_form_is_refused_by_name(upload, content, reason, param):
    answer = upload(content, size=65_536)

    assert (answer.status, answer.body["code"]) == (400, "invalid_argument")
    assert (reason, param) in [(each["reason"], each["param"]) for each in answer.body["details"]]


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param(b"multipart/form-data", id="no-boundary"),
        pytest.param(b"multipart/form-data; boundary=", id="empty-boundary"),
        pytest.param(b"multipart/form-data; boundary=" + b"b" * 5000, id="long-boundary"),
        pytest.param(b"multipart/mixed; boundary=x", id="another-multipart"),
        pytest.param(b"application/json", id="json"),
        pytest.param(b"", id="missing"),
    ],
)
@pytest.mark.usefixtures("nothing_kept")
def test_a_form_needs_its_content_type_and_boundary(upload, content_type):
    answer = upload(TITLE + FILE + END, content_type=content_type)

    assert answer.status == 400
    assert answer.body["details"][0]["param"] == "Content-Type"


@pytest.mark.usefixtures("nothing_kept")
def test_a_client_that_goes_away_leaves_nothing(upload):
    big = part(b"payload", PDF + b"x" * 200_000, filename=b"a.pdf")

    answer = upload((TITLE + big)[:150_000], disconnects=True)

    assert answer.status is None


@pytest.mark.usefixtures("nothing_kept")
def test_a_refused_upload_leaves_nothing(upload):
    big = part(b"payload", PDF + b"x" * 200_000, filename=b"a.pdf")

    assert upload(big + END).status == 400


@pytest.mark.usefixtures("nothing_kept")
def test_an_upload_that_a_rule_refuses_leaves_nothing(upload):
    answer = upload(TITLE + part(b"payload", b"plain words", filename=b"a.pdf") + END)

    assert (answer.status, answer.body["details"][0]["param"]) == (400, "payload")


def test_a_large_file_is_kept_outside_of_memory_and_once(app, upload):
    content = PDF + b"x" * 200_000
    form = TITLE + part(b"payload", content, filename=b"a.pdf") + END

    assert [upload(form).status, upload(form).status] == [200, 200]

    assert app.blobs.files() == [hashlib.sha256(content).hexdigest()]
    assert app.blobs.read(hashlib.sha256(content).hexdigest()) == content


def test_a_file_beyond_the_limit_is_refused_by_name(document, raw_to):
    small = create_app(document, options=AppOptions(limits=Limits(upload=len(PDF))))
    headers = [
        (b"authorization", f"Bearer {small.ready['owner']['token']}".encode()),
        (b"content-type", b"multipart/form-data; boundary=x"),
    ]
    fits = raw_to(small)(
        "POST", PATH, headers=headers, chunks=[TITLE, part(b"payload", PDF, filename=b"a"), END]
    )

    beyond = raw_to(small)(
        "POST", PATH, headers=headers, chunks=[TITLE, part(b"payload", PDF + b"x", filename=b"a"), END]
    )

    assert (fits.status, beyond.status) == (200, 400)
    assert beyond.body["details"][0]["param"] == "payload"


def test_the_limit_of_an_upload_is_a_hundred_megabytes():
    assert Limits().upload == 100 * 1024 * 1024
