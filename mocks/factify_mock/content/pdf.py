"""Text, structure and geometry of a PDF, read with pdfium."""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from factify_mock.content.blocks import Box, Page, heading, layout_pages, paragraph
from factify_mock.content.extraction import Extraction
from factify_mock.content.source import Source

# A line this much larger than the running text is a heading.
_HEADING_RATIO = 1.15
# Lines of one paragraph are set closer than this many times their size.
_LEADING_RATIO = 1.7
# A record ends there, so that no file keeps its reader busy for long.
_MOST_CHARACTERS = 400_000
_MOST_PAGES = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: its page (from 0), its size in points and its box."""

    text: str
    page: int
    size: float
    box: Box


def open_pdf(source: Source) -> pypdfium2.PdfDocument:
    """The document; pypdfium2.PdfiumError where pdfium can't read it, or where it has no page."""
    document = pypdfium2.PdfDocument(source)
    if len(document) == 0:
        document.close()
        raise pypdfium2.PdfiumError("the document has no pages")
    return document


def extract(source: Source, *, most_characters: int = _MOST_CHARACTERS) -> Extraction:
    """Blocks in reading order as pdfium gives it, and where they stand on the pages."""
    document = open_pdf(source)
    try:
        pages, lines, is_whole = _read(document, most_characters)
        title = document.get_metadata_value("Title").strip() or None
    finally:
        document.close()
    blocks: list[dict[str, Any]] = []
    bindings: list[dict[str, Any]] = []
    for group, block in _blocks(lines):
        box = group[0].box
        for line in group[1:]:
            box = box.joined(line.box)
        bindings.append(
            {
                "path": {"segments": [{"block": len(blocks)}]},
                "fragments": [pages[group[0].page].fragment(group[0].page, box)],
                "text_block": {"alignment": "TEXT_ALIGNMENT_LEFT"},
            }
        )
        blocks.append(block)
    first = pages[0]
    layout = {
        "defaults": {
            "page_size": first.size_name,
            "dimensions": first.dimensions,
            "orientation": first.orientation,
            "direction": "DIRECTION_LTR",
        },
        "pages": layout_pages(pages),
        "bindings": bindings,
    }
    return Extraction("document", {"blocks": blocks}, layout, title=title, is_whole=is_whole)


def _read(document: pypdfium2.PdfDocument, left: int) -> tuple[list[Page], list[Line], bool]:
    """Geometry of all pages, as many characters as are `left`, and whether nothing had to be left out."""
    pages: list[Page] = []
    lines: list[Line] = []
    is_whole = len(document) <= _MOST_PAGES
    for number in range(min(len(document), _MOST_PAGES)):
        try:
            page = document[number]
        except pypdfium2.PdfiumError:
            # One damaged page spoils neither the others nor their numbers.
            pages.append(pages[-1] if pages else Page(0.0, 0.0))
            is_whole = False
            continue
        width, height = (size if math.isfinite(size) else 0.0 for size in page.get_size())
        pages.append(Page(width, height))
        text_page = page.get_textpage()
        try:
            characters = text_page.count_chars()
            lines += _lines(text_page, number, min(characters, left))
        finally:
            text_page.close()
            page.close()
        is_whole = is_whole and characters <= left
        left = max(left - characters, 0)
    return pages, lines, is_whole


def _lines(text_page: pypdfium2.PdfTextPage, number: int, characters: int) -> Iterator[Line]:
    text: list[str] = []
    sizes: list[float] = []
    box: Box | None = None
    for index in range(characters):
        character = chr(pdfium.FPDFText_GetUnicode(text_page, index) or 0xFFFD)
        if character in "\r\n":
            if box is not None and "".join(text).strip():
                yield Line("".join(text).strip(), number, max(sizes), box)
            text, sizes, box = [], [], None
            continue
        text.append(character if character.isprintable() else " ")
        if not character.isspace():
            sizes.append(round(pdfium.FPDFText_GetFontSize(text_page, index) * _scale(text_page, index), 1))
            here = _character_box(text_page, index)
            box = here if box is None else box.joined(here)
    if box is not None:
        yield Line("".join(text).strip(), number, max(sizes), box)


def _character_box(text_page: pypdfium2.PdfTextPage, index: int) -> Box:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return Box(left.value, bottom.value, right.value, top.value)


def _scale(text_page: pypdfium2.PdfTextPage, index: int) -> float:
    """How much the text matrix enlarges the font's nominal size."""
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetMatrix(text_page, index, matrix):
        return 1.0
    return float((matrix.c**2 + matrix.d**2) ** 0.5) or 1.0


def _blocks(lines: list[Line]) -> Iterator[tuple[list[Line], dict[str, Any]]]:
    if not lines:
        return
    weights: Counter[float] = Counter()
    for line in lines:
        weights[line.size] += len(line.text)
    body = weights.most_common(1)[0][0]
    levels = {
        size: min(level, 6)
        for level, size in enumerate(
            sorted({s for s in weights if s >= body * _HEADING_RATIO}, reverse=True), 1
        )
    }
    for group in _groups(lines):
        text = " ".join(line.text for line in group)
        size = group[0].size
        yield group, heading(levels[size], text) if size in levels else paragraph(text)


def _groups(lines: list[Line]) -> Iterator[list[Line]]:
    group = [lines[0]]
    for line in lines[1:]:
        before = group[-1]
        gap = before.box.bottom - line.box.top
        joins = (
            line.page == before.page
            and line.size == before.size
            and -line.size < gap
            and before.box.top - line.box.top < _LEADING_RATIO * max(line.size, 1.0)
        )
        if joins:
            group.append(line)
        else:
            yield group
            group = [line]
    yield group
