"""The mock without a socket: an application in strict mode whose bugs are exceptions, and ways to call it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx
import msgspec
import pytest

from factify_contract.spec import Document
from factify_mock.api.app import App, AppOptions, create_app
from factify_mock.worlds import WorldOptions

START = datetime(2026, 5, 1, 12, tzinfo=UTC)

STRICT = AppOptions(is_strict=True, raises_bugs=True)


class InProcess(httpx.BaseTransport):
    """Lets a synchronous client call an ASGI application."""

    def __init__(self, app: App) -> None:
        self._asgi = httpx.ASGITransport(app=app)
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        async def exchange() -> httpx.Response:
            response = await self._asgi.handle_async_request(request)
            content = await response.aread()
            return httpx.Response(response.status_code, headers=response.headers, content=content)

        return self._runner.run(exchange())

    def close(self) -> None:
        self._runner.close()


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What an application sent; nothing at all when `status` is None."""

    status: int | None
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return msgspec.json.decode(self.content)


def send_raw(
    app: App,
    method: str,
    path: str,
    *,
    query: bytes = b"",
    headers: Sequence[tuple[bytes, bytes]] = (),
    chunks: Sequence[bytes] = (),
    disconnects: bool = False,
) -> RawAnswer:
    """One request made of bytes, sent in the given chunks, then ended or broken off."""
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks
    ]
    messages.append({"type": "http.disconnect"} if disconnects else {"type": "http.request", "body": b""})
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": query,
        "headers": list(headers),
    }
    asyncio.run(app(scope, receive, send))
    if not sent:
        return RawAnswer(None, {}, b"")
    answered = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return RawAnswer(sent[0]["status"], answered, b"".join(each.get("body", b"") for each in sent[1:]))


@pytest.fixture(scope="session")
def document() -> Document:
    return Document.load()


@pytest.fixture
def app(document: Document) -> Iterator[App]:
    made = create_app(document, start=WorldOptions(now=START, is_frozen=True), options=STRICT)
    yield made
    made.close()


@pytest.fixture
def world(app: App) -> dict[str, Any]:
    """Ids, tokens and secrets of the application's first world."""
    return app.ready


@pytest.fixture(scope="session")
def in_process() -> Callable[[App], httpx.Client]:
    """Makes a client of an application; whoever asked for it closes it."""
    return lambda app: httpx.Client(transport=InProcess(app), base_url="http://mock.example")


@pytest.fixture
def connect() -> Iterator[Callable[..., httpx.Client]]:
    """Makes clients of an application, signed in with a token or not at all."""
    clients: list[httpx.Client] = []

    def make(app: App, token: str | None = None) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        client = httpx.Client(transport=InProcess(app), base_url="http://mock.example", headers=headers)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


@pytest.fixture
def client(app: App, connect: Callable[..., httpx.Client]) -> httpx.Client:
    """A client without credentials."""
    return connect(app)


@pytest.fixture
def signed_in(
    app: App, world: dict[str, Any], connect: Callable[..., httpx.Client]
) -> Callable[[str], httpx.Client]:
    """Clients by the name that the world gives a person, or `api_key`."""

    def sign_in(name: str) -> httpx.Client:
        who = world[name]
        return connect(app, who.get("token") or who["secret"])

    return sign_in


@pytest.fixture
def owner(signed_in: Callable[[str], httpx.Client]) -> httpx.Client:
    return signed_in("owner")


@pytest.fixture
def control(client: httpx.Client, world: dict[str, Any]) -> Callable[..., httpx.Response]:
    """Calls the control plane about the first world."""

    def call(method: str, path: str, **arguments: Any) -> httpx.Response:
        return client.request(method, f"/__mock__/worlds/{world['id']}{path}", **arguments)

    return call


@pytest.fixture(scope="session")
def raw_to() -> Callable[[App], Callable[..., RawAnswer]]:
    """Sends requests made of bytes to an application."""
    return lambda app: partial(send_raw, app)


@pytest.fixture
def raw(app: App) -> Callable[..., RawAnswer]:
    """Sends a request made of bytes: `raw(method, path, headers=…, chunks=…)`."""
    return partial(send_raw, app)


@pytest.fixture
def refusal() -> Callable[[httpx.Response], tuple[int, str, str, str | None]]:
    """What a documented refusal says: status, code, and reason and param of its first detail."""

    def read(answer: httpx.Response) -> tuple[int, str, str, str | None]:
        body = answer.json()
        detail = body["details"][0]
        assert detail["request_id"].startswith("req_")
        return answer.status_code, body["code"], detail["reason"], detail.get("param")

    return read
