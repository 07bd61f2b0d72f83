"""The wrapper drives the real Prism, which npx fetches; without Node that fails in CI, else it is skipped."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from factify_contract.cli import main as judge
from factify_contract.errors import ContractError, UsageError
from factify_contract.launch import mock_command, running_prism
from factify_contract.second_opinion.prism import SecondOpinion
from factify_contract.second_opinion.relay import Relay
from factify_contract.spec import Document
from factify_contract.transport import Transport
from factify_mock import prism

DOCUMENT = Path(__file__).resolve().parents[2] / "openapi-with-samples.json"
needs_node = pytest.mark.skipif(
    shutil.which("npx") is None and not os.environ.get("CI"), reason="Node.js is not installed"
)


@needs_node
def test_the_fixture_says_what_the_document_has_against_a_call(factify, factify_prism):
    headers = {"Authorization": f"Bearer {factify.owner.token}"}

    fine = httpx.get(f"{factify_prism.url}/v1beta/documents", headers=headers)
    wrong = httpx.get(f"{factify_prism.url}/v1beta/documents?page_size=500", headers=headers)

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


@needs_node
def test_the_judge_hears_prism_and_is_not_swayed(capsys):
    with pytest.raises(SystemExit) as ended:
        judge(["verify", "--launch-mock", "--through-prism", "--phase", "scenarios", "--suite", "policies"])

    said = capsys.readouterr().out
    assert ended.value.code == 0, said
    counts = re.search(r"Prism looked at (\d+) of (\d+) exchanges and agreed with our checks on (\d+)", said)
    assert counts is not None, said
    looked, exchanges, agreed = map(int, counts.groups())
    assert agreed == looked > exchanges / 2
    assert said.rstrip().endswith("PASS")


USER = {"id": f"user_{26 * '0'}", "name": "Avery", "email": "avery@northwind.example"}
BENT = {
    "not": httpx.Response(200, json={"user": USER}),
    "type": httpx.Response(200, json={"user": {**USER, "name": 7}}),
    "absent": httpx.Response(200, json={"organizations": []}),
    "status": httpx.Response(418, json={"code": "unknown", "message": "a teapot"}),
}


def bent(request):
    """An API whose answers the document does not allow, in the way that the request asks for."""
    return BENT[request.headers["x-bend"]]


@needs_node
def test_the_real_prism_and_our_checks_object_to_the_same_answers():
    document = Document.load()
    operation = document.operations["getMe"]
    with (
        httpx.Client(transport=httpx.MockTransport(bent)) as direct,
        Relay(direct.send) as relay,
        running_prism(relay.url) as url,
    ):
        opinion = SecondOpinion(
            prism_url=url, base_url="http://api.test", relay=relay, direct=direct, document=document
        )
        transport = Transport("http://api.test", through=opinion)
        heard = []
        transport.observers.append(lambda exchange: heard.append(opinion.latest))
        transport.observers.append(opinion.observe)
        for way in BENT:
            transport.send(operation, "owner", "token", headers={"x-bend": way})
        transport.send_raw(
            "PATCH", f"/v1beta/documents/doc_{26 * '0'}", "owner", "token", content=b"{",
            headers={"x-bend": "not", "content-type": "application/json"},
            operation=document.operations["updateDocument"],
        )  # fmt: skip
        transport.close()

    assert heard[0] == []
    assert [(each.place, each.code) for each in heard[1]] == [(("response", "body", "user", "name"), "type")]
    assert [each.code for each in heard[2]] == ["required"]
    assert heard[3] == [], "to Prism an undocumented refusal is worth a warning"
    assert heard[4] is None, "Prism answers broken JSON itself"
    assert opinion.sentences() == [
        "second opinion: Prism looked at 4 of 5 exchanges and agreed with our checks on 3",
        "second opinion: our checks alone object: responses.documented-status; seen 1 times in getMe;"
        " for instance: status 418",
    ]


@needs_node
def test_the_command_answers_samples_of_the_document_and_stops_with_all_its_processes():
    process = subprocess.Popen(
        [mock_command(), "prism", "mock", "--format", "json"], stdout=subprocess.PIPE, text=True
    )
    url = json.loads(process.stdout.readline())["url"]
    answer = httpx.get(f"{url}/v1beta/me", headers={"Authorization": "Bearer any"})
    refused = httpx.get(f"{url}/v1beta/me")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)

    assert answer.json()["user"]["id"].startswith("user_")
    assert refused.status_code == 401
    assert process.returncode == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/v1beta/me")


def test_the_command_says_that_node_is_missing(tmp_path):
    environment = {**os.environ, "PATH": str(tmp_path)}
    words = [sys.executable, "-m", "factify_mock", "prism", "mock"]

    done = subprocess.run(words, capture_output=True, text=True, env=environment)

    assert (done.returncode, done.stdout) == (2, "")
    assert "needs Node.js 18" in done.stderr
    assert len(done.stderr.splitlines()) == 1
