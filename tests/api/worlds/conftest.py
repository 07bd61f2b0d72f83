"""Worlds that are begun, left and gone back to, and everything that can be read in them."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from factify_contract.spec import Document
from factify_mock.api.app import App, AppOptions, create_app

WORLDS = "/__mock__/worlds"

READERS = ("owner", "member", "outsider", "api_key")

# What each reading may be asked about; the others need no id.
_ABOUT = {
    "document_id": "documents",
    "version_id": "versions",
    "organization_id": "organizations",
}


class Place:
    """One world of an application: control calls about it, and calls of its people."""

    def __init__(self, app: App, client: httpx.Client, ready: dict[str, Any]) -> None:
        self.app = app
        self.ready = ready
        self._client = client

    @property
    def sandbox(self) -> Any:
        return self.app.worlds.get(self.ready["id"])

    @property
    def tables(self) -> Any:
        return self.sandbox.world.tables

    def token(self, name: str) -> str:
        who = self.ready[name]
        return who.get("token") or who["secret"]

    def control(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self._client.request(method, f"{WORLDS}/{self.ready['id']}{path}", **arguments)

    def call(self, who: str, method: str, path: str, **arguments: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token(who)}"}
        return self._client.request(method, f"/v1beta{path}", headers=headers, **arguments)

    def snapshot(self, **query: Any) -> dict[str, Any]:
        return self.control("GET", "/snapshot", params=query).raise_for_status().json()

    def readings(self, document: Document) -> Iterator[tuple[str, httpx.Response]]:
        """The answers to all reading operations, by everybody, about everything that there is."""
        for operation in document.operations.values():
            if operation.method != "GET":
                continue
            names = [each.name for each in operation.path_parameters]
            tables = [getattr(self.tables, _ABOUT[name]) for name in names]
            required = {each.name for each in operation.query_parameters if each.required}
            query = {"organization_id": self.ready["organization_id"]} if required else {}
            for identifier in list(tables[0]) if tables else [""]:
                path = operation.format_path(dict.fromkeys(names, identifier)).removeprefix("/v1beta")
                for who in READERS:
                    yield f"{who} {path}", self.call(who, "GET", path, params=query)


@pytest.fixture
def place(app: App, client: httpx.Client) -> Callable[..., Place]:
    """Makes worlds of the application; without options it is the application's first world."""

    def make(**options: Any) -> Place:
        if not options:
            return Place(app, client, app.ready)
        answer = client.post(WORLDS, json=options)
        assert answer.status_code == 200, answer.text
        return Place(app, client, answer.json()["world"])

    return make


@pytest.fixture
def elsewhere(document: Document, connect: Callable[..., httpx.Client]) -> Iterator[Callable[[], Place]]:
    """The first world of another server."""
    made: list[App] = []

    def start() -> Place:
        app = create_app(document, seed=99, options=AppOptions(is_strict=True, raises_bugs=True))
        made.append(app)
        return Place(app, connect(app), app.ready)

    yield start
    for app in made:
        app.close()
