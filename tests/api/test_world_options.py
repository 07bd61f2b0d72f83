"""What the command line says of the worlds that a server makes, and how it refuses nonsense."""

import subprocess
import sys

import httpx
import pytest

from factify_contract.launch import running_mock
from factify_mock.variants import SWITCHES

COMMAND = [sys.executable, "-m", "factify_mock"]


def test_the_variants_are_listed_with_the_own_choice_first():
    done = subprocess.run([*COMMAND, "variants"], capture_output=True, text=True, timeout=30)

    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[::2] == [f"{each.name}={'|'.join(each.values)}" for each in SWITCHES.values()]
    assert lines[1::2] == [f"    {each.sentence}" for each in SWITCHES.values()]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("keyactor=bot", "no variant 'keyactor'; did you mean 'key-actor'?", id="misspelt name"),
        pytest.param("key-actor=users", "no value 'users'; did you mean 'user'?", id="misspelt value"),
        pytest.param("colour=red", "There is no variant 'colour'; known are hidden-documents, ", id="name"),
        pytest.param(
            "key-actor=cat", "Variant key-actor has no value 'cat'; known are bot, user", id="value"
        ),
        pytest.param("key-actor", "'key-actor' is not of the form NAME=VALUE", id="form"),
    ],
)
def test_unknown_variants_are_refused_in_one_sentence(text, words):
    command = [*COMMAND, "serve", "--variant", text]

    done = subprocess.run(command, capture_output=True, text=True, timeout=30)

    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_every_world_of_a_server_behaves_as_the_command_says():
    options = [
        "--legacy",
        "--rate-limits",
        "--variant",
        "existing-member=400",
        "--variant=empty-lists=omitted",
    ]
    with running_mock(options) as ready, httpx.Client(timeout=30) as client:
        worlds = f"{ready['control_url']}/worlds"
        made = client.post(worlds, json={"variants": {"empty-lists": "present"}}).json()["world"]
        first, second = (
            client.get(f"{worlds}/{world['id']}").json()["settings"] for world in (ready["world"], made)
        )

    assert (first["legacy"], second["legacy"]) == (True, True)
    assert first["rate_limits"] == second["rate_limits"] == {"per_minute": 1000, "posts_per_minute": 100}
    assert first["variants"]["existing-member"] == second["variants"]["existing-member"] == "400"
    assert (first["variants"]["empty-lists"], second["variants"]["empty-lists"]) == ("omitted", "present")
