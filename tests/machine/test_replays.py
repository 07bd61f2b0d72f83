"""Replays: a finding's file shows it again on what is still broken, and not on what is correct."""

import json
from pathlib import Path

import pytest

from factify_contract.cli import main
from factify_contract.errors import ProfileError, UsageError
from factify_contract.events import FindingMade
from factify_contract.replay import Replay, seen_again
from factify_contract.report.replay_files import ReplayFiles

SCRIPT = [
    {"act": "create document", "by": "owner", "value": "private", "makes": "document 1"},
    {"act": "share document", "by": "owner", "on": "document 1", "whom": "member", "value": "viewer"},
    {"act": "trash document", "by": "owner", "on": "document 1"},
    {"act": "restore document", "by": "owner", "on": "document 1"},
    {"act": "read document", "by": "member", "on": "document 1"},
]
CAUSE = {"format": 1, "clause": "trash.restore-keeps-grants-revoked", "operation": "getDocument"}
MUTANT = "sharing.untrash-restores-grants"


@pytest.fixture
def replay_of(tmp_path, known):
    """The replay in a file with this content."""

    def loaded(content: object) -> Replay:
        path = tmp_path / "replay.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        return Replay.load(path, known)

    return loaded


@pytest.fixture
def see(document, known):
    def seen(replay, target):
        return seen_again(replay, target, document, known, prefix="fct-replay")

    return seen


def test_finding_of_a_run_is_written_and_shows_again_only_where_it_is_broken(
    target_of, run_on, see, known, tmp_path
):
    run = run_on(target_of(MUTANT))
    reporter = ReplayFiles(tmp_path)
    for event in run.events:
        reporter.receive(event)
    finding = run.findings[CAUSE["clause"]]
    path = tmp_path / f"replay-{finding.fingerprint}.json"
    replay = Replay.load(path, known)

    assert json.loads(path.read_text(encoding="utf-8"))["script"] == run.replays[finding.clause]["script"]
    broken, correct = see(replay, target_of(MUTANT)), see(replay, target_of())
    assert (broken.shows, broken.expected) == (True, finding.expected)
    assert len(broken.lines) == len(finding.steps)
    assert (correct.shows, correct.others) == (False, ())


def test_story_is_told_again(target_of, see, replay_of):
    replay = replay_of({**CAUSE, "story": "trash-restore/sharing_stays_revoked"})

    assert see(replay, target_of(MUTANT)).shows is True
    assert see(replay, target_of()).shows is False


def test_shorter_of_two_findings_of_one_cause_is_kept(tmp_path, target_of, run_on):
    run = run_on(target_of(MUTANT), examples=8)
    made = next(event for event in run.events if isinstance(event, FindingMade))
    long = FindingMade(
        type(made.finding)(**{**fields(made.finding), "steps": ("x",) * 30}), "story", {"story": "a/b"}
    )
    reporter = ReplayFiles(tmp_path)
    for event in (long, made, long):
        reporter.receive(event)

    [path] = tmp_path.iterdir()
    assert "script" in json.loads(path.read_text(encoding="utf-8"))


def fields(finding) -> dict[str, object]:
    return {name: getattr(finding, name) for name in finding.__slots__}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "format 1"),
        ({**CAUSE, "format": 2, "script": SCRIPT}, "format 1"),
        ({**CAUSE, "clause": "trash.no-such-clause", "script": SCRIPT}, "trash.no-such-clause"),
        (CAUSE, "no script"),
        ({**CAUSE, "script": [{"act": "read document"}]}, "step"),
        ({**CAUSE, "script": [{"act": "fly", "by": "owner"}]}, "fly"),
        ({**CAUSE, "script": [{"act": "pass days", "by": "owner", "value": "soon"}]}, "soon"),
        ({**CAUSE, "story": "no-such/story"}, "no-such/story"),
    ],
)
def test_what_is_no_replay_is_refused_by_name(replay_of, content, words):
    with pytest.raises(UsageError, match=words):
        replay_of(content)


def test_what_the_profile_lacks_is_named(target_of, see, replay_of):
    with pytest.raises(ProfileError, match="member"):
        see(replay_of({**CAUSE, "script": SCRIPT}), target_of(people=("owner",)))
    days = [{"act": "pass days", "by": "owner", "value": "8"}]
    with pytest.raises(ProfileError, match="clock"):
        see(replay_of({**CAUSE, "script": days}), target_of(without=("clock",)))
    with pytest.raises(ProfileError, match="sandbox"):
        see(replay_of({**CAUSE, "script": days}), target_of(without=("sandbox",)))


def command(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["replay", *words])
    return int(ended.value.code or 0)


def test_command_says_whether_the_failure_still_shows(tmp_path: Path, capsys):
    path = tmp_path / "replay.json"
    path.write_text(json.dumps({**CAUSE, "script": SCRIPT}), encoding="utf-8")

    assert command(str(path), "--launch-mock", "--mock-option", f"--mutant {MUTANT}") == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == "the failure still shows"
    assert said[4].lstrip().startswith("5. member GET /v1beta/documents/doc_")
    assert command(str(path), "--launch-mock") == 0
    assert capsys.readouterr().out.splitlines()[-1] == "the failure no longer shows"
    assert command(str(path)) == 2
    assert command(str(tmp_path / "missing.json"), "--launch-mock") == 2
    assert command(str(path), "http://127.0.0.1:9", "--profile", str(tmp_path / "missing.toml")) == 2
