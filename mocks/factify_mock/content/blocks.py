"""The parts of a document record in the words of the wire: blocks, and where they stand on a page."""

import math
from dataclasses import dataclass
from typing import Any

POINT_MM = 25.4 / 72

# Width and height in points of the sizes that the layout has a name for, upright.
_NAMED_SIZES = {
    "PAGE_SIZE_A4": (595.3, 841.9),
    "PAGE_SIZE_LETTER": (612.0, 792.0),
    "PAGE_SIZE_LEGAL": (612.0, 1008.0),
    "PAGE_SIZE_A3": (841.9, 1190.6),
    "PAGE_SIZE_TABLOID": (792.0, 1224.0),
}


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in points, from the page's lower left corner as PDF counts."""

    left: float
    bottom: float
    right: float
    top: float

    def joined(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Page:
    """The size of a page in points."""

    width: float
    height: float

    @property
    def orientation(self) -> str:
        """The layout's word for upright or lying."""
        return "ORIENTATION_LANDSCAPE" if self.width > self.height else "ORIENTATION_PORTRAIT"

    @property
    def size_name(self) -> str:
        """The layout's name of the size, lying or upright; PAGE_SIZE_CUSTOM where it has none."""
        short, long = sorted((self.width, self.height))
        for name, (width, height) in _NAMED_SIZES.items():
            if abs(short - width) < 2 and abs(long - height) < 2:  # printers round to whole points
                return name
        return "PAGE_SIZE_CUSTOM"

    @property
    def dimensions(self) -> dict[str, float]:
        """Width and height in millimetres."""
        return {"width_mm": round(self.width * POINT_MM, 2), "height_mm": round(self.height * POINT_MM, 2)}

    def fragment(self, number: int, box: Box) -> dict[str, Any]:
        """Where `box` lies on this page, as parts of the page from its upper left corner."""
        left, right = sorted((_part(box.left, self.width), _part(box.right, self.width)))
        top, bottom = sorted(
            (_part(self.height - box.top, self.height), _part(self.height - box.bottom, self.height))
        )
        return {
            "page_number": number,
            "bounding_box": {
                "x": left,
                "y": top,
                "width": round(right - left, 4),
                "height": round(bottom - top, 4),
            },
        }


def _part(position: float, whole: float) -> float:
    # Boxes come from the file: a broken one may be infinite, or no number at all, which JSON can't say.
    if whole <= 0 or not math.isfinite(position):
        return 0.0
    return round(min(max(position / whole, 0.0), 1.0), 4)


def heading(level: int, text: str) -> dict[str, Any]:
    """A heading; level 1 is the highest."""
    return {"heading": {"level": level, "text": text}}


def paragraph(text: str) -> dict[str, Any]:
    """A paragraph of running text."""
    return {"paragraph": {"text": text}}


def table(rows: list[list[str]], *, header_rows: int) -> dict[str, Any]:
    """A table of text cells, the first `header_rows` rows marked as headers."""
    return {
        "table": {
            "rows": [
                {
                    "cells": [
                        {"text": text, **({"is_header": True} if number < header_rows else {})}
                        for text in row
                    ]
                }
                for number, row in enumerate(rows)
            ]
        }
    }


def layout_pages(pages: list[Page]) -> list[dict[str, Any]]:
    """The geometry of all pages, numbered from 0."""
    return [
        {"page_number": number, "dimensions": page.dimensions, "orientation": page.orientation}
        for number, page in enumerate(pages)
    ]
