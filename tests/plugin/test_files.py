"""The files made from words are real: the libraries of their formats read the words back."""

import csv
import io
import zipfile

import docx
import openpyxl
import pypdfium2
import pytest

from factify_fixtures import files


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return pages


def test_a_pdf_has_its_title_and_its_pages():
    pages = text_of(files.pdf("Lease (final)", ["First — “page”."], ["Second \\ page."]))

    assert [page.splitlines() for page in pages] == [
        ["Lease (final)", "First — “page”."],
        ["Second \\ page."],
    ]


def test_a_remark_changes_the_bytes_and_not_the_pages():
    plain, remarked = files.pdf("A", ["b"]), files.pdf("A", ["b"], remark="again")

    assert plain != remarked
    assert text_of(plain) == text_of(remarked)


def test_long_paragraphs_stay_on_the_paper():
    (page,) = text_of(files.pdf("", ["word " * 40]))

    assert len(page.splitlines()) == 3


def test_a_broken_pdf_cannot_be_opened():
    assert files.broken_pdf().startswith(b"%PDF-")
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(files.broken_pdf())


def test_a_word_document_has_a_heading_and_paragraphs():
    document = docx.Document(io.BytesIO(files.docx("Deed & more", "Twelve <boxes>.", "Signed.")))

    assert [each.text for each in document.paragraphs] == ["Deed & more", "Twelve <boxes>.", "Signed."]
    assert document.paragraphs[0].style.name == "Heading 1"


def test_a_workbook_has_its_sheets_and_values():
    content = files.xlsx({"Budget": [("Item", "Cost"), ("Desk", 120.5)], "B & C": [("x", 1)]})
    workbook = openpyxl.load_workbook(io.BytesIO(content))

    assert workbook.sheetnames == ["Budget", "B & C"]
    assert list(workbook["Budget"].values) == [("Item", "Cost"), ("Desk", 120.5)]


def test_texts_are_what_they_say():
    rows = [["a", "b"], ["1", "x, y"]]

    assert list(csv.reader(io.StringIO(files.csv(rows).decode()))) == rows
    assert files.markdown("Notes", "One.", "Two.") == b"# Notes\n\nOne.\n\nTwo.\n"


def test_equal_words_give_equal_bytes():
    assert files.docx("A", "b") == files.docx("A", "b")
    assert zipfile.ZipFile(io.BytesIO(files.docx("A", "b"))).testzip() is None
