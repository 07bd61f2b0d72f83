"""What the profile declares is compared with what the target has."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factify_contract.events import FindingMade, StoryFinished
from factify_contract.findings import Status
from factify_contract.profile import Profile
from factify_contract.request import Request
from factify_contract.scenarios import STORIES
from factify_contract.spec import Document
from factify_contract.summary import Outcome
from factify_contract.target import Target
from factify_contract.transport import Transport
from factify_contract.verification import judging
from factify_mock.api.app import AppOptions, create_app
from factify_mock.model.world import Settings
from factify_mock.worlds import WorldOptions

DECLARED = dict.fromkeys(("export", "timeline", "api_keys", "create_organization", "invites", "logo"), False)
UNIMPLEMENTED = b'{"code":"unimplemented","message":"not here","details":[{"reason":"unimplemented"}]}'


class Without:
    """The mock, in front of which somebody answers for some paths."""

    def __init__(self, app: Any, missing: Callable[[str, str], int | None]) -> None:
        self.app = app
        self.missing = missing
        self.written: list[tuple[str, str, int]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status = self.missing(scope["method"], scope["path"])
        if status is not None:
            await send(
                {
                    "type": "http.response.start",
                    "status": status,
                    "headers": [(b"content-type", b"application/json")],
                }
            )
            await send({"type": "http.response.body", "body": UNIMPLEMENTED})
            return

        async def noting(message: Any) -> None:
            if message["type"] == "http.response.start" and scope["method"] != "GET":
                self.written.append((scope["method"], scope["path"], message["status"]))
            await send(message)

        await self.app(scope, receive, noting)


@pytest.fixture
def judged(tmp_path: Path) -> Any:
    """Judges a mock behind the stand-in by its declarations alone."""
    document = Document.load()
    app = create_app(document, start=WorldOptions(settings=Settings()), options=AppOptions(raises_bugs=True))

    def judge(
        declared: dict[str, bool], missing: Callable[[str, str], int | None] = lambda method, path: None
    ) -> Any:
        world = app.ready
        standing = Without(app, missing)
        profile = Profile.from_dict(
            {
                "base_url": "http://mock.test",
                "organization_id": world["organization_id"],
                "identities": {"owner": {"token": world["owner"]["token"]}},
                "capabilities": declared,
            }
        )
        events: list[Any] = []
        ledger = tmp_path / "ledger.jsonl"
        request = Request(phases=("preflight", "scenarios"), suites=("declarations",), ledger=ledger)
        with Target(profile, Transport("http://mock.test", app=standing)) as target:
            summary = judging(request, target, document, emit=events.append).execute()
        return summary, events, standing.written

    yield judge
    app.close()


def hidden(method: str, path: str) -> int | None:
    """Everything that is declared absent answers 501 or 404."""
    if path.endswith(("/export", "/timeline", "/logo")) or path == "/v1beta/api-keys":
        return 501
    if "/invites" in path or path.endswith("/revoke"):
        return 404
    return 405 if (method, path) == ("POST", "/v1beta/organizations") else None


def test_target_without_declarations_is_told_nothing(judged: Any) -> None:
    summary, events, _ = judged({})

    assert [event.suite for event in events if isinstance(event, StoryFinished)] == ["preflight"]
    assert summary.clauses["declarations.absent-does-nothing"] is Status.NOT_EXERCISED


def test_absence_in_any_form_is_accepted(judged: Any) -> None:
    summary, _, _ = judged(DECLARED, hidden)

    assert (summary.outcome, summary.findings) == (Outcome.PASS, ())
    assert summary.clauses["declarations.absent-does-nothing"] is Status.PASS
    assert summary.clauses["declarations.absent-consistently"] is Status.PASS


def test_what_works_though_declared_absent_is_a_warning(judged: Any) -> None:
    summary, events, _ = judged(DECLARED)
    found = {
        (event.finding.clause, event.finding.level, event.finding.operation)
        for event in events
        if isinstance(event, FindingMade)
    }

    assert summary.outcome is Outcome.PASS
    reads = ("exportDocument", "getDocumentTimeline", "listApiKeys", "listOrganizationInvites")
    assert {("declarations.absent-does-nothing", "inferred", name) for name in reads} <= found


def test_trying_what_is_declared_absent_writes_nothing(judged: Any) -> None:
    _, _, written = judged({name: False for name in DECLARED if name not in ("export", "timeline")})

    assert len(written) > 8
    assert [one for one in written if one[2] < 400] == []


def test_absence_that_comes_and_goes_is_a_warning(judged: Any) -> None:
    asked: list[str] = []

    def flaps(method: str, path: str) -> int | None:
        if not path.endswith("/timeline"):
            return None
        asked.append(path)
        return 501 if len(asked) % 2 else 404

    summary, _, _ = judged({"timeline": False}, flaps)

    assert [finding.clause for finding in summary.findings] == ["declarations.absent-consistently"]
    assert summary.outcome is Outcome.PASS


def test_what_is_declared_present_is_not_unimplemented(judged: Any) -> None:
    summary, _, _ = judged({"timeline": True, "export": True}, hidden)

    assert {(one.clause, one.operation) for one in summary.findings} == {
        ("declarations.present-is-implemented", "getDocumentTimeline"),
        ("declarations.present-is-implemented", "exportDocument"),
    }


def test_every_declaration_story_is_about_declarations() -> None:
    assert all(
        {"declared-absent", "declared-present"} & set(story.needs)
        for story in STORIES
        if story.suite == "declarations"
    )
