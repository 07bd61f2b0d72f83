"""Hand-made exchanges, and a tiny API in this process that tests can twist."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from factify_contract.checks import judge
from factify_contract.clauses import catalogue
from factify_contract.events import Event
from factify_contract.exchange import Exchange
from factify_contract.findings import Status, Verdict
from factify_contract.profile import Profile
from factify_contract.scenarios.story import Api, Story
from factify_contract.spec import Document
from factify_contract.target import Target
from factify_contract.telling import Teller
from factify_contract.terminal import NoTerminal
from factify_contract.transport import Transport

TAIL = "01h2xcejqtf2nbrexx3vqjhp41"
ORGANIZATION = f"org_{TAIL}"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
TOKENS = {name: f"canary-{name}-4f1d" for name in ("owner", "admin", "member", "outsider", "invitee")} | {
    "api_key": "ffy_test_canary-api_key-4f1d"
}

MakeExchange = Callable[..., Exchange]


@pytest.fixture(scope="session")
def shipped() -> Document:
    return Document.load()


@pytest.fixture(scope="session")
def exchange_of(shipped: Document) -> MakeExchange:
    """Makes an exchange from what matters for one check; the rest is as it would be."""

    def make(
        operation: str | None,
        status: int,
        body: Any = None,
        *,
        content: bytes | None = None,
        headers: dict[str, str] | None = None,
        path: dict[str, str] | None = None,
        query: dict[str, Any] | None = None,
        request_headers: dict[str, str] | None = None,
        request_body: bytes = b"",
        method: str = "GET",
        url: str = "http://api.test/v1beta/somewhere",
        actor: str = "owner",
    ) -> Exchange:
        return Exchange(
            operation=shipped.operations[operation] if operation else None,
            actor=actor,
            method=method,
            url=url,
            path=path or {},
            query=query or {},
            request_headers=request_headers or {},
            request_body=request_body,
            status=status,
            headers={"content-type": "application/json"} | (headers or {}),
            content=content if content is not None else json.dumps(body).encode(),
            elapsed=0.0,
        )

    return make


@pytest.fixture(scope="session")
def verdicts_on(shipped: Document) -> Callable[[Exchange], dict[str, Verdict]]:
    """What all checks say about an exchange, by clause; a broken verdict wins over a kept one."""

    def verdicts(exchange: Exchange) -> dict[str, Verdict]:
        found: dict[str, Verdict] = {}
        for verdict in judge(exchange, shipped):
            if not (verdict.clause in found and found[verdict.clause].broken):
                found[verdict.clause] = verdict
        return found

    return verdicts


@pytest.fixture(scope="session")
def broken_by(verdicts_on: Callable[[Exchange], dict[str, Verdict]]) -> Callable[[Exchange], set[str]]:
    """The clauses that an exchange breaks."""

    def broken(exchange: Exchange) -> set[str]:
        return {clause for clause, verdict in verdicts_on(exchange).items() if verdict.broken}

    return broken


@dataclass(frozen=True)
class Asked:
    """A request as the toy received it."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def caller(self) -> str:
        token = self.headers.get("authorization", "").removeprefix("Bearer ")
        return next((name for name, known in TOKENS.items() if known == token), "nobody")


@dataclass
class ToyApi:
    """Answers by `METHOD /path`; people are known by their tokens. Tests replace or add answers."""

    asked: list[Asked] = field(default_factory=list)
    answers: dict[str, Callable[[Asked], tuple[int, Any]]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        asked = Asked(scope["method"], scope["path"], scope["query_string"].decode(), headers, body)
        self.asked.append(asked)
        status, answer = self._answer(asked)
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        sent = {"content-type": "application/json", **self.headers}
        raw = [(name.encode(), value.encode()) for name, value in sent.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        await send({"type": "http.response.body", "body": content})

    def _answer(self, asked: Asked) -> tuple[int, Any]:
        if asked.caller == "nobody" and "authorization" in asked.headers:
            return 401, self.refusal("unauthenticated", "invalid_token")
        found = self.answers.get(f"{asked.method} {asked.path}") or DEFAULTS.get(
            f"{asked.method} {asked.path}"
        )
        return found(asked) if found else (404, self.refusal("not_found", "resource_not_found"))

    @staticmethod
    def refusal(code: str, reason: str = "") -> dict[str, Any]:
        """An error body in the documented form."""
        details = [{"reason": reason}] if reason else []
        return {"code": code, "message": f"refused: {code}", "details": details}

    @staticmethod
    def user(name: str) -> dict[str, str]:
        """The user with the name, as the API writes one; every name has its own id."""
        return {
            "id": f"user_{ALPHABET[sum(map(ord, name)) % 32] * 26}",
            "name": name,
            "email": f"{name}@people.example",
        }


def _me(asked: Asked) -> tuple[int, Any]:
    organization = {"id": ORGANIZATION, "name": "Toys", "created_at": "2026-01-05T09:00:00Z"}
    return 200, {"user": ToyApi.user(asked.caller), "organizations": [organization]}


def _organizations(asked: Asked) -> tuple[int, Any]:
    return 200, {"items": [], "pagination": {"has_more": False}}


DEFAULTS = {"GET /v1beta/me": _me, "GET /v1beta/organizations": _organizations}


@pytest.fixture
def toy() -> ToyApi:
    return ToyApi()


@pytest.fixture
def target_of(toy: ToyApi) -> Iterator[Callable[..., Target]]:
    """Opens the toy as a target for the named people (all by default), with more entries of a profile."""
    with ExitStack() as stack:

        def open_target(*names: str, **more: Any) -> Target:
            identities = {name: {"token": TOKENS[name]} for name in names or TOKENS}
            profile = Profile.from_dict({"base_url": "http://toy.test", "identities": identities, **more})
            transport = Transport("http://toy.test", app=toy, sleep=lambda seconds: None)
            return stack.enter_context(Target(profile, transport, ask=_nobody, sleep=lambda seconds: None))

        yield open_target


def _nobody(question: str, seconds: float) -> str:
    raise NoTerminal("nobody is there to ask")


@pytest.fixture
def told(shipped: Document, target_of: Callable[..., Target]) -> Callable[..., tuple[list[Event], Status]]:
    """Tells one story to a target and returns the events and the story's status."""

    def tell(tell_it: Callable[[Api], None], target: Target | None = None) -> tuple[list[Event], Status]:
        events: list[Event] = []
        teller = Teller(shipped, catalogue(), "fct-test", events.append, lambda: 0.0)
        opened = target or target_of()
        status = teller.tell(Story("toy-suite", "A toy story", (), tell_it), 1, lambda: opened)
        return events, status

    return tell
