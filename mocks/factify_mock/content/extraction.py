"""What was found in a file, before it belongs to the record of any version."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Extraction:
    """Content and layout in the words of the wire; it follows from the bytes of the file alone."""

    kind: str  # document or spreadsheet
    record: dict[str, Any]
    layout: dict[str, Any] | None  # None where the format knows no pages and no cells
    title: str | None = None  # as the file itself has it
    is_whole: bool = True  # False where the file is so long that its end was left out
