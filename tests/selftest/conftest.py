"""One running mock for all self-tests, and worlds on it that are judged by stories."""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from factify_contract.clauses import catalogue
from factify_contract.engine import SCENARIOS, Options, Run
from factify_contract.launch import running_mock
from factify_contract.profile import HttpAdapter, Profile
from factify_contract.scenarios.story import Story
from factify_contract.spec import Document
from factify_contract.summary import Summary
from factify_contract.target import Target
from factify_contract.transport import Transport

Judge = Callable[..., Summary]
# The mixes are a module of their own, which more than one test judges.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def ready() -> Iterator[dict[str, Any]]:
    with running_mock() as line:
        yield line


@pytest.fixture(scope="session")
def document() -> Document:
    return Document.load()


@pytest.fixture
def judge(ready: dict[str, Any], document: Document) -> Judge:
    """What stories say of worlds with mutants or variants, reached through a transport of choice."""

    def judged(
        stories: Sequence[Story],
        *,
        mutants: Sequence[str] = (),
        variants: Mapping[str, str] | None = None,
        transport: Transport | None = None,
        without_mail: bool = False,
    ) -> Summary:
        profile = Profile.from_ready_line(ready)
        if without_mail:
            empty = replace(profile.adapters["mailbox"], pointer="/nothing")
            profile = replace(profile, adapters={**profile.adapters, "mailbox": empty})
        sandbox = profile.adapters["sandbox"]
        assert isinstance(sandbox, HttpAdapter)
        broken = replace(sandbox, body={"mutants": list(mutants), "variants": dict(variants or {})})
        profile = replace(profile, adapters={**profile.adapters, "sandbox": broken})
        options = Options(seed=0, phases=(SCENARIOS,))
        with Target(profile, transport) as target:
            run = Run(
                target, document, catalogue(), stories, options, emit=lambda event: None, clock=lambda: 0.0
            )
            return run.execute()

    return judged
