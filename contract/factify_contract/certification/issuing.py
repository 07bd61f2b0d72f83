"""Runs everything against a target and, when nothing is missing, writes a certificate."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from securesystemslib.signer import CryptoSigner

from factify_contract.certification.badge import badge
from factify_contract.certification.certificate import Certificate, Effort, Terms
from factify_contract.certification.envelope import sealed
from factify_contract.certification.gaps import Gap, gaps_of_profile, gaps_of_run
from factify_contract.certification.keys import load_signer
from factify_contract.certification.requirements import CertificateLevel, required_clauses, rules_digest
from factify_contract.clauses import Level, catalogue
from factify_contract.engine import PHASES
from factify_contract.errors import ProfileError, UsageError
from factify_contract.findings import Status
from factify_contract.machine import DEFAULT_EXAMPLES, DEFAULT_STEPS
from factify_contract.profile import Profile
from factify_contract.report.transcript import Transcript
from factify_contract.reporting import Reporter
from factify_contract.request import Request
from factify_contract.spec import Document
from factify_contract.summary import Outcome, Summary
from factify_contract.target import Target
from factify_contract.verification import run

CERTIFICATE, TRANSCRIPT, BADGE = "certificate.json", "transcript.jsonl", "badge.svg"
# What a certificate stands for. Not to be chosen by whoever wants one.
_FULL_EFFORT = Effort(20, DEFAULT_EXAMPLES, DEFAULT_STEPS)


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be certified, at which level, signed with which key, and for how long."""

    request: Request
    level: CertificateLevel
    key: Path
    output: Path
    name: str = ""
    valid: timedelta = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate was written: `certificate` is what it says, `files` where it and its companions are."""

    certificate: Certificate
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class NotIssued:
    """No certificate was written; `gaps` say what is missing, `why` what else stands against it."""

    gaps: tuple[Gap, ...]
    why: str = ""


def certify(
    order: Order, *, now: Callable[[], datetime] = lambda: datetime.now(UTC), effort: Effort = _FULL_EFFORT
) -> Issued | NotIssued:
    """Judges the target in every respect, and writes certificate, transcript and badge if it may have them.

    Where the profile alone rules a certificate out, nothing is sent beyond what finds that out. UsageError
    for a key or an order that makes no sense; an interrupted run leaves no certificate.
    """
    signer = load_signer(order.key)
    document = Document.load(order.request.spec)
    _emptied(order.output)
    witness = _Witness(order.level, document)
    began = now()
    try:
        summary = run(_whole(order, effort), witness=witness.follow)
    except _Hopeless as error:
        return NotIssued(error.gaps)
    if refusal := _refusal(order.level, summary, witness):
        return refusal
    return _issued(order, signer, summary, witness, effort, (began, now()))


def _whole(order: Order, effort: Effort) -> Request:
    return replace(
        order.request,
        output=order.output,
        phases=PHASES,
        suites=(),
        read_only=False,
        known_issues=None,
        through_prism=False,
        max_examples=effort.max_examples,
        machine_examples=effort.machine_examples,
        machine_steps=effort.machine_steps,
    )


def _emptied(folder: Path) -> None:
    """Takes away what a former run left, which would otherwise be taken for this run's."""
    try:
        for name in (CERTIFICATE, TRANSCRIPT, BADGE):
            (folder / name).unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"--output {str(folder)!r} cannot be used: {error.strerror}") from error


class _Hopeless(Exception):
    """The profile rules a certificate out."""

    def __init__(self, gaps: tuple[Gap, ...]) -> None:
        super().__init__(f"{len(gaps)} clauses cannot be exercised")
        self.gaps = gaps


@dataclass(slots=True)
class _Witness:
    """Sees what a run is about to judge, and takes down what it exchanges. Mutable."""

    level: CertificateLevel
    document: Document
    required: tuple[str, ...] = ()
    target: Target = field(init=False)
    transcript: Transcript = field(init=False)

    def follow(self, target: Target) -> Reporter:
        """The run's transcript; raises _Hopeless or ProfileError when a run would be in vain."""
        if seconds := target.profile.settle_seconds:
            raise ProfileError(
                "a certificate says that a write is seen by the next read;"
                f" take 'settle_seconds = {seconds:g}' out of the profile"
            )
        self.target = target
        self.required = required_clauses(self.document.operations, self.level, _absent(target.profile))
        if gaps := gaps_of_profile(self.required, self.level, target):
            raise _Hopeless(gaps)
        self.transcript = Transcript(target.transport.redactor)
        return self.transcript


def _absent(profile: Profile) -> list[str]:
    return sorted(name for name, there in profile.capabilities.items() if not there)


def _refusal(level: CertificateLevel, summary: Summary, witness: _Witness) -> NotIssued | None:
    gaps = gaps_of_run(witness.required, level, summary, witness.target)
    if gaps or summary.outcome is not Outcome.PASS:
        broken = [story.id for story in summary.stories if story.status is Status.ERROR]
        return NotIssued(gaps, f"the tool or an adapter broke in {', '.join(broken)}" if broken else "")
    return None


def _issued(
    order: Order,
    signer: CryptoSigner,
    summary: Summary,
    witness: _Witness,
    effort: Effort,
    times: tuple[datetime, datetime],
) -> Issued:
    paths = tuple(order.output / name for name in (TRANSCRIPT, CERTIFICATE, BADGE))
    transcript, certificate, picture = paths
    began, ended = times
    judged = [clause for clause in catalogue().values() if clause.level is not Level.CHOICE]
    passed = [clause.id for clause in judged if summary.clauses[clause.id] is Status.PASS]
    doubted = (Status.FAIL, Status.INCONCLUSIVE)
    warned = [clause.id for clause in judged if summary.clauses[clause.id] in doubted]
    clean = witness.target.transport.redactor.clean
    said = Certificate(
        level=order.level,
        target=clean(order.name or summary.target),
        address=clean(_address(order.request, witness.target)),
        document_title=summary.document_title,
        document_version=summary.document_version,
        document_digest=summary.document_digest.removeprefix("sha256:"),
        suite_version=summary.suite_version,
        rules_digest=rules_digest(),
        terms=_terms(witness.target.profile),
        seed=summary.seed,
        effort=effort,
        requests=summary.requests,
        started=_written(began),
        finished=_written(ended),
        expires=_written(ended + order.valid),
        transcript_digest=witness.transcript.write(transcript),
        passed=passed,
        warned=warned,
        not_exercised=[clause.id for clause in judged if clause.id not in {*passed, *warned}],
    )
    certificate.write_bytes(sealed(said, signer))
    picture.write_text(badge(said), encoding="utf-8")
    return Issued(said, paths)


def _terms(profile: Profile) -> Terms:
    return Terms(
        capabilities=dict(sorted(profile.capabilities.items())),
        identities=sorted(profile.identities),
        adapters=sorted(profile.adapters),
        policies=len(profile.policy_ids),
        requests_budget=profile.budget.requests,
        objects_budget=profile.budget.objects,
    )


def _address(request: Request, target: Target) -> str:
    """Where the target was, without a password that may stand in the URL; empty for a launched mock."""
    if request.launch_mock:
        return ""
    parts = urlsplit(target.base_url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
