"""Checks a certificate without a network, and recomputes what it had to show."""

import hashlib
from datetime import UTC, datetime

from securesystemslib.signer import SSlibKey

from factify_contract.certification.certificate import Certificate, NoCertificate
from factify_contract.certification.envelope import opened
from factify_contract.certification.requirements import CertificateLevel, required_clauses, rules_digest
from factify_contract.clauses import Level, catalogue
from factify_contract.spec import Document


class Refused(Exception):
    """The certificate proves nothing; `reasons` has at least one sentence."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = tuple(reasons)


def checked(
    content: bytes, key: SSlibKey, *, document: Document, at: datetime, transcript: bytes | None = None
) -> Certificate:
    """The certificate in a file's bytes, when at that time it proves what it says about the document.

    Refused when it is not signed with the key, altered, expired, not yet made, about another document,
    made by other rules than these, or when a clause is missing that had to be exercised. A transcript
    has to be the one that the certificate names.
    """
    try:
        certificate = opened(content, key)
    except NoCertificate as error:
        raise Refused([str(error)]) from error
    reasons = [
        *_about_time(certificate, at),
        *_about_document(certificate, document),
        *_about_clauses(certificate, document),
        *_about_transcript(certificate, transcript),
    ]
    if reasons:
        raise Refused(reasons)
    return certificate


def _about_time(certificate: Certificate, at: datetime) -> list[str]:
    try:
        moments = certificate.started, certificate.finished, certificate.expires
        started, finished, expires = (_instant(text) for text in moments)
    except ValueError as error:
        return [f"it has a time that is none: {error}"]
    if not started <= finished < expires:
        return ["its times are not in order: it starts, finishes and expires"]
    if at >= expires:
        return [f"it expired at {certificate.expires}"]
    if at < finished:
        return [f"it was made at {certificate.finished}, after {_written(at)}"]
    return []


def _instant(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _about_document(certificate: Certificate, document: Document) -> list[str]:
    expected = document.digest.removeprefix("sha256:")
    if certificate.document_digest == expected:
        return []
    named = f"{certificate.document_title} {certificate.document_version}"
    return [
        f"it is about another document: {named} with digest {certificate.document_digest[:16]}…,"
        f" not {expected[:16]}…; give its own with --spec"
    ]


def _about_clauses(certificate: Certificate, document: Document) -> list[str]:
    if certificate.rules_digest != rules_digest():
        return [
            f"it was made by factify-contract {certificate.suite_version} with other rules than these;"
            " check it with that version"
        ]
    return [*_about_completeness(certificate), *_about_requirements(certificate, document)]


def _about_completeness(certificate: Certificate) -> list[str]:
    levels = {clause.id: clause.level for clause in catalogue().values()}
    told = [*certificate.passed, *certificate.warned, *certificate.not_exercised]
    judged = [name for name, level in levels.items() if level is not Level.CHOICE]
    reasons = []
    if sorted(told) != sorted(judged):
        reasons.append("it does not say exactly once of each clause what became of it")
    if wrong := [name for name in certificate.warned if levels.get(name) is not Level.INFERRED]:
        reasons.append(f"it takes a broken promise for a warning: {', '.join(wrong)}")
    return reasons


def _about_requirements(certificate: Certificate, document: Document) -> list[str]:
    level = CertificateLevel(certificate.level)
    required = required_clauses(document.operations, level, certificate.terms.absent)
    missing = sorted(set(required) - set(certificate.passed))
    if not missing:
        return []
    return [f"it lacks {len(missing)} clauses that the {level} level requires: {', '.join(missing)}"]


def _about_transcript(certificate: Certificate, transcript: bytes | None) -> list[str]:
    if transcript is None:
        return []
    if hashlib.sha256(transcript).hexdigest() != certificate.transcript_digest:
        return ["the transcript is not the one that it was made from, or was altered"]
    return []
