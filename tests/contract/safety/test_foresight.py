"""What a run would cost is told by one source, whoever asks."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from factify_contract.launch import running_mock
from factify_contract.planning import plan
from factify_contract.request import Request, scope_of

TOOL = Path(sys.executable).with_name("factify-contract")
COST = re.compile(r"about \d+ requests will be sent and .*$", re.MULTILINE)


def told(*words: Any) -> list[str]:
    done = subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return COST.findall(done.stdout)


@pytest.fixture
def profile(profile_file):
    with running_mock() as line:
        yield profile_file(line)


def test_doctor_and_dry_run_tell_the_same_cost(profile):
    examined = told("doctor", "--profile", profile, "--max-examples", "3")

    assert len(examined) == 1
    assert examined == told("verify", "--profile", profile, "--dry-run", "--max-examples", "3")


def test_what_only_reads_writes_nothing(profile):
    words = ("verify", "--profile", profile, "--dry-run", "--read-only", "--tier", "smoke")
    done = subprocess.run([TOOL, *map(str, words)], capture_output=True, text=True)
    first, *_, last = done.stdout.splitlines()

    assert (done.returncode, first) == (0, "nothing would be written")
    assert re.fullmatch(r"about [1-9]\d* requests will be sent and nothing made", last)


def test_every_phase_costs(opened, shipped):
    target = opened()
    whole = plan(target, shipped, scope_of(Request()))
    parts = [
        plan(target, shipped, scope_of(Request(phases=(phase,))))
        for phase in ("scenarios", "properties", "machine")
    ]

    assert all(part.cost.requests > 0 and part.cost.objects > 0 for part in parts)
    assert sum(part.cost.requests for part in parts) == whole.cost.requests
    assert sum(part.cost.objects for part in parts) == whole.cost.objects
