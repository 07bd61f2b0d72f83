"""One running mock for all tests of the machine, and ways to play on worlds of it, mutated or not."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from factify_contract.clauses import Catalogue, catalogue
from factify_contract.events import ClauseJudged, Event, FindingMade, StoryFinished, Warned
from factify_contract.exchange import Exchange
from factify_contract.findings import Finding, Status
from factify_contract.launch import running_mock
from factify_contract.machine import run_machine
from factify_contract.machine.performance import Performance, Stage
from factify_contract.machine.script import Step
from factify_contract.profile import Adapter, HttpAdapter, Profile
from factify_contract.spec import Document
from factify_contract.target import Target


@dataclass
class Run:
    """What a run of the phase came to."""

    events: list[Event] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)

    @property
    def findings(self) -> dict[str, Finding]:
        return {one.finding.clause: one.finding for one in self.events if isinstance(one, FindingMade)}

    @property
    def replays(self) -> dict[str, Any]:
        return {one.finding.clause: one.replay for one in self.events if isinstance(one, FindingMade)}

    @property
    def warnings(self) -> list[str]:
        return [one.message for one in self.events if isinstance(one, Warned)]

    @property
    def statuses(self) -> dict[str, Status]:
        return {one.id: one.status for one in self.events if isinstance(one, StoryFinished)}

    def clauses(self, status: Status) -> set[str]:
        return {one.clause for one in self.events if isinstance(one, ClauseJudged) and one.status is status}


@pytest.fixture(scope="session")
def ready() -> Iterator[dict[str, Any]]:
    with running_mock() as line:
        yield line


@pytest.fixture(scope="session")
def document() -> Document:
    return Document.load()


@pytest.fixture(scope="session")
def known() -> Catalogue:
    return catalogue()


@pytest.fixture
def target_of(ready: dict[str, Any]) -> Iterator[Callable[..., Target]]:
    """A target on the mock: with mutants, with other adapters or without some, or with a few people only."""
    with ExitStack() as stack:

        def opened(
            *mutants: str,
            without: Sequence[str] = (),
            people: Sequence[str] = (),
            kind: type[Target] = Target,
            **others: Adapter,
        ) -> Target:
            profile = Profile.from_ready_line(ready)
            sandbox = profile.adapters["sandbox"]
            assert isinstance(sandbox, HttpAdapter)
            sandbox = replace(sandbox, body={"mutants": list(mutants)})
            adapters = {**profile.adapters, "sandbox": sandbox, **others}
            identities = {
                name: one for name, one in profile.identities.items() if not people or name in people
            }
            profile = replace(
                profile,
                adapters={name: one for name, one in adapters.items() if name not in without},
                identities=identities,
            )
            return stack.enter_context(kind(profile))

        yield opened


@pytest.fixture
def run_on(document: Document) -> Callable[..., Run]:
    """Runs the phase on a target."""

    def ran(target: Target, *, seed: int = 0, examples: int = 16, steps: int = 25) -> Run:
        run = Run()
        target.transport.observers.append(run.exchanges.append)
        run_machine(target, document, seed=seed, emit=run.events.append, examples=examples, steps=steps)
        return run

    return ran


@pytest.fixture
def play(document: Document, known: Catalogue) -> Callable[..., Performance]:
    """Plays steps once, each given as act, person and further fields."""

    def played(target: Target, *steps: Step) -> Performance:
        stage = Stage(target, document, known, prefix="fct-test", documents=10)
        return stage.play(steps, looking=False)

    return played
