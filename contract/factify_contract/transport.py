"""The judge's only way to a target: sends requests, waits where the target asks for it, and records."""

import asyncio
import json as jsonlib
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

import httpx

from factify_contract.errors import TargetUnreachable, UsageError, Withheld
from factify_contract.exchange import ANONYMOUS, Exchange
from factify_contract.familiarity import path_for
from factify_contract.pacing import Hiccups, Pacer, is_rate_limited, pause_after
from factify_contract.redaction import Redactor
from factify_contract.spec import Operation

# Below the idle timeouts usual in servers, so that a kept connection is never reused while they close it.
_KEEP_ALIVE = 1.5
# With the pauses between them growing, these last longer than any rate window.
_MOST_WAITS = 7

# Failures after which the target may still be there for other requests.
_BROKEN_OFF = (
    httpx.ReadError,
    httpx.WriteError,
    httpx.CloseError,
    httpx.ReadTimeout,
    httpx.RemoteProtocolError,
)

__all__ = ["Guard", "NoAnswer", "Sending", "Transport", "Upload", "checked_url", "explain", "is_rate_limited"]

# What every path of the document begins with.
_VERSION = "/v1beta"
# (file name, content, media type)
Upload = tuple[str, bytes, str]


class NoAnswer(TargetUnreachable):
    """One request got no HTTP response, while the target goes on answering others."""


@dataclass(frozen=True, slots=True)
class Sending:
    """A request that is about to be sent; `operation` is None for one outside the document."""

    method: str
    operation: Operation | None
    actor: str
    token: str | None
    path: Mapping[str, Any]


class Guard(Protocol):
    """Decides about every request before it is sent, and is told what became of it."""

    read_only: bool

    def refusal(self, *, requests: int, objects: int) -> str | None:
        """Why so much would be too much, in a phrase; None when it is not."""

    def admit(self, sending: Sending) -> int:
        """A number for the request; raises Withheld when it must not be sent."""

    def settle(self, number: int, exchange: Exchange) -> None:
        """The admitted request was answered."""

    def cancel(self, number: int) -> None:
        """The admitted request could not be sent."""

    def adapt(self, name: str, values: Mapping[str, Any]) -> None:
        """An adapter is about to be used with the values; raises Withheld when it must not be."""


class Transport:
    """Sends requests to one base URL, `through` another way there, or to an ASGI application.

    Every exchange, also one that is repeated after waiting, goes to all `observers`. Mutable.
    A refusal with `rate_limit_exceeded` is waited for and repeated: until X-RateLimit-Reset, else for
    Retry-After, else with growing pauses. `quota_exceeded` is an answer like any other.
    A read that a gateway failed to get through is sent again a few times; `hiccups` counts them. A write
    never is: nobody knows what the first one did.
    A `guard` is asked about every request before it is sent, and may withhold it.
    """

    def __init__(
        self,
        base_url: str,
        *,
        app: Callable[..., Any] | None = None,
        through: httpx.BaseTransport | None = None,
        timeout: float = 30.0,
        pacer: Pacer | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.redactor = Redactor()
        self.observers: list[Callable[[Exchange], None]] = []
        self._pacer = pacer
        self.guard: Guard | None = None
        self.hiccups = Hiccups()
        self._sleep = sleep
        self._now = now
        self._is_hopeless = False
        self._has_answered = False
        self._own = threading.local()
        self._client = httpx.Client(
            transport=_Application(app) if app else through,
            timeout=timeout,
            follow_redirects=False,
            limits=httpx.Limits(keepalive_expiry=_KEEP_ALIVE),
            headers={"user-agent": "factify-contract", "accept": "application/json"},
        )

    def close(self) -> None:
        """Gives up all connections."""
        self._client.close()

    def send(
        self,
        operation: Operation,
        actor: str = ANONYMOUS,
        token: str | None = None,
        *,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, Upload] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        patient: bool = True,
    ) -> Exchange:
        """Calls the operation and returns what came back; `patient=False` takes the first answer.

        Unfit when the path of the operation cannot be made of the values.
        """
        path = path_for(operation, path or {})
        return self.send_raw(
            operation.method,
            operation.format_path(path),
            actor,
            token,
            operation=operation,
            path=path,
            query=query,
            json=json,
            data=data,
            files=files,
            content=content,
            headers=headers,
            patient=patient,
        )

    def send_raw(
        self,
        method: str,
        target: str,
        actor: str = ANONYMOUS,
        token: str | None = None,
        *,
        operation: Operation | None = None,
        path: Mapping[str, Any] | None = None,
        query: Mapping[str, Any] | None = None,
        json: Any = None,
        data: Mapping[str, str] | None = None,
        files: Mapping[str, Upload] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        patient: bool = True,
    ) -> Exchange:
        """Sends any request; `target` is an already encoded path below the base URL.

        With `files` the body is multipart, with `json` JSON, else `content` as it is. Raises
        TargetUnreachable when no HTTP response comes back; NoAnswer if the target still answers others.
        """
        body, body_headers, shown = _encode_body(json, data, files, content)
        sent_headers = {**body_headers, **(headers or {})}
        if token is not None:
            sent_headers["authorization"] = f"Bearer {token}"
        request = self._client.build_request(
            method, self.base_url + target + _query_string(query), content=body, headers=sent_headers
        )
        sending = Sending(method, operation, actor, token, path or {})
        most = 1 if self._is_hopeless else _MOST_WAITS
        refused = resent = 0
        while True:
            exchange = self._exchange(request, sending, query or {}, shown)
            if not patient:
                break
            if is_rate_limited(exchange) and refused < most:
                pause: float | None = pause_after(exchange, self._now(), refused)
                refused += 1
            else:
                pause = self.hiccups.pause(exchange, self._now(), resent)
                resent += 1
            if pause is None:
                break
            self._sleep(pause)
        # Who has refused everything for so long will not let us work; the next call need not prove it again.
        self._is_hopeless = patient and refused == most and is_rate_limited(exchange)
        return exchange

    def together(self, sends: Sequence[Callable[[], Exchange]]) -> list[Exchange]:
        """What the sends bring back that all begin at the same time, each with one of the methods above.

        Observers are told of them in the given order, whichever was answered first. Raises what the first
        of those raises that fail.
        """
        start = threading.Barrier(len(sends))

        def send(one: Callable[[], Exchange]) -> tuple[list[Exchange], Exchange | Exception]:
            kept: list[Exchange] = []
            self._own.kept = kept
            start.wait()
            try:
                return kept, one()
            except Exception as error:  # raised below, when all are back
                return kept, error
            finally:
                del self._own.kept

        with ThreadPoolExecutor(len(sends)) as pool:
            ended = list(pool.map(send, sends))
        for kept, _ in ended:
            for exchange in kept:
                self._tell(exchange)
        exchanges = []
        for _, outcome in ended:
            if isinstance(outcome, Exception):
                raise outcome
            exchanges.append(outcome)
        return exchanges

    def _exchange(
        self, request: httpx.Request, sending: Sending, query: Mapping[str, Any], shown: bytes
    ) -> Exchange:
        if self._pacer is not None:
            self._pacer.wait(sending.token or sending.actor, is_creation=sending.method == "POST")
        number = self.guard.admit(sending) if self.guard is not None else 0
        began = time.perf_counter()
        try:
            response = self._respond(request)
        except ValueError:
            if self.guard is not None:
                self.guard.cancel(number)
            raise
        exchange = Exchange(
            operation=sending.operation,
            actor=sending.actor,
            method=request.method,
            url=str(request.url),
            path=dict(sending.path),
            query=dict(query),
            request_headers={k: v for k, v in request.headers.items() if k != "authorization"},
            request_body=shown,
            status=response.status_code,
            headers=dict(response.headers),
            content=response.content,
            elapsed=time.perf_counter() - began,
            base_url=self.base_url,
        )
        if self._pacer is not None:
            self._pacer.answered(request.method, response.status_code)
        if self.guard is not None:
            self.guard.settle(number, exchange)
        kept: list[Exchange] | None = getattr(self._own, "kept", None)
        if kept is None:
            self._tell(exchange)
        else:
            kept.append(exchange)
        return exchange

    def _tell(self, exchange: Exchange) -> None:
        self.redactor.learn_from(exchange.content)
        for observe in self.observers:
            observe(exchange)

    def _respond(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self._client.send(request)
        except httpx.LocalProtocolError as error:
            raise ValueError(f"this request cannot be sent over HTTP: {error}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if self._has_answered and isinstance(error, _BROKEN_OFF) and self._is_alive():
                asked = f"{request.method} {request.url.raw_path.decode()[:200]}"
                raise NoAnswer(f"{asked} got no answer ({_words(error)})") from error
            raise TargetUnreachable(explain(error, self.base_url)) from error
        self._has_answered = True
        return response

    def _is_alive(self) -> bool:
        try:
            if self.guard is not None:
                self.guard.admit(Sending("GET", None, ANONYMOUS, None, {}))
            self._client.get(f"{self.base_url}{_VERSION}/me")
        except httpx.HTTPError:
            return False
        except Withheld:
            pass
        return True


def explain(error: Exception, base_url: str) -> str:
    """One sentence about why no answer came from the address."""
    words = _words(error)
    host = urlsplit(base_url).hostname or base_url
    lowered = words.lower()
    if isinstance(error, httpx.TimeoutException):
        return f"{base_url} did not answer in time; is it up, and is a proxy in between?"
    if "certificate" in lowered or "ssl" in lowered:
        return f"No trusted TLS connection to {base_url}: {words}"
    if any(hint in lowered for hint in ("name or service", "nodename", "getaddrinfo", "name resolution")):
        return f"The host name {host!r} cannot be resolved; check the address {base_url}"
    if "refused" in lowered:
        return f"Nothing listens at {base_url} (connection refused)"
    if isinstance(error, httpx.ProtocolError | httpx.DecodingError):
        return f"What answers at {base_url} does not speak HTTP as expected: {words}"
    return f"Cannot reach {base_url}: {words}"


def _words(error: Exception) -> str:
    return str(error).strip() or type(error).__name__


def checked_url(text: str) -> str:
    """The base URL without a trailing slash; UsageError when it is not an http or https URL."""
    try:
        parts = urlsplit(text)
        has_host = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a URL: {error}") from error
    if parts.scheme not in ("http", "https"):
        hint = "" if "://" in text else f"; try http://{text.lstrip('/')}"
        raise UsageError(f"{text!r} does not begin with http:// or https://{hint}")
    if parts.username is not None or parts.password is not None:
        # Every report names the target.
        raise UsageError(
            f"the URL of {parts.hostname} holds a name or password;"
            " give it without, tokens stand in the profile"
        )
    if not has_host:
        raise UsageError(f"{text!r} names no host; give a URL such as https://api.example.com")
    if parts.query or parts.fragment:
        raise UsageError(f"{text!r} has a query or fragment; give the base URL alone")
    address = text.rstrip("/")
    if address.endswith(_VERSION):
        raise UsageError(
            f"{text!r} has the version that every path begins with; try {address.removesuffix(_VERSION)}"
        )
    return address


def _encode_body(
    json: Any, data: Mapping[str, str] | None, files: Mapping[str, Upload] | None, content: bytes | None
) -> tuple[bytes, dict[str, str], bytes]:
    """The body's bytes, its headers, and the form in which reports show it."""
    if files is not None or data is not None:
        # A part without a file name is a text field; this way a form without any file is multipart too.
        parts: list[tuple[str, Any]] = [(name, (None, text)) for name, text in (data or {}).items()]
        parts += list((files or {}).items())
        body = httpx.Request("POST", "http://body", files=parts, headers=_BOUNDARY).read()
        shown = {**(data or {}), **{name: f"@{upload[0]}" for name, upload in (files or {}).items()}}
        return body, _BOUNDARY, jsonlib.dumps(shown, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if json is not None:
        body = jsonlib.dumps(json, ensure_ascii=False).encode("utf-8", "surrogatepass")
        return body, {"content-type": "application/json"}, body
    body = content or b""
    return body, {}, body


# One fixed boundary, so that two runs send the same bytes; no content of ours contains it.
_BOUNDARY = {"content-type": "multipart/form-data; boundary=factify-contract-f3b1c7d4a2e94f0d"}


def _query_string(query: Mapping[str, Any] | None) -> str:
    pairs = [(name, text) for name, value in (query or {}).items() for text in _query_values(value)]
    return f"?{urlencode(pairs)}" if pairs else ""


def _query_values(value: Any) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for item in value:
            yield from _query_values(item)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif value is not None:
        yield str(value)


class _Application(httpx.BaseTransport):
    """Lets the synchronous client call an ASGI application, on an event loop of its own."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._inner = httpx.ASGITransport(app=app)
        self._runner = asyncio.Runner()
        # An event loop runs one call at a time.
        self._turn = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        with self._turn:
            return self._runner.run(self._call(request))

    async def _call(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        content = await response.aread()
        return httpx.Response(response.status_code, headers=response.headers, content=content)

    def close(self) -> None:
        self._runner.close()
