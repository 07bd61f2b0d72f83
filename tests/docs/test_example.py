"""The example project passes with what is installed, by its published interface only."""

import os
import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "examples" / "document-archive"
PUBLISHED = {"document_archive", "httpx", "pytest", "time", "collections", "dataclasses", "typing"}


def test_example_passes_with_ten_tests():
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"],
        cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, capture_output=True, text=True,
    )  # fmt: skip

    assert done.stdout.rstrip().splitlines()[-1].startswith("10 passed"), done.stdout[-3000:]


def test_example_imports_nothing_of_ours():
    imported = set()
    for path in PROJECT.rglob("*.py"):
        imported |= set(re.findall(r"^(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE))

    assert imported <= PUBLISHED
