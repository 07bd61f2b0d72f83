"""`factify-contract certificate`: checks a certificate, or shows what it says."""

from datetime import UTC, datetime
from pathlib import Path

import click

from factify_contract.errors import UsageError

_FILE = click.argument("file", type=click.Path(path_type=Path))


@click.group(short_help="Check or read certificates; no network is needed.")
def certificate() -> None:
    """Check certificates of others, or read them; no network is needed."""


@certificate.command()
@_FILE
@click.option(
    "--key", type=click.Path(path_type=Path), required=True, help="Public key of whoever signed, in PEM form."
)
@click.option("--transcript", type=click.Path(path_type=Path), help="The transcript that belongs to it.")
@click.option(
    "--spec", type=click.Path(path_type=Path), help="The OpenAPI document; default: the one shipped."
)
@click.option("--at", metavar="TIME", help="Check as of this time, ISO 8601; default: now.")
def verify(*, file: Path, key: Path, transcript: Path | None, spec: Path | None, at: str | None) -> int:
    """Check that FILE is signed with the key, unaltered, complete and not expired.

    Which clauses it had to show is worked out anew. Exit codes: 0 it holds, 1 it is refused, 2 wrong usage.
    """
    from factify_contract.certification.checking import Refused, checked  # noqa: PLC0415 - keeps --help quick
    from factify_contract.certification.keys import load_public_key  # noqa: PLC0415 - keeps --help quick
    from factify_contract.report.wording import one_line  # noqa: PLC0415 - keeps --help quick
    from factify_contract.spec import Document  # noqa: PLC0415 - keeps --help quick

    public = load_public_key(key)
    evidence = None if transcript is None else _content(transcript)
    try:
        found = checked(
            _content(file), public, document=Document.load(spec), at=_moment(at), transcript=evidence
        )
    except Refused as refusal:
        for reason in refusal.reasons:
            click.echo(one_line(f"refused: {reason}"))
        return 1
    click.echo(one_line(f"{found.target} is certified at the {found.level} level until {found.expires}"))
    if found.terms.absent:
        click.echo(one_line(f"without what it declares absent: {', '.join(found.terms.absent)}"))
    if evidence is None:
        click.echo("the transcript was not checked; give it with --transcript")
    return 0


@certificate.command()
@_FILE
def show(*, file: Path) -> int:
    """Print what FILE says; whether it is true is for `certificate verify` to find out.

    Exit codes: 0 it is a certificate, 1 it is none, 2 wrong usage.
    """
    from factify_contract.certification.certificate import NoCertificate  # noqa: PLC0415 - keeps --help quick
    from factify_contract.certification.envelope import opened, signing_key_id  # noqa: PLC0415 - as above
    from factify_contract.certification.showing import shown  # noqa: PLC0415 - as above
    from factify_contract.report.wording import one_line  # noqa: PLC0415 - as above

    content = _content(file)
    try:
        lines = shown(opened(content, None), signing_key_id(content))
    except NoCertificate as error:
        click.echo(one_line(f"no certificate: {error}"))
        return 1
    click.echo("\n".join(lines))
    click.echo("(nothing was checked; use factify-contract certificate verify)")
    return 0


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{str(path)!r} cannot be read: {error.strerror}") from error


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--at {text!r} is no time; give one such as 2026-07-01T12:00:00Z") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
