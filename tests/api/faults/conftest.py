"""A world in which things go wrong, in process, and a server on whose socket they do."""

from datetime import UTC, datetime

import httpx
import pytest

from factify_contract.launch import running_mock
from factify_mock.api.app import AppOptions, create_app
from factify_mock.worlds import WorldOptions

PDF = ("letter.pdf", b"%PDF-1.7 x", "application/pdf")


@pytest.fixture
def slept():
    """How long the application wanted to sleep, in seconds, instead of sleeping."""
    return []


@pytest.fixture
def app(document, slept):
    async def sleep(seconds):
        slept.append(seconds)

    start = WorldOptions(now=datetime(2026, 5, 1, 12, tzinfo=UTC), is_frozen=True)
    options = AppOptions(is_strict=True, raises_bugs=True)
    made = create_app(document, start=start, options=options, sleep=sleep)
    yield made
    made.close()


@pytest.fixture
def plan(control):
    """Plans what goes wrong in the first world; returns the plan as it is at work."""

    def add(**words):
        answer = control("POST", "/faults", json=words)
        assert answer.status_code == 200, answer.text
        return answer.json()["fault"]

    return add


@pytest.fixture
def received(control):
    """The requests on record."""
    return lambda: control("GET", "/requests").json()["requests"]


@pytest.fixture
def upload():
    def send(client, title="Lease"):
        return client.post("/v1beta/documents", data={"title": title}, files={"payload": PDF})

    return send


class Server:
    """A server with its first world: an API client for its owner, and its control plane."""

    def __init__(self, ready):
        self.ready = ready
        self.url = ready["url"]
        self.control = httpx.Client(base_url=f"{ready['control_url']}/worlds/{ready['world']['id']}")

    def plan(self, **words):
        return self.control.post("/faults", json=words).raise_for_status().json()["fault"]

    def client(self, who="owner", **options):
        headers = {"Authorization": f"Bearer {self.ready['world'][who]['token']}"}
        return httpx.Client(base_url=self.url, headers=headers, **options)


@pytest.fixture(scope="module")
def running():
    with running_mock(["--strict"]) as ready:
        server = Server(ready)
        yield server
        server.control.close()


@pytest.fixture
def server(running):
    """The server, in which nothing is planned yet."""
    running.control.post("/reset").raise_for_status()
    return running
