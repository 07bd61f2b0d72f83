"""The mock on a socket: bound first, announced once it accepts connections, stopped gracefully."""

import asyncio
import logging
import os
import signal
import socket
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from types import FrameType

import httptools
import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from factify_contract.errors import UsageError
from factify_mock.api.problems import explained
from factify_mock.api.request import Receive, Scope, Send
from factify_mock.faults.wire import CONNECTION
from factify_mock.journal import Journal
from factify_mock.model.errors import DomainError, invalid

Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_BACKLOG = 2048
# Calls that are being answered when the server is told to stop have this long to finish.
_GRACE_SECONDS = 5

# Far above what clients send; all of it is kept in memory, and in the journal.
_LARGEST_HEAD = 64 * 1024
_BETWEEN = len(": \r\n")

_unparsed = Journal("unparsed")


class ClientConnection:
    """The connection that one request came by, for plans that drop it."""

    __slots__ = ("_cycle", "_transport")

    def __init__(self, transport: asyncio.Transport, cycle: RequestResponseCycle) -> None:
        self._transport = transport
        self._cycle = cycle

    def drop(self, *, is_reset: bool) -> None:
        """What was sent so far reaches the client, and then the end; a reset may overtake it."""
        self._cycle.disconnected = True
        if is_reset:
            _linger_no_more(self._transport)
            self._transport.abort()
        else:
            self._transport.close()


class MockProtocol(HttpToolsProtocol):
    """HTTP/1.1 that refuses what is no HTTP with the API's own error body, and stays HTTP/1.1."""

    _head_so_far = 0
    _is_in_head = False

    def data_received(self, data: bytes) -> None:
        """What the bytes ask for is begun, or they are refused."""
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
            self._require_end_of_head(len(data))
        except httptools.HttpParserUpgrade as offer:
            if self._is_offer():
                whole = self._without_offer() + data[offer.args[0] :]
                self.parser = self._new_parser()
                self.data_received(whole)
        except httptools.HttpParserError as error:
            reason = error.__context__
            self.send_400_response(
                str(reason) if isinstance(reason, DomainError) else "This is no valid HTTP"
            )
        except DomainError as error:
            self.send_400_response(str(error))

    def on_message_begin(self) -> None:
        """A request begins."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The request is on its way to the application; a DomainError where its head is too large."""
        self._is_in_head = False
        if sum(len(name) + len(value) + _BETWEEN for name, value in self.headers) > _LARGEST_HEAD:
            raise _head_too_large()
        if not self._is_offer():
            super().on_headers_complete()
            self.scope["extensions"] = {CONNECTION: {"client": ClientConnection(self.transport, self.cycle)}}

    def on_message_complete(self) -> None:
        """The whole request is there, unless it comes once more without its offer."""
        if not self._is_offer():
            super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """The refusal is sent and the connection closed: where the next request begins is unknown.

        Whoever is waiting for an answer to an earlier request does not get the refusal instead.
        """
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete and not cycle.more_body:
            cycle.keep_alive = False
            return
        if cycle is not None and ((cycle.response_started and cycle.more_body) or self.pipeline):
            self.transport.close()
            return
        answer = explained(invalid("request", msg), _unparsed.request_id(_unparsed.next_ordinal()))
        head = (
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n" % len(answer.body)
        )
        self.transport.write(head + answer.body)
        self.transport.close()

    def _require_end_of_head(self, received: int) -> None:
        """Return unless a head goes on and on."""
        self._head_so_far = self._head_so_far + received if self._is_in_head else 0
        if self._head_so_far > _LARGEST_HEAD:
            raise _head_too_large()

    def _is_offer(self) -> bool:
        """Whether the client would also speak another protocol; nobody has to take it up (RFC 9110 7.8)."""
        return bool(self.parser.should_upgrade()) and self.parser.get_method() != b"CONNECT"

    def _new_parser(self) -> httptools.HttpRequestParser:
        """A parser for what follows; as lenient as uvicorn's own, and unlike the old one not at its end."""
        parser = httptools.HttpRequestParser(self)
        with suppress(AttributeError):  # httptools before 0.6.3
            parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return parser

    def _without_offer(self) -> bytes:
        """The head once more, for a parser that takes no body from whoever offers another protocol."""
        lines = [
            b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, self.parser.get_http_version().encode())
        ]
        for name, value in self.headers:
            if name == b"connection":
                kept = [
                    each for each in value.split(b",") if each.strip().lower() in (b"close", b"keep-alive")
                ]
                lines.append(b"connection: " + b",".join(kept))
            elif name != b"upgrade":
                lines.append(name + b": " + value)
        return b"\r\n".join([*lines, b"", b""])


class MockServer(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """The server accepts connections, and has said so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready()


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; UsageError when the address cannot be had."""
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        if os.name == "posix":
            # Windows would let two servers share the port; here it only lets a server start again at once.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Only who listens holds the address: otherwise two that start together would both believe they do.
        listener.listen(_BACKLOG)
    except OSError as error:
        raise UsageError(f"Cannot listen on {host} port {port}: {error.strerror or error}") from error
    except UnicodeError as error:
        raise UsageError(f"Cannot listen on {host!r}: it is no host name") from error
    return listener


def url_of(listener: socket.socket) -> str:
    """The address that clients on this machine use."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(
    app: Application, listener: socket.socket, *, on_ready: Callable[[], None], log_level: str = "warning"
) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is being answered and return."""
    config = uvicorn.Config(
        app,
        http=MockProtocol,
        ws="none",
        lifespan="on",
        interface="asgi3",
        access_log=False,
        log_config=None,
        log_level=log_level,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    # A broken form is the client's affair, and it is told.
    logging.getLogger("python_multipart").setLevel(logging.ERROR)
    server = MockServer(config, on_ready)
    # uvicorn raises the signal that stopped it once more when it is done; by then nothing is left to do.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ignore)
    server.run([listener])


def _head_too_large() -> DomainError:
    return invalid("request", f"The head of the request is larger than {_LARGEST_HEAD} bytes")


def _linger_no_more(transport: asyncio.Transport) -> None:
    """The end of this connection is told to the other side by a reset instead of an orderly close."""
    with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _ignore(number: int, frame: FrameType | None) -> None:
    """A signal that was already obeyed."""
