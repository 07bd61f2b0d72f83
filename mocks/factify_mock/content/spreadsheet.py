"""Sheets of a workbook (xlsx) or of comma separated values, as tables with typed columns."""

import csv
import io
import math
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

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
# Rows beyond this are left out of the record, so that one upload can't stop the server.
_MOST_ROWS = 20_000
# A character of Excel's default font is about this wide; column widths are counted in characters.
_CHARACTER_MM = 1.9
_POINT_MM = 25.4 / 72


def extract_csv(text: str, *, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """One sheet with one table; the first row names the columns."""
    try:
        dialect: type[csv.Dialect] | str = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = "excel"
    rows = [[_typed(value) for value in row] for row in csv.reader(io.StringIO(text), dialect)][:_MOST_ROWS]
    return {"sheets": [_sheet(name, rows)]}, {"sheet_layouts": [{"sheet_name": name}]}


def extract_xlsx(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every worksheet with one table of what it shows: values, not formulas."""
    workbook = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    sheets, layouts = [], []
    for sheet in workbook.worksheets:
        rows = [
            list(row) for row in sheet.iter_rows(max_row=min(sheet.max_row, _MOST_ROWS), values_only=True)
        ]
        sheets.append(_sheet(sheet.title, rows))
        layouts.append(_layout(sheet))
    workbook.close()
    return {"sheets": sheets}, {"sheet_layouts": layouts}


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
        return {"number_value": value} if math.isfinite(value) else {"string_value": str(value)}
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
