"""`factify-mock env`: what it prints is what a shell and other tools understand, and it works."""

import json
import subprocess
import sys

import httpx
import pytest

from factify_contract.launch import running_mock
from factify_mock.readiness import ReadyLine
from factify_mock.surroundings import printed, variables

COMMAND = [sys.executable, "-m", "factify_mock", "env"]


@pytest.fixture(scope="module")
def mock():
    with running_mock(["--seed", "3"]) as ready:
        yield ready


def printed_by(*words):
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=30)
    assert done.returncode == 0, done.stderr
    return done.stdout


def fails(*words):
    done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, timeout=30)
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.returncode, done.stderr


def test_the_exports_of_a_running_mock_are_enough_to_call_it(mock, tmp_path):
    script = tmp_path / "script.sh"
    script.write_text(
        printed_by("--url", mock["url"]) + 'printf "%s\\n" "$FACTIFY_URL" "$FACTIFY_OWNER_TOKEN"\n'
    )

    url, token = subprocess.run(
        ["sh", script], capture_output=True, text=True, check=True
    ).stdout.splitlines()

    answer = httpx.get(f"{url}/v1beta/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["user"]["id"] == mock["world"]["owner"]["user_id"]


def test_a_ready_file_says_the_same_as_the_server(mock, tmp_path):
    path = tmp_path / "ready.json"
    path.write_text(json.dumps(mock))

    assert printed_by("--ready-file", str(path)) == printed_by("--url", mock["url"] + "/")


def test_each_new_world_has_people_of_its_own(mock):
    first = json.loads(printed_by("--url", mock["url"], "--new-world", "--format", "json"))
    second = json.loads(printed_by("--url", mock["url"], "--new-world", "--format", "json"))
    named = json.loads(
        printed_by("--url", mock["url"], "--world", first["FACTIFY_WORLD_ID"], "--format", "json")
    )

    assert named == first
    assert first["FACTIFY_ADMIN_TOKEN"] != second["FACTIFY_ADMIN_TOKEN"]
    key = {"Authorization": f"Bearer {first['FACTIFY_API_KEY_TOKEN']}"}
    assert httpx.get(f"{first['FACTIFY_URL']}/v1beta/documents", headers=key).status_code == 200


HARD = 'it\'s $HOME \\ "x"'
HARD_LINES = {
    "fish": r"""set -gx FACTIFY_OWNER_EMAIL 'it\'s $HOME \\ "x"'""",
    "powershell": r"""$env:FACTIFY_OWNER_EMAIL = 'it''s $HOME \ "x"'""",
}


@pytest.fixture
def hard(mock):
    world = mock["world"]
    return ReadyLine(mock["url"], {**world, "owner": {**world["owner"], "email": HARD}})


@pytest.mark.parametrize("output", HARD_LINES)
def test_what_a_shell_would_expand_is_quoted(hard, output):
    assert HARD_LINES[output] in printed(hard, output).splitlines()


def test_sh_reads_back_every_value(hard):
    found = variables(hard)
    script = printed(hard, "sh") + "\n" + "\n".join(f'printf "%s\\n" "${name}"' for name in found)

    said = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True).stdout

    assert said.splitlines() == list(found.values())


def test_dotenv_values_stand_as_they_are(mock):
    lines = printed_by("--url", mock["url"], "--format", "dotenv").splitlines()

    assert f"FACTIFY_URL={mock['url']}" in lines
    assert f"FACTIFY_ORGANIZATION_ID={mock['world']['organization_id']}" in lines


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        pytest.param([], 2, "either --url URL or --ready-file FILE", id="nothing"),
        pytest.param(
            ["--url", "http://127.0.0.1:9"], 3, "No mock answers at http://127.0.0.1:9", id="nobody"
        ),
        pytest.param(
            ["--url", "127.0.0.1:9"], 2, "'127.0.0.1:9' is no address, which begins with", id="bare"
        ),
        pytest.param(["--url", "localhost:9"], 2, "try http://localhost:9", id="no-scheme"),
        pytest.param(["--url", "http://127.0.0.1:port"], 2, "is no address", id="no-address"),
        pytest.param(["--ready-file", "missing.json"], 2, "'missing.json' cannot be read", id="no-file"),
        pytest.param(["--ready-file", "/dev/null"], 2, "holds no ready line", id="empty-file"),
        pytest.param(["--url", "x", "--world", "w", "--new-world"], 2, "leave out either", id="both"),
    ],
)
def test_what_cannot_be_had_is_one_sentence(words, code, said):
    ended, sentence = fails(*words)

    assert (ended, sentence.startswith("factify-mock: ")) == (code, True)
    assert said in sentence


def test_tokens_that_the_clock_has_left_behind_are_told_of(mock):
    world = json.loads(printed_by("--url", mock["url"], "--new-world", "--format", "json"))
    clock = f"{world['FACTIFY_CONTROL_URL']}/worlds/{world['FACTIFY_WORLD_ID']}/clock/advance"
    httpx.post(clock, json={"seconds": 366 * 86400}).raise_for_status()
    words = [*COMMAND, "--url", mock["url"], "--world", world["FACTIFY_WORLD_ID"]]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30)

    assert (done.returncode, "FACTIFY_OWNER_TOKEN" in done.stdout) == (0, True)
    assert "its tokens expired on" in done.stderr
    assert "/tokens gives out new ones" in done.stderr


def test_an_unknown_world_is_named(mock):
    code, sentence = fails("--url", mock["url"], "--world", "wld_x")

    assert code == 2
    assert "World wld_x not found" in sentence


def test_json_that_is_no_ready_line_is_refused(tmp_path):
    path = tmp_path / "ready.json"
    path.write_text('{"url": "http://127.0.0.1:1", "control_url": null, "world": {}}')

    code, sentence = fails("--ready-file", str(path))

    assert code == 2
    assert "'id' is missing" in sentence
