"""Where the bytes of an uploaded file are: in memory, or on disk when there are many of them."""

import codecs
import io
from pathlib import Path
from typing import BinaryIO

Source = bytes | Path


class Unreadable(Exception):  # a fact about a file, not a fault of the mock
    """The file is not what its format promises; processing it fails."""


def stream(source: Source) -> BinaryIO:
    """The bytes as an open file, to be closed by the caller."""
    return io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")


def text_of(source: Source, *, most: int) -> tuple[str, bool]:
    """The first `most` bytes as text, without a byte order mark, and whether that is all of it.

    UnicodeDecodeError where they are not UTF-8.
    """
    with stream(source) as file:
        content = file.read(most)
        is_whole = not file.read(1)
    # A character that the cut goes through is left out; in a whole file half a character is an error.
    return codecs.getincrementaldecoder("utf-8-sig")().decode(content, final=is_whole), is_whole
