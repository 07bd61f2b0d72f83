"""A source format is told by a file's bytes; only text needs its name."""

import io
import zipfile

import pytest

from factify_mock.model.formats import LARGEST_UPLOAD, recognise

REFUSED = ("invalid_argument", "invalid_field_value", "payload")


def archive(*names, padding=0):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, name)
        if padding:
            made.writestr("late", bytes(padding))
    return stream.getvalue()


DOCX = archive("[Content_Types].xml", "_rels/.rels", "word/document.xml")
XLSX = archive("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")
UNDECIDED = archive("[Content_Types].xml", "_rels/.rels")


@pytest.mark.parametrize(
    ("head", "filename", "expected"),
    [
        (b"%PDF-1.7\n...", "letter.pdf", "pdf"),
        (b"%PDF-1.4", "payload", "pdf"),
        (b"%PDF-1.4", "misnamed.csv", "pdf"),
        (DOCX, "payload", "docx"),
        (DOCX, "misnamed.xlsx", "docx"),
        (XLSX, "table.xlsx", "xlsx"),
        (UNDECIDED, "late.docx", "docx"),
        (UNDECIDED, "late.XLSX", "xlsx"),
        (b"a,b\n1,2\n", "table.csv", "csv"),
        ("Zürich,1\n".encode(), "TABLE.CSV", "csv"),
        (b"# Title\n", "readme.md", "markdown"),
        (b"# Title\n", "readme.v2.markdown", "markdown"),
    ],
)
def test_known_formats_are_recognised(make_upload, head, filename, expected):
    assert recognise(make_upload(head, filename)) == expected


@pytest.mark.parametrize(
    ("head", "filename"),
    [
        (b"", "empty.pdf"),
        (b"plain text", "letter.pdf"),
        (b"\n%PDF-1.7", "letter.pdf"),
        (b"plain text", "payload"),
        (b"plain text", "letter.txt"),
        (b"\x89PNG\r\n\x1a\n", "page.png"),
        (b"a,b\0\n", "table.csv"),
        (b"\xff\xfea\0", "table.csv"),
        (b"caf\xe9", "menu.md"),
        (b"caf\xc3", "menu.md"),
        (archive("META-INF/MANIFEST.MF", "Main.class"), "library.docx"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "slides.pptx"),
        (b"PK\x03\x04", "broken.docx"),
    ],
)
def test_anything_else_is_refused(make_upload, refusal, head, filename):
    assert refusal(lambda: recognise(make_upload(head, filename))) == REFUSED


def test_character_cut_by_the_end_of_the_head_is_no_fault(make_upload):
    assert recognise(make_upload(b"caf\xc3", "menu.md", size=5000)) == "markdown"


def test_file_of_a_hundred_megabytes_is_the_largest_accepted(make_upload, refusal):
    assert recognise(make_upload(size=LARGEST_UPLOAD)) == "pdf"
    assert refusal(lambda: recognise(make_upload(size=LARGEST_UPLOAD + 1))) == REFUSED
