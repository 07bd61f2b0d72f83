"""factify-contract: what it prints, and how it ends when something is wrong with the request."""

import http.server
import json
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from factify_contract.cli import cli, main
from factify_contract.spec import Document
from factify_mock.cli import commands

End = tuple[int, str, str]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Callable[..., End]:
    """Runs the command line in this process: exit code, output, errors."""

    def run(*words: str) -> End:
        with pytest.raises(SystemExit) as ended:
            main(words)
        captured = capsys.readouterr()
        return int(str(ended.value.code)), captured.out, captured.err

    return run


@pytest.fixture
def silent_server() -> Iterator[str]:
    """A web server that knows nothing of the API."""

    class Silent(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(404)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Keeps the test's output clean."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Silent) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["verify"], "nothing to judge; give --launch-mock, or a URL with --profile FILE"),
        (["verify", "api.test"], "'api.test' does not begin with http:// or https://; try http://api.test"),
        (["verify", "http://a.test", "--launch-mock"], "leave out either it or 'http://a.test'"),
        (
            ["verify", "--profile", "none.toml"],
            "no profile file 'none.toml'; make one with: factify-contract init",
        ),
        (
            ["verify", "http://a.test", "--mock-option", "--strict"],
            "'--strict' has no effect without --launch-mock",
        ),
        (["verify", "--launch-mock", "--suite", "nope"], "no suite 'nope'; known are invite-accept"),
        (["verify", "--launch-mock", "--suite", "trash"], "no suite 'trash'; did you mean 'trash-restore'?"),
        (
            ["verify", "--launch-mock", "--phase", "scenario"],
            "there is no 'scenario'; did you mean 'scenarios'? See: factify-contract verify --help",
        ),
        (["clauses", "users.mee"], "no clause 'users.mee'; did you mean 'users.me'?"),
        (["clauses", "nothing"], "no clause 'nothing'; without any, all are listed"),
        (
            ["verify", "--launch-mock", "--phase", "nope"],
            "there is no 'nope'; known are preflight, scenarios, ",
        ),
        (["verify", "--launch-mock", "--seed", "x"], "'x' is not a valid integer"),
        (["verify", "--launch-mock", "--mock-option", "--bogus"], "the mock refused its options"),
        (["verify", "--launch-mock", "--spec", "none.json"], "none.json"),
        (["verify", "--bogus"], "No such option"),
        (["flie"], "flie"),
    ],
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(command, words, sentence):
    code, output, errors = command(*words)

    assert (code, output) == (2, "")
    assert sentence in errors
    assert len(errors.splitlines()) == 1


def test_refused_connection_is_one_sentence_and_exit_code_3(command):
    code, output, errors = command("verify", "http://127.0.0.1:9")

    assert (code, output) == (3, "")
    assert errors == "factify-contract: Nothing listens at http://127.0.0.1:9 (connection refused)\n"


def test_target_without_a_profile_says_how_to_make_one(command, silent_server):
    code, _, errors = command("verify", silent_server)

    assert code == 2
    assert errors == (
        f"factify-contract: {silent_server} answers, but without a profile nobody may call it;"
        " make one with factify-contract init profile.toml and pass it with --profile profile.toml\n"
    )


def test_folder_that_cannot_be_written_is_named(command, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, errors = command("verify", "--launch-mock", "--output", str(tmp_path / "file" / "reports"))

    assert code == 2
    assert "--output" in errors
    assert "Not a directory" in errors


@click.command()
def explode() -> None:
    """Breaks, as no command should."""
    raise ZeroDivisionError("two\nlines")


@pytest.fixture
def exploding() -> Iterator[None]:
    cli.add_command(explode)
    yield
    cli.commands.pop("explode")


def test_defect_of_the_tool_is_one_sentence_and_exit_code_3(command, exploding):
    code, _, errors = command("explode")

    assert code == 3
    assert errors == (
        "factify-contract: internal error: ZeroDivisionError: two lines (run again with --debug)\n"
    )


def test_defect_of_the_tool_shows_its_traceback_on_request(command, exploding):
    code, _, errors = command("--debug", "explode")

    assert code == 3
    assert "Traceback" in errors


def test_document_is_printed_whole(command):
    code, output, _ = command("document")

    assert code == 0
    assert json.loads(output) == Document.load().raw


def test_document_is_printed_without_samples(command):
    _, output, _ = command("document", "--without-samples")
    plain = json.loads(output)

    assert plain == Document.load().without_samples()
    assert "x-codeSamples" not in output


def test_clauses_are_listed_in_each_form(command):
    listed = json.loads(command("clauses", "--format", "json")[1])
    text = command("clauses")[1]
    table = command("clauses", "--format", "md")[1].splitlines()

    assert {"id", "sentence", "level", "source", "operations", "exercised"} <= set(listed[0])
    assert len(table) == len(listed) + 2
    assert all(f"{clause['id']} ({clause['level']})" in text for clause in listed)


def test_init_prints_a_profile(command):
    code, output, _ = command("init")

    assert code == 0
    assert tomllib.loads(output)["base_url"] == "https://api.example.com"


def test_init_writes_a_profile_once(command, tmp_path):
    path = tmp_path / "profile.toml"
    first = command("init", str(path))
    path.write_text("mine")
    second = command("init", str(path))

    assert first[0] == 0
    assert f"--profile {path}" in first[1]
    assert (second[0], path.read_text()) == (2, "mine")
    assert "exists already" in second[2]


def test_a_sentence_about_usage_is_one_line(command):
    code, _, said = command("certify")

    assert code == 2
    assert said == (
        "factify-contract: Missing option '--level'. Choose from: core, full."
        " See: factify-contract certify --help\n"
    )


@pytest.mark.parametrize("group", [cli, commands], ids=["factify-contract", "factify-mock"])
def test_the_list_of_commands_cuts_no_sentence_off(group):
    said = CliRunner().invoke(group, ["--help"], terminal_width=80).output

    assert "..." not in said.partition("Commands:")[2]


def test_help_imports_nothing_heavy():
    program = "import sys, factify_contract.cli; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    heavy = {"schemathesis", "hypothesis", "httpx", "jsonschema", "jsonschema_rs", "rich", "pytest"}
    assert heavy.isdisjoint(done.stdout.split())


def test_reader_who_has_enough_is_no_error():
    tool = Path(sys.executable).with_name("factify-contract")
    pipe = subprocess.Popen([tool, "document"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    pipe.stdout.read(10)
    pipe.stdout.close()
    errors = pipe.stderr.read()
    pipe.stderr.close()

    assert (pipe.wait(), errors) == (0, b"")
