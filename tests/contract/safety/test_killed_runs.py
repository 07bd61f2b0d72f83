"""A run that is killed, or whose target dies, leaves a ledger, and the ledger is enough to clean up."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from factify_contract.errors import TargetUnreachable
from factify_contract.launch import running_mock
from factify_contract.preflight import greet, introduce
from factify_contract.profile import Budget
from factify_contract.safety.cleanup import Cleaner
from factify_contract.safety.guard import Guard
from factify_contract.safety.ledger import Ledger

TOOL = Path(sys.executable).with_name("factify-contract")
EXHAUSTION = {"request_quota_exhaustion": True, "document_quota_exhaustion": True}


@pytest.fixture
def line() -> Iterator[dict[str, Any]]:
    """The ready line of a mock."""
    with running_mock() as ready:
        yield ready


def run(*words: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True)


def killed_after(line: str, times: int, *words: Any) -> None:
    """Starts a run and kills it for good when the console has shown so many lines of this kind."""
    words = (TOOL, "verify", "--verbose", *map(str, words))
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        for shown in process.stdout:
            times -= line in shown
            if times == 0:
                break
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="kills as Unix does")
@pytest.mark.parametrize(
    ("shown", "times"),
    [("pass  ", 5), ("quota-exhaustion: A key", 1), ("organizations: Everybody", 1), ("properties", 1)],
    ids=["early", "among quotas", "among people", "among generated requests"],
)
def test_a_killed_run_is_cleaned_up_from_its_ledger(line, profile_file, state_of, tmp_path, shown, times):
    before = state_of(line)
    profile = profile_file(line, "quota", "document_quota", capabilities=EXHAUSTION)
    ledger = tmp_path / "ledger.jsonl"
    killed_after(shown, times, "--profile", profile, "--ledger", ledger, "--max-examples", 2)
    first = run("cleanup", ledger, "--profile", profile)
    second = run("cleanup", ledger, "--profile", profile)

    assert (first.returncode, first.stderr) == (0, "")
    assert state_of(line) == before
    assert (second.returncode, "taken back:" in second.stdout) == (0, False)
    *kinds, end = second.stdout.splitlines()
    assert end == "0 taken back; nothing is left to take back"
    assert [line for line in kinds if not line.startswith(("stays: ", "note: "))] == []
    assert [line for line in kinds if "doc_" in line] == []
    if stays := [line for line in kinds if "in the trash" in line]:
        named = run("cleanup", ledger, "--profile", profile, "--verbose").stdout
        assert named.count(" doc_") == int(stays[0].split()[1])


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="hears of the end of others' processes as Linux does"
)
def test_a_killed_run_leaves_no_process_behind():
    words = (TOOL, "verify", "--launch-mock", "--verbose")
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as judging:
        while not judging.stdout.readline().startswith("  pass "):
            pass
        left = [os.pidfd_open(child) for child in children(judging.pid)]
        judging.kill()

    assert len(left) == 2  # the mock, and who writes the generated requests
    for each in left:
        assert select.select([each], [], [], 30)[0] == [each]
        os.close(each)


def children(pid: int) -> list[int]:
    """The processes that the process has started and that still run."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_target_that_dies_leaves_a_report_and_a_ledger(profile_file, tmp_path):
    mock = [Path(sys.executable).with_name("factify-mock"), "serve", "--format", "json"]
    output = tmp_path / "output"
    with subprocess.Popen(mock, stdout=subprocess.PIPE, text=True) as serving:
        profile = profile_file(json.loads(serving.stdout.readline()))
        words = (TOOL, "verify", "--profile", profile, "--output", output)
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as judging:
            for shown in judging.stdout:
                if shown.startswith("  pass          trash-restore"):
                    break
            serving.kill()
            rest, errors = judging.communicate()
    report = json.loads((output / "report.json").read_text())
    [ledger] = output.glob("ledger-*.jsonl")

    assert (judging.returncode, report["verdict"]) == (3, "ERROR")
    assert "pass" in report["clauses"].values()
    assert f"factify-contract cleanup {ledger} --profile FILE" in rest
    assert errors.startswith("factify-contract: ")


@pytest.mark.parametrize("answered", [120, 300, 777])
def test_what_is_left_by_a_dead_target_is_cleaned_up_when_it_lives_again(
    judged, state, mock, opened, shipped, tmp_path, answered
):
    before = state.now()
    mock.dies_after = answered
    with pytest.raises(TargetUnreachable):
        judged("quota", "document_quota", capabilities=EXHAUSTION)
    mock.dies_after = None
    ledger = Ledger.open(tmp_path / "ledger.jsonl")
    target = opened("quota", "document_quota", capabilities=EXHAUSTION)
    known = introduce(target, greet(target, shipped)).target
    guard = target.transport.guard = Guard(Budget())
    guard.keep(ledger)
    left = Cleaner(known, shipped, guard, ledger).clear()
    ledger.close()

    assert left.failed == []
    assert state.now() == before
