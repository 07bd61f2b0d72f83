"""The judge sees: every deliberate defect of the mock is found, and under its own name."""

from collections.abc import Callable

import pytest
from lying import stories_about

from factify_contract.clauses import Level, catalogue
from factify_contract.findings import Status
from factify_contract.scenarios import STORIES
from factify_contract.summary import Summary
from factify_mock.mutants import MUTANTS, Mutant

CATALOGUE = catalogue()


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=lambda mutant: mutant.name)
def test_the_judge_names_what_the_mutant_breaks(mutant: Mutant, judge: Callable[..., Summary]) -> None:
    clause = CATALOGUE[mutant.breaks]
    assert clause.level is not Level.CHOICE, "what nobody promised cannot be broken"
    if clause.exercised in ("not yet", "property"):
        pytest.skip(f"{clause.id} is exercised: {clause.exercised}")
    summary = judge(stories_about(mutant.breaks), mutants=[mutant.name])
    assert mutant.breaks in {finding.clause for finding in summary.findings}


def test_the_judge_has_nothing_against_the_mock_without_mutants(judge: Callable[..., Summary]) -> None:
    summary = judge(STORIES)
    assert [finding.clause for finding in summary.findings] == []
    assert [story.id for story in summary.stories if story.status is not Status.PASS] == []
