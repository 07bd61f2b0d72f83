"""`factify-mock exam` against a running mock."""

import json
import socket

import httpx
import pytest
from click.testing import CliRunner

from factify_mock.cli.exam import exam


@pytest.fixture
def run():
    def invoke(*arguments):
        return CliRunner().invoke(exam, arguments)

    return invoke


@pytest.fixture
def careless(factify):
    """A world whose client asked wrongly once, in words that a table would stumble over."""
    headers = {"Authorization": f"Bearer {factify.owner.token}"}
    httpx.get(f"{factify.url}/v1beta/me?a|b=1", headers=headers)
    return factify


def test_text_names_grade_rule_request_and_advice(run, careless):
    done = run("--url", careless.url, "--world", careless.world_id)

    assert done.exit_code == 0
    assert done.output.splitlines()[:4] == [
        "grade B for 1 request",
        "  warning: fields.unknown-query: Only documented query parameters are sent.",
        "    request 1: GET /v1beta/me?a|b=1: a|b",
        "    -> Remove the parameter or correct its name; the API refuses what it does not know.",
    ]


def test_markdown_is_a_page_with_a_table(run, careless):
    page = run("--url", careless.url, "--world", careless.world_id, "--format", "md").output

    assert page.startswith("# Client exam\n\ngrade B for 1 request.\n")
    assert "## fields.unknown-query (warning)" in page
    assert "| 1 | `GET /v1beta/me?a\\|b=1` | a\\|b |" in page


def test_json_is_the_report_of_the_control_plane(run, careless):
    report = json.loads(run("--url", careless.url, "--world", careless.world_id, "--format", "json").output)

    assert report["grade"] == "B"
    assert report == httpx.get(f"{careless.url}/__mock__/worlds/{careless.world_id}/exam").json()


@pytest.mark.parametrize(("at_least", "code"), [("A", 1), ("B", 0), ("C", 0)])
def test_a_worse_grade_than_asked_for_is_a_failure(run, careless, at_least, code):
    done = run("--url", careless.url, "--world", careless.world_id, "--at-least", at_least)

    assert done.exit_code == code


def test_without_any_request_no_grade_is_reached(run, factify):
    done = run("--url", factify.url, "--world", factify.world_id, "--at-least", "F")

    assert (done.exit_code, done.output.splitlines()[0]) == (
        1,
        "no grade: there is no request on record to examine",
    )


def test_the_first_world_is_examined_where_none_is_named(run, factify_server):
    assert run("--url", f"{factify_server.url}/").exit_code == 0


def test_an_unknown_world_is_a_usage_error(run, factify):
    error = run("--url", factify.url, "--world", "wld_nowhere").exception

    assert error.exit_code == 2
    assert "World wld_nowhere not found" in str(error)


def test_where_nothing_answers_the_target_is_unreachable(run):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    error = run("--url", url).exception

    assert error.exit_code == 3
    assert "factify-mock serve" in str(error)
