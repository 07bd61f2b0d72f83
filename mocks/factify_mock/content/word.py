"""Blocks of a Word document (docx)."""

import re
from itertools import islice
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from factify_mock.content.blocks import Page, heading, layout_pages, paragraph, table
from factify_mock.content.extraction import Extraction
from factify_mock.content.source import Source, stream

_EMU_PER_POINT = 12_700
# A record ends there, so that no file keeps its reader busy for long.
_MOST_BLOCKS = 5_000
_MOST_ROWS = 500


def extract(source: Source) -> Extraction:
    """Blocks in order, and the page geometry of the sections; Word lays text out only when it prints."""
    with stream(source) as file:
        document = docx.Document(file)
    following = document.iter_inner_content()
    parts = list(islice(following, _MOST_BLOCKS))
    blocks = [_block_of(part) for part in parts if not _is_blank(part)]
    pages = [
        Page((section.page_width or 0) / _EMU_PER_POINT, (section.page_height or 0) / _EMU_PER_POINT)
        for section in document.sections
    ]
    layout: dict[str, Any] = {"pages": layout_pages(pages), "bindings": []}
    if pages:
        layout["defaults"] = {"page_size": pages[0].size_name, "dimensions": pages[0].dimensions}
    title = document.core_properties.title.strip() or None
    is_whole = next(following, None) is None and not any(_is_long(part) for part in parts)
    return Extraction("document", {"blocks": blocks}, layout, title=title, is_whole=is_whole)


def _is_blank(part: Paragraph | Table) -> bool:
    return isinstance(part, Paragraph) and not part.text.strip()


def _is_long(part: Paragraph | Table) -> bool:
    return isinstance(part, Table) and len(part.rows) > _MOST_ROWS


def _block_of(part: Paragraph | Table) -> dict[str, Any]:
    if isinstance(part, Table):
        rows = [[cell.text for cell in row.cells] for row in islice(part.rows, _MOST_ROWS)]
        return table(rows, header_rows=0)
    return _block(part)


def _block(part: Paragraph) -> dict[str, Any]:
    style = (part.style.name if part.style is not None else None) or ""
    if style == "Title":
        return heading(1, part.text)
    numbered = re.fullmatch(r"Heading ([1-9])", style)
    if numbered:
        return heading(min(int(numbered[1]), 6), part.text)
    if style.startswith("List"):
        kind = "LIST_STYLE_ORDERED" if "Number" in style else "LIST_STYLE_UNORDERED"
        return {"list": {"style": kind, "items": [{"text": part.text}]}}
    return {"quote": {"text": part.text}} if "Quote" in style else paragraph(part.text)
