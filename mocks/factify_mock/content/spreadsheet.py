"""Sheets of a workbook (xlsx) or of comma separated values, as tables with typed columns."""

import csv
import io
import math
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from factify_mock.content.extraction import Extraction
from factify_mock.content.source import Source, stream, text_of

# What a cell shows; openpyxl may give further kinds, which are shown as their text.
Cell = object

_ERRORS = {
    "#NULL!": "NULL",
    "#DIV/0!": "DIV_ZERO",
    "#VALUE!": "VALUE",
    "#REF!": "REF",
    "#NAME?": "NAME",
    "#NUM!": "NUM",
    "#N/A": "NA",
    "#GETTING_DATA": "GETTING_DATA",
    "#SPILL!": "SPILL",
    "#CALC!": "CALC",
}
# Rows, columns and cells beyond these are left out, so that no file keeps its reader busy for long.
_MOST_ROWS = 20_000
_MOST_COLUMNS = 1_000
_MOST_CELLS = 200_000
_MOST_BYTES = 16 * 1024 * 1024
# What a cell can hold as a number; infinities and endless digits, which JSON can't carry, are beyond it.
_LARGEST_NUMBER = sys.float_info.max
_LARGEST_EXACT = 2**53
# Values separated by commas have no sheets; programs that open them call the one they make by this name.
_SHEET_NAME = "Sheet1"
# A character of Excel's default font is about this wide; column widths are counted in characters.
_CHARACTER_MM = 1.9
_POINT_MM = 25.4 / 72


def extract_csv(source: Source) -> Extraction:
    """One sheet with one table; the first row names the columns."""
    text, is_whole = text_of(source, most=_MOST_BYTES)
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel"
    csv.field_size_limit(_MOST_BYTES)
    rows: list[list[Cell]] = []
    width = 1
    for line in csv.reader(io.StringIO(text, newline=""), dialect):
        is_whole = is_whole and len(line) <= _MOST_COLUMNS
        width = max(width, min(len(line), _MOST_COLUMNS))
        if len(rows) == min(_MOST_ROWS, _MOST_CELLS // width):
            is_whole = False
            break
        rows.append([_typed(value) for value in line[:_MOST_COLUMNS]])
    layout = {"sheet_layouts": [{"sheet_name": _SHEET_NAME}]}
    return Extraction("spreadsheet", {"sheets": [_sheet(_SHEET_NAME, rows)]}, layout, is_whole=is_whole)


def extract_xlsx(source: Source) -> Extraction:
    """Every worksheet with one table of what it shows: values, not formulas."""
    with stream(source) as file:
        workbook = openpyxl.load_workbook(file, data_only=True)
    sheets, layouts = [], []
    is_whole = True
    left = _MOST_CELLS
    for sheet in workbook.worksheets:
        # A sheet is as large as its last cell says, however empty it is before that.
        columns = min(sheet.max_column, _MOST_COLUMNS)
        height = min(sheet.max_row, _MOST_ROWS, left // columns)
        left -= height * columns
        is_whole = is_whole and (height, columns) == (sheet.max_row, sheet.max_column)
        sheets.append(_sheet(sheet.title, _rows(sheet, height, columns)))
        layouts.append(_layout(sheet))
    title = (workbook.properties.title or "").strip() or None
    workbook.close()
    layout = {"sheet_layouts": layouts}
    return Extraction("spreadsheet", {"sheets": sheets}, layout, title=title, is_whole=is_whole)


def _rows(sheet: Worksheet, height: int, columns: int) -> list[list[Cell]]:
    if height == 0:
        return []
    rows = sheet.iter_rows(max_row=height, max_col=columns, values_only=True)
    return [list(row) for row in islice(rows, height)]


def _sheet(name: str, rows: Sequence[Sequence[Cell]]) -> dict[str, Any]:
    if not rows or not any(value is not None for row in rows for value in row):
        return {"name": name, "tables": []}
    width = max(len(row) for row in rows)
    header, body = rows[0], [[*row, *[None] * (width - len(row))] for row in rows[1:]]
    header = [*header, *[None] * (width - len(header))]
    return {
        "name": name,
        "tables": [
            {
                "name": name,
                "range_ref": f"A1:{get_column_letter(width)}{len(rows)}",
                "columns": [
                    {"name": _shown(header[column]), "type": _column_type([row[column] for row in body])}
                    for column in range(width)
                ],
                "rows": [{"cells": [_cell(value) for value in row]} for row in body],
            }
        ],
    }


def _layout(sheet: Any) -> dict[str, Any]:
    layout: dict[str, Any] = {"sheet_name": sheet.title, "is_hidden": sheet.sheet_state != "visible"}
    columns = [
        {
            "col": openpyxl.utils.column_index_from_string(letter) - 1,
            "width_mm": round(dimension.width * _CHARACTER_MM, 2),
            "is_hidden": bool(dimension.hidden),
        }
        for letter, dimension in sorted(sheet.column_dimensions.items())
    ]
    rows = [
        {
            "row": number - 1,
            "height_mm": round(dimension.height * _POINT_MM, 2),
            "is_hidden": bool(dimension.hidden),
        }
        for number, dimension in sorted(sheet.row_dimensions.items())
        if dimension.height
    ]
    merged = [
        {
            "start_row": area.min_row - 1,
            "start_col": area.min_col - 1,
            "end_row": area.max_row - 1,
            "end_col": area.max_col - 1,
        }
        for area in sorted(sheet.merged_cells.ranges, key=lambda area: (area.min_row, area.min_col))
    ]
    layout |= {
        key: value
        for key, value in (("columns", columns), ("rows", rows), ("merged_regions", merged))
        if value
    }
    if sheet.freeze_panes:
        column, row = openpyxl.utils.cell.coordinate_from_string(sheet.freeze_panes)
        layout["frozen_pane"] = {
            "frozen_row": row - 1,
            "frozen_col": openpyxl.utils.column_index_from_string(column) - 1,
        }
    return layout


def _typed(text: str) -> str | float | bool | None:
    if text == "":
        return None
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    try:
        number = float(text)
    except ValueError:
        return text
    # A leading zero or a plus sign is a code, such as a postcode or a telephone number.
    return number if (math.isfinite(number) and text[0] in "-.123456789") or text == "0" else text


def _cell(value: Cell) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"bool_value": value}
    if isinstance(value, int | float):
        if not abs(value) <= _LARGEST_NUMBER:
            return {"string_value": str(value)}
        return {"number_value": value if abs(value) < _LARGEST_EXACT else float(value)}
    if isinstance(value, str) and value in _ERRORS:
        return {"error_value": f"CELL_ERROR_TYPE_{_ERRORS[value]}"}
    return {"string_value": _shown(value)}


def _shown(value: Cell) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, datetime | date | time) else str(value)


def _column_type(values: Sequence[Cell]) -> str:
    kinds = Counter(_kind(value) for value in values if value is not None)
    return kinds.most_common(1)[0][0] if kinds else "CELL_TYPE_STRING"


def _kind(value: Cell) -> str:
    match value:
        case bool():
            return "CELL_TYPE_BOOLEAN"
        case int() | float():
            return "CELL_TYPE_NUMBER"
        case datetime():
            return "CELL_TYPE_DATE_TIME"
        case date():
            return "CELL_TYPE_DATE"
        case time():
            return "CELL_TYPE_TIME"
        case str() if value in _ERRORS:
            return "CELL_TYPE_ERROR"
        case _:
            return "CELL_TYPE_STRING"
