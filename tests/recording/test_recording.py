"""What is recorded: everything that happened, and nothing of whom it happened to."""

import json
import subprocess

import httpx
import pytest

from factify_contract.launch import mock_command


@pytest.mark.parametrize("whose", ["our_day", "their_day"])
def test_nothing_secret_and_nobodys_text_is_in_the_recording(whose, request):
    day = request.getfixturevalue(whose)
    text = day.path.read_text(encoding="utf-8")

    assert len(day.canaries) > 12
    assert [canary for canary in day.canaries if canary in text or json.dumps(canary)[1:-1] in text] == []
    assert "signature" not in text
    assert "Northwind" not in text


def test_every_call_is_a_line_whose_stand_ins_tell_what_belongs_together(our_day):
    head, *lines = map(json.loads, our_day.path.read_text(encoding="utf-8").splitlines())

    assert head["callers"] == ["owner", "admin", "member", "outsider", "invitee"]
    assert len(our_day.operations) >= 20
    created = next(line for line in lines if line["operation"] == "createDocument")
    read = next(line for line in lines if line["operation"] == "getDocument")
    document = created["answer"]["json"]["document"]
    assert read["path"] == {"document_id": document["id"]}
    assert document["id"] == "doc_00000000000000000000000001"
    assert document["owner_organization_id"] == lines[0]["answer"]["json"]["organizations"][0]["id"]
    key = next(line for line in lines if line["operation"] == "createApiKey")["answer"]["json"]["secret"]
    assert [line["status"] for line in lines if line["caller"] == key] == [200, 401]
    accepted = next(line for line in lines if line["operation"] == "acceptOrganizationInvite")
    assert accepted["body"]["json"]["token"].startswith("secret-")


def failing(*words, env=None):
    done = subprocess.run(
        [mock_command(), "record", *words], capture_output=True, text=True, timeout=30, env=env
    )
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    return done.returncode, done.stderr


def test_a_service_that_is_not_there_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("FACTIFY_OWNER_TOKEN", "canary-token")

    code, said = failing("--upstream", "http://127.0.0.1:9", "--output", str(tmp_path / "new.jsonl"))

    assert code == 3
    assert "Nothing to record at http://127.0.0.1:9" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["--upstream", "api.example.com"], "does not begin with http", id="no-address"),
        pytest.param(["--caller", "boss=X"], "'boss=X' is not NAME=VARIABLE", id="unknown-name"),
        pytest.param(["--caller", "owner=NO_SUCH_VARIABLE"], "NO_SUCH_VARIABLE is not set", id="no-variable"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(tmp_path, words, said):
    upstream = [] if "--upstream" in words else ["--upstream", "http://127.0.0.1:9"]

    code, sentence = failing(*upstream, *words, "--output", str(tmp_path / "new.jsonl"))

    assert code == 2
    assert said in sentence
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_recording_is_not_overwritten(our_day):
    before = our_day.path.read_bytes()

    code, said = failing("--upstream", "http://127.0.0.1:9", "--output", str(our_day.path))

    assert code == 2
    assert "exists already" in said
    assert our_day.path.read_bytes() == before


def test_a_service_that_goes_away_is_answered_for_and_not_recorded(tmp_path):
    from factify_contract.launch import running_mock

    path = tmp_path / "day.jsonl"
    with running_mock() as ready:
        words = ["record", "--upstream", ready["url"], "--output", str(path), "--format", "json"]
        process = subprocess.Popen(
            [mock_command(), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        url = json.loads(process.stdout.readline())["url"]
        assert httpx.get(f"{url}/v1beta/me").status_code == 401
        health = httpx.get(f"{url}/__mock__/health")
    gone = httpx.get(f"{url}/v1beta/me")
    process.terminate()
    process.communicate(timeout=20)

    assert health.json() == {"status": "ok"}
    assert (gone.status_code, gone.json()["code"]) == (502, "unavailable")
    assert len(path.read_text().splitlines()) == 2, "the head, and the one answered call of the API"
