"""A client in JavaScript passes against the installed mock; needs Node.js 20, which CI has."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from factify_contract.launch import mock_command

HERE = Path(__file__).parent
_OLDEST = 20


def node() -> str:
    """The command; without a Node that is new enough the test fails in CI and is skipped elsewhere."""
    found = shutil.which("node")
    version = subprocess.run([found, "--version"], capture_output=True, text=True).stdout if found else ""
    if found and (number := re.match(r"v(\d+)\.", version)) and int(number[1]) >= _OLDEST:
        return found
    message = f"Node.js {_OLDEST} or newer is needed for tests/node, found {version.strip() or 'none'}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def test_a_javascript_client_passes_against_the_mock():
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", HERE],
        env={**os.environ, "FACTIFY_MOCK": mock_command()},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    count = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert count is not None, done.stdout
    assert int(count[1]) >= 5, done.stdout
    assert "# skipped 0\n" in done.stdout


def test_a_missing_node_fails_in_ci_and_is_skipped_elsewhere(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"Node\.js 20 or newer is needed"):
        node()
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match=r"Node\.js 20 or newer is needed"):
        node()
