"""Whatever the judge can see was broken on purpose, and every deliberate defect is about a promise."""

from factify_contract.clauses import Level, catalogue
from factify_contract.scenarios import STORIES
from factify_contract.selftest.probing import probe
from factify_mock.mutants import MUTANTS

CATALOGUE = catalogue()
BROKEN = {mutant.breaks for mutant in MUTANTS.values()}
DOCUMENTED = [clause for clause in CATALOGUE.values() if clause.level is Level.DOCUMENTED]


def test_every_documented_clause_that_is_exercised_is_broken_by_a_mutant() -> None:
    judged = {clause.id for clause in DOCUMENTED if clause.exercised != "not yet"}

    assert sorted(judged - BROKEN) == []


def test_a_mutant_breaks_what_somebody_promised_and_the_judge_looks_at() -> None:
    promised = {clause.id for clause in CATALOGUE.values() if clause.level is not Level.CHOICE}
    judged = {clause.id for clause in CATALOGUE.values() if clause.exercised != "not yet"}

    assert sorted(BROKEN - (promised & judged)) == []


def test_a_promise_that_is_not_exercised_says_why() -> None:
    silent = [clause.id for clause in DOCUMENTED if clause.exercised == "not yet" and not clause.reason]

    assert silent == []


def test_there_is_somewhere_to_look_for_every_mutant() -> None:
    probes = {name: probe(CATALOGUE[it.breaks], STORIES, CATALOGUE) for name, it in MUTANTS.items()}

    assert [name for name, where in probes.items() if not where.stories and not where.operations] == []


def test_mutants_are_many() -> None:
    assert len(MUTANTS) >= 300
