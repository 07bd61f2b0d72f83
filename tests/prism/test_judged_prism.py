"""Acceptance against the real Prism: it fails for what needs memory, and passes for what does not."""

import importlib.util
import shutil
from pathlib import Path
from typing import Any

import pytest

from factify_contract.clauses import catalogue

DOCS = Path(__file__).resolve().parents[2] / "docs"
CATALOGUE = catalogue()
needs_node = pytest.mark.skipif(shutil.which("npx") is None, reason="Node.js is not installed")


@pytest.fixture(scope="module")
def script() -> Any:
    spec = importlib.util.spec_from_file_location("against_prism", DOCS / "against_prism.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def report(script: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A run of a few suites; the page in the documentation is about all of them."""
    return script.judge(
        tmp_path_factory.mktemp("prism"),
        phases=("preflight", "scenarios"),
        suites=("sharing", "general-access", "access-requests"),
    )


@needs_node
def test_a_server_without_memory_fails_for_state(report: dict[str, Any]) -> None:
    assert report["verdict"] == "FAIL"
    assert report["interrupted"] is None
    broken = {each["clause"] for each in report["findings"] if each["level"] == "documented"}
    for clause in ("sharing.revoke-takes-access", "general-access.restricted-closes", "access-requests.deny"):
        assert clause in broken
        assert CATALOGUE[clause].exercised == "scenario"


@needs_node
def test_a_server_of_samples_passes_for_shape(report: dict[str, Any]) -> None:
    statuses = report["clauses"]
    for clause in (
        "responses.body-matches-schema",
        "responses.documented-status",
        "responses.media-type",
        "identifiers.well-formed",
        "timestamps.well-formed",
        "transport.success-is-200",
    ):
        assert statuses[clause] == "pass"
    assert "error" not in statuses.values()


@needs_node
def test_the_page_tells_what_fails_and_what_passes(script: Any, report: dict[str, Any]) -> None:
    text = script.page(report)

    failing, passing = text.split("## What passes: shape")
    assert "| sharing |" in failing
    assert "`responses.body-matches-schema`" in passing
    assert "exit code 1" in failing


def test_the_page_is_about_clauses_that_there_are(script: Any) -> None:
    text = script.PAGE.read_text(encoding="utf-8")

    listed = [line.split("`")[1] for line in text.splitlines() if line.startswith("- `")]
    assert listed
    assert [clause for clause in listed if clause not in CATALOGUE] == []
    assert "**FAIL**" in text
