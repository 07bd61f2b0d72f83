"""One clean certified run for all tests, with everything that went over the wire while it was made."""

import fcntl
import json
import re
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from factify_contract.certification.certificate import Certificate, Effort
from factify_contract.certification.envelope import opened, sealed
from factify_contract.certification.issuing import Issued, Order, certify
from factify_contract.certification.keys import load_signer, make_keys, public_path
from factify_contract.certification.requirements import CertificateLevel
from factify_contract.cli import main
from factify_contract.request import Request
from factify_contract.spec import Document

BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
# Enough to see every clause once; what a certificate stands for takes longer.
SMALL = Effort(8, 3, 10)


@dataclass(frozen=True)
class Certified:
    """The files of a certified run, the console's text, and the secrets that were on the wire."""

    folder: Path
    key: Path
    console: str
    secrets: frozenset[str]

    @property
    def content(self) -> bytes:
        return (self.folder / "certificate.json").read_bytes()

    @property
    def transcript(self) -> bytes:
        return (self.folder / "transcript.jsonl").read_bytes()

    @property
    def certificate(self) -> Certificate:
        return opened(self.content, None)


@pytest.fixture(scope="session")
def small() -> Effort:
    return SMALL


def ticking() -> Callable[[], datetime]:
    """A clock that is an hour further each time it is read."""
    moments = iter(BEGAN + timedelta(hours=number) for number in range(100))
    return lambda: next(moments)


@pytest.fixture(scope="session")
def shipped() -> Document:
    return Document.load()


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Certified:
    """Made once, also where several workers share the tests."""
    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "certified"
    root.mkdir(exist_ok=True)
    with (root / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / "secrets.json").exists():
            _make(root)
    return Certified(
        root / "run",
        root / "key",
        (root / "console.txt").read_text(encoding="utf-8"),
        frozenset(json.loads((root / "secrets.json").read_text(encoding="utf-8"))),
    )


def _make(root: Path) -> None:
    make_keys(root / "key")
    with (
        pytest.MonkeyPatch.context() as patch,
        (root / "console.txt").open("w", encoding="utf-8") as console,
        redirect_stdout(console),
    ):
        secrets = _listen(patch)
        order = Order(
            Request(launch_mock=True), CertificateLevel.FULL, root / "key", root / "run", name="A mock"
        )
        made = certify(order, now=ticking(), effort=SMALL)
    assert isinstance(made, Issued), made
    (root / "secrets.json").write_text(json.dumps(sorted(secrets)), encoding="utf-8")


# What opens a door, found without the judge's own rules: by the mock's way of writing each of them.
_ON_THE_WIRE = (
    re.compile(rb'"(?:secret|token)": ?"([^"]{12,})"'),
    re.compile(rb'"email": ?"((?!fct-)[^"@]+@(?!example\.com)[^"]+)"'),
    re.compile(rb'signature=([^"&]{12,})'),
    re.compile(rb'"x-[a-z-]+": ?"([^"]{12,})"', re.IGNORECASE),
)


def _listen(patch: pytest.MonkeyPatch) -> set[str]:
    """Takes down every secret that any client in this process receives."""
    secrets: set[str] = set()
    send = httpx.Client.send

    def listening(client: httpx.Client, request: httpx.Request, **more: Any) -> httpx.Response:
        answer = send(client, request, **more)
        for form in _ON_THE_WIRE:
            secrets.update(found.decode() for found in form.findall(answer.content))
        return answer

    patch.setattr(httpx.Client, "send", listening)
    return secrets


@pytest.fixture
def resealed(certified: Certified) -> Callable[..., bytes]:
    """The certificate with other contents, signed again: what somebody with the key could write."""

    def reseal(**changes: Any) -> bytes:
        return sealed(msgspec.structs.replace(certified.certificate, **changes), load_signer(certified.key))

    return reseal


@pytest.fixture
def public(certified: Certified) -> Path:
    return public_path(certified.key)


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str]]:
    """Runs the judge's command: its exit code, and what it printed on both streams."""

    def run(*words: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out + said.err

    return run
