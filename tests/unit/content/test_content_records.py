import io
from datetime import UTC, datetime

import docx
import msgspec
import openpyxl
import pytest

from factify_contract.spec import Document
from factify_mock.api.render import records as render
from factify_mock.content import jobs
from factify_mock.content.checks import check
from factify_mock.content.source import Unreadable
from factify_mock.content.worker import perform
from factify_mock.model.records import Version

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
RECORD = Document.load().operations["getVersionRecord"].success.media["application/json"].validator


def record_of(source_format, content):
    """The content of a file's record, after the document's schema has accepted the whole record."""
    answer = perform(jobs.Extract(source_format, jobs.File.of(content)))
    if answer.unreadable is not None:
        raise Unreadable(answer.unreadable)
    version = Version(
        id="ver_1", document_id="doc_1", ordinal=1, created_by="user_1", created_at=NOW, ready_at=NOW,
        sha256="0" * 64, size=len(content), source_format=source_format,
        record_id="019b76da-a803-77ec-9e2f-eb89414c343c",
    )  # fmt: skip
    found = msgspec.json.decode(answer.result, type=jobs.Found)
    record = msgspec.json.decode(msgspec.json.encode(render.record(version, found)))
    assert RECORD.problems(record) == []
    return record


def saved(thing):
    target = io.BytesIO()
    thing.save(target)
    return target.getvalue()


def test_pdf_yields_headings_by_size_and_paragraphs_across_lines(pdf):
    content = pdf(
        [(24, "Lease"), (11, ""), (16, "Rooms"), (11, ""), (11, "The north wing"), (11, "and its garden.")],
        [(11, "Annex")],
    )

    bundle = record_of("pdf", content)["document"]

    assert bundle["record"]["blocks"] == [
        {"heading": {"level": 1, "text": "Lease"}},
        {"heading": {"level": 2, "text": "Rooms"}},
        {"paragraph": {"text": "The north wing and its garden."}},
        {"paragraph": {"text": "Annex"}},
    ]


def test_pdf_layout_places_each_block_on_its_page(pdf):
    bundle = record_of("pdf", pdf([(24, "Lease")], [(11, "Annex")], size=(841.9, 595.3)))["document"]

    layout = bundle["layout"]
    assert layout["record_id"] == bundle["record"]["id"]
    assert layout["defaults"]["page_size"] == "PAGE_SIZE_A4"
    assert [page["orientation"] for page in layout["pages"]] == ["ORIENTATION_LANDSCAPE"] * 2
    assert [binding["fragments"][0]["page_number"] for binding in layout["bindings"]] == [0, 1]
    box = layout["bindings"][0]["fragments"][0]["bounding_box"]
    assert 0.08 < box["x"] < 0.1  # 72 of 841.9 points from the left
    assert 0.1 < box["y"] < 0.15  # the line stands 80 of 595.3 points below the top


def test_pdf_without_text_yields_no_blocks(pdf):
    bundle = record_of("pdf", pdf([]))["document"]

    assert bundle["record"]["blocks"] == []
    assert len(bundle["layout"]["pages"]) == 1


def test_markdown_yields_every_kind_of_block_and_no_layout():
    text = (
        "# Lease\n\nThe *north* wing.\n\n- one\n- two\n  1. nested\n\n> Agreed.\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n---\n\n```py\nprint()\n```\n\n![Plan](plan.png)\n"
    )

    bundle = record_of("markdown", text.encode())["document"]

    assert "layout" not in bundle
    assert [next(iter(block)) for block in bundle["record"]["blocks"]] == [
        "heading",
        "paragraph",
        "list",
        "quote",
        "table",
        "thematic_break",
        "code_block",
        "image",
    ]
    nested = bundle["record"]["blocks"][2]["list"]["items"][1]["sub_list"]
    assert nested == {"style": "LIST_STYLE_ORDERED", "start": 1, "items": [{"text": "nested"}]}


def test_markdown_lists_nested_without_end_do_not_end_the_reader():
    record_of("markdown", "\n".join("  " * depth + "- deep" for depth in range(400)).encode())


def test_word_document_yields_headings_lists_and_tables():
    document = docx.Document()
    document.add_heading("Lease", 1)
    document.add_paragraph("The north wing.")
    document.add_paragraph("Garden", style="List Bullet")
    document.add_table(1, 2).rows[0].cells[1].text = "Rent"

    blocks = record_of("docx", saved(document))["document"]["record"]["blocks"]

    assert blocks[0] == {"heading": {"level": 1, "text": "Lease"}}
    assert blocks[1] == {"paragraph": {"text": "The north wing."}}
    assert blocks[2]["list"]["items"] == [{"text": "Garden"}]
    assert blocks[3]["table"]["rows"][0]["cells"] == [{"text": ""}, {"text": "Rent"}]


def test_workbook_yields_a_table_per_sheet_with_typed_columns_and_its_layout():
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "Rent"
    sheet.append(["Room", "Rent", "Paid"])
    sheet.append(["North", 1200.5, True])
    sheet.append(["South", "#N/A", False])
    sheet.freeze_panes = "B2"
    sheet.merge_cells("A5:B6")
    workbook.create_sheet("Empty")

    bundle = record_of("xlsx", saved(workbook))["spreadsheet"]

    rent, empty = bundle["record"]["sheets"]
    (table,) = rent["tables"]
    assert [(column["name"], column["type"]) for column in table["columns"]] == [
        ("Room", "CELL_TYPE_STRING"),
        ("Rent", "CELL_TYPE_NUMBER"),
        ("Paid", "CELL_TYPE_BOOLEAN"),
    ]
    assert table["rows"][0]["cells"] == [
        {"string_value": "North"},
        {"number_value": 1200.5},
        {"bool_value": True},
    ]
    assert table["rows"][1]["cells"][1] == {"error_value": "CELL_ERROR_TYPE_NA"}
    assert empty["tables"] == []
    layout = bundle["layout"]["sheet_layouts"][0]
    assert layout["frozen_pane"] == {"frozen_row": 1, "frozen_col": 1}
    assert layout["merged_regions"] == [{"start_row": 4, "start_col": 0, "end_row": 5, "end_col": 1}]


def test_comma_separated_values_keep_codes_as_text():
    content = b"name;postcode;rent\nNorth;01234;1200\nSouth;99999;\n"

    (sheet,) = record_of("csv", content)["spreadsheet"]["record"]["sheets"]

    assert sheet["tables"][0]["range_ref"] == "A1:C3"
    assert sheet["tables"][0]["rows"][0]["cells"] == [
        {"string_value": "North"},
        {"string_value": "01234"},
        {"number_value": 1200.0},
    ]


@pytest.mark.parametrize(
    ("source_format", "content"),
    [
        ("pdf", b"%PDF-1.7 and nothing more"),
        ("docx", b"PK\x03\x04 cut off"),
        ("xlsx", b""),
        ("csv", b"\xff\xfe\x00"),
        ("markdown", b"\xc3\x28"),
    ],
)
def test_broken_file_is_unreadable(source_format, content):
    with pytest.raises(Unreadable, match=source_format):
        check(source_format, content)
    with pytest.raises(Unreadable, match=source_format):
        record_of(source_format, content)
