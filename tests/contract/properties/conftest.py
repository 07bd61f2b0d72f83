"""A target in this process that answers valid requests with the document's samples, and can be twisted."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest

from factify_contract.events import Event, FindingMade
from factify_contract.findings import Finding
from factify_contract.properties import run_properties
from factify_contract.spec import Document, Operation, Problem
from factify_contract.spec.samples import sample
from factify_contract.target import Profile, Target
from factify_contract.transport import Transport

SUFFIX = "01h2xcejqtf2nbrexx3vqjhp4"
TOKENS = {name: f"{name}-token" for name in ("owner", "member", "outsider", "api_key")}


@dataclass
class Asked:
    """A request as the toy understood it."""

    operation: Operation
    path: dict[str, str]
    problems: list[Problem]
    token: str | None
    body: Any
    media_type: str


@dataclass
class Answer:
    status: int
    body: Any
    media_type: str = "application/json"


def refusal(status: int, code: str, reason: str, param: str | None = None) -> Answer:
    detail = {"reason": reason} | ({"param": param} if param else {})
    return Answer(status, {"code": code, "message": "refused", "details": [detail]})


Twist = Callable[[Asked], Answer | None]


class Toy:
    """An ASGI application without memory. `twist` may answer first; None leaves the answer to the toy."""

    def __init__(self, document: Document, twist: Twist | None = None) -> None:
        self.document = document
        self.twist = twist
        self.log: list[tuple[Any, ...]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        content = b""
        more = True
        while more:
            message = await receive()
            content += message.get("body", b"")
            more = message.get("more_body", False)
        answer = self.answer(scope, content)
        body = json.dumps(answer.body).encode()
        headers = [(b"content-type", answer.media_type.encode())]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def answer(self, scope: Any, content: bytes) -> Answer:
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        self.log.append((scope["method"], scope["raw_path"], query, headers.get("authorization"), content))
        asked = self.understand(scope, query, headers, content)
        if self.twist is not None and (twisted := self.twist(asked)) is not None:
            return twisted
        if asked.operation.requires_auth and asked.token not in TOKENS.values():
            return refusal(401, "unauthenticated", "invalid_token" if asked.token else "missing_api_key")
        if asked.problems:
            return refusal(400, "invalid_argument", "invalid_field_value", asked.problems[0].param)
        status = asked.operation.success_status
        made = sample(asked.operation, status)
        return Answer(status, echoed(made.value, asked.path), made.media_type or "text/plain")

    def understand(self, scope: Any, query: str, headers: dict[str, str], content: bytes) -> Asked:
        path = scope["raw_path"].split(b"?")[0].decode()
        match = self.document.router.match(scope["method"], path)
        operation = match.operation
        media_type = headers.get("content-type", "")
        body, broken = read_body(media_type, content)
        values = {name: unquote(str(value)) for name, value in match.values.items()}
        pairs = parse_qsl(query, keep_blank_values=True)
        problems = operation.parse_path(values)[1] + operation.parse_query(pairs)[1] + broken
        media = operation.body.media_for(media_type) if operation.body else None
        if not broken and media is not None:
            problems += media.validator.problems(body)
        elif operation.body is not None and operation.body.required and not content:
            problems.append(Problem("body", "body", "absent", "no body"))
        scheme, _, token = headers.get("authorization", "").partition(" ")
        return Asked(operation, values, problems, token if scheme == "Bearer" else None, body, media_type)


def echoed(body: Any, path: dict[str, str]) -> Any:
    """The body with the id that was asked for in place of the sample's."""
    for item in (body, *body.values()) if isinstance(body, dict) else ():
        for value in path.values():
            if (
                isinstance(item, dict)
                and str(item.get("id", "")).partition("_")[0] == value.partition("_")[0]
            ):
                item["id"] = value
    return body


def read_body(media_type: str, content: bytes) -> tuple[Any, list[Problem]]:
    if media_type.startswith("multipart/form-data"):
        message = BytesParser(policy=HTTP).parsebytes(
            f"Content-Type: {media_type}\r\n\r\n".encode() + content
        )
        parts = message.iter_parts() if message.is_multipart() else []
        return {part.get_param("name", header="content-disposition"): text_of(part) for part in parts}, []
    try:
        return json.loads(content or b"null"), []
    except ValueError:
        return None, [Problem("body", "body", "syntax", "no JSON")]


def text_of(part: Any) -> str:
    return part.get_payload(decode=True).decode("utf-8", "replace")


@dataclass
class Examined:
    """What a run over the toy came to."""

    document: Document
    events: list[Event] = field(default_factory=list)
    log: list[tuple[Any, ...]] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        return [event.finding for event in self.events if isinstance(event, FindingMade)]

    def against(self, operation_id: str) -> dict[str, Finding]:
        """The findings against one operation, by clause."""
        return {one.clause: one for one in self.findings if one.operation == operation_id}


def part_of(document: Document, operation_ids: set[str]) -> Document:
    """The document with only some of its operations."""
    raw = json.loads(json.dumps(document.raw))
    for path, item in list(raw["paths"].items()):
        for method, operation in list(item.items()):
            if isinstance(operation, dict) and operation.get("operationId") not in operation_ids:
                del item[method]
        if not item:
            del raw["paths"][path]
    return Document.from_dict(raw)


def profile() -> Profile:
    """People whom the toy knows."""
    people = {
        name: {"token": token, "user_id": f"user_{SUFFIX}{index}"}
        for index, (name, token) in enumerate(TOKENS.items())
        if name != "api_key"
    }
    return Profile.from_dict(
        {
            "base_url": "http://toy.example",
            "organization_id": f"org_{SUFFIX}1",
            "policy_ids": [f"pol_{SUFFIX}1"],
            "capabilities": {"create_organization": True},
            "identities": {**people, "api_key": {"token": TOKENS["api_key"], "id": f"key_{SUFFIX}9"}},
        }
    )


@pytest.fixture(scope="session")
def shipped() -> Document:
    return Document.load()


@pytest.fixture
def answer() -> Callable[..., Answer]:
    """Makes an answer of status, body and media type."""
    return Answer


@pytest.fixture
def refuse() -> Callable[..., Answer]:
    """Makes a refusal of status, code, reason and parameter."""
    return refusal


@pytest.fixture
def examine(shipped: Document) -> Callable[..., Examined]:
    """Runs the phase over a toy, twisted or not, on the operations named or on all."""

    def run(
        twist: Twist | None = None, *, only: set[str] | None = None, seed: int = 1, examples: int = 8
    ) -> Examined:
        document = part_of(shipped, only) if only else shipped
        toy = Toy(document, twist)
        examined = Examined(document, log=toy.log)
        transport = Transport("http://toy.example", app=toy, sleep=lambda seconds: None)
        with Target(profile(), transport) as target:
            run_properties(target, document, seed=seed, max_examples=examples, emit=examined.events.append)
        return examined

    return run
