"""The second implementation as a process of its own, and the judge's command on it."""

import io
import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from factify_contract.cli import main

HERE = Path(__file__).parent
# The implementation is a package of its own, which a test may ask for its modes and faults.
sys.path.insert(0, str(HERE))


@dataclass(frozen=True)
class Judgement:
    """How a run of the judge ended, and what it reported."""

    exit_code: int
    report: dict[str, Any]
    console: str

    def findings(self, level: str) -> list[str]:
        """The clauses that findings of the level name."""
        return [each["clause"] for each in self.report["findings"] if each["level"] == level]

    def clauses(self, status: str) -> set[str]:
        """The clauses with the status."""
        return {clause for clause, found in self.report["clauses"].items() if found == status}


Judge = Callable[..., Judgement]


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where every variant is served."""
    with subprocess.Popen(
        [sys.executable, "-m", "contrary"],
        cwd=HERE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.terminate()


@pytest.fixture(scope="session")
def profile_of(address: str, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """The file with the profile of a variant; `bare` means without any adapter, `only` names the people."""

    def written(variant: str, *, bare: bool = False, only: str = "") -> Path:
        path = tmp_path_factory.mktemp("judged") / "profile.toml"
        asked = [*(["bare=1"] if bare else []), *([f"only={only}"] if only else [])]
        with urllib.request.urlopen(f"{address}/{variant}/.testing/profile.toml?{'&'.join(asked)}") as answer:
            path.write_bytes(answer.read())
        return path

    return written


@pytest.fixture(scope="session")
def judge(address: str, profile_of: Callable[..., Path]) -> Judge:
    """Judges a variant with further words for the command; `bare` and `only` are as for the profile.

    The same run is made only once in a session.
    """

    @cache
    def judged(variant: str, *words: str, bare: bool = False, only: str = "") -> Judgement:
        profile = profile_of(variant, bare=bare, only=only)
        folder = profile.parent
        target = f"{address}/{variant}"
        said = io.StringIO()
        with redirect_stdout(said), pytest.raises(SystemExit) as ended:
            main(["verify", target, "--profile", str(profile), "--output", str(folder), *words])
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        return Judgement(int(ended.value.code or 0), report, said.getvalue())

    return judged
