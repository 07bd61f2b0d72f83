"""A world on a clock that tests move, and the exam of whoever calls it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from factify_mock.api.app import AppOptions, create_app

PDF = ("letter.pdf", b"%PDF-1.7 x", "application/pdf")


@dataclass(frozen=True)
class Examined:
    """A client of the world, and what happens around it."""

    owner: httpx.Client
    outsider: httpx.Client
    world: dict[str, Any]
    plan: Callable[..., Any]
    wait: Callable[[float], None]
    control: Callable[..., httpx.Response]

    def report(self):
        return self.control("GET", "/exam").json()

    def broken(self):
        return {each["rule"]: each for each in self.report()["remarks"]}

    def upload(self, title="Lease", **fields):
        return self.owner.post("/v1beta/documents", data={"title": title, **fields}, files={"payload": PDF})

    def organization(self, rest=""):
        return f"/v1beta/organizations/{self.world['organization_id']}{rest}"


@pytest.fixture
def wall():
    """Real time, as far as the application knows."""
    return [datetime(2026, 5, 1, 12, tzinfo=UTC)]


@pytest.fixture
def app(document, wall):
    made = create_app(document, options=AppOptions(is_strict=True, raises_bugs=True), wall=lambda: wall[0])
    yield made
    made.close()


@pytest.fixture
def examined(app, signed_in, world, control, wall):
    def plan(**words):
        return control("POST", "/faults", json=words).raise_for_status().json()["fault"]

    def wait(seconds):
        wall[0] += timedelta(seconds=seconds)

    return Examined(signed_in("owner"), signed_in("outsider"), world, plan, wait, control)
