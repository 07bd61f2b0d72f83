"""What a certificate says, and the in-toto statement that says it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import msgspec

from factify_contract.canonical import canonical_json
from factify_contract.certification.requirements import CertificateLevel

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "https://in-toto.io/attestation/test-result/v0.1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"
FORMAT = 1
# Our own fields stand under one name that no other producer has.
EXTENSION = "factifyCertificate"


class NoCertificate(ValueError):
    """The bytes are no certificate; the message says why."""


class Effort(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much was tried: generated requests for each operation, random life cycles and their steps."""

    max_examples: int
    machine_examples: int
    machine_steps: int


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of the profile that decides what could be judged; it holds no secret.

    `capabilities` are those that are declared, `budget` is None where there was no limit.
    """

    capabilities: dict[str, bool]
    identities: list[str]
    adapters: list[str]
    policies: int
    requests_budget: int | None
    objects_budget: int | None

    @property
    def absent(self) -> list[str]:
        """The capabilities that are declared absent, in alphabetical order."""
        return sorted(name for name, there in self.capabilities.items() if not there)


class Certificate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One certified run.

    Digests are SHA-256 in hex, times ISO 8601 in UTC with seconds. `passed`, `warned` and
    `not_exercised` have the ids of all documented and inferred clauses between them; `warned` are
    inferred ones that were not kept.
    """

    level: CertificateLevel
    target: str
    address: str
    document_title: str
    document_version: str
    document_digest: str
    suite_version: str
    rules_digest: str
    terms: Terms
    seed: int
    effort: Effort
    requests: int
    started: str
    finished: str
    expires: str
    transcript_digest: str
    passed: list[str]
    warned: list[str]
    not_exercised: list[str]

    def statement(self) -> bytes:
        """The in-toto statement, in canonical JSON."""
        return canonical_json(_statement(self))

    @classmethod
    def read(cls, statement: bytes) -> "Certificate":
        """The certificate in a statement; NoCertificate when it is not exactly what `statement` writes."""
        try:
            predicate = json.loads(statement)["predicate"]
            fields = dict(predicate[EXTENSION])
            form = fields.pop("format")
            lists = {"passed": predicate["passedTests"], "warned": predicate["warnedTests"]}
            if form != FORMAT:
                raise NoCertificate(f"its format is {form!r}, and only {FORMAT} is understood")
            certificate = msgspec.convert({**fields, **lists}, cls)
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            if isinstance(error, NoCertificate):
                raise
            raise NoCertificate(f"its statement is not that of a certificate: {error}") from error
        if certificate.statement() != statement:
            raise NoCertificate("its statement is not written in the one form that certificates have")
        return certificate


def _statement(certificate: Certificate) -> Mapping[str, Any]:
    fields = msgspec.to_builtins(certificate)
    passed, warned = fields.pop("passed"), fields.pop("warned")
    terms = fields["terms"]
    return {
        "_type": STATEMENT_TYPE,
        # A service has no digest of its own; what it did during the run has.
        "subject": [
            {"name": certificate.target, "digest": {"sha256": certificate.transcript_digest}},
        ],
        "predicateType": PREDICATE_TYPE,
        "predicate": {
            "result": "WARNED" if warned else "PASSED",
            "configuration": [
                _descriptor(
                    "document",
                    certificate.document_digest,
                    title=certificate.document_title,
                    version=certificate.document_version,
                ),
                _descriptor("suite", certificate.rules_digest, version=certificate.suite_version),
                _descriptor("profile", hashlib.sha256(canonical_json(terms)).hexdigest()),
            ],
            "passedTests": passed,
            "warnedTests": warned,
            "failedTests": [],
            EXTENSION: {"format": FORMAT, **fields},
        },
    }


def _descriptor(name: str, digest: str, **annotations: str) -> dict[str, Any]:
    described: dict[str, Any] = {"name": name, "digest": {"sha256": digest}}
    return {**described, "annotations": annotations} if annotations else described
