"""The mock on a socket: bound first, announced once it accepts connections, stopped gracefully."""

import os
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from factify_contract.errors import UsageError
from factify_mock.api.app import App
from factify_mock.api.problems import explained
from factify_mock.journal import Journal
from factify_mock.model.errors import invalid

# Calls that are being answered when the server is told to stop have this long to finish.
_GRACE_SECONDS = 5

_unparsed = Journal("unparsed")


class MockProtocol(HttpToolsProtocol):
    """HTTP/1.1 that refuses what is no HTTP with the API's own error body."""

    def send_400_response(self, msg: str) -> None:
        """The refusal is sent and the connection closed: where the next request begins is unknown."""
        answer = explained(invalid("request", msg), _unparsed.request_id(_unparsed.next_ordinal()))
        head = (
            b"HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\nconnection: close\r\n"
            b"content-length: %d\r\n\r\n" % len(answer.body)
        )
        self.transport.write(head + answer.body)
        self.transport.close()


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
    app: App, listener: socket.socket, *, on_ready: Callable[[], None], log_level: str = "warning"
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
    server = MockServer(config, on_ready)
    # uvicorn raises the signal that stopped it once more when it is done; by then nothing is left to do.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _ignore)
    server.run([listener])


def _ignore(number: int, frame: FrameType | None) -> None:
    """A signal that was already obeyed."""
