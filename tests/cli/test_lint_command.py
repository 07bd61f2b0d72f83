"""factify-contract lint, from the command to the exit code."""

import json
import subprocess
import sys
from pathlib import Path

TOOL = Path(sys.executable).with_name("factify-contract")
DEFECTIVE = {
    "openapi": "3.1.0",
    "info": {"title": "Boats", "version": "1"},
    "paths": {
        "/boats": {"get": {"operationId": "listBoats", "responses": {"200": {"description": "Boats"}}}}
    },
    "components": {"schemas": {"Rig": {"enum": ["sloop"]}}},
}


def lint(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([TOOL, "lint", *words], capture_output=True, text=True)


def test_shipped_document_is_clean() -> None:
    done = lint()

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("no defects; ")


def test_all_shows_what_is_accepted_and_why() -> None:
    done = lint("--all")

    assert done.returncode == 0
    assert "accepted: The published names" in done.stdout


def test_defects_are_told_with_place_reason_and_next_step(tmp_path: Path) -> None:
    path = tmp_path / "boats.json"
    path.write_text(json.dumps(DEFECTIVE))
    text, page, listed = lint(path), lint(path, "--format", "md"), lint(path, "--format", "json")

    assert {done.returncode for done in (text, page, listed)} == {1}
    assert "warning: enum-without-type: An enum does not say what type" in text.stdout
    assert (
        "  next  Add the type that all its values have.\n    /components/schemas/Rig: enum of 1 values"
        in text.stdout
    )
    assert text.stdout.splitlines()[-1] == "2 warnings, 1 note"
    assert "## enum-without-type (warning)" in page.stdout
    assert {each["rule"] for each in json.loads(listed.stdout)} == {
        "enum-without-type", "answer-undeclared", "component-unused",
    }  # fmt: skip


def test_what_is_no_document_is_a_mistake_of_usage(tmp_path: Path) -> None:
    (tmp_path / "notes.json").write_text("[]")

    for path in (tmp_path / "notes.json", tmp_path / "missing.json"):
        done = lint(path)
        assert done.returncode == 2
        assert path.name in done.stderr
