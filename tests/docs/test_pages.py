"""What the README and the pages say is true: links lead somewhere, code runs, generated pages are fresh."""

import re
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

import pytest
from factify import Factify

from factify_contract.clauses import catalogue

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_relative_links_lead_to_files(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8"))

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_clauses_that_pages_promise_are_in_the_catalogue():
    promised = {
        (page.name, name)
        for page in PAGES
        for line in re.findall(r"^- (`[^:]+): ", page.read_text(encoding="utf-8"), re.MULTILINE)
        for name in re.findall(r"`([a-z-]+\.[a-z][a-z0-9-]*)`", line)
    }
    promised = {(page, name) for page, name in promised if not name.endswith(".json")}
    assert len(promised) > 50
    assert sorted((page, name) for page, name in promised if name not in catalogue()) == []


def test_pages_that_upload_a_file_say_where_it_comes_from():
    uploading = [page for page in PAGES if "agreement.pdf" in page.read_text(encoding="utf-8")]
    reading = [
        page
        for page in uploading
        if re.search(r'@agreement.pdf|(open|readFile)\("agreement', page.read_text(encoding="utf-8"))
    ]

    assert len(reading) > 5
    assert [page.name for page in reading if "makes" not in page.read_text(encoding="utf-8")] == []


def test_generated_pages_are_fresh():
    check = subprocess.run(
        [sys.executable, "docs/generate.py", "--check"], cwd=ROOT, capture_output=True, text=True
    )

    assert check.stdout == "stale: nothing\n", "run: python docs/generate.py"


def test_methods_of_the_sdk_are_there():
    page = (ROOT / "docs/reference/operations.md").read_text(encoding="utf-8")
    named = re.findall(r"`factify\.([\w.]+)`", page)

    assert len(named) > 50
    client = Factify(bearer_auth="")
    assert [name for name in named if not callable(attrgetter(name)(client))] == []
    assert "`GET /v1beta/me`" in page


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
