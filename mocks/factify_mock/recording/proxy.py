"""Stands between a client and a real service, passes everything on, and writes down what was said."""

import json
import logging
from collections.abc import Mapping
from typing import Any, TextIO

import httpx

from factify_contract.errors import TargetUnreachable
from factify_contract.spec import Document, Match, MethodNotAllowed, NoSuchPath, Router
from factify_mock.api.request import Receive, Scope, Send
from factify_mock.recording.redaction import Redaction, Spoken

_log = logging.getLogger(__name__)
_SECONDS = 60.0
# What belongs to one connection (RFC 9110 7.6.1), or to the form in which the body travelled on it.
_OF_THE_CONNECTION = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "host",
        "content-length",
        "content-encoding",
        "accept-encoding",
    }
)
_API_KEY = "api_key"


class Recorder:
    """An ASGI application. Mutable: it adds a line to `output` for each answered call of the document.

    `callers` are the names of people and keys by their tokens; whoever is not named is `secret-1` and so
    on. What the document does not know is passed on and not recorded.
    """

    def __init__(
        self, document: Document, upstream: str, output: TextIO, *, callers: Mapping[str, str]
    ) -> None:
        self.count = 0
        self._upstream = upstream.rstrip("/")
        self._output = output
        self._document = document
        self._callers = callers
        self._router = Router(document.operations.values(), prefix="")
        self._redaction = Redaction(document)
        for token, name in callers.items():
            self._redaction.pseudonyms.name(token, name)
        self._client = httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False)

    def begin(self) -> None:
        """The first lines are written: what the recording is, and who each named person is.

        Their ids and those of their organizations are needed to play the recording elsewhere.
        TargetUnreachable when the service does not answer.
        """
        head = {
            "recording": 1,
            "document": self._document.title,
            "version": self._document.version,
            "callers": list(self._callers.values()),
        }
        self._write(head)
        match = self._router.match("GET", "/v1beta/me")
        for token, name in self._callers.items():
            if name != _API_KEY:
                self._record(match, *self._introduce(token))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The service's answer to a request, recorded before it is passed on."""
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._client.aclose()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = b""
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        raw_path = scope.get("raw_path") or scope["path"].encode()
        target = raw_path + (b"?" + scope["query_string"] if scope["query_string"] else b"")
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, value in scope["headers"]
            if name.decode("latin-1") not in _OF_THE_CONNECTION
        ]
        request = self._client.build_request(
            scope["method"], f"{self._upstream}{target.decode('latin-1')}", headers=headers, content=body
        )
        try:
            answer = await self._client.send(request)
        except httpx.HTTPError as error:
            _log.error("%s: %s", self._upstream, error or type(error).__name__)
            await _answer(send, 502, [(b"content-type", b"application/json")], _unreachable())
            return
        match = self._matched(scope["method"], raw_path.decode("latin-1"))
        if match is not None:
            self._record(match, request, answer)
        passed_on = [
            (name.encode("latin-1"), value.encode("latin-1"))
            for name, value in answer.headers.multi_items()
            if name not in _OF_THE_CONNECTION
        ]
        await _answer(send, answer.status_code, passed_on, answer.content)

    def _introduce(self, token: str) -> tuple[httpx.Request, httpx.Response]:
        headers = {"authorization": f"Bearer {token}", "accept": "application/json"}
        try:
            answer = httpx.get(f"{self._upstream}/v1beta/me", headers=headers, timeout=_SECONDS)
        except httpx.HTTPError as error:
            said = error or type(error).__name__
            raise TargetUnreachable(f"Nothing to record at {self._upstream}: {said}") from error
        return answer.request, answer

    def _matched(self, method: str, path: str) -> Match | None:
        try:
            return self._router.match(method, path)
        except (NoSuchPath, MethodNotAllowed):
            return None

    def _record(self, match: Match, request: httpx.Request, answer: httpx.Response) -> None:
        spoken = Spoken(
            match=match,
            query_string=request.url.query.decode("latin-1"),
            authorization=request.headers.get("authorization"),
            content_type=request.headers.get("content-type", ""),
            body=request.content,
            status=answer.status_code,
            answer_type=answer.headers.get("content-type", ""),
            answer=answer.content,
        )
        self._write(self._redaction.line(spoken))
        self.count += 1

    def _write(self, line: Mapping[str, Any]) -> None:
        # Whole lines, at once: a recorder that is killed leaves a recording of what came before.
        self._output.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")
        self._output.flush()


async def _answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _unreachable() -> bytes:
    return json.dumps({"code": "unavailable", "message": "The recorded service does not answer"}).encode()
