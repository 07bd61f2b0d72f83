"""An answer on a bad connection: late, slow, cut off, or never sent."""

import asyncio
from asyncio import CancelledError
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from factify_mock.api.download import Download
from factify_mock.api.request import Message, Receive, Scope, Send
from factify_mock.api.response import Response
from factify_mock.faults.plan import Plan

Sleep = Callable[[float], Awaitable[None]]

# The ASGI extension by which a server lets its connections be dropped.
CONNECTION = "factify_mock.connection"

# A slow body comes in so many pieces a second.
_PIECES_PER_SECOND = 10


class ConnectionDropped(ConnectionError):
    """The connection ended early, where there is none: the application was called in process."""

    def __init__(self, *, is_reset: bool) -> None:
        super().__init__("A fault plan " + ("reset" if is_reset else "closed") + " the connection")
        self.is_reset = is_reset


class Connection(Protocol):
    """Where an answer goes."""

    def drop(self, *, is_reset: bool) -> None:
        """Nothing more is sent; the client sees its connection reset, or closed as if all were said."""


class _InProcess:
    """The caller is in this process: an exception is all that can be dropped on it."""

    def drop(self, *, is_reset: bool) -> None:
        raise ConnectionDropped(is_reset=is_reset)


_IN_PROCESS = _InProcess()


class _CutOff(Exception):  # an event of the plan, not a fault
    """So much of the body was sent as the plan allows."""


class _ClientLeft(Exception):  # an event of the connection, not a fault
    """Nobody waits any more for what is late."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """An answer that reaches its client as `plan` has it; without an answer the connection is dropped."""

    answer: Response | Download | None
    plan: Plan
    sleep: Sleep
    connection: Connection
    receive: Receive

    @property
    def status(self) -> int | None:
        """The status that the client sees; None where it sees none."""
        return self.answer.status if self.answer is not None else None

    @property
    def body(self) -> bytes:
        """What the client would see of the body on a good connection."""
        return self.answer.body if self.answer is not None else b""

    async def send(self, send: Send) -> None:
        """The answer is handed to the server, as far as it goes; ConnectionDropped where there is none."""
        leaving = asyncio.ensure_future(_leaving(self.receive))
        try:
            await self._send(send, leaving)
        except _ClientLeft:
            return
        except _CutOff:
            self.connection.drop(is_reset=False)
        except CancelledError:
            if self.connection is _IN_PROCESS:
                raise
            # The server stops and waits no longer for a plan to be over.
            self.connection.drop(is_reset=False)
        finally:
            leaving.cancel()

    async def _send(self, send: Send, leaving: "asyncio.Future[None]") -> None:
        if self.plan.delay_seconds:
            await self._pause(self.plan.delay_seconds, leaving)
        if self.answer is None:
            self.connection.drop(is_reset=self.plan.drop == "reset")
        elif self.plan.truncate_after is None and self.plan.bytes_per_second is None:
            await self.answer.send(send)
        else:
            await self.answer.send(self._worse(self.answer, send, leaving))

    async def _pause(self, seconds: float, leaving: "asyncio.Future[None]") -> None:
        """So much time has passed; _ClientLeft where nobody waited for it."""
        nap = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({nap, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not nap.done():
                raise _ClientLeft
        finally:
            nap.cancel()

    def _worse(self, answer: Response | Download, send: Send, leaving: "asyncio.Future[None]") -> Send:
        """`send` of the connection that the plan describes."""
        left, rate = _length_sent(answer, self.plan), self.plan.bytes_per_second

        async def passed_on(message: Message) -> None:
            nonlocal left
            if message["type"] != "http.response.body":
                await send(message)
                return
            body: bytes = message.get("body", b"")
            allowed = body if left is None else body[:left]
            for number, piece in enumerate(self._pieces(allowed)):
                if rate is not None and number:
                    await self._pause(len(piece) / rate, leaving)
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if left is not None:
                left -= len(allowed)
                if len(allowed) < len(body) or not message.get("more_body", False):
                    raise _CutOff
            await send({**message, "body": b""})

        return passed_on

    def _pieces(self, body: bytes) -> Iterator[bytes]:
        rate = self.plan.bytes_per_second
        size = len(body) if rate is None else max(1, rate // _PIECES_PER_SECOND)
        for start in range(0, len(body), size or 1):
            yield body[start : start + size]


async def _leaving(receive: Receive) -> None:
    """Returns when the client has left; what it still had to say is thrown away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def connection_of(scope: Scope) -> Connection:
    """The connection that a request came by."""
    extension = (scope.get("extensions") or {}).get(CONNECTION)
    connection: Connection = extension["client"] if extension is not None else _IN_PROCESS
    return connection


def _length_sent(answer: Response | Download, plan: Plan) -> int | None:
    """How much of the body is sent; None for all of it. What is cut lacks a byte at least."""
    if plan.truncate_after is None:
        return None
    whole = answer.length if isinstance(answer, Download) else len(answer.body)
    return min(plan.truncate_after, max(0, whole - 1))
