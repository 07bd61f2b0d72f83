"""A mock that the judge starts tells the same times in every run, unless the user asks for other time."""

from contextlib import ExitStack, nullcontext

import httpx
import pytest

from factify_contract import request as requests
from factify_contract.launch import running_mock
from factify_contract.request import Request, profile_for


@pytest.fixture
def words(monkeypatch):
    """The options with which a mock would be started for the options of the user."""
    given = []

    def launched(options, *, seed):
        given.append(options)
        return nullcontext()

    monkeypatch.setattr(requests, "launched_mock", launched)

    def of(*options):
        with ExitStack() as stack:
            profile_for(Request(launch_mock=True, mock_options=options), stack)
        return given[-1]

    return of


@pytest.mark.parametrize("options", [(), ("--strict", "--mutant", "a"), ("--variant=a=b",)])
def test_time_is_told_by_readings(words, options):
    assert {"--now", "--step"} <= set(words(*options))


@pytest.mark.parametrize(
    "options",
    [
        ("--processing-seconds", "2"),
        ("--rate-limits",),
        ("--world=demo",),
        ("--strict", "--now", "2028-01-01T00:00:00Z"),
    ],
)
def test_time_runs_where_something_lasts_or_has_its_own(words, options):
    assert words(*options) == options


def test_two_mocks_tell_the_same_times():
    def told() -> list[str]:
        with running_mock(["--now", "2026-06-01T09:00:00Z", "--step", "0.001"]) as ready:
            world = ready["world"]
            organization = world["organization_id"]
            with httpx.Client(base_url=ready["url"], trust_env=False) as client:
                client.headers["authorization"] = f"Bearer {world['owner']['token']}"
                answers = [
                    client.post(
                        f"/v1beta/organizations/{organization}/invites",
                        json={"email": f"a{number}@example.com"},
                    )
                    for number in range(3)
                ]
        return [answer.json()["invite"]["created_at"] for answer in answers]

    first = told()

    assert first == told()
    assert sorted(set(first)) == first
    assert first[0].startswith("2026-06-01T09:00:00.0")
