"""A mock in this process that counts what it receives, as a lasting target without sandboxes."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from factify_contract.events import Event
from factify_contract.pacing import Pacer
from factify_contract.profile import Profile
from factify_contract.request import Request
from factify_contract.safety.effects import MAKES
from factify_contract.spec import Document
from factify_contract.summary import Summary
from factify_contract.target import Target
from factify_contract.transport import Transport
from factify_contract.verification import judging
from factify_mock.api.app import App, AppOptions, create_app
from factify_mock.model.world import Settings
from factify_mock.worlds import WorldOptions

ADDRESS = "http://mock.test"
PEOPLE = ("owner", "admin", "member", "outsider", "invitee")


@dataclass
class Counted:
    """Passes requests on to the mock and counts those to the API itself."""

    app: App
    received: list[tuple[str, str, int]] = field(default_factory=list)
    dies_after: int | None = None
    hiccups_every: int | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.hiccups_every and scope["method"] == "GET" and self.methods["GET"] % self.hiccups_every == 0:
            self.received.append(("GET", scope["path"], 503))
            await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"2")]})
            await send({"type": "http.response.body", "body": b"<html>Service Unavailable</html>"})
            return
        if self.dies_after is not None and len(self.received) >= self.dies_after:
            raise httpx.ConnectError("refused")

        async def noting(message: Any) -> None:
            if message["type"] == "http.response.start" and scope["path"].startswith("/v1beta"):
                self.received.append((scope["method"], scope["path"], message["status"]))
            await send(message)

        await self.app(scope, receive, noting)

    @property
    def methods(self) -> Counter[str]:
        return Counter(method for method, _, _ in self.received)

    def made(self, document: Document) -> int:
        """How many things the mock made."""
        matched = [
            document.router.match(method, path).operation.id
            for method, path, status in self.received
            if method == "POST" and status == 200
        ]
        return sum(operation in MAKES for operation in matched)


class Bridge(httpx.BaseTransport):
    """Lets an adapter's synchronous client call the mock."""

    def __init__(self, app: Any) -> None:
        self._inner = httpx.ASGITransport(app=app)
        self._runner = asyncio.Runner()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._runner.run(self._call(request))

    async def _call(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        return httpx.Response(response.status_code, headers=response.headers, content=await response.aread())

    def close(self) -> None:
        self._runner.close()


@pytest.fixture(scope="session")
def shipped() -> Document:
    return Document.load()


@dataclass
class Time:
    """A clock for mock and judge alike, on which only sleeping takes time; `slept` has every pause."""

    now: float = 1_780_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def wall(self) -> datetime:
        return datetime.fromtimestamp(self.now, UTC)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def settings() -> Settings:
    """How the mock's world behaves; tests have their own."""
    return Settings()


@pytest.fixture
def mock(shipped: Document, time: Time, settings: Settings) -> Iterator[Counted]:
    start = WorldOptions(settings=settings)
    app = create_app(shipped, start=start, options=AppOptions(raises_bugs=True), wall=time.wall)
    yield Counted(app)
    app.close()


@pytest.fixture
def control(mock: Counted, ready: dict[str, Any]) -> Iterator[httpx.Client]:
    """The control plane of the mock's world."""
    with httpx.Client(
        transport=Bridge(mock.app), base_url=f"{ADDRESS}/__mock__/worlds/{ready['id']}"
    ) as client:
        yield client


@pytest.fixture
def ready(mock: Counted) -> dict[str, Any]:
    """What the mock would announce."""
    return mock.app.ready


def described(ready: dict[str, Any], *adapters: str, address: str = ADDRESS) -> dict[str, Any]:
    """A profile of the mock as of a lasting target; the mailbox is always there."""
    control = f"{address}/__mock__/worlds/{ready['id']}"
    ways: dict[str, Any] = {
        "mailbox": {
            "url": f"{control}/outbox?to={{to}}",
            "list": "/messages",
            "where": {"invite_id": "{invite_id}"},
            "pointer": "/token",
        },
        "quota": {
            "method": "PUT",
            "url": f"{control}/quotas",
            "body": {"requests_limit": "{limit}", "requests_used": "{used}"},
        },
        "document_quota": {
            "method": "PUT",
            "url": f"{control}/quotas",
            "body": {"documents_limit": "{limit}"},
        },
        "rate_limits": {
            "method": "PUT",
            "url": f"{control}/rate-limits",
            "body": {"rate_limits": "{enforced}"},
        },
    }
    return {
        "base_url": address,
        "organization_id": ready["organization_id"],
        "policy_ids": ready["policy_ids"],
        "identities": {
            **{name: {"token": ready[name]["token"]} for name in PEOPLE},
            "api_key": {"token": ready["api_key"]["secret"], "id": ready["api_key"]["id"]},
        },
        "adapters": {name: ways[name] for name in ("mailbox", *adapters)},
    }


@pytest.fixture
def profile_file(tmp_path: Path) -> Callable[..., Path]:
    """Writes a profile of a mock that runs as a process; further entries come first."""

    def write(line: dict[str, Any], *adapters: str, name: str = "profile.toml", **entries: Any) -> Path:
        control = f"{line['control_url']}/worlds/{line['world']['id']}"
        profile = {**described(line["world"], *adapters, address=line["url"]), **entries}
        text = "\n".join(_toml(profile)).replace(
            f"{line['url']}/__mock__/worlds/{line['world']['id']}", control
        )
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def _toml(profile: dict[str, Any]) -> Iterator[str]:
    yield from (
        f"{name} = {_inline(value)}" for name, value in profile.items() if not isinstance(value, dict)
    )
    for name, table in profile.items():
        for inner, value in table.items() if isinstance(table, dict) else ():
            yield f"{name}.{inner} = {_inline(value)}"


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {_inline(item)}" for name, item in value.items()) + "}"
    return json.dumps(value)


@pytest.fixture
def opened(mock: Counted, ready: dict[str, Any], time: Time) -> Iterator[Callable[..., Target]]:
    """Opens the mock as a lasting target; further entries are the profile's."""
    with ExitStack() as stack:

        def open_target(*adapters: str, **entries: Any) -> Target:
            profile = Profile.from_dict({**described(ready, *adapters), **entries})
            side = httpx.Client(transport=Bridge(mock.app))
            rates = profile.requests_per_minute, profile.creations_per_minute
            pacer = Pacer(*rates, sleep=time.sleep, now=time, settle=profile.settle_seconds)
            transport = Transport(ADDRESS, app=mock, sleep=time.sleep, now=time, pacer=pacer)
            return stack.enter_context(Target(profile, transport, side=side))

        yield open_target


@pytest.fixture
def judged(
    opened: Callable[..., Target], shipped: Document, tmp_path: Path
) -> Callable[..., tuple[Summary, list[Event]]]:
    """Judges the mock as a lasting target; the ledger is `ledger.jsonl` in the folder of the test."""

    def judge(
        *adapters: str, request: dict[str, Any] | None = None, **entries: Any
    ) -> tuple[Summary, list[Event]]:
        events: list[Event] = []
        target = opened(*adapters, **entries)
        wanted = {
            "phases": ("preflight", "scenarios"),
            "ledger": tmp_path / "ledger.jsonl",
            **(request or {}),
        }
        run = judging(Request(**wanted), target, shipped, emit=events.append)
        return run.execute(), events

    return judge


class State:
    """What is there in the mock, as its people see it."""

    def __init__(self, ready: dict[str, Any], client: httpx.Client) -> None:
        self._ready = ready
        self._client = client

    def now(self) -> dict[str, Any]:
        """Everything of a run that could still be active, and what it could have changed."""
        organization = self._ready["organization_id"]
        everybody = {name: self._ready[name]["token"] for name in PEOPLE}
        everybody["api_key"] = self._ready["api_key"]["secret"]
        owner = everybody["owner"]
        path = f"/organizations/{organization}"
        keys = self._list(owner, "/api-keys", organization_id=organization)
        invites = self._list(owner, f"{path}/invites", status="pending")
        members = self._list(owner, f"{path}/members")
        quotas = self._client.get(f"/__mock__/worlds/{self._ready['id']}/quotas").json()
        rates = self._client.get(f"/__mock__/worlds/{self._ready['id']}/rate-limits").json()
        return {
            "documents": {
                name: sorted(one["title"] for one in self._list(token, "/documents", trash_state="active"))
                for name, token in everybody.items()
            },
            "keys": sorted(one["name"] for one in keys),
            "invites": sorted(one["email"] for one in invites),
            "members": sorted((one["user"]["id"], one["role"]) for one in members),
            "organization": self._get(owner, path)["organization"]["name"],
            "limits": (quotas["requests_limit"], quotas["documents_limit"]),
            "rates": rates["rate_limits"],
        }

    def trashed(self) -> list[str]:
        """The titles of what is in the owner's trash."""
        owner = self._ready["owner"]["token"]
        return [one["title"] for one in self._list(owner, "/documents", trash_state="trashed")]

    def _get(self, token: str, path: str, **query: Any) -> Any:
        headers = {"authorization": f"Bearer {token}"}
        answer = self._client.get(f"/v1beta{path}", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def _list(self, token: str, path: str, **query: Any) -> list[dict[str, Any]]:
        items, page = [], ""
        while True:
            asked = {**query, "page_size": 100, **({"page_token": page} if page else {})}
            answer = self._get(token, path, **asked)
            items += answer["items"]
            page = answer["pagination"]["next_page_token"]
            if not page:
                return items


@pytest.fixture
def state_of() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What is there in a mock that runs as a process."""

    def look(line: dict[str, Any]) -> dict[str, Any]:
        with httpx.Client(base_url=line["url"]) as client:
            return State(line["world"], client).now()

    return look


@pytest.fixture
def state(mock: Counted, ready: dict[str, Any]) -> Iterator[State]:
    with httpx.Client(base_url=ADDRESS, transport=Bridge(mock.app)) as client:
        yield State(ready, client)
