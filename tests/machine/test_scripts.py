"""Scripts: how they are written, kept in files, and made short."""

import ast
import re
from pathlib import Path

import pytest

from factify_contract import machine
from factify_contract.clauses import Level
from factify_contract.machine.acts import ACTS
from factify_contract.machine.reduction import reduced
from factify_contract.machine.rules import WRITERS, written
from factify_contract.machine.script import Script, Step, coherent

CREATE = Step(act="create document", by="owner", value="private", makes="document 1")
SHARE = Step(act="share document", by="owner", on="document 1", whom="member", value="viewer")
TRASH = Step(act="trash document", by="owner", on="document 1")
RESTORE = Step(act="restore document", by="owner", on="document 1")
READ = Step(act="read document", by="member", on="document 1")


@pytest.mark.parametrize("topic", WRITERS)
def test_the_same_seed_writes_the_same_scripts(topic):
    first = written(topic, number=4, examples=3, steps=12)

    assert first == written(topic, number=4, examples=3, steps=12)
    assert first != written(topic, number=5, examples=3, steps=12)
    assert [len(script) for script in first] == [12, 12, 12]


def test_scripts_use_every_act_that_changes_something():
    acts = {
        step.act
        for topic in WRITERS
        for script in written(topic, number=0, examples=12, steps=25)
        for step in script
    }
    changing = {act for act in ACTS if not act.startswith(("read ", "list ", "count "))}

    assert acts <= set(ACTS)
    assert changing <= acts


def test_things_are_made_before_anything_is_done_to_them():
    for topic in WRITERS:
        for script in written(topic, number=1, examples=4, steps=25):
            assert coherent(script) == script


def test_step_survives_being_written_and_read():
    for step in (CREATE, SHARE, READ):
        assert Step.from_json(step.as_json()) == step


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, {"act": "trash document"}, {"act": "a", "by": "owner", "who": "x"}, {"act": 1, "by": "b"}],
)
def test_what_is_no_step_is_refused(raw):
    with pytest.raises(ValueError, match="step"):
        Step.from_json(raw)


def test_steps_about_what_nothing_makes_are_left_out():
    assert coherent([SHARE, CREATE, TRASH]) == (CREATE, TRASH)


def padded() -> Script:
    """The five steps that matter between many that do not, in the words of rarer people."""
    others = [
        Step(act="create document", by="owner", makes="document 2"),
        Step(act="share document", by="owner", on="document 2", whom="admin", value="admin"),
        Step(act="list members", by="owner"),
        Step(act="read document", by="owner", on="document 1"),
    ]
    share = Step(act="share document", by="owner", on="document 1", whom="invitee", value="collaborator")
    read = Step(act="read document", by="invitee", on="document 1")
    return (CREATE, *others, share, *others[1:], TRASH, *others[1:], RESTORE, others[2], read)


def shows_restored_grant(script: Script) -> bool:
    acts = [step.act for step in script if step.on == "document 1" or step.makes == "document 1"]
    wanted = ["create document", "share document", "trash document", "restore document", "read document"]
    rest = iter(acts)
    return all(act in rest for act in wanted)


def test_reduction_leaves_the_steps_that_matter_and_names_usual_people():
    assert reduced(padded(), shows_restored_grant, attempts=80) == (CREATE, SHARE, TRASH, RESTORE, READ)


def test_reduction_stops_when_its_attempts_are_used_up():
    played = []

    def shows(script: Script) -> bool:
        played.append(script)
        return False

    assert reduced(padded(), shows, attempts=5) == padded()
    assert len(played) == 5


def test_reduction_plays_no_script_twice():
    played = []

    def shows(script: Script) -> bool:
        played.append(script)
        return shows_restored_grant(script)

    reduced(padded(), shows, attempts=500)
    assert len(played) == len(set(played))


def test_every_clause_that_the_machine_names_is_promised(known):
    texts = {
        node.value
        for path in Path(machine.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    named = {text for text in texts if re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)+", text)}

    assert len(named) > 80
    assert [clause for clause in named if clause not in known] == []
    assert [clause for clause in named if known[clause].level is Level.CHOICE] == []
