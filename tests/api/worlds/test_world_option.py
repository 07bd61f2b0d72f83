"""The command `factify-mock serve --world`: begins as a shipped snapshot or as one in a file."""

import json
import subprocess
import sys

import httpx
import pytest

from factify_contract.launch import running_mock

SERVE = [sys.executable, "-m", "factify_mock", "serve"]


@pytest.fixture
def started():
    """What the control plane says of a first world that began with these options."""

    def start(*options):
        with running_mock(options, seed=5) as ready:
            world = f"{ready['control_url']}/worlds/{ready['world']['id']}"
            snapshot = httpx.get(f"{world}/snapshot").json()
            another = httpx.post(f"{ready['control_url']}/worlds").json()["world"]
            other = httpx.get(f"{ready['control_url']}/worlds/{another['id']}/snapshot").json()
        return ready["world"], snapshot, other

    return start


def test_a_shipped_world_is_what_all_worlds_of_the_server_begin_as(started):
    ready, snapshot, other = started("--world", "demo", "--frozen")

    assert ready["owner"]["email"] == "owner@northwind.example"
    assert snapshot["clock"] == {"now": "2026-03-31T12:00:00Z", "frozen": True}
    assert len(snapshot["tables"]["documents"]) == len(other["tables"]["documents"]) == 31
    assert snapshot["settings"]["processing_seconds"] == 0


def test_a_file_is_begun_with_and_options_beside_it_hold(started, demo_file):
    _, snapshot, _ = started(
        "--world", str(demo_file), "--now", "2026-06-01T00:00:00Z", "--variant", "key-actor=user"
    )

    assert snapshot["clock"]["now"].startswith("2026-06-01T00:00:0")
    assert snapshot["settings"]["processing_seconds"] == 3
    assert snapshot["settings"]["variants"]["key-actor"] == "user"
    assert snapshot["settings"]["variants"]["hidden-documents"] == "403"


@pytest.fixture
def demo_file(place, tmp_path):
    world = place(seed_name="demo", frozen=True, processing_seconds=3, variants={"hidden-documents": "403"})
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(world.snapshot(content=True)), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "cannot be read", id="no-file"),
        pytest.param("{", "not valid JSON", id="no-json"),
        pytest.param("[]", "A snapshot is a JSON object", id="no-object"),
        pytest.param("{}", "format is required", id="no-snapshot"),
    ],
)
def test_a_file_that_is_no_snapshot_is_named_in_one_sentence(tmp_path, content, said):
    path = tmp_path / "mine.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")

    refused = subprocess.run([*SERVE, "--world", str(path)], capture_output=True, text=True)

    assert refused.returncode == 2
    assert refused.stderr.startswith(f"factify-mock: --world {path}: ")
    assert said in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["mine.txt", "./mine", "mine"])
def test_a_file_needs_no_suffix_of_its_own(tmp_path, name):
    (tmp_path / name).write_text("{}", encoding="utf-8")

    refused = subprocess.run([*SERVE, "--world", name], capture_output=True, text=True, cwd=tmp_path)

    assert (refused.returncode, "format is required" in refused.stderr) == (2, True)


def test_a_snapshot_without_its_files_says_how_to_take_them_along(tmp_path, place):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(place(seed_name="demo").snapshot()), encoding="utf-8")

    refused = subprocess.run([*SERVE, "--world", str(path)], capture_output=True, text=True)

    assert "a snapshot taken with ?content=true brings it along" in refused.stderr


def test_an_unknown_name_is_refused_with_the_names_that_there_are():
    refused = subprocess.run([*SERVE, "--world", "nowhere"], capture_output=True, text=True)

    assert refused.returncode == 2
    assert "There is no named world 'nowhere'" in refused.stderr
    assert "demo, empty, quota-almost-exhausted" in refused.stderr
