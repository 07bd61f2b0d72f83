"""The example project passes with what is installed, by its published interface only."""

import os
import re
import subprocess
from pathlib import Path

from blocks import blocks_of
from desk import COMMANDS, LEAN

PROJECT = Path(__file__).resolve().parents[2] / "examples" / "document-archive"
PUBLISHED = {"document_archive", "httpx", "pytest", "time", "collections", "dataclasses", "typing"}


def test_example_passes_with_ten_tests():
    (block,) = blocks_of((PROJECT / "README.md").read_text(encoding="utf-8"))
    surroundings = {
        "PATH": f"{COMMANDS}{os.pathsep}{os.environ['PATH']}",
        "PYTEST_ADDOPTS": f"-q -p no:cacheprovider {LEAN}",
    }

    done = subprocess.run(
        ["bash", "-euc", block.code], cwd=PROJECT, env=os.environ | surroundings,
        capture_output=True, text=True,
    )  # fmt: skip

    assert done.stdout.rstrip().splitlines()[-1].startswith("10 passed"), done.stdout[-3000:]


def test_example_imports_nothing_of_ours():
    imported = set()
    for path in PROJECT.rglob("*.py"):
        imported |= set(re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))

    assert imported <= PUBLISHED
