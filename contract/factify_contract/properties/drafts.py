"""A request before it is sent: what it will look like on the wire, and what the document says against it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from factify_contract.exchange import ANONYMOUS, Exchange
from factify_contract.spec import Operation, Problem, RequestBody
from factify_contract.transport import Transport

JSON = "application/json"
MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class NoBody:
    """A request without a body."""


@dataclass(frozen=True, slots=True)
class JsonBody:
    """A JSON value, which may be null."""

    value: Any


@dataclass(frozen=True, slots=True)
class FormBody:
    """Text fields and, when `file` is not None, the file of a multipart upload."""

    fields: Mapping[str, str]
    file: bytes | None


@dataclass(frozen=True, slots=True)
class RawBody:
    """Bytes sent as they are under a media type that they may well contradict."""

    content: bytes
    media_type: str = JSON


Body = NoBody | JsonBody | FormBody | RawBody

# A form without parts still has its end.
_EMPTY_FORM = b"--empty--\r\n"
# The one file field that the document knows.
FILE_FIELD = "payload"


@dataclass(frozen=True, slots=True)
class Draft:
    """One request to an operation, in wire values: what is in `path` and `query` is text."""

    operation: Operation
    path: Mapping[str, str] = field(default_factory=dict)
    query: tuple[tuple[str, str], ...] = ()
    body: Body = NoBody()

    def problems(self) -> list[Problem]:
        """Everything that the document says against the request; empty when it is valid."""
        found = self.operation.parse_path(self.path)[1] + self.operation.parse_query(self.query)[1]
        return found + self._body_problems()

    def _body_problems(self) -> list[Problem]:
        declared = self.operation.body
        if declared is None:
            return []
        match self.body:
            case NoBody():
                return [_absent()] if declared.required else []
            case RawBody(content, media_type):
                return _problems_of_bytes(content, media_type, declared)
            case JsonBody(value):
                media = declared.media.get(JSON)
                return media.validator.problems(value) if media else []
            case FormBody(fields, file):
                media = declared.media.get(MULTIPART)
                value = dict(fields) if file is None else {**fields, FILE_FIELD: "file"}
                return media.validator.problems(value) if media else []

    @property
    def key(self) -> str:
        """A text that two drafts share exactly when they ask for the same thing."""
        match self.body:
            case FormBody(fields, file):
                body: Any = [sorted(fields.items()), file is not None]
            case RawBody(content, media_type):
                body = [content.hex(), media_type]
            case JsonBody(value):
                body = [value]
            case NoBody():
                body = None
        parts = [self.operation.id, sorted(self.path.items()), sorted(self.query), body]
        return json.dumps(parts, sort_keys=True, default=str)

    def send(self, transport: Transport, actor: str = ANONYMOUS, token: str | None = None) -> Exchange:
        """Sends the request in the actor's name."""
        query: dict[str, list[str]] = {}
        for name, value in self.query:
            query.setdefault(name, []).append(value)
        data, files, content, headers = self._payload()
        return transport.send(
            self.operation,
            actor,
            token,
            path=self.path,
            query=query,
            data=data,
            files=files,
            content=content,
            headers=headers,
        )

    def _payload(
        self,
    ) -> tuple[
        Mapping[str, str] | None, dict[str, tuple[str, bytes, str]] | None, bytes | None, dict[str, str]
    ]:
        match self.body:
            case FormBody(fields, None) if not fields:
                return None, None, _EMPTY_FORM, {"content-type": f"{MULTIPART}; boundary=empty"}
            case FormBody(fields, file):
                files = {} if file is None else {FILE_FIELD: ("sample.pdf", file, "application/pdf")}
                return fields, files, None, {}
            case JsonBody(value):
                return None, None, json_bytes(value), {"content-type": JSON}
            case RawBody(content, media_type):
                return None, None, content, {"content-type": media_type}
            case NoBody():
                return None, None, None, {}


@dataclass(frozen=True, slots=True)
class Invented:
    """A generated request, and whether it was meant to be valid."""

    draft: Draft
    valid: bool


class Inventor(Protocol):
    """Makes requests to the operations of one document."""

    def drafts(self, operation: Operation, *, count: int) -> list[Invented]:
        """At most `count` requests meant as valid, and at most as many as invalid."""


def json_bytes(value: Any) -> bytes:
    """The value as JSON in UTF-8; floats that JSON cannot say are written as Python's words for them."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def distinct(drafts: Iterable[Draft]) -> list[Draft]:
    """The drafts without repetitions, in their order."""
    return list({draft.key: draft for draft in drafts}.values())


def _absent() -> Problem:
    return Problem("body", "body", "absent", "the request has no body")


def _problems_of_bytes(content: bytes, media_type: str, declared: RequestBody) -> list[Problem]:
    if not content.strip():
        return [_absent()]
    if media_type != JSON:
        return [Problem("body", "body", "encoding", f"the body is no {media_type}", content)]
    try:
        value = json.loads(content.decode())
    except UnicodeDecodeError:
        return [Problem("body", "body", "encoding", "the body is not UTF-8", content)]
    except (ValueError, RecursionError):
        return [Problem("body", "body", "syntax", "the body is not JSON", content)]
    media = declared.media.get(JSON)
    return media.validator.problems(value) if media else []
