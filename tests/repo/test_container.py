"""The Dockerfile, as far as it can be tried without Docker: what it copies, who it runs as, what it runs."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

import httpx
import pytest

from factify_contract.launch import mock_command, running_mock

ROOT = Path(__file__).resolve().parents[2]
PORT = "8600"


def instructions():
    """Each instruction of the Dockerfile with what follows it, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(" ", 1)) for line in lines]


INSTRUCTIONS = instructions()
LAST_STAGE = INSTRUCTIONS[max(at for at, (word, _) in enumerate(INSTRUCTIONS) if word == "FROM") :]


def the_last(word):
    return [rest for each, rest in LAST_STAGE if each == word][-1]


def copied():
    """What comes from the context."""
    sources = [
        shlex.split(rest)[:-1] for word, rest in INSTRUCTIONS if word == "COPY" and "--from" not in rest
    ]
    return [source for each in sources for source in each]


def test_what_is_copied_exists_and_is_in_the_context():
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept = [line[1:] for line in ignore if line.startswith("!")]

    assert "*" in ignore
    assert [source for source in copied() if not (ROOT / source).exists()] == []
    assert [source for source in copied() if not any(fnmatch(source, pattern) for pattern in kept)] == []
    assert set(kept) == set(copied()), "nothing else is sent to the builder"


def test_everything_that_the_package_is_built_from_is_copied():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {*(package.split("/")[0] for package in wheel["packages"]), *wheel["force-include"]}
    needed |= {project["project"]["readme"], *project["project"]["license-files"], "pyproject.toml"}

    assert needed - set(copied()) == set()


def test_it_runs_as_nobody_in_particular():
    user = the_last("USER")

    assert user.isdigit()
    assert int(user) > 0
    assert any(word == "RUN" and f"--uid {user} " in rest for word, rest in LAST_STAGE)


def test_shell_lines_are_valid():
    for word, rest in INSTRUCTIONS:
        if word == "RUN":
            subprocess.run(["sh", "-n", "-c", rest], check=True)


@pytest.fixture(scope="module")
def health_check():
    command = json.loads(the_last("HEALTHCHECK").split(" CMD ", 1)[1])
    assert command[0] == "python", "the image has no other tool"

    def check(url):
        words = [
            sys.executable,
            *(word.replace(f"127.0.0.1:{PORT}", httpx.URL(url).netloc.decode()) for word in command[1:]),
        ]
        return subprocess.run(words, capture_output=True, timeout=30).returncode

    return check


def test_the_health_check_tells_a_running_mock_from_a_stopped_one(health_check):
    with running_mock() as ready:
        assert health_check(ready["url"]) == 0
    assert health_check(ready["url"]) != 0


@contextmanager
def running(words):
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.terminate()


def test_what_it_runs_serves_on_the_port_that_it_exposes():
    entry, command = json.loads(the_last("ENTRYPOINT")), json.loads(the_last("CMD"))
    assert entry == ["factify-mock"]
    assert the_last("EXPOSE") == PORT
    assert command[command.index("--port") + 1] == PORT
    assert command[command.index("--host") + 1] == "0.0.0.0", "other containers have to reach it"

    # The same words on a free port of this machine.
    here = [{PORT: "0", "0.0.0.0": "127.0.0.1"}.get(word, word) for word in command]
    with running([mock_command(), *here]) as process:
        url = json.loads(process.stdout.readline())["url"]
        assert httpx.get(f"{url}/__mock__/ready").json()["status"] == "ready"
    assert process.returncode == 0
