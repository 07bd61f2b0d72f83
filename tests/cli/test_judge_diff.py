"""factify-contract diff: what it prints in each form, and how it ends."""

import copy
import json
from pathlib import Path

import pytest

from factify_contract.cli import main
from factify_contract.spec import Document

DUPLICATES = "/v1beta/documents/{document_id}/duplicates"
PREFERENCES = "/v1beta/user-preferences"


@pytest.fixture
def ended(capsys):
    """Runs the command in this process: exit code, output, errors."""

    def run(*words) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["diff", *map(str, words)])
        captured = capsys.readouterr()
        return int(str(end.value.code)), captured.out, captured.err

    return run


@pytest.fixture
def written(tmp_path):
    """Writes a small part of our document, changed by the function, into a file."""
    ours = Document.load().raw
    paths = {path: ours["paths"][path] for path in (DUPLICATES, PREFERENCES)}

    def write(name: str, change=lambda raw: None) -> Path:
        raw = copy.deepcopy({**ours, "paths": paths})
        change(raw)
        path = tmp_path / name
        path.write_text(json.dumps(raw), encoding="utf-8")
        return path

    return write


def without_duplicates(raw):
    del raw["paths"][DUPLICATES]


def with_novelties(raw):
    raw["paths"]["/v1beta/novelties"] = {
        "get": {"operationId": "listNovelties", "responses": {"200": {"description": "Novelties."}}}
    }


def renamed(raw):
    raw["paths"][PREFERENCES]["get"]["operationId"] = "readUserPreferences"


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (without_duplicates, {"clients": 1, "implementations": 0, "any": 1, "never": 0}),
        (with_novelties, {"clients": 0, "implementations": 1, "any": 1, "never": 0}),
        (renamed, {"clients": 0, "implementations": 0, "any": 0, "never": 0}),
    ],
    ids=["clients", "implementations", "nobody for certain"],
)
def test_exit_code_follows_who_is_broken(ended, written, change, codes):
    old, new = written("old.json"), written("new.json", change)

    assert {side: ended(old, new, "--fail-on", side)[0] for side in codes} == codes
    assert ended(old, new)[0] == codes["any"]


def test_text_names_operations_clauses_and_stories(ended, written):
    _, out, err = ended(written("old.json"), written("new.json", without_duplicates))

    assert err == ""
    assert "breaking for clients:\n  listDocumentDuplicates: An operation was removed." in out
    assert "      clauses: export.duplicates-compared, " in out
    assert "      stories: duplicates/duplicated\n" in out
    assert out.splitlines()[-1] == "1 changes: 1 breaking for clients"


def test_same_documents_have_no_changes(ended, written):
    code, out, _ = ended(written("old.json"), written("new.json"))

    assert (code, out.splitlines()[-1]) == (0, "no changes")


def test_json_has_everything(ended, written):
    code, out, _ = ended(written("old.json"), written("new.json", renamed), "--format", "json")
    told = json.loads(out)
    [change] = told["changes"]

    assert code == 0
    assert (told["breaks_clients"], told["breaks_implementations"]) == (False, False)
    assert told["counts"] == {"both": 0, "clients": 0, "implementations": 0, "unknown": 1, "compatible": 0}
    assert (change["rule"], change["old"], change["new"]) == (
        "operation-id-changed",
        "getUserPreferences",
        "readUserPreferences",
    )
    assert change["uses"] == [{"operation": "readUserPreferences", "direction": None}]
    assert "users.preferences" in change["clauses"]


def test_markdown_is_a_table_and_goes_into_a_file(ended, written, tmp_path):
    place = tmp_path / "drift.md"
    code, out, _ = ended(
        written("old.json"), written("new.json", with_novelties), "--format", "markdown", "--output", place
    )

    assert (code, out) == (1, "")
    assert "| `listNovelties` | An operation was added. (GET /v1beta/novelties) |" in place.read_text()


def test_what_is_no_document_is_wrong_usage(ended, written, tmp_path):
    (tmp_path / "list.json").write_text("[]")

    code, out, err = ended(written("old.json"), tmp_path / "list.json")

    assert (code, out) == (2, "")
    assert "is not an OpenAPI document: it holds an array instead of an object" in err


def test_output_that_cannot_be_written_is_wrong_usage(ended, written, tmp_path):
    old = written("old.json")

    code, _, err = ended(old, old, "--output", tmp_path / "missing" / "drift.txt")

    assert code == 2
    assert "cannot be written: No such file or directory" in err
