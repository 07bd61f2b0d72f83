"""factify-contract verify, from the command to the exit code, against the mock."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest

from factify_contract.errors import ContractError, UsageError
from factify_contract.launch import launched_mock

TOOL = Path(sys.executable).with_name("factify-contract")
# The stories are quick; generated requests have tests of their own.
QUICK = ("--phase", "scenarios")


@pytest.fixture
def verify(tmp_path: Path) -> Callable[..., tuple[int, str, dict]]:
    """Runs the command as a user does: exit code, output, report."""

    def run(*words: str) -> tuple[int, str, dict]:
        here = tmp_path / "here"
        here.mkdir(exist_ok=True)
        done = subprocess.run(
            [TOOL, "verify", *words, "--output", tmp_path / "reports"],
            capture_output=True,
            text=True,
            cwd=here,
        )
        assert done.stderr == ""
        assert list(here.iterdir()) == []
        return done.returncode, done.stdout, json.loads((tmp_path / "reports" / "report.json").read_text())

    return run


def test_launched_mock_passes_every_phase(verify, tmp_path):
    code, output, report = verify("--launch-mock", "--max-examples", "1", "--machine-examples", "4")
    suites = [suite.get("name") for suite in ElementTree.parse(tmp_path / "reports" / "junit.xml").getroot()]

    assert (code, output.splitlines()[-1], report["verdict"]) == (0, "PASS", "PASS")
    assert report["findings"] == []
    assert [story for story in report["stories"] if story["status"] != "pass"] == []
    assert (suites[0], suites[-3:]) == ("preflight", ["properties", "machine", "clauses"])
    assert {"invite-accept", "trash-restore", "quota-exhaustion"} < set(suites)


def test_broken_rule_fails_and_names_its_clause(verify):
    code, output, report = verify(
        "--launch-mock", "--mock-option", "--mutant sharing.untrash-restores-grants", *QUICK
    )
    [found] = [one for one in report["findings"] if one["clause"] == "trash.restore-keeps-grants-revoked"]

    assert (code, output.splitlines()[-1]) == (1, "FAIL")
    assert "trash.restore-keeps-grants-revoked (documented)" in output
    assert found["steps"][-1].startswith("member GET /v1beta/documents/doc_")
    assert found["curl"][-1].endswith('"Authorization: Bearer $FACTIFY_MEMBER_TOKEN"')


def test_same_seed_gives_the_same_report(verify):
    words = ("--launch-mock", "--seed", "5", "--mock-option", "--mutant invites.token-reusable", *QUICK)
    first, second = verify(*words)[2], verify(*words)[2]
    first.pop("timings")
    second.pop("timings")

    assert first == second


def test_running_mock_is_judged_by_its_ready_line(verify, tmp_path):
    ready = tmp_path / "ready.json"
    mock = Path(sys.executable).with_name("factify-mock")
    with subprocess.Popen([mock, "serve", "--format", "json"], stdout=subprocess.PIPE) as process:
        ready.write_bytes(process.stdout.readline())
        code, output, report = verify("--profile", str(ready), "--suite", "trash-restore")
        process.terminate()

    assert code == 0
    assert output.splitlines()[0] == f"Judging {json.loads(ready.read_text())['url']} by Factify API, seed 0"
    assert {story["suite"] for story in report["stories"]} == {"preflight", "trash-restore"}


def test_profile_with_the_owner_alone_leaves_the_rest_open(verify, tmp_path):
    with launched_mock() as profile:
        path = tmp_path / "profile.toml"
        token = profile.identities["owner"].token.value
        path.write_text(f'base_url = "http://ignored.test"\n[identities.owner]\ntoken = "{token}"\n')
        code, output, report = verify(profile.base_url, "--profile", str(path), *QUICK)
    statuses = {story["status"] for story in report["stories"]}

    assert (code, statuses) == (0, {"pass", "not exercised"})
    assert report["clauses"]["invites.accept-once"] == "not exercised"
    assert "note: the profile has no [adapters.mailbox], so " in output
    assert token not in output + json.dumps(report)


def test_wrong_token_of_the_owner_is_wrong_usage(tmp_path):
    with launched_mock() as profile:
        path = tmp_path / "profile.toml"
        path.write_text(f'base_url = "{profile.base_url}"\n[identities.owner]\ntoken = "wrong-token"\n')
        done = subprocess.run([TOOL, "verify", "--profile", path], capture_output=True, text=True)

    assert done.returncode == 2
    assert "the target refused the token of identity 'owner'" in done.stderr
    assert "wrong-token" not in done.stdout + done.stderr


def test_launched_mock_ends_with_its_block():
    with launched_mock(["--seed", "4"]) as profile:
        assert httpx.get(f"{profile.base_url}/v1beta/me").status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{profile.base_url}/v1beta/me")


def test_mock_that_refuses_its_options_is_wrong_usage():
    with pytest.raises(UsageError, match="the mock refused its options"), launched_mock(["--bogus"]):
        pass


def test_mock_that_is_not_ready_ends_too(tmp_path, monkeypatch):
    broken = tmp_path / "python"
    broken.symlink_to(sys.executable)
    mock = tmp_path / "factify-mock"
    mock.write_text("#!/bin/sh\necho no ready line\nexec cat\n")
    mock.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(broken))
    with pytest.raises(ContractError, match="is no JSON object: 'no ready line"), launched_mock():
        pass


@pytest.fixture
def heeded() -> Iterator[None]:
    """Processes that are started heed interrupts, also where the tests run in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.skipif(sys.platform != "linux", reason="reads the process table of Linux")
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_interrupted_run_reports_what_it_knows_and_stops_what_it_started(tmp_path, kind):
    words = [TOOL, "verify", "--launch-mock", "--max-examples", "100000", "--output", tmp_path]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for line in process.stdout:
        if line.startswith("  pass          invite-accept"):
            break
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.send_signal(kind)
    output, errors = process.communicate()
    report = json.loads((tmp_path / "report.json").read_text())

    assert (process.returncode, errors.strip()) == (130, "factify-contract: interrupted")
    assert output.splitlines()[-1] == "ERROR"
    assert (report["verdict"], report["interrupted"]) == ("ERROR", "interrupted by the user")
    # The mock, and who writes generated requests ahead.
    assert len(children) == 2
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(int(child), 0)
