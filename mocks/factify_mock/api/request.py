"""One HTTP request as it arrived, its headers looked through once, its body still on the wire."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

# RFC 3986 3.2, without user information; whatever else a Host header says stays out of answers.
_AUTHORITY = re.compile(rb"([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")


class ClientGone(Exception):  # an event of the connection, not a fault
    """The client closed the connection before its request was complete; nobody waits for an answer."""


class Request:
    """The parts of a request that the mock looks at; `body` is what was read of the body, for the journal."""

    __slots__ = (
        "authorization",
        "body",
        "content_length",
        "content_type",
        "headers",
        "host",
        "is_from_browser_page",
        "method",
        "path",
        "prefer",
        "query_string",
        "receive",
        "scope",
    )

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.method: str = scope["method"]
        raw_path: bytes | None = scope.get("raw_path")
        # Percent-encoding is kept: a %2F inside an id must not become a segment border.
        self.path = raw_path.decode("latin-1") if raw_path is not None else scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.headers: list[tuple[bytes, bytes]] = scope["headers"]
        self.receive = receive
        self.body = b""
        self.authorization: bytes | None = None
        self.content_type = b""
        self.content_length: int | None = None
        self.prefer = b""
        self.host = b""
        self.is_from_browser_page = False
        for name, value in self.headers:
            if name == b"authorization":
                self.authorization = value
            elif name == b"content-type":
                self.content_type = value
            elif name == b"content-length":
                self.content_length = int(value) if value.isdigit() and len(value) < 20 else None
            elif name == b"prefer":
                self.prefer = self.prefer + b"," + value if self.prefer else value
            elif name == b"host":
                self.host = value
            elif name == b"origin":
                self.is_from_browser_page = True

    def base_url(self) -> str:
        """The server as this client knows it: what it says in Host, or else where it has connected to."""
        scheme = self.scope.get("scheme", "http")
        if _AUTHORITY.fullmatch(self.host):
            return f"{scheme}://{self.host.decode()}"
        host, port = self.scope.get("server") or ("localhost", None)
        shown = f"[{host}]" if ":" in host else host
        return f"{scheme}://{shown}" if port is None else f"{scheme}://{shown}:{port}"

    def header(self, name: bytes) -> str | None:
        """A header's value by its lower-case name; the first one where there are several."""
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes in; ClientGone when the connection ends before the body does."""
        while True:
            message = await self.receive()
            if message["type"] != "http.request":
                raise ClientGone
            chunk = message.get("body", b"")
            if chunk:
                yield chunk
            if not message.get("more_body", False):
                return

    async def read(self, limit: int) -> bytes | None:
        """The whole body, or None when it is longer than `limit` bytes; then the rest is left unread."""
        if self.content_length is not None and self.content_length > limit:
            return None
        pieces: list[bytes] = []
        size = 0
        async for chunk in self.chunks():
            pieces.append(chunk)
            size += len(chunk)
            if size > limit:
                return None
        self.body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return self.body
