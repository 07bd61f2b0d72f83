"""What the server asks of the reading process, and how both write it to a pipe."""

import struct
from pathlib import Path
from typing import IO

import msgspec

from factify_mock.content.source import Source

_LENGTH = struct.Struct("!Q")

# What the reading process says first: whatever happens after it is due to a file.
READY = b"ready"


class File(msgspec.Struct, frozen=True):
    """A file on its way between the processes: its bytes when they are few, or else the path to them."""

    content: bytes = b""
    path: str | None = None

    @classmethod
    def of(cls, source: Source) -> "File":
        """The file as it can be sent."""
        return cls(content=source) if isinstance(source, bytes) else cls(path=str(source))

    @property
    def source(self) -> Source:
        """The file as readers take it."""
        return self.content if self.path is None else Path(self.path)


class Check(msgspec.Struct, frozen=True, tag="check"):
    """Can the file be opened as its format? The answer is its number of pages, 0 without pages."""

    source_format: str
    file: File


class Extract(msgspec.Struct, frozen=True, tag="extract"):
    """What lies in the file? The answer is a Found."""

    source_format: str
    file: File


class Look(msgspec.Struct, frozen=True, tag="look"):
    """How do the pages of the PDF look? The answer is a Seen."""

    file: File


class Compare(msgspec.Struct, frozen=True, tag="compare"):
    """Which of the others look like this one? The answer is a bool for each."""

    one: "Seen"
    others: list["Seen"]


class MakeEntryPage(msgspec.Struct, frozen=True, tag="entry_page"):
    """The answer is a PDF."""

    title: str
    url: str


Job = Check | Extract | Look | Compare | MakeEntryPage


class Found(msgspec.Struct, frozen=True):
    """An extraction, its large parts left as the JSON that they will be sent as."""

    kind: str
    record: dict[str, msgspec.Raw]
    layout: dict[str, msgspec.Raw] | None
    title: str | None
    is_whole: bool


class Seen(msgspec.Struct, frozen=True):
    """How a PDF looks: its pages counted, the box of the ink and its greys on the first, a digest of text."""

    pages: int
    first: list[tuple[tuple[int, int, int, int] | None, bytes]]
    text: str


class Answer(msgspec.Struct, frozen=True):
    """The result of a job, in the encoding that the job calls for; or why the file can't be read."""

    result: bytes = b""
    unreadable: str | None = None


def write(pipe: IO[bytes], message: bytes) -> None:
    """The message is in the pipe."""
    pipe.write(_LENGTH.pack(len(message)))
    pipe.write(message)
    pipe.flush()


def read(pipe: IO[bytes]) -> bytes | None:
    """The next message; None when the other side has gone."""
    length = pipe.read(_LENGTH.size)
    if len(length) < _LENGTH.size:
        return None
    (size,) = _LENGTH.unpack(length)
    message = pipe.read(size)
    return message if len(message) == size else None
