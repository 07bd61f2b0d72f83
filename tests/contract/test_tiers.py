"""Tiers: a short run touches everything, and the same seed sends the same requests twice."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from factify_contract.engine import PHASES
from factify_contract.events import ExchangeDone
from factify_contract.request import Request
from factify_contract.scenarios import STORIES, SUITES
from factify_contract.scenarios.naming import clauses_named
from factify_contract.spec import Document
from factify_contract.tiers import FULL, SMOKE, Tier
from factify_contract.verification import opening, rehearse

TOLD = [story for story in STORIES if SMOKE.has(story)]


# Stories of this suite send a minute's worth of requests each, which is no matter of seconds.
DEAR = {"rate-limits"}


@pytest.mark.parametrize("suite", [suite for suite in SUITES if suite not in DEAR])
def test_every_suite_has_a_smoke_story(suite: str) -> None:
    own = [story for story in STORIES if story.suite == suite]
    short = [story for story in own if story.smoke]

    assert short
    assert len(short) <= max(len(own) // 2, 3)


def test_smoke_stories_touch_every_operation_that_stories_call() -> None:
    operations = Document.load().operations
    called = {name for story in STORIES for name in clauses_named(story.tell, operations)}
    touched = {name for story in TOLD for name in clauses_named(story.tell, operations)}

    # A new organization stays for good, even in a short run.
    assert called - touched <= {"createOrganization"}


def test_full_tier_tells_all_stories() -> None:
    assert all(FULL.has(story) for story in STORIES)


def test_cost_of_a_short_run_is_foreseen_as_small() -> None:
    def foreseen(tier: Tier) -> int:
        examples = {"max_examples": tier.max_examples, "machine_examples": tier.machine_examples}
        lines = rehearse(Request(launch_mock=True, phases=PHASES, tier=tier, **examples))
        [requests] = [int(found[1]) for line in lines if (found := re.match(r"about (\d+) requests", line))]
        return requests

    assert 0 < 2 * foreseen(SMOKE) < foreseen(FULL)


def record(path: Path) -> None:
    """Judges a mock in short and writes down every request; run in a process of its own."""
    lines = []

    def emit(event: object) -> None:
        if isinstance(event, ExchangeDone):
            sent = event.exchange
            # An address that the target gave out has the port that it listens at.
            body = hashlib.sha256(sent.request_body.replace(sent.base_url.encode(), b"")).hexdigest()
            lines.append(f"{sent.actor} {sent.method} {sent.url.removeprefix(sent.base_url)} {body}")

    request = Request(
        launch_mock=True,
        seed=3,
        phases=PHASES,
        tier=SMOKE,
        max_examples=SMOKE.max_examples,
        machine_examples=SMOKE.machine_examples,
        machine_steps=SMOKE.machine_steps,
    )
    with opening(request, emit=emit) as run:
        run.execute()
    path.write_text("\n".join(lines))


@pytest.fixture
def recorded(tmp_path: Path) -> Callable[[str], list[str]]:
    """The requests of a run in a process whose sets and dictionaries are hashed by this seed."""

    def run(hash_seed: str) -> list[str]:
        path = tmp_path / f"{hash_seed}.txt"
        words = [sys.executable, __file__, str(path)]
        subprocess.run(words, check=True, env={**os.environ, "PYTHONHASHSEED": hash_seed})
        return path.read_text().splitlines()

    return run


def test_same_seed_sends_the_same_requests(recorded: Callable[[str], list[str]]) -> None:
    first, second = recorded("1"), recorded("2")

    assert len(first) > 500
    assert first == second


if __name__ == "__main__":
    record(Path(sys.argv[1]))
