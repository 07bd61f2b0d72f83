"""A small load generator: keep-alive connections that each send the next request when answered."""

import asyncio
import re
import time
from collections.abc import Iterator

import uvloop

CONNECTIONS = 16
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


class Unexpected(Exception):
    """The server answered something else than 200; the rate would mean nothing."""


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], done: asyncio.Future[None]) -> None:
        self.answered = 0
        self._requests = requests
        self._done = done
        self._buffer = b""

    def connection_made(self, transport) -> None:
        self._transport = transport
        transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_end = self._buffer.find(b"\r\n\r\n")
        if head_end < 0:
            return
        length = _LENGTH.search(self._buffer, 0, head_end)
        if length is None or len(self._buffer) < head_end + 4 + int(length[1]):
            return
        if not self._buffer.startswith(b"HTTP/1.1 200"):
            if not self._done.done():
                self._done.set_exception(Unexpected(self._buffer[:600].decode(errors="replace")))
            return
        self._buffer = b""
        self.answered += 1
        self._transport.write(next(self._requests))

    def close(self) -> None:
        self._transport.close()


async def _measure(port: int, requests: Iterator[bytes], seconds: float) -> float:
    loop = asyncio.get_running_loop()
    failed: asyncio.Future[None] = loop.create_future()
    connections = []
    for _ in range(CONNECTIONS):
        _, connection = await loop.create_connection(lambda: _Connection(requests, failed), "127.0.0.1", port)
        connections.append(connection)
    begun = time.perf_counter()
    before = sum(connection.answered for connection in connections)
    await asyncio.wait([failed], timeout=seconds)
    elapsed = time.perf_counter() - begun
    answered = sum(connection.answered for connection in connections) - before
    for connection in connections:
        connection.close()
    if failed.done():
        failed.result()
    return answered / elapsed


def requests_per_second(port: int, requests: Iterator[bytes], *, seconds: float) -> float:
    """Answers per second over CONNECTIONS connections; Unexpected when one is not a 200."""
    return uvloop.run(_measure(port, requests, seconds))
