"""A file as an HTTP answer: whole or a part of it, in flat memory however large it is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import quote

from factify_mock.api.problems import RefusedWithHeaders
from factify_mock.api.request import Request, Send
from factify_mock.api.response import Header
from factify_mock.content.source import Source, stream
from factify_mock.model.errors import invalid

_CHUNK = 256 * 1024
# RFC 9110 14.1.2, one range only: more of them may be answered by the whole file.
_RANGE = re.compile(r"bytes=(?:([0-9]{1,18})-([0-9]{0,18})|-([0-9]{1,18}))")
_UNSAFE_IN_NAMES = re.compile(r"[^A-Za-z0-9 ._()\-]+")


@dataclass(frozen=True, slots=True)
class Download:
    """The answer; `body` is what the journal keeps of it, which is nothing."""

    status: int
    source: Source
    start: int
    length: int
    headers: tuple[Header, ...]
    content_type: bytes
    is_head: bool
    body: ClassVar[bytes] = b""

    async def send(self, send: Send) -> None:
        """The answer is handed to the server, chunk by chunk."""
        headers = [(b"content-length", str(self.length).encode()), *self.headers]
        headers.append((b"content-type", self.content_type))
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        if not self.is_head:
            for chunk in self._chunks():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _chunks(self) -> Iterator[bytes]:
        left = self.length
        with stream(self.source) as file:
            file.seek(self.start)
            while left > 0 and (chunk := file.read(min(left, _CHUNK))):
                left -= len(chunk)
                yield chunk


def download(
    request: Request,
    source: Source,
    *,
    content_type: str,
    tag: str,
    headers: tuple[Header, ...] = (),
) -> Download:
    """What `request` asks for of the file; 416 for a range that begins beyond its end.

    `tag` changes with the content, so that a download which was broken off can be taken up again.
    """
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    etag = f'"{tag}"'
    headers = (
        (b"accept-ranges", b"bytes"),
        (b"etag", etag.encode()),
        (b"x-content-type-options", b"nosniff"),
        *headers,
    )
    first, length, status = 0, size, 200
    wanted = request.header(b"range")
    if wanted is not None and request.header(b"if-range") in (None, etag):
        part = _part(wanted, size)
        if part is not None:
            first, length, status = part[0], part[1] - part[0], 206
            span = f"bytes {first}-{part[1] - 1}/{size}"
            headers = (*headers, (b"content-range", span.encode()))
    return Download(status, source, first, length, headers, content_type.encode(), request.method == "HEAD")


def _part(wanted: str, size: int) -> tuple[int, int] | None:
    """Beginning and end of a range; None for what is no single range, which is as good as none."""
    match = _RANGE.fullmatch(wanted.strip())
    if match is None:
        return None
    first, last, final = match.groups()
    if final is not None:
        begin, end = max(size - int(final), 0), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < begin:
            return None
    if begin >= end:
        error = invalid("Range", f"The file has {size} bytes, and none in the range {wanted[:60]}")
        raise RefusedWithHeaders(error, ((b"content-range", f"bytes */{size}".encode()),), status=416)
    return begin, end


def attachment(name: str) -> Header:
    """The header that gives a file its name: in ASCII for everybody, in full for those who read RFC 6266."""
    plain = _UNSAFE_IN_NAMES.sub("_", name)
    full = quote(name, safe="")
    value = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{full}"
    return (b"content-disposition", value.encode("ascii"))
