"""A certificate as lines for a person."""

from collections.abc import Iterator, Sequence

from factify_contract.certification.certificate import Certificate
from factify_contract.report.wording import one_line


def shown(certificate: Certificate, key_id: str) -> list[str]:
    """What the certificate says, whether or not it is true."""
    return [one_line(line) for line in _lines(certificate, key_id)]


def _lines(certificate: Certificate, key_id: str) -> Iterator[str]:
    terms, effort = certificate.terms, certificate.effort
    yield f"{certificate.target} at {certificate.address}" if certificate.address else certificate.target
    yield f"level         {certificate.level}"
    yield f"document      {certificate.document_title} {certificate.document_version}"
    yield f"              sha256 {certificate.document_digest}"
    yield f"suite         factify-contract {certificate.suite_version}"
    yield f"run           {certificate.started} to {certificate.finished}, seed {certificate.seed}"
    yield f"              {certificate.requests} requests, {effort.max_examples} examples for each operation"
    yield f"              {effort.machine_examples} life cycles of {effort.machine_steps} steps"
    yield f"expires       {certificate.expires}"
    yield f"absent        {_listed(terms.absent)}"
    yield f"identities    {_listed(terms.identities)}"
    yield f"adapters      {_listed(terms.adapters)}"
    yield f"budget        {_budget(terms.requests_budget, 'requests')}"
    yield f"              {_budget(terms.objects_budget, 'things')}"
    yield f"passed        {len(certificate.passed)} clauses"
    yield f"warned        {_listed(certificate.warned)}"
    yield f"not exercised {len(certificate.not_exercised)} clauses"
    yield from (f"              {name}" for name in certificate.not_exercised)
    yield f"transcript    sha256 {certificate.transcript_digest}"
    yield f"signed with   {key_id}"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"


def _budget(limit: int | None, what: str) -> str:
    return f"any number of {what}" if limit is None else f"at most {limit} {what}"
