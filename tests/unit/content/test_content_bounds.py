"""Files that are long, damaged or made to harm: what is read of them, and what is not."""

import io
import struct
import zipfile

import docx
import openpyxl
import pytest

from factify_mock.content.checks import check
from factify_mock.content.pdf import extract as extract_pdf
from factify_mock.content.records import extract
from factify_mock.content.source import Unreadable


def archive(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        for name, content in members.items():
            made.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def saved(thing):
    target = io.BytesIO()
    thing.save(target)
    return target.getvalue()


def rewritten(archive, old, new):
    """The archive with `new` in place of `old`, wherever a member says it."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(target, "w") as made:
        for name in source.namelist():
            made.writestr(name, source.read(name).replace(old, new))
    return target.getvalue()


def test_pages_of_a_pdf_are_counted(pdf):
    assert check("pdf", pdf([(11, "One")], [(11, "Two")])) == 2
    assert check("csv", b"a,b\n") == 0


def test_large_file_is_read_from_the_disk(pdf, tmp_path):
    path = tmp_path / "lease"
    path.write_bytes(pdf([(11, "Lease")]))

    assert check("pdf", path) == 1
    assert extract("pdf", path).record["blocks"] == [{"paragraph": {"text": "Lease"}}]


def test_one_damaged_page_leaves_the_others(pdf):
    content = pdf([(11, "One")], [(11, "Two")], [(11, "Three")])
    second = content.index(b"/Type /Page\n", content.index(b"/Type /Page\n") + 1)
    broken = content[:second] + b"/Type /Pags\n" + content[second + 12 :]

    found = extract("pdf", broken)

    assert found.record["blocks"][0] == {"paragraph": {"text": "One"}}
    assert len(found.layout["pages"]) == 3


def test_text_beyond_the_bound_is_left_out_and_said_to_be(pdf):
    found = extract_pdf(pdf([(11, "Lease")], [(11, "Annex")]), most_characters=3)

    assert [block["paragraph"]["text"] for block in found.record["blocks"]] == ["Lea"]
    assert len(found.layout["pages"]) == 2
    assert not found.is_whole


@pytest.mark.parametrize("page", ["[0 0 nan 792]", "[0 0 0 0]", "[0 0 1e38 1e38]"])
def test_page_of_no_size_still_has_finite_numbers(pdf, page):
    content = pdf([(11, "Lease")]).replace(b"/MediaBox [ 0 0 595.3 841.9 ]", b"/MediaBox " + page.encode())
    assert page.encode() in content

    layout = extract("pdf", content).layout

    for box in (binding["fragments"][0]["bounding_box"] for binding in layout["bindings"]):
        assert all(0 <= value <= 1 for value in box.values())
    dimensions = layout["pages"][0]["dimensions"]
    assert all(0 <= value < float("inf") for value in dimensions.values())


@pytest.mark.parametrize(
    ("members", "fault"),
    [
        ({"word__document.xml": "<a><b></a>"}, "mismatched tag"),
        ({"word__document.xml": ""}, "no element found"),
        ({"word__document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&d;</a>'}, "undefined entity"),
    ],
)
def test_archive_with_a_broken_part_is_unreadable(members, fault):
    with pytest.raises(Unreadable, match=fault):
        check("docx", archive(**members))


def test_archive_that_is_no_office_file_is_unreadable():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("word/document.xml", "<a/>")
    with pytest.raises(Unreadable, match="Content_Types"):
        check("docx", stream.getvalue())


def test_damage_inside_an_archive_is_found():
    content = bytearray(archive(word__document="<a/>", word__image=bytes(100_000)))
    content[content.index(b"word/image") + 20] ^= 0xFF

    with pytest.raises(Unreadable):
        check("docx", bytes(content))


def test_archive_that_unpacks_to_too_much_is_not_unpacked():
    content = bytearray(archive(word__document="<a/>", word__bomb=bytes(1000)))
    size = content.rindex(b"PK\x01\x02") + 24
    assert content[size : size + 4] == struct.pack("<I", 1000)
    content[size : size + 4] = struct.pack("<I", 600 * 1024 * 1024)

    with pytest.raises(Unreadable, match="too large"):
        check("docx", bytes(content))


def test_entities_that_multiply_are_stopped():
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY e0 "ha">{entities}]><a>&e11;</a>'

    with pytest.raises(Unreadable):
        check("docx", archive(word__document="", **{"word__document.xml": bomb}))


def test_sheet_as_large_as_its_last_cell_says_is_cut():
    workbook = openpyxl.Workbook()
    workbook.active["XFD1048576"] = "far away"
    workbook.active["A1"] = "here"

    found = extract("xlsx", saved(workbook))

    (table,) = found.record["sheets"][0]["tables"]
    assert len(table["columns"]) * (len(table["rows"]) + 1) <= 200_000
    assert not found.is_whole


def test_numbers_that_json_cannot_carry_are_text():
    workbook = openpyxl.Workbook()
    workbook.active.append(["Number"])
    for value in (2**60, 12345, 0.1):
        workbook.active.append([value])
    content = rewritten(saved(workbook), b"<v>12345</v>", b"<v>1" + b"0" * 400 + b"</v>")

    (table,) = extract("xlsx", content).record["sheets"][0]["tables"]

    first, endless, last = (row["cells"][0] for row in table["rows"])
    assert first == {"number_value": 2.0**60}
    assert endless["string_value"].startswith("1000")
    assert last == {"number_value": 0.1}


def test_rows_of_unequal_length_are_bounded_by_the_longest():
    ragged = "a\n" * 30_000 + ",".join("b" * 5_000) + "\n"
    wide = "a\n" + ",".join("b" * 5_000) + "\n" + "c\n" * 1_000

    found = extract("csv", ragged.encode())

    (table,) = found.record["sheets"][0]["tables"]
    assert len(table["rows"]) == 20_000 - 1
    assert table["columns"] == [{"name": "a", "type": "CELL_TYPE_STRING"}]
    assert not found.is_whole
    (table,) = extract("csv", wide.encode()).record["sheets"][0]["tables"]
    assert (len(table["columns"]), len(table["rows"])) == (1_000, 200 - 1)


def test_field_longer_than_the_csv_module_allows_by_default_is_kept():
    (table,) = extract("csv", b'name,text\nNorth,"' + b"x" * 200_000 + b'"\n').record["sheets"][0]["tables"]

    assert len(table["rows"][0]["cells"][1]["string_value"]) == 200_000


def test_text_is_cut_between_characters():
    found = extract("markdown", ("a" + "é" * 600_000).encode())

    assert found.record["blocks"] == [{"paragraph": {"text": "a" + "é" * (512 * 1024 - 1)}}]
    assert not found.is_whole


def test_byte_order_mark_is_no_part_of_the_text():
    assert extract("markdown", b"\xef\xbb\xbf# Lease\n").title == "Lease"
    (sheet,) = extract("csv", b"\xef\xbb\xbfname,rent\nNorth,1\n").record["sheets"]
    assert sheet["tables"][0]["columns"][0]["name"] == "name"


def test_title_is_the_one_that_the_file_itself_has(pdf):
    word = docx.Document()
    word.core_properties.title = " Lease "
    workbook = openpyxl.Workbook()
    workbook.properties.title = "Rents"

    assert extract("docx", saved(word)).title == "Lease"
    assert extract("xlsx", saved(workbook)).title == "Rents"
    assert extract("csv", b"a,b\n").title is None
    assert extract("markdown", b"Text\n\n# One\n\n# Two\n").title == "One"


def test_table_of_many_rows_is_cut():
    word = docx.Document()
    word.add_table(501, 1)

    found = extract("docx", saved(word))

    assert len(found.record["blocks"][0]["table"]["rows"]) == 500
    assert not found.is_whole
