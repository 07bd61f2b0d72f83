"""What the README and the pages say is true: links lead somewhere, code runs, generated pages are fresh."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])


def blocks(page, language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_to_files(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize(
    "page", [page for page in PAGES if blocks(page, "python")], ids=lambda page: page.name
)
def test_python_in_the_pages_runs_as_tests(page, pytester):
    code = "\n\n".join(blocks(page, "python"))
    assert "def test_" in code, "a Python block that no test can run"
    pytester.makepyfile(code)

    outcome = pytester.runpytest_subprocess("-q", "-p", "no:cacheprovider")

    assert outcome.ret == 0
    outcome.assert_outcomes(passed=code.count("def test_"))


def test_generated_pages_are_fresh():
    check = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )

    assert check.stdout == "stale: nothing\n", "run: python docs/generate.py"


@pytest.mark.parametrize("name", ["main", "test"])
def test_readme_marks_its_two_commands(name):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    marked = re.findall(rf"<!-- command: {name} -->\n```sh\n(.+)\n```", readme)

    assert len(marked) == 1


def test_readme_lists_the_control_calls_that_exist():
    import json

    paths = json.loads((ROOT / "mocks/factify_mock/control/openapi.json").read_text(encoding="utf-8"))[
        "paths"
    ]
    documented = {path.removeprefix("/__mock__") for path in paths}

    for promised in ("/worlds", "/worlds/{world_id}/clock/advance", "/worlds/{world_id}/outbox"):
        assert promised in documented
