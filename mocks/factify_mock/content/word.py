"""Blocks of a Word document (docx)."""

import io
import re
from typing import Any

import docx
from docx.table import Table
from docx.text.paragraph import Paragraph

from factify_mock.content.blocks import Page, heading, layout_pages, paragraph, table

_EMU_PER_POINT = 12_700


def extract(content: bytes) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Blocks in order, and the page geometry of the sections; Word lays text out only when it prints."""
    document = docx.Document(io.BytesIO(content))
    blocks = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            blocks.append(table([[cell.text for cell in row.cells] for row in part.rows], header_rows=0))
        elif part.text.strip():
            blocks.append(_block(part))
    pages = [
        Page((section.page_width or 0) / _EMU_PER_POINT, (section.page_height or 0) / _EMU_PER_POINT)
        for section in document.sections
    ]
    layout: dict[str, Any] = {"pages": layout_pages(pages), "bindings": []}
    if pages:
        layout["defaults"] = {"page_size": pages[0].size_name, "dimensions": pages[0].dimensions}
    return blocks, layout


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
