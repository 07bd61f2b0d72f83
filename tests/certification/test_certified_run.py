"""A clean run is certified; its certificate holds for whoever checks it, and not one byte may change."""

import base64
import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from factify_contract.certification.certificate import EXTENSION, PREDICATE_TYPE
from factify_contract.certification.checking import Refused, checked
from factify_contract.certification.envelope import opened
from factify_contract.certification.keys import load_public_key
from factify_contract.certification.requirements import CertificateLevel, required_clauses
from factify_contract.clauses import Level, catalogue


@pytest.fixture
def soon(certified) -> datetime:
    return datetime.fromisoformat(certified.certificate.finished) + timedelta(days=1)


def test_clean_run_is_certified(certified, shipped):
    said = certified.certificate

    assert set(required_clauses(shipped.operations, CertificateLevel.FULL, ())) <= set(said.passed)
    assert (said.level, said.target, said.warned, said.terms.absent) == ("full", "A mock", [], [])
    assert said.document_digest == shipped.digest.removeprefix("sha256:")
    assert (said.started, said.finished) == ("2026-03-01T12:00:00+00:00", "2026-03-01T13:00:00+00:00")
    assert said.expires == "2027-03-01T13:00:00+00:00"


def test_certificate_holds_for_whoever_checks_it(certified, public, command):
    words = (certified.folder / "certificate.json", "--key", public, "--at", "2026-06-01")
    transcript = ("--transcript", certified.folder / "transcript.jsonl")

    assert command("certificate", "verify", *words, *transcript) == (
        0,
        "A mock is certified at the full level until 2027-03-01T13:00:00+00:00\n",
    )
    assert "the transcript was not checked" in command("certificate", "verify", *words)[1]


def test_certificate_is_an_in_toto_statement(certified):
    envelope = json.loads(certified.content)
    statement = json.loads(base64.b64decode(envelope["payload"]))
    predicate = statement["predicate"]

    assert envelope["payloadType"] == "application/vnd.in-toto+json"
    assert (statement["_type"], statement["predicateType"]) == (
        "https://in-toto.io/Statement/v1",
        PREDICATE_TYPE,
    )
    assert [one["name"] for one in predicate["configuration"]] == ["document", "suite", "profile"]
    assert (predicate["result"], predicate["failedTests"]) == ("PASSED", [])
    assert statement["subject"][0]["digest"]["sha256"] == predicate[EXTENSION]["transcript_digest"]


def test_certificate_is_shown_to_a_person(certified, command):
    code, text = command("certificate", "show", certified.folder / "certificate.json")

    assert code == 0
    assert re.search(r"^level +full$", text, re.MULTILINE)
    assert re.search(r"^expires +2027-03-01T13:00:00\+00:00$", text, re.MULTILINE)
    assert certified.certificate.transcript_digest in text
    assert "nothing was checked" in text


def test_all_is_exercised_but_what_nothing_exercises_yet(certified):
    idle = {
        name for name in certified.certificate.not_exercised if catalogue()[name].level is Level.DOCUMENTED
    }

    assert idle == {
        one.id for one in catalogue().values() if one.level is Level.DOCUMENTED and one.exercised == "not yet"
    }


def test_no_byte_of_a_certificate_can_be_flipped(certified, public, shipped, soon):
    key, content = load_public_key(public), bytearray(certified.content)
    checked(bytes(content), key, document=shipped, at=soon)
    accepted = []
    for place in range(len(content)):
        content[place] ^= 1 << place % 8
        try:
            checked(bytes(content), key, document=shipped, at=soon)
            accepted.append(place)
        except Refused:
            pass
        content[place] ^= 1 << place % 8

    assert accepted == []


def test_transcript_is_the_one_of_the_certificate(certified, public, shipped, soon):
    key = load_public_key(public)
    checked(certified.content, key, document=shipped, at=soon, transcript=certified.transcript)

    for other in (certified.transcript + b"\n", certified.transcript[:-1], b""):
        with pytest.raises(Refused, match="the transcript is not the one"):
            checked(certified.content, key, document=shipped, at=soon, transcript=other)


def test_transcript_has_a_line_for_every_exchange(certified):
    lines = [json.loads(line) for line in certified.transcript.splitlines()]

    assert [line["number"] for line in lines] == list(range(1, len(lines) + 1))
    assert len(lines) == certified.certificate.requests
    assert list(dict.fromkeys(line["phase"] for line in lines)) == [
        "preflight",
        "scenarios",
        "properties",
        "machine",
    ]
    assert {line["actor"] for line in lines} >= {"owner", "admin", "member", "outsider", "anonymous"}


def test_badge_says_level_and_version(certified):
    root = ElementTree.parse(certified.folder / "badge.svg").getroot()
    texts = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]

    assert texts == ["Factify contract", f"full {certified.certificate.document_version}"]


# A token of this form on the wire was a secret, whatever the judge took it for.
_RUN = re.compile(r"[A-Za-z0-9_.@%+-]{8,}")


def test_no_secret_of_the_run_is_in_any_file_or_on_the_console(certified):
    files = {
        path.name: path.read_text(encoding="utf-8") for path in certified.folder.rglob("*") if path.is_file()
    }
    texts = {**files, "console": certified.console}
    leaks = {
        name: sorted(found)[:3]
        for name, text in texts.items()
        if (found := certified.secrets.intersection(word.strip(".") for word in _RUN.findall(text)))
    }

    assert len(certified.secrets) > 500
    assert {"transcript.jsonl", "certificate.json", "report.json", "junit.xml"} < set(files)
    assert leaks == {}
    # Parts of words are looked for with fewer of them, since there are many words.
    assert [
        one for one in sorted(certified.secrets)[::25] if any(one in text for text in texts.values())
    ] == []


def test_redaction_leaves_marks(certified):
    transcript = certified.transcript.decode()

    for mark in ('"secret":"<redacted>"', "<e-mail of owner>", "<redacted>"):
        assert mark in transcript


def test_another_key_does_not_open_it(certified, tmp_path, command):
    command("keygen", "--output", tmp_path / "other")
    words = (certified.folder / "certificate.json", "--key", tmp_path / "other.pub")
    code, text = command("certificate", "verify", *words, "--at", "2026-06-01")

    assert (code, text.startswith("refused: it is not signed with this key")) == (1, True)


def test_without_a_key_it_can_be_read(certified):
    assert opened(certified.content, None) == certified.certificate
