"""A client's day with a service, recorded on the way; the service is our mock, or one of another's making."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from factify_contract.exchange import token_variable
from factify_contract.launch import mock_command, running_mock
from factify_contract.profile import Profile
from factify_contract.scenarios.pdf import pdf
from factify_contract.target import Target

CONTRARY = Path(__file__).resolve().parents[1] / "second"
NAMED = ("owner", "admin", "member", "outsider", "invitee")
# What must never turn up in a recording.
TITLE = "Takeover of Fjord Studio"
STRANGER = "stranger.canary@fjord.example"
_SECRETS = ("secret", "token", "key_prefix")
MESSAGE = "The code of the safe is 4711"


@dataclass
class Day:
    """A recording, and what went over the wire while it was made."""

    path: Path
    canaries: set[str]
    operations: set[str]


class Client:
    """Calls the API as somebody, and keeps in mind what is nobody else's business."""

    def __init__(self, url: str, target: Target, canaries: set[str]) -> None:
        self._http = httpx.Client(base_url=url, timeout=30)
        self._target = target
        self._canaries = canaries

    def __call__(self, who: str | None, method: str, path: str, **arguments) -> httpx.Response:
        token = self._target.identities[who].token if who in self._target.identities else who
        if token:
            arguments["headers"] = {"authorization": f"Bearer {token}", **arguments.get("headers", {})}
        answer = self._http.request(method, f"/v1beta{path}", **arguments)
        assert answer.status_code != 502, answer.text
        self._learn(answer.json())
        return answer

    def _learn(self, value: object, field: str = "") -> None:
        if isinstance(value, dict):
            for name, item in value.items():
                self._learn(item, name)
        elif isinstance(value, list):
            for item in value:
                self._learn(item, field)
        elif isinstance(value, str) and (
            field in ("secret", "token", "key_prefix") or "?" in value or "@" in value
        ):
            self._canaries.add(value)

    def close(self) -> None:
        self._http.close()


def spend(call: Client, target: Target, *, is_ready: bool) -> None:
    """The day: documents, versions, sharing, invitations, keys, the trash, and a few mistakes.

    Only what is ready can be exported, and when that is depends on the service.
    """
    me = call("owner", "GET", "/me").json()
    organization = target.organization_id or me["organizations"][0]["id"]

    def upload(path: str, text: str, **fields: str) -> httpx.Response:
        files = {"payload": (f"{TITLE}.pdf", pdf(text), "application/pdf")}
        return call("owner", "POST", path, data=fields, files=files)

    made = upload("/documents", "first", title=TITLE, access_level="private").json()["document"]
    other = upload("/documents", "second", title="Annex", access_level="organization").json()["document"]
    document = f"/documents/{made['id']}"
    call("owner", "GET", document)
    call("member", "GET", f"/documents/{other['id']}")
    call("outsider", "GET", document)
    page = call("owner", "GET", "/documents", params={"page_size": 1}).json()
    call(
        "owner",
        "GET",
        "/documents",
        params={"page_size": 1, "page_token": page["pagination"]["next_page_token"]},
    )
    call("owner", "GET", "/documents", params={"title_contains": TITLE, "trash_state": "active"})
    call("owner", "PATCH", document, json={"description": MESSAGE})
    version = upload(f"{document}/versions", "third", title="After review").json()
    call("owner", "GET", f"{document}/versions")
    call("owner", "GET", f"/versions/{version['id']}")
    call("owner", "GET", f"{document}/timeline")
    outsider = call("outsider", "GET", "/me").json()["user"]["id"]
    call(
        "owner", "POST", f"{document}/share", json={"recipients": [{"recipient": outsider, "role": "viewer"}]}
    )
    call(
        "owner", "POST", f"{document}/share", json={"recipients": [{"recipient": STRANGER, "role": "viewer"}]}
    )
    call("outsider", "GET", document)
    call("owner", "GET", f"{document}/share")
    call("owner", "DELETE", f"{document}/share/{outsider}")
    call("outsider", "GET", document)
    invites = f"/organizations/{organization}/invites"
    invitee = call("invitee", "GET", "/me").json()["user"]["email"]
    call("owner", "POST", invites, json={"email": invitee, "message": MESSAGE})
    token = target.mailbox.latest_token(invitee)
    call._canaries.add(token)
    call("invitee", "POST", f"{invites}/accept", json={"token": token})
    call("owner", "GET", invites)
    call("owner", "GET", f"/organizations/{organization}/members")
    key = call("owner", "POST", "/api-keys", json={"organization_id": organization, "name": "Nightly"}).json()
    call(key["secret"], "GET", "/documents")
    call("owner", "POST", f"/api-keys/{key['api_key']['id']}/revoke", json={})
    call(key["secret"], "GET", "/documents")
    call("owner", "POST", f"{document}/trash", json={})
    call("owner", "GET", "/documents", params={"trash_state": "trashed"})
    call("owner", "POST", f"{document}/untrash", json={})
    call("owner", "GET", "/quota", params={"organization_id": organization})
    call("owner", "GET", f"/documents/doc_{'0' * 26}")
    call("owner", "GET", "/documents/nonsense")
    call("owner", "PATCH", document, content=b'{"title": ', headers={"content-type": "application/json"})
    call(None, "GET", "/me")
    if is_ready:
        call("owner", "GET", f"{document}/export")


@contextmanager
def recorded(profile: Profile, path: Path) -> Iterator[tuple[str, Target]]:
    """The address of a recorder before the service, which stops with the block."""
    with Target(profile) as target:
        tokens = {token_variable(name): target.identities[name].token for name in NAMED}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("FACTIFY_")}
        words = ["record", "--upstream", profile.base_url, "--output", str(path), "--format", "json"]
        with subprocess.Popen(
            [mock_command(), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean | tokens,
        ) as process:
            line = process.stdout.readline()
            try:
                assert line, process.stderr.read()
                yield json.loads(line)["url"], target
            finally:
                process.terminate()
                said = process.communicate(timeout=20)[1]
        assert process.returncode == 0, said
        assert said.endswith(f"exchanges recorded in {path}\n")


def day(profile: Profile, path: Path, *, is_ready: bool) -> Day:
    with recorded(profile, path) as (url, target):
        canaries = {TITLE, STRANGER, MESSAGE, *(each.token for each in target.identities.values())}
        client = Client(url, target, canaries)
        spend(client, target, is_ready=is_ready)
        client.close()
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return Day(path, canaries, {line["operation"] for line in lines})


@pytest.fixture(scope="session")
def our_day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """A day with our mock."""
    with running_mock() as ready:
        return day(
            Profile.from_ready_line(ready), tmp_path_factory.mktemp("ours") / "day.jsonl", is_ready=True
        )


@contextmanager
def contrary() -> Iterator[str]:
    """The profile of the second implementation, which starts with a clean slate each time."""
    with subprocess.Popen(
        [sys.executable, "-m", "contrary"],
        cwd=CONTRARY,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            address = process.stdout.readline().strip()
            with urllib.request.urlopen(f"{address}/south/.testing/profile.toml") as answer:
                yield answer.read().decode()
        finally:
            process.terminate()


@pytest.fixture
def their_profile(tmp_path: Path) -> Iterator[Path]:
    """A file with the profile of the second implementation."""
    with contrary() as profile:
        path = tmp_path / "profile.toml"
        path.write_text(profile)
        yield path


@pytest.fixture(scope="session")
def their_day(tmp_path_factory: pytest.TempPathFactory) -> Day:
    """A day with an implementation that chose otherwise wherever nothing is written."""
    with contrary() as profile:
        return day(Profile.parse(profile), tmp_path_factory.mktemp("theirs") / "day.jsonl", is_ready=False)
