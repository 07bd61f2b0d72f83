"""The exchanges of a run as an HTTP archive."""

import json
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime

import pytest
from jsonschema import Draft6Validator
from referencing import Registry
from referencing.jsonschema import DRAFT6

from factify_contract.clauses import catalogue
from factify_contract.engine import Options, Run
from factify_contract.report.har import HarReport
from factify_contract.scenarios.story import Story

PUBLISHED = "har-schema@2.0.0"
SECRET = "ffy_test_" + "canary" * 12


def uploads(api):
    api.owner.call("getMe")
    api.owner.call("listDocuments", query={"query": "a b", "created_by_id": ["x", "y"]})
    api.owner.call("createApiKey", body={"name": "robot", "organization_id": "org_1"})
    pdf = b"%PDF-\xff" + b"x" * 9000
    api.owner.call(
        "createDocument", body={"title": "t"}, files={"payload": ("a.pdf", pdf, "application/pdf")}
    )


@pytest.fixture
def archive(shipped, target_of, toy, tmp_path):
    """The archive of one story, as text."""
    toy.answers["POST /v1beta/api-keys"] = lambda asked: (200, {"secret": SECRET})
    toy.answers["GET /v1beta/documents"] = lambda asked: (200, {"said": f"was {SECRET}, is {'long ' * 2000}"})
    target = target_of()
    report = HarReport(
        tmp_path / "exchanges.har", target.transport.redactor, now=lambda: datetime(2026, 6, 1, tzinfo=UTC)
    )
    options = Options(seed=3, phases=("scenarios",), suite_version="9.9.0")
    stories = [Story("toys", "Uploads", (), uploads)]
    Run(target, shipped, catalogue(), stories, options, emit=report.receive, clock=lambda: 0.0).execute()
    return (tmp_path / "exchanges.har").read_text()


@pytest.fixture
def schema(tmp_path):
    """A validator of the published schema of the format."""
    if shutil.which("npm") is None:
        pytest.skip("npm is not installed, and the schema is published there")
    packed = ["npm", "pack", "--silent", PUBLISHED]
    name = subprocess.run(packed, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.split()[-1]
    with tarfile.open(tmp_path / name) as held:
        parts = [
            json.load(held.extractfile(member))
            for member in held.getmembers()
            if member.name.startswith("package/lib/") and member.name.endswith(".json")
        ]
    registry = Registry().with_resources((part["$id"], DRAFT6.create_resource(part)) for part in parts)
    return Draft6Validator(next(part for part in parts if part["$id"] == "har.json#"), registry=registry)


def test_archive_is_as_its_published_schema_says(archive, schema):
    assert [error.message for error in schema.iter_errors(json.loads(archive))] == []


def test_every_exchange_is_there_with_its_story(archive):
    log = json.loads(archive)["log"]
    # What the toy answers is no API, so the story is told twice.
    own = [entry for entry in log["entries"] if entry["pageref"] == "toys/uploads"][:4]

    assert [entry["_operation"] for entry in own] == [
        "getMe",
        "listDocuments",
        "createApiKey",
        "createDocument",
    ]
    assert {page["id"] for page in log["pages"]} == {entry["pageref"] for entry in log["entries"]}
    assert own[1]["request"]["queryString"] == [
        {"name": "query", "value": "a b"}, {"name": "created_by_id", "value": "x"},
        {"name": "created_by_id", "value": "y"},
    ]  # fmt: skip
    assert own[1]["response"]["content"]["text"].endswith("characters)")
    assert own[1]["response"]["content"]["size"] > 9000


def test_what_became_known_as_secret_later_is_not_there_either(archive):
    assert "canary" not in archive
    assert "Bearer" not in archive
