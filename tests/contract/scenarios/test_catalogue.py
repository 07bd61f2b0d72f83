"""The catalogue, the stories and the checks agree about what is promised and what is judged."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

import factify_contract.checks
import factify_contract.properties
import factify_contract.scenarios
from factify_contract.clauses import Catalogue, Clause, Level, catalogue
from factify_contract.scenarios import STORIES
from factify_contract.scenarios.story import Story
from factify_contract.spec import Document

CATALOGUE = catalogue()
_CLAUSE_ID = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z0-9]+(-[a-z0-9]+)*")
_QUOTED = re.compile(r'"([^"\s]+)"')


def named_in(*packages: object) -> set[str]:
    """The catalogue's clauses that the source of the packages names."""
    folders = [Path(str(package.__file__)).parent for package in packages]  # type: ignore[attr-defined]
    text = "\n".join(path.read_text() for folder in folders for path in folder.glob("*.py"))
    return set(_QUOTED.findall(text)) & set(CATALOGUE)


MODULES = sorted(Path(str(factify_contract.scenarios.__file__)).parent.glob("*.py"))
IN_STORIES = {clause for story in STORIES for clause in story.clauses(CATALOGUE)}
IN_CHECKS = named_in(factify_contract.checks)
IN_PROPERTIES = named_in(factify_contract.properties)


def clauses(*, exercised: str) -> list[str]:
    return [clause.id for clause in CATALOGUE.values() if clause.exercised == exercised]


@pytest.mark.parametrize("clause", CATALOGUE.values(), ids=lambda clause: clause.id)
def test_a_clause_is_one_sentence_with_a_stable_id(clause: Clause) -> None:
    assert _CLAUSE_ID.fullmatch(clause.id)
    assert clause.sentence.endswith(".")
    assert "\n" not in clause.sentence
    assert clause.source
    assert clause.operations


def test_no_two_clauses_say_the_same() -> None:
    sentences = Counter(clause.sentence for clause in CATALOGUE.values())
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


def test_operations_of_clauses_are_in_the_document() -> None:
    known = {*Document.load().operations, "*"}
    unknown = {
        clause.id: sorted(set(clause.operations) - known)
        for clause in CATALOGUE.values()
        if set(clause.operations) - known
    }
    assert unknown == {}


def test_a_choice_has_a_reason_and_is_never_judged() -> None:
    choices = [clause for clause in CATALOGUE.values() if clause.level is Level.CHOICE]
    assert [clause.id for clause in choices if not clause.reason] == []
    assert [clause.id for clause in choices if clause.exercised != "not yet"] == []


def test_what_is_not_exercised_says_what_keeps_it() -> None:
    silent = [
        clause.id for clause in CATALOGUE.values() if clause.exercised == "not yet" and not clause.reason
    ]
    assert silent == []


def test_what_a_scenario_exercises_is_named_by_a_story() -> None:
    assert sorted(set(clauses(exercised="scenario")) - IN_STORIES) == []


def test_what_a_check_exercises_is_named_by_a_check() -> None:
    assert sorted(set(clauses(exercised="check")) - IN_CHECKS) == []


def test_what_a_property_exercises_is_named_by_a_property() -> None:
    assert sorted(set(clauses(exercised="property")) - IN_PROPERTIES) == []


def test_what_is_not_yet_exercised_is_named_by_nothing() -> None:
    judged = IN_STORIES | IN_CHECKS | IN_PROPERTIES
    assert sorted(set(clauses(exercised="not yet")) & judged) == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.id)
def test_a_story_names_clauses_and_tells_what_happens(story: Story) -> None:
    assert story.clauses(CATALOGUE)
    assert story.tell.__doc__
    assert not story.title.endswith(".")


def calls_without_a_clause(source: str) -> list[str]:
    """Calls of the API whose answer is thrown away: steps that prove nothing, and that nothing depends on."""
    return [
        ast.unparse(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
        and node.value.func.attr == "call"
    ]


def test_a_step_without_clause_is_seen() -> None:
    judged = "api.owner.call('getMe').succeeds('users.me')"
    kept = "answer = api.owner.call('getMe')"
    thrown_away = "api.owner.call('getMe')"

    assert calls_without_a_clause(f"{judged}\n{kept}\n{thrown_away}") == [thrown_away]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_every_step_of_a_story_has_a_clause_or_is_needed_by_one(module: Path) -> None:
    assert calls_without_a_clause(module.read_text(encoding="utf-8")) == []


def test_stories_have_different_names_and_titles() -> None:
    assert len({story.id for story in STORIES}) == len(STORIES)
    assert len({(story.suite, story.title) for story in STORIES}) == len(STORIES)


def test_no_story_names_a_clause_that_is_not_in_the_catalogue() -> None:
    topics = {clause_id.split(".")[0] for clause_id in CATALOGUE}
    folder = Path(factify_contract.scenarios.__file__).parent
    named = {text for path in folder.glob("*.py") for text in _QUOTED.findall(path.read_text())}
    strangers = {
        text
        for text in named
        if _CLAUSE_ID.fullmatch(text) and text.split(".")[0] in topics and text not in CATALOGUE
    }
    assert strangers == set()


def test_the_catalogue_is_a_mapping_that_knows_its_own() -> None:
    assert isinstance(CATALOGUE, Catalogue)
    with pytest.raises(KeyError):
        CATALOGUE["invites.of-no-such-clause"]
