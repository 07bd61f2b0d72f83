"""What continuous integration reads of a run: SARIF, CTRF, a page of Markdown, GitHub's annotations."""

import json
import shutil
import subprocess
import tarfile
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from jsonschema import Draft7Validator
from markdown_it import MarkdownIt

from factify_contract.clauses import catalogue
from factify_contract.engine import PHASES, Options, Run
from factify_contract.known_issues import KnownIssue, KnownIssues
from factify_contract.report.annotations import Annotations
from factify_contract.report.ctrf import CtrfReport
from factify_contract.report.junit import JUnitReport
from factify_contract.report.markdown import MarkdownReport
from factify_contract.report.places import Place
from factify_contract.report.sarif import SarifReport
from factify_contract.scenarios.story import Story
from factify_contract.spec.source import shipped_document

KEPT, BROKEN, INFERRED, KNOWN = (
    "users.me", "users.me-organizations", "errors.message-not-empty", "organizations.get",
)  # fmt: skip
HOSTILE = "<b>`x`</b> | @all [l](http://e.test) ::error::\r\n%0A"
DAY = date(2026, 6, 1)


def keeps(api):
    api.owner.call("getMe").succeeds(KEPT)


def breaks(api):
    api.owner.call("getMe")
    api.holds(BROKEN, condition=False, expected="one", actual=HOSTILE)
    api.holds(INFERRED, condition=False, expected="a", actual="b")


def is_known(api):
    api.owner.call("getMe")
    api.holds(KNOWN, condition=False, expected="a", actual="b")


def waits(api):
    api.mailbox.token_for("x@people.example")
    api.holds("users.preferences", condition=True, expected="", actual="")


@pytest.fixture
def written(shipped, target_of, tmp_path):
    """Runs the stories; returns the texts of all reports, by file name, and what was annotated."""
    place = Place(shipped_document(), "api/openapi.json")
    entry = KnownIssue(KNOWN, "people team", "being | mended", DAY)

    def run(*tellings, today=DAY):
        said = []
        reporters = [
            SarifReport(tmp_path / "results.sarif", catalogue(), place),
            CtrfReport(tmp_path / "ctrf.json", catalogue(), clock=lambda: datetime(2026, 6, 1, tzinfo=UTC)),
            MarkdownReport(tmp_path / "summary.md", catalogue()),
            JUnitReport(tmp_path / "junit.xml", catalogue()),
            Annotations(said.append, place),
        ]

        def emit(event):
            for reporter in reporters:
                reporter.receive(event)

        stories = [Story("toys", tell.__name__, (), tell) for tell in tellings]
        options = Options(seed=3, phases=PHASES, target_name="a toy", suite_version="9.9.0")
        known = KnownIssues((entry,), today)
        Run(
            target_of(), shipped, catalogue(), stories, options, emit=emit, clock=lambda: 0.0, known=known
        ).execute()
        return {path.name: path.read_text() for path in tmp_path.iterdir()}, said

    return run


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    """The schema of a format, out of the package in which its owners publish it."""

    def schema(package, member):
        if shutil.which("npm") is None:
            pytest.skip("npm is not installed, and the schemas are published there")
        folder = tmp_path_factory.mktemp("schema")
        packed = subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, capture_output=True, text=True, check=True
        )
        with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
            return json.load(archive.extractfile(f"package/{member}"))

    return schema


def violations(schema, text):
    return [error.message for error in Draft7Validator(schema).iter_errors(json.loads(text))]


def test_sarif_is_as_its_published_schema_says(written, published):
    schema = published("@microsoft/jest-sarif@1.0.0-beta.0", "lib/schemas/sarif-2.1.0-rtm.5.json")
    files, _ = written(keeps, breaks, is_known, waits)

    assert violations(schema, files["results.sarif"]) == []


def test_sarif_shows_findings_beside_their_operation(written):
    files, _ = written(keeps, breaks, is_known)
    [run] = json.loads(files["results.sarif"])["runs"]
    lines = shipped_document().read_text().splitlines()
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]

    assert [(result["ruleId"], result["level"]) for result in run["results"]] == [
        (BROKEN, "error"), (INFERRED, "warning"), (KNOWN, "error"),
    ]  # fmt: skip
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert place["artifactLocation"]["uri"] == "api/openapi.json"
        assert '"operationId": "getMe"' in lines[place["region"]["startLine"] - 1]
    assert [len(result["suppressions"]) for result in run["results"]] == [0, 0, 1]
    assert "people team" in run["results"][2]["suppressions"][0]["justification"]


def test_ctrf_is_as_its_published_schema_says(written, published):
    schema = published("ctrf@0.3.0", "dist/ctrf-schema-0.0.json")
    files, _ = written(keeps, breaks, is_known, waits)

    assert violations(schema, files["ctrf.json"]) == []


def test_ctrf_counts_stories_and_excuses_known_failures(written):
    files, _ = written(keeps, breaks, is_known, waits)
    results = json.loads(files["ctrf.json"])["results"]
    status = {test["name"]: test["status"] for test in results["tests"] if test["suite"] == ["toys"]}

    assert status == {"keeps": "passed", "breaks": "failed", "is_known": "other", "waits": "skipped"}
    assert results["summary"]["tests"] == len(results["tests"])
    assert results["summary"]["failed"] == 1


def test_stale_list_of_known_failures_fails_every_report(written):
    files, said = written(keeps, today=date(2026, 6, 2))

    for text in (files["results.sarif"], files["ctrf.json"], files["summary.md"], files["junit.xml"], *said):
        assert "expired on 2026-06-01" in text
    assert json.loads(files["ctrf.json"])["results"]["summary"]["failed"] == 1
    assert ElementTree.fromstring(files["junit.xml"]).get("failures") == "1"


def test_junit_skips_known_failures(written):
    files, _ = written(keeps, is_known)
    root = ElementTree.fromstring(files["junit.xml"])
    skipped = [case.get("name") for case in root.iter("testcase") if "known: " in _message(case)]

    assert root.get("failures") == "0"
    assert sorted(skipped) == sorted(["is_known", KNOWN])


def _message(case):
    skipped = case.find("skipped")
    return "" if skipped is None else skipped.get("message")


def test_page_shows_what_a_target_says_as_text_only(written):
    files, _ = written(keeps, breaks, is_known, waits)
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(files["summary.md"])
    inline = [child for token in tokens for child in token.children or ()]
    shown = "".join(child.content for child in inline if child.type in ("text", "text_special"))

    assert files["summary.md"].startswith("## ❌ Factify contract: FAIL\n")
    assert {child.type for child in inline} & {"link_open", "html_inline", "image", "em_open"} == set()
    assert "<b>`x`</b> | @all [l](http://e.test) ::error::" in shown
    assert "known: being" in files["summary.md"]
    (block, *_) = [token.content.splitlines() for token in tokens if token.type == "fence"]
    assert block[0] == "# owner GET /v1beta/me → 200"
    assert {line.split(" ")[0] for line in block} <= {"#", "", "curl"}
    assert "1 clause: the profile has no [adapters.mailbox]" in shown


def test_annotations_hold_each_finding_on_one_line(written):
    _, said = written(keeps, breaks, is_known)

    assert [line.split(" ")[0] for line in said] == ["::error", "::warning", "::warning"]
    assert f"title={BROKEN}::" in said[0]
    assert all("\n" not in line and "\r" not in line for line in said)
    assert "%250A" in said[0], "a percent sign that the target sent stays one"
