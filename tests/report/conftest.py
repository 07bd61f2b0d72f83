"""Pages made from runs that are told event by event, so that a test decides what happened."""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from factify_contract.clauses import Level, catalogue
from factify_contract.events import (
    ClauseJudged,
    Event,
    ExchangeDone,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    StoryFinished,
    StoryStarted,
    Terms,
    Warned,
)
from factify_contract.exchange import Exchange
from factify_contract.findings import Finding, Status, make_finding
from factify_contract.report.html import HtmlReport
from factify_contract.spec import Document
from factify_contract.tally import Tally

BEGAN = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shipped() -> Document:
    return Document.load()


@pytest.fixture(scope="session")
def exchange_of(shipped: Document) -> Callable[..., Exchange]:
    """Makes an exchange from what the page makes use of."""

    def make(
        operation: str | None,
        status: int,
        *,
        actor: str = "owner",
        elapsed: float = 0.002,
        path: str = "/v1beta/me",
    ) -> Exchange:
        return Exchange(
            operation=shipped.operations[operation] if operation else None,
            actor=actor,
            method="GET",
            url=f"http://api.test{path}",
            path={},
            query={},
            request_headers={},
            request_body=b"",
            status=status,
            headers={},
            content=b"",
            elapsed=elapsed,
        )

    return make


@pytest.fixture(scope="session")
def finding_of(exchange_of: Callable[..., Exchange]) -> Callable[..., Finding]:
    """Makes a finding from what matters for one test."""

    def make(
        clause: str = "users.me",
        *,
        expected: str = "a",
        path: str = "/v1beta/me",
        steps: int = 1,
        **more: str,
    ) -> Finding:
        texts = {"message": "what happened", "actual": "b", "operation": "getMe", **more}
        exchanges = [exchange_of("getMe", 200, path=f"{path}?page={number}") for number in range(steps)]
        return make_finding(catalogue()[clause], expected=expected, exchanges=exchanges, **texts)

    return make


@pytest.fixture(scope="session")
def written(shipped: Document) -> Callable[..., str]:
    """Tells a run to the reporter and returns the page that it wrote."""

    def write(
        path: Path,
        events: Iterable[Event],
        *,
        target: str = "http://api.test",
        elapsed: float = 1.0,
        interrupted: str = "",
        terms: Terms | None = None,
        began: datetime = BEGAN,
        document: Document = shipped,
        **more: object,
    ) -> str:
        report = HtmlReport(
            path, catalogue(), document, now=lambda: began, target=("http://api.test", "--profile", "me.toml")
        )
        tally = Tally(catalogue())
        start = RunStarted(target, document.title, 7, ("preflight", "scenarios"), terms or Terms())
        for event in (start, *events):
            report.receive(event)
            tally.receive(event)
        summary = tally.summary(
            seed=7,
            target=target,
            document=document,
            suite_version="9.9",
            interrupted=interrupted,
            elapsed=elapsed,
        )
        report.receive(RunFinished(dataclasses.replace(summary, **more)))
        return path.read_text(encoding="utf-8")

    return write


@pytest.fixture(scope="session")
def whole_run(
    exchange_of: Callable[..., Exchange], finding_of: Callable[..., Finding]
) -> Callable[..., list[Event]]:
    """The events of a run in which something of every kind happens; `slow` stretches its durations."""

    def events(slow: float = 1.0) -> list[Event]:
        clauses = list(catalogue().values())
        judged = [
            ClauseJudged(one.id, Status.PASS, "s/one") for one in clauses if one.level is not Level.CHOICE
        ]
        return [
            PhaseStarted("scenarios", 2),
            StoryStarted("s/one", "s", "The first story"),
            *(ExchangeDone(exchange_of("getMe", 200, elapsed=slow * (1 + n) / 1000)) for n in range(20)),
            ExchangeDone(exchange_of("getDocument", 404, actor="outsider", elapsed=slow)),
            ExchangeDone(exchange_of("getDocument", 418, actor="forger")),
            ExchangeDone(exchange_of(None, 200, actor="anonymous")),
            *judged[5:],
            ClauseJudged(
                judged[0].clause, Status.NOT_EXERCISED, "s/one", "the profile has no mailbox adapter"
            ),
            ClauseJudged(judged[1].clause, Status.INCONCLUSIVE, "s/one"),
            ClauseJudged("users.me", Status.FAIL, "s/one"),
            FindingMade(finding_of("users.me", steps=3), "s/one", {"story": "s/one"}),
            FindingMade(finding_of("users.me", steps=2), "s/one", {"story": "s/one"}),
            ClauseJudged("errors.message-not-empty", Status.FAIL, "s/one"),
            FindingMade(finding_of("errors.message-not-empty"), "s/one"),
            StoryFinished("s/one", "s", "The first story", Status.FAIL, "", slow),
            StoryFinished("s/two", "s", "The second story", Status.NOT_EXERCISED, "no clock", slow),
            Warned("identity 'invitee' is missing"),
            PhaseFinished("scenarios", slow),
        ]

    return events


def _luminance(color: Sequence[float]) -> float:
    parts = (part / 255 for part in color[:3])
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.fixture(scope="session")
def contrast() -> Callable[[Sequence[float], Sequence[float]], float]:
    """The contrast ratio of two colours, red, green and blue from 0 to 255, as WCAG 2 defines it."""

    def ratio(one: Sequence[float], other: Sequence[float]) -> float:
        dark, light = sorted((_luminance(one), _luminance(other)))
        return (light + 0.05) / (dark + 0.05)

    return ratio
