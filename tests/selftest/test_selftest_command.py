"""The self-test tells mutants that are seen from those that get away, and says so in every form."""

import json
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from factify_contract.launch import mock_command

COMMAND = Path(sys.executable).with_name("factify-contract")

# An implementation that is the mock, but lists its mutants as the test has it.
IMPOSTOR = """
import json, os, sys
if sys.argv[1] == "mutants":
    print({listed!r})
else:
    os.execv({mock!r}, [{mock!r}, *sys.argv[1:]])
"""

SEEN = ("sharing.revoke-does-nothing", "sharing.revoke-takes-access")
# Both are looked for in the story of the clause that they claim to break.
ESCAPES = ("users.somebody-else", "organizations.logo-size")
MISNAMED = ("versions.not-current", "versions.create-returns-version")
MISTAKEN = ("documents.sort-ignored", "documents.list-sorts")

Selftest = Callable[..., tuple[subprocess.CompletedProcess[str], dict[str, Any], str]]


@pytest.fixture
def selftest(tmp_path: Path) -> Selftest:
    def run(
        *options: str, mutants: list[tuple[str, str]] | None = None
    ) -> tuple[subprocess.CompletedProcess[str], dict[str, Any], str]:
        words = [str(COMMAND), "selftest", "--output", str(tmp_path / "out"), *options]
        if mutants is not None:
            listed = {
                "mutants": [{"name": it, "breaks": clause, "sentence": "<i>"} for it, clause in mutants]
            }
            script = tmp_path / "impostor.py"
            script.write_text(IMPOSTOR.format(listed=json.dumps(listed), mock=mock_command()))
            words += ["--command", f"{sys.executable} {script}"]
        done = subprocess.run(words, capture_output=True, text=True, timeout=120)
        table, page = tmp_path / "out" / "kill-table.json", tmp_path / "out" / "kill-table.html"
        if not table.exists():
            return done, {}, ""
        return done, json.loads(table.read_text()), page.read_text()

    return run


class Resources(HTMLParser):
    """What a page would load, and the tags that it never closes."""

    def __init__(self) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.rows = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.rows += tag == "tr" and ("data-verdict", "killed") in attrs
        named = dict(attrs)
        if tag in ("script", "img", "link", "iframe") and (named.get("src") or named.get("href")):
            self.loaded.append(self.get_starttag_text() or tag)


def test_a_mutant_that_is_seen_under_its_name_passes(selftest: Selftest) -> None:
    done, table, page = selftest("--mutant", SEEN[0])

    last = done.stdout.strip().splitlines()[-1]
    assert last.startswith("SELFTEST PASS: 1 mutants, 1 killed, 1 by the right clause, in "), done.stdout
    assert (done.returncode, done.stderr) == (0, "")
    (row,) = table["mutants"]
    assert (row["name"], row["breaks"], row["verdict"]) == (*SEEN, "killed")
    assert "sharing/revoked" in row["clauses"][SEEN[1]]
    assert row["expected"]
    assert row["actual"]
    assert table["control"]["findings"] == []
    broken = {clause["id"] for clause in table["clauses"] if clause["broken_by"]}
    assert broken == {SEEN[1]}
    resources = Resources()
    resources.feed(page)
    assert (resources.loaded, resources.rows) == ([], 1)
    assert "@import" not in page
    assert "url(" not in page


def test_what_gets_away_or_is_misnamed_fails(selftest: Selftest) -> None:
    done, table, page = selftest(mutants=[SEEN, ESCAPES, MISNAMED, MISTAKEN])

    verdicts = [row["verdict"] for row in table["mutants"]]
    assert verdicts == ["killed", "survived", "misnamed", "error"], done.stdout
    assert (table["verdict"], done.returncode) == ("FAIL", 1)
    assert (
        done.stdout.strip()
        .splitlines()[-1]
        .startswith("SELFTEST FAIL: 4 mutants, 2 killed, 1 by the right clause, 1 not judged, in ")
    )
    schema = json.loads(files("factify_contract.selftest").joinpath("kill-table.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(table)) == []
    assert "versions.create-becomes-current" in table["mutants"][2]["clauses"]
    assert "organizations.logo-size: pass" in table["mutants"][1]["reason"]
    assert "not in the catalogue" in table["mutants"][3]["reason"]
    assert "<i>" not in page
    assert "&lt;i&gt;" in page


def test_only_what_was_not_judged_is_an_error_of_the_tool(selftest: Selftest) -> None:
    done, table, _ = selftest(mutants=[MISTAKEN])

    assert (done.returncode, table["verdict"]) == (3, "ERROR")


def test_an_unknown_mutant_is_wrong_usage(selftest: Selftest) -> None:
    done, table, _ = selftest("--mutant", "documents.nothing")

    assert (done.returncode, table) == (2, {})
    assert "there is no mutant 'documents.nothing'" in done.stderr


@pytest.mark.parametrize(
    ("command", "said"), [("no-such-command", "cannot be run"), ("echo", "does not print")]
)
def test_a_command_that_lists_no_mutants_is_wrong_usage(selftest: Selftest, command: str, said: str) -> None:
    done, _, _ = selftest("--command", command)

    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
