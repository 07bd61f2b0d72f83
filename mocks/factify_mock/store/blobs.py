"""Uploaded bytes by content: small ones in memory, larger ones in a directory that goes with the server."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# Most test files are far smaller: they never touch the disk, and a thousand of them cost 64 MB at most.
IN_MEMORY = 64 * 1024

# What is kept in reach for format recognition: enough for every magic number, and at the end enough for
# the directory of an Office file.
HEAD = 4096
TAIL = 16 * 1024


class Blobs:
    """Immutable contents named by their SHA-256; the same bytes are kept once."""

    def __init__(self) -> None:
        self._small: dict[str, bytes] = {}
        self._large: dict[str, Path] = {}
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._drafts = 0

    def draft(self) -> "Draft":
        """A content being received; it is nobody's until it is committed."""
        return Draft(self)

    def read(self, sha256: str) -> bytes:
        """The whole content; KeyError when it was never committed."""
        source = self.source(sha256)
        return source if isinstance(source, bytes) else source.read_bytes()

    def source(self, sha256: str) -> bytes | Path:
        """The content, or the path to it where it is large; KeyError when it was never committed."""
        small = self._small.get(sha256)
        return small if small is not None else self._large[sha256]

    def __contains__(self, sha256: object) -> bool:
        return sha256 in self._small or sha256 in self._large

    def __len__(self) -> int:
        return len(self._small) + len(self._large)

    def files(self) -> list[str]:
        """Names of the files on disk; one that is no digest would be the rest of an upload."""
        return sorted(path.name for path in Path(self._directory.name).iterdir()) if self._directory else []

    def is_writable(self) -> bool:
        """Whether a large upload could be kept now."""
        return os.access(self._directory.name if self._directory else tempfile.gettempdir(), os.W_OK)

    def close(self) -> None:
        """Everything is forgotten and the directory is gone; the store may be used again."""
        self._small.clear()
        self._large.clear()
        if self._directory is not None:
            self._directory.cleanup()
            self._directory = None

    def _new_path(self) -> Path:
        if self._directory is None:
            self._directory = tempfile.TemporaryDirectory(prefix="factify-mock-", ignore_cleanup_errors=True)
        self._drafts += 1
        return Path(self._directory.name) / f"draft-{self._drafts}"

    def _keep_small(self, sha256: str, content: bytes) -> None:
        self._small[sha256] = content

    def _keep_large(self, sha256: str, path: Path) -> None:
        if sha256 in self._large:
            path.unlink()
        else:
            self._large[sha256] = path.rename(path.with_name(sha256))


@dataclass(frozen=True, slots=True)
class Content:
    """What is known of a received content before it is committed."""

    sha256: str
    size: int
    head: bytes
    tail: bytes


class Draft:
    """A content on its way in: write, finish, then commit or discard; memory stays flat."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._hash = hashlib.sha256()
        self._memory = bytearray()
        self._file: BinaryIO | None = None
        self._path: Path | None = None
        self._head = b""
        self.size = 0

    def write(self, data: bytes | memoryview) -> None:
        """`data` follows what was written before."""
        self._hash.update(data)
        self.size += len(data)
        if self._file is None and self.size > IN_MEMORY:
            self._path = self._blobs._new_path()
            self._file = self._path.open("wb")
            self._file.write(self._memory)
            self._head = bytes(self._memory[:HEAD])
            self._memory = bytearray()
        if self._file is None:
            self._memory += data
        else:
            if len(self._head) < HEAD:
                self._head += bytes(data[: HEAD - len(self._head)])
            self._file.write(data)

    def finish(self) -> Content:
        """Nothing more will be written; what came."""
        if self._file is None or self._path is None:
            self._head, tail = bytes(self._memory[:HEAD]), bytes(self._memory[-TAIL:])
        else:
            self._file.close()
            with self._path.open("rb") as file:
                file.seek(-TAIL, os.SEEK_END)
                tail = file.read()
        return Content(self._hash.hexdigest(), self.size, self._head, tail)

    @property
    def source(self) -> bytes | Path:
        """What was written, or the path to it where it is large; for use between `finish` and `commit`."""
        return bytes(self._memory) if self._path is None else self._path

    def commit(self) -> None:
        """The content can be read from the store."""
        if self._path is None:
            self._blobs._keep_small(self._hash.hexdigest(), bytes(self._memory))
        else:
            self._blobs._keep_large(self._hash.hexdigest(), self._path)

    def discard(self) -> None:
        """Nothing of the content remains; harmless after `commit`."""
        self._memory = bytearray()
        if self._file is not None:
            self._file.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
