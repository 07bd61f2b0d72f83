"""What the transcript keeps of an exchange, and what it does not."""

import hashlib
import json

import pytest

from factify_contract.events import ExchangeDone, PhaseStarted, StoryFinished, StoryStarted
from factify_contract.exchange import Exchange
from factify_contract.findings import Status
from factify_contract.redaction import Redactor
from factify_contract.report.transcript import Transcript


@pytest.fixture
def written(tmp_path, shipped):
    """Writes exchanges, given as what differs from a plain one, and returns the lines."""

    def write(*exchanges, redactor=None, late=()):
        known = redactor or Redactor()
        transcript = Transcript(known)
        transcript.receive(PhaseStarted("scenarios"))
        transcript.receive(StoryStarted("toys/one", "toys", "A toy"))
        for given in exchanges:
            plain = {
                "operation": shipped.operations["getMe"],
                "actor": "owner",
                "method": "GET",
                "url": "http://api.test/v1beta/me?a=1",
                "path": {},
                "query": {},
                "request_headers": {},
                "request_body": b"",
                "status": 200,
                "headers": {},
                "content": b"",
                "elapsed": 1.5,
            }
            transcript.receive(ExchangeDone(Exchange(**(plain | given))))
        transcript.receive(StoryFinished("toys/one", "toys", "A toy", Status.PASS))
        for secret in late:
            known.learn(secret)
        digest = transcript.write(tmp_path / "transcript.jsonl")
        content = (tmp_path / "transcript.jsonl").read_bytes()
        assert digest == hashlib.sha256(content).hexdigest()
        return [json.loads(line) for line in content.splitlines()]

    return write


def test_line_tells_who_asked_for_what_and_what_came(written):
    body = {"request_headers": {"Content-Type": "application/json"}, "request_body": b'{"a":[1,true]}'}
    [line] = written({**body, "content": b'{"b":null}', "headers": {"X-RateLimit-Limit": "5", "Date": "now"}})

    assert line == {
        "number": 1,
        "phase": "scenarios",
        "story": "toys/one",
        "actor": "owner",
        "operation": "getMe",
        "method": "GET",
        "path": "/v1beta/me?a=1",
        "request": {"headers": {"content-type": "application/json"}, "json": {"a": [1, True]}},
        "status": 200,
        "response": {"headers": {"x-ratelimit-limit": "5"}, "json": {"b": None}},
    }


def test_secret_that_became_known_later_is_gone_too(written):
    [line] = written({"content": b'{"message":"canary-late-1"}'}, late=["canary-late-1"])

    assert line["response"]["json"] == {"message": "<redacted>"}


def test_other_bodies_are_told_as_what_they_are(written):
    text, binary, deep = written(
        {"content": b"no JSON, said canary-known-1"},
        {"content": b"\x89PNG\xff"},
        {"content": b"[" * 400 + b'"canary-known-1"' + b"]" * 400},
        redactor=_knowing("canary-known-1"),
    )

    assert text["response"]["text"] == "no JSON, said <redacted>"
    assert binary["response"] == {"headers": {}, "bytes": 5}
    assert "canary" not in json.dumps(deep)


def test_long_text_is_cut_after_it_was_cleaned(written):
    [line] = written(
        {"content": json.dumps({"title": "x" * 495 + "canary-known-1" + "y" * 500}).encode()},
        redactor=_knowing("canary-known-1"),
    )

    assert line["response"]["json"]["title"] == "x" * 495 + "<reda… (1005 characters)"


def test_credentials_in_headers_are_left_out(written):
    [line] = written(
        {"request_headers": {"Authorization": "Bearer abc12345"}, "headers": {"Set-Cookie": "session=1"}}
    )

    assert (line["request"]["headers"], line["response"]["headers"]) == ({}, {})


def _knowing(*secrets: str) -> Redactor:
    redactor = Redactor()
    for secret in secrets:
        redactor.learn(secret)
    return redactor
