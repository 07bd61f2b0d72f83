"""The judge sees: every deliberate defect of the mock is found, and under its own name."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from factify_contract.clauses import Level, catalogue
from factify_contract.engine import SCENARIOS, Options, Run
from factify_contract.findings import Status
from factify_contract.launch import running_mock
from factify_contract.profile import HttpAdapter, Profile
from factify_contract.scenarios import STORIES
from factify_contract.scenarios.story import Story
from factify_contract.spec import Document
from factify_contract.summary import Summary
from factify_contract.target import Target
from factify_mock.mutants import MUTANTS, Mutant

CATALOGUE = catalogue()


@pytest.fixture(scope="module")
def ready() -> Iterator[dict[str, Any]]:
    with running_mock() as line:
        yield line


@pytest.fixture(scope="module")
def document() -> Document:
    return Document.load()


def judged(ready: dict[str, Any], document: Document, mutants: list[str], stories: list[Story]) -> Summary:
    """What the stories say of worlds with these defects, all on one running mock."""
    profile = Profile.from_ready_line(ready)
    sandbox = profile.adapters["sandbox"]
    assert isinstance(sandbox, HttpAdapter)
    broken = replace(sandbox, body={"mutants": mutants})
    profile = replace(profile, adapters={**profile.adapters, "sandbox": broken})
    with Target(profile) as target:
        options = Options(seed=0, phases=(SCENARIOS,))
        run = Run(target, document, CATALOGUE, stories, options, emit=lambda event: None, clock=lambda: 0.0)
        return run.execute()


def concerned(mutant: Mutant) -> list[Story]:
    """The stories that name the clause that the mutant breaks; all, where only a check names it."""
    naming = [story for story in STORIES if mutant.breaks in story.clauses(CATALOGUE)]
    return naming or list(STORIES)


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=lambda mutant: mutant.name)
def test_the_judge_names_what_the_mutant_breaks(
    mutant: Mutant, ready: dict[str, Any], document: Document
) -> None:
    clause = CATALOGUE[mutant.breaks]
    assert clause.level is not Level.CHOICE, "what nobody promised cannot be broken"
    if clause.exercised in ("not yet", "property"):
        pytest.skip(f"{clause.id} is exercised: {clause.exercised}")
    summary = judged(ready, document, [mutant.name], concerned(mutant))
    assert mutant.breaks in {finding.clause for finding in summary.findings}


def test_the_judge_has_nothing_against_the_mock_without_mutants(
    ready: dict[str, Any], document: Document
) -> None:
    summary = judged(ready, document, [], list(STORIES))
    assert [finding.clause for finding in summary.findings] == []
    assert [story.id for story in summary.stories if story.status is not Status.PASS] == []
