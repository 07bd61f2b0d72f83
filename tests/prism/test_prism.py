"""The wrapper drives the real Prism, which npx fetches; skipped where Node is missing."""

import shutil
from pathlib import Path

import httpx
import pytest

from factify_contract.errors import ContractError, UsageError
from factify_mock import prism

DOCUMENT = Path(__file__).resolve().parents[2] / "openapi-with-samples.json"
needs_node = pytest.mark.skipif(shutil.which("npx") is None, reason="Node.js is not installed")


@needs_node
def test_mock_answers_a_sample_of_the_document_and_stops():
    with prism.mocking(DOCUMENT) as running:
        answer = httpx.get(f"{running.url}/v1beta/me", headers={"Authorization": "Bearer any"})
        refused = httpx.get(f"{running.url}/v1beta/me")

    assert answer.json()["user"]["id"].startswith("user_")
    assert refused.status_code == 401
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{running.url}/v1beta/me")


@needs_node
def test_proxy_says_what_the_document_has_against_a_call(factify):
    headers = {"Authorization": f"Bearer {factify.owner.token}"}

    with prism.proxying(DOCUMENT, factify.url) as running:
        fine = httpx.get(f"{running.url}/v1beta/documents", headers=headers)
        wrong = httpx.get(f"{running.url}/v1beta/documents?page_size=500", headers=headers)

    assert (fine.status_code, prism.violations_in(fine.headers)) == (200, [])
    assert wrong.status_code == 400
    (violation,) = prism.violations_in(wrong.headers)
    assert (violation.location, violation.code) == (("request", "query", "page_size"), "maximum")


@needs_node
def test_broken_document_is_refused_with_the_reason(tmp_path):
    broken = tmp_path / "broken.json"
    broken.write_text("{")

    with pytest.raises(ContractError, match="Prism ended with exit code"), prism.mocking(broken):
        pass


def test_missing_document_is_named():
    with pytest.raises(UsageError, match=r"no document 'missing\.json'"), prism.mocking("missing.json"):
        pass


def test_missing_node_is_said_clearly(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(UsageError, match=r"needs Node\.js 18"):
        prism.prism_command()


def test_installed_prism_is_preferred(monkeypatch, tmp_path):
    installed = tmp_path / "prism"
    installed.write_text("#!/bin/sh\n")
    installed.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert prism.prism_command() == [str(installed)]
