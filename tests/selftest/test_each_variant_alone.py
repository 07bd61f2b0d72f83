"""A campaign over each variant alone: whatever is generated from any seed, nothing is held against it."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from typing import Any

import pytest
from mixes import ALONE, against, told_to

from factify_contract.clauses import catalogue
from factify_contract.engine import MACHINE, PROPERTIES, SCENARIOS, Options, Run
from factify_contract.machine import run_machine
from factify_contract.machine.rules import written
from factify_contract.profile import HttpAdapter, Profile
from factify_contract.properties import run_properties
from factify_contract.properties.drafts import Invented
from factify_contract.properties.generation import Generator
from factify_contract.spec import Document, Operation
from factify_contract.summary import Summary
from factify_contract.target import Target

SEEDS = 20
REQUESTS, PLAYS, STEPS = 4, 8, 25


class Remembering:
    """The generated requests of one seed, which are the same for every variant; each is invented once."""

    def __init__(self, document: Document, seed: int) -> None:
        self._generator = Generator(document, seed=seed)
        self._known: dict[tuple[str, int], list[Invented]] = {}

    def drafts(self, operation: Operation, *, count: int) -> list[Invented]:
        key = (operation.id, count)
        if key not in self._known:
            self._known[key] = self._generator.drafts(operation, count=count)
        return self._known[key]


@pytest.fixture
def judged(ready: dict[str, Any], document: Document) -> Callable[..., Summary]:
    """What the phases say of worlds with the variants."""

    def judge(variants: dict[str, str], seed: int, phases: tuple[str, ...], **written_ahead: Any) -> Summary:
        profile = Profile.from_ready_line(ready)
        sandbox = profile.adapters["sandbox"]
        assert isinstance(sandbox, HttpAdapter)
        varied = replace(sandbox, body={"variants": variants})
        with Target(replace(profile, adapters={**profile.adapters, "sandbox": varied})) as target:
            return Run(
                target,
                document,
                catalogue(),
                told_to(variants) if SCENARIOS in phases else [],
                Options(seed, phases, max_examples=REQUESTS, machine_examples=PLAYS, machine_steps=STEPS),
                emit=lambda event: None,
                clock=lambda: 0.0,
                properties=partial(run_properties, inventor=written_ahead["inventor"]),
                machine=partial(run_machine, writing=written_ahead["writing"]),
            ).execute()

    return judge


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(SEEDS))
def test_each_variant_is_accepted(seed: int, judged: Callable[..., Summary], document: Document) -> None:
    inventor = Remembering(document, seed)
    writing = cache(partial(written, number=seed))
    objections: dict[str, object] = {}
    for place, (name, value) in enumerate(ALONE):
        # Stories hardly depend on the seed: over all seeds each variant is told them once.
        phases = (*([SCENARIOS] if place % SEEDS == seed else []), PROPERTIES, MACHINE)
        summary = judged({name: value}, seed, phases, inventor=inventor, writing=writing)
        if found := against(summary, {name: value}):
            objections[f"{name}={value}"] = found

    assert objections == {}
