"""What the reporters make of a run: console, junit.xml, report.json."""

import io
import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from factify_contract.clauses import Level, catalogue
from factify_contract.engine import Options, Run
from factify_contract.events import RunStarted, StoryStarted
from factify_contract.report.console import ConsoleReport
from factify_contract.report.html import HtmlReport
from factify_contract.report.json_report import JsonReport
from factify_contract.report.junit import JUnitReport
from factify_contract.report.replay_files import Replaying
from factify_contract.scenarios.story import Story

KEPT, BROKEN, INFERRED = "users.me", "users.me-organizations", "errors.message-not-empty"
SECRET = "ffy_test_" + "canary" * 12
KEY = {
    "id": "key_01h2xcejqtf2nbrexx3vqjhp41",
    "name": "robot",
    "organization_id": "org_01h2xcejqtf2nbrexx3vqjhp41",
    "created_at": "2026-01-05T09:00:00Z",
    "key_prefix": "ffy_test_canaryc...",
    "is_active": True,
}


def keeps(api):
    api.owner.call("getMe").succeeds(KEPT)


def breaks(api):
    api.owner.call("getMe")
    api.owner.call("getMe")
    api.holds(BROKEN, condition=False, expected="<one> & \x00 only", actual=f"two, said {api.owner.token}")
    api.as_token("finder", "canary-found-77aa").call("getMe")
    api.owner.call("createApiKey", body={"name": "canary-not-secret", "organization_id": "org_1"})
    api.holds(BROKEN, condition=False, expected="no secret", actual=SECRET)


def warns(api):
    api.holds(INFERRED, condition=False, expected="a", actual="b")


def waits(api):
    api.mailbox.token_for("x@people.example")
    api.holds("users.preferences", condition=True, expected="", actual="")


def crashes(api):
    "".index("missing")


REPLAYING = Replaying(Path("reports"), ("http://api.test", "--profile", "my people.toml"))


@pytest.fixture
def reported(shipped, target_of, toy, tmp_path):
    """Runs the named stories with all reporters; returns the console's text, the XML and the JSON."""
    toy.answers["POST /v1beta/api-keys"] = lambda asked: (200, {"api_key": KEY, "secret": SECRET})

    def run(*tellings, interactive=False, verbose=False, again=None):
        output = io.StringIO()
        console = Console(
            file=output, width=80, force_terminal=interactive, color_system=None, highlight=False
        )
        reporters = [
            JUnitReport(tmp_path / "junit.xml", catalogue()),
            JsonReport(tmp_path / "report.json"),
            HtmlReport(tmp_path / "report.html", catalogue(), shipped, now=lambda: datetime.now(UTC)),
            ConsoleReport(console, catalogue(), verbose=verbose, replaying=REPLAYING),
        ]
        stories = [Story("toys", tell.__name__, (), tell) for tell in tellings]
        if again is not None:
            stories += [Story("others", "between", (), keeps), Story("toys", again.__name__, (), again)]

        def emit(event):
            for reporter in reporters:
                reporter.receive(event)

        options = Options(seed=3, phases=("scenarios",), target_name="a toy", suite_version="9.9")
        Run(target_of(), shipped, catalogue(), stories, options, emit=emit, clock=lambda: 0.0).execute()
        report = json.loads((tmp_path / "report.json").read_text())
        return output.getvalue(), ET.parse(tmp_path / "junit.xml").getroot(), report

    return run


def case(root, name):
    return next(element for element in root.iter("testcase") if element.get("name") == name)


def test_report_is_as_its_schema_says(reported):
    schema = json.loads(files("factify_contract.report").joinpath("report.schema.json").read_text())
    _, _, report = reported(keeps, breaks, warns, waits, crashes)

    Draft202012Validator.check_schema(schema)
    assert list(Draft202012Validator(schema).iter_errors(report)) == []


def test_report_tells_verdict_statuses_and_counts(reported):
    _, _, report = reported(keeps, breaks, warns, waits)

    assert (report["verdict"], report["seed"], report["target"]) == ("FAIL", 3, "a toy")
    assert set(report["clauses"]) == set(catalogue())
    assert [report["clauses"][clause] for clause in (KEPT, BROKEN, INFERRED)] == ["pass", "fail", "fail"]
    assert report["not_exercised"]["users.preferences"] == "the profile has no [adapters.mailbox]"
    assert [(found["clause"], found["level"]) for found in report["findings"]] == [
        (BROKEN, "documented"),
        (BROKEN, "documented"),
        (INFERRED, "inferred"),
    ]
    assert report["counts"]["findings"] == {"documented": 2, "inferred": 1}
    assert sum(report["counts"]["clauses"].values()) == len(catalogue())
    assert report["findings"][0]["steps"] == ["owner GET /v1beta/me → 200"] * 2


def test_only_timings_hold_durations(reported):
    _, _, report = reported(keeps)

    assert report["timings"] == {"seconds": 0.0, "phases": {"preflight": 0.0, "scenarios": 0.0}}
    assert all("elapsed" not in story for story in report["stories"])


def test_junit_has_a_case_for_every_story_and_clause(reported):
    _, root, _ = reported(keeps, breaks, warns, waits, crashes)

    assert [suite.get("name") for suite in root] == ["preflight", "toys", "clauses"]
    assert case(root, "keeps").find("*") is None
    assert "users.me-organizations" in case(root, "breaks").find("failure").get("message")
    assert "1-2. owner GET /v1beta/me → 200" in case(root, "breaks").find("failure").text
    assert "errors.message-not-empty (inferred)" in case(root, "warns").find("system-out").text
    assert (
        case(root, "waits").find("skipped").get("message")
        == "not exercised: the profile has no [adapters.mailbox]"
    )
    assert "the story itself broke" in case(root, "crashes").find("error").get("message")
    assert case(root, BROKEN).find("failure") is not None
    assert case(root, INFERRED).find("failure") is None
    assert case(root, "users.preferences").find("skipped") is not None


def test_junit_counts_what_it_holds(reported):
    _, root, _ = reported(keeps, breaks, waits, crashes)
    toys = root.find("testsuite[@name='toys']")

    assert {name: toys.get(name) for name in ("tests", "failures", "errors", "skipped")} == {
        "tests": "4",
        "failures": "1",
        "errors": "1",
        "skipped": "1",
    }
    assert int(root.get("tests")) == len(list(root.iter("testcase")))


def test_console_ends_with_counts_and_verdict(reported):
    text, _, report = reported(keeps, breaks, warns)
    lines = text.splitlines()

    assert lines[0] == "Judging a toy by Factify API, seed 3"
    assert lines[-1] == "FAIL"
    assert lines[-3] == "findings: 2 documented, 1 inferred"
    assert lines[-2] == f"requests: {report['counts']['requests']} in 0.0 s, seed 3"
    assert "  fail          toys: breaks" in lines
    assert "  fail          toys               3 stories: 1 fail, 2 pass" in lines
    assert "  pass          preflight          1 story" in lines


def test_console_tells_a_finding_in_full(reported):
    text, _, _ = reported(breaks)

    for part in (
        f"1. {BROKEN} (documented)",
        f"  promise    {catalogue()[BROKEN].sentence}",
        "  expected   <one> & ",
        "  operation  getMe",
        f"  source     {catalogue()[BROKEN].source}",
        "    1-2. owner GET /v1beta/me → 200",
        '    curl -sS -X GET "$FACTIFY_URL"/v1beta/me -H "Authorization: Bearer $FACTIFY_OWNER_TOKEN"',
    ):
        assert part in text


def test_console_says_how_a_finding_is_played_again(reported):
    text, _, report = reported(breaks)
    fingerprint = report["findings"][0]["fingerprint"]

    assert (
        f"    factify-contract replay reports/replay-{fingerprint}.json http://api.test"
        " --profile 'my people.toml'\n"
    ) in text


def test_console_counts_choices_by_themselves(reported):
    text, _, _ = reported(keeps)
    choices = sum(clause.level is Level.CHOICE for clause in catalogue().values())

    (line,) = [line for line in text.splitlines() if line.startswith("clauses:")]
    assert line.endswith(f" not exercised, {choices} choices")


def test_console_says_that_a_suite_goes_on(reported):
    text, _, _ = reported(keeps, warns, again=waits)

    assert "toys               2 stories\n" in text
    assert "others             1 story" in text
    assert "toys               1 more story\n" in text


def test_what_a_target_sends_cannot_move_the_cursor(reported, toy):
    toy.answers["GET /v1beta/me"] = lambda asked: (200, {"user": {"id": "\x1b[2J\nPASS"}})
    text, _, _ = reported(breaks)

    assert "\x1b" not in text
    assert text.splitlines().count("PASS") == 0


def test_console_counts_stories_that_were_not_told_by_their_reason(reported):
    text, _, _ = reported(waits, keeps)

    assert "waits" not in text
    assert "  pass          toys               2 stories: 1 pass, 1 not exercised\n" in text
    assert "                1 not told: the profile has no [adapters.mailbox]\n" in text


def test_verbose_console_names_every_story(reported):
    text, _, _ = reported(waits, keeps, verbose=True)

    assert "  pass          toys: keeps\n" in text
    assert "  not exercised toys: waits\n                the profile has no [adapters.mailbox]\n" in text
    assert "stories" not in text


def test_console_names_what_was_not_exercised_and_why(reported):
    text, _, _ = reported(waits)

    assert "the profile has no [adapters.mailbox]: users.preferences" in text


def test_plain_console_has_no_control_characters(reported):
    text, _, _ = reported(keeps)

    assert "\x1b" not in text


def test_terminal_shows_progress_and_the_same_lines(reported):
    text, _, _ = reported(keeps, interactive=True)

    assert "scenarios 1/1  keeps" in text
    assert text.rstrip().endswith("PASS")


def test_progress_line_goes_away_when_the_run_is_cut_short():
    output = io.StringIO()
    report = ConsoleReport(Console(file=output, force_terminal=True), catalogue())
    report.receive(RunStarted("t", "d", 0, ()))
    report.receive(StoryStarted("s/t", "s", "t"))
    report.close()
    shown = output.getvalue()
    report.close()

    assert output.getvalue() == shown
    assert shown.endswith("\x1b[2K")


def test_no_report_holds_a_token_or_a_secret(reported, tmp_path):
    text, _, _ = reported(keeps, breaks, warns, waits)
    written = text + "".join(path.read_text() for path in tmp_path.iterdir())

    assert "canary-not-secret" in written
    for canary in (
        "canary-owner",
        "canary-member",
        "canary-found",
        "ffy_test_canary",
        "owner@people.example",
    ):
        assert canary not in written
