"""The ASGI application: finds the variant by the first part of the path."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from contrary.control import control
from contrary.system import Request, Response, System

_API = "/v1beta"
_CONTROL = "/.testing"
_FILES = "/.files/"

Message = MutableMapping[str, Any]
_SYSTEMS: dict[str, System] = {}


def system(variant: str, base: str) -> System:
    """The variant, which begins when it is first asked for; `base` is its address."""
    if variant not in _SYSTEMS:
        _SYSTEMS[variant] = System(variant, base)
    return _SYSTEMS[variant]


async def application(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answers one request."""
    if scope["type"] != "http":
        return
    content, more = b"", True
    while more:
        message = await receive()
        content += message.get("body", b"")
        more = message.get("more_body", False)
    response = _answer(scope, content)
    headers = [
        (name.encode(), value.encode("latin-1", "replace")) for name, value in response.headers.items()
    ]
    if _wire(scope) == "close":
        headers = [(name.upper(), value) for name, value in headers]
        headers += [(b"CONTENT-LENGTH", str(len(response.content)).encode()), (b"CONNECTION", b"close")]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    half = len(response.content) // 2
    await send({"type": "http.response.body", "body": response.content[:half], "more_body": True})
    await send({"type": "http.response.body", "body": response.content[half:]})


def _wire(scope: Message) -> str:
    """How the variant's answers travel."""
    variant = scope["raw_path"].decode("latin-1").split("/")[1].replace("%2B", "+")
    found = _SYSTEMS.get(variant)
    return found.choices.wire if found else "chunked"


def _answer(scope: Message, content: bytes) -> Response:
    path = scope["raw_path"].decode("latin-1").partition("?")[0]
    _, _, rest = path.partition("/")
    variant, slash, rest = rest.partition("/")
    rest = slash + rest
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode("latin-1")
    base = f"http://{headers['host']}/{variant}"
    try:
        found = system(variant.replace("%2B", "+"), base)
    except KeyError:
        return Response(404, {"content-type": "text/plain"}, b"There is no such variant.")
    if rest.startswith(_CONTROL):
        request = Request(scope["method"], rest.removeprefix(_CONTROL), query, headers, content)
        return control(found, request)
    if rest.startswith(_FILES):
        return found.file(rest.removeprefix(_FILES), headers)
    request = Request(scope["method"], rest.removeprefix(_API), query, headers, content)
    try:
        return found.answer(request)
    except Exception:
        if not found.faults:
            raise
        return Response(500, {"content-type": "application/json"}, b'{"code":"internal","message":"sorry"}')
