"""What a check refuses although the signature is right: whoever has the key could have written it."""

import base64
import hashlib
import json
from datetime import datetime, timedelta

import msgspec
import pytest

from factify_contract.certification.certificate import Certificate
from factify_contract.certification.checking import Refused, checked
from factify_contract.certification.envelope import sealed
from factify_contract.certification.keys import load_public_key, load_signer
from factify_contract.certification.requirements import CertificateLevel, required_clauses
from factify_contract.spec import Document


@pytest.fixture
def refusal(certified, public, shipped):
    """Why a file is refused; `at` defaults to a moment at which the certificate holds."""
    finished = datetime.fromisoformat(certified.certificate.finished)

    def why(content: bytes, *, at: datetime | None = None, document: Document = shipped) -> str:
        with pytest.raises(Refused) as refused:
            checked(
                content, load_public_key(public), document=document, at=at or finished + timedelta(days=1)
            )
        return "; ".join(refused.value.reasons)

    return why


def test_certificate_with_the_same_contents_holds(resealed, certified):
    assert resealed() == certified.content


def test_expired_certificate_is_refused(refusal, certified):
    expires = datetime.fromisoformat(certified.certificate.expires)

    assert refusal(certified.content, at=expires) == "it expired at 2027-03-01T13:00:00+00:00"


def test_certificate_from_the_future_is_refused(refusal, certified):
    early = datetime.fromisoformat(certified.certificate.finished) - timedelta(seconds=1)

    assert "after 2026-03-01T12:59:59+00:00" in refusal(certified.content, at=early)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"finished": "2026-03-01T11:00:00+00:00"}, "its times are not in order"),
        ({"expires": "2026-03-01T13:00:00+00:00"}, "its times are not in order"),
        ({"expires": "2027-03-01T13:00:00"}, "has no time zone"),
        ({"expires": "some day"}, "a time that is none"),
        ({"document_digest": "0" * 64}, "it is about another document"),
        ({"rules_digest": "0" * 64}, "with other rules than these"),
    ],
)
def test_contradiction_is_refused(refusal, resealed, changes, reason):
    assert reason in refusal(resealed(**changes))


def test_other_document_is_refused(refusal, certified, shipped):
    other = Document.from_dict({**shipped.raw, "info": {**shipped.raw["info"], "version": "9"}})

    assert "it is about another document" in refusal(certified.content, document=other)


def test_missing_clause_is_recomputed_and_named(refusal, resealed, certified):
    said = certified.certificate
    passed = [name for name in said.passed if name != "invites.accept-joins"]
    content = resealed(passed=passed, not_exercised=[*said.not_exercised, "invites.accept-joins"])

    assert refusal(content) == "it lacks 1 clauses that the full level requires: invites.accept-joins"


def test_absence_excuses_nothing_at_the_full_level(refusal, resealed, certified):
    said = certified.certificate
    passed = [name for name in said.passed if not name.startswith("timeline.")]
    terms = msgspec.structs.replace(said.terms, capabilities={"timeline": False})
    idle = [*said.not_exercised, *(name for name in said.passed if name.startswith("timeline."))]
    changes = {"passed": passed, "not_exercised": idle, "terms": terms}

    assert "timeline.admin-sees-all" in refusal(resealed(**changes))


def test_core_certificate_may_lack_what_is_declared_absent(resealed, certified, public, shipped):
    said = certified.certificate
    terms = msgspec.structs.replace(said.terms, capabilities={"timeline": False})
    required = set(required_clauses(shipped.operations, CertificateLevel.CORE, ["timeline"]))
    passed = [name for name in said.passed if name in required]
    idle = [*said.not_exercised, *(name for name in said.passed if name not in required)]
    content = resealed(level=CertificateLevel.CORE, terms=terms, passed=passed, not_exercised=idle)
    at = datetime.fromisoformat(said.finished)

    assert "timeline.admin-sees-all" not in passed
    assert checked(content, load_public_key(public), document=shipped, at=at).level == "core"


@pytest.mark.parametrize(
    "change",
    [
        lambda said: {"passed": [*said.passed, said.passed[0]]},
        lambda said: {"passed": [*said.passed, "invites.invented"]},
        lambda said: {"not_exercised": said.not_exercised[1:]},
        lambda said: {"not_exercised": [*said.not_exercised, said.passed[0]]},
    ],
)
def test_every_clause_is_told_exactly_once(refusal, resealed, certified, change):
    assert "exactly once of each clause" in refusal(resealed(**change(certified.certificate)))


def test_broken_promise_is_no_warning(refusal, resealed, certified):
    said = certified.certificate
    passed = [name for name in said.passed if name != "export.gives-url"]

    assert "a broken promise for a warning: export.gives-url" in refusal(
        resealed(passed=passed, warned=["export.gives-url"])
    )


def _payload_padded(envelope):
    return {**envelope, "payload": envelope["payload"].rstrip("=") + "===="}


def _payload_with_a_line_break(envelope):
    return {**envelope, "payload": envelope["payload"][:76] + "\n" + envelope["payload"][76:]}


def _two_signatures(envelope):
    other = {**envelope["signatures"][0], "keyid": "0" * 64}
    return {**envelope, "signatures": [*envelope["signatures"], other]}


def _unsigned_field(envelope):
    return {**envelope, "comment": "certified by everybody"}


def _unsigned_field_of_a_signature(envelope):
    return {**envelope, "signatures": [{**envelope["signatures"][0], "cert": "mine"}]}


def _other_type(envelope):
    return {**envelope, "payloadType": "application/json"}


def _no_signature(envelope):
    return {**envelope, "signatures": []}


def _number_for_a_payload(envelope):
    return {**envelope, "payload": 1}


@pytest.mark.parametrize(
    "change",
    [
        _payload_padded,
        _payload_with_a_line_break,
        _two_signatures,
        _unsigned_field,
        _unsigned_field_of_a_signature,
        _other_type,
        _no_signature,
        _number_for_a_payload,
    ],
)
def test_envelope_in_another_form_is_refused(refusal, certified, change):
    changed = json.dumps(change(json.loads(certified.content)), sort_keys=True, separators=(",", ":"))

    assert refusal(changed.encode() + b"\n")


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b"\xff", b"[" * 100_000, b'{"payload":"","payloadType":"","signatures":[{}]}'],
    ids=["empty", "null", "list", "no text", "deep", "hollow"],
)
def test_what_is_no_envelope_is_refused(refusal, content):
    assert "it is no DSSE envelope" in refusal(content)


@pytest.mark.parametrize("around", [(b" ", b""), (b"", b"\n"), (b"\xef\xbb\xbf", b"")])
def test_blanks_around_an_envelope_are_refused(refusal, certified, around):
    before, after = around

    assert refusal(before + certified.content + after)


def test_signed_statement_of_another_kind_is_refused(refusal, certified):
    signer = load_signer(certified.key)

    class Odd:
        def __init__(self, statement: dict) -> None:
            self._statement = statement

        def statement(self) -> bytes:
            return json.dumps(self._statement, sort_keys=True, separators=(",", ":")).encode()

    plain = json.loads(base64.b64decode(json.loads(certified.content)["payload"]))
    assert sealed(Odd(plain), signer) == certified.content

    plain["predicate"]["failedTests"] = ["invites.accept-joins"]
    assert "one form" in refusal(sealed(Odd(plain), signer))
    assert "not that of a certificate" in refusal(sealed(Odd({"predicate": []}), signer))
    plain["predicate"]["factifyCertificate"]["format"] = 2
    assert "its format is 2" in refusal(sealed(Odd(plain), signer))


def test_no_byte_of_a_transcript_can_be_flipped(certified, public, shipped, resealed):
    """With the first exchange of the run: hashing all of them for each of their bytes would take hours."""
    short = b"".join(certified.transcript.splitlines(keepends=True)[:1])
    content = resealed(transcript_digest=hashlib.sha256(short).hexdigest())
    key, at = load_public_key(public), datetime.fromisoformat(certified.certificate.finished)
    checked(content, key, document=shipped, at=at, transcript=short)
    accepted, bent = [], bytearray(short)
    for place in range(len(short)):
        bent[place] ^= 1 << place % 8
        try:
            checked(content, key, document=shipped, at=at, transcript=bytes(bent))
            accepted.append(place)
        except Refused:
            pass
        bent[place] ^= 1 << place % 8

    assert accepted == []


def test_read_returns_what_was_written(certified):
    assert Certificate.read(certified.certificate.statement()) == certified.certificate
