"""`factify-contract certify`: judges a target in every respect and signs what it showed."""

from datetime import timedelta
from pathlib import Path

import click

from factify_contract.cli.options import (
    color_option,
    debug_option,
    ledger_option,
    seed_option,
    spec_option,
    target_options,
)


@click.command(short_help="Judge everything, and sign a certificate if all is kept.")
@target_options("Start factify-mock and certify that, to try it out.")
@click.option(
    "--level",
    type=click.Choice(["core", "full"]),
    required=True,
    help="core: what people and a mailbox are enough for; full: all that has to show.",
)
@click.option(
    "--key", type=click.Path(path_type=Path), required=True, help="Private Ed25519 key in PEM form."
)
@click.option("--name", default="", help="Name and version of the implementation; default: its address.")
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    default=Path("certificate"),
    show_default=True,
    help="Folder for certificate, transcript, badge and reports.",
)
@click.option(
    "--valid-days",
    type=click.IntRange(min=1, max=730),
    default=365,
    show_default=True,
    help="When the certificate expires.",
)
@seed_option
@spec_option
@ledger_option
@color_option
@debug_option
def certify(
    *,
    url: str | None,
    launch_mock: bool,
    mock_options: tuple[str, ...],
    profile: Path | None,
    level: str,
    key: Path,
    name: str,
    output: Path,
    valid_days: int,
    seed: int,
    spec: Path | None,
    ledger: Path | None,
    no_color: bool,
) -> int:
    """Judge the API at URL by everything that can be judged, and sign a certificate if nothing is missing.

    Exit codes: 0 certified, 1 not certified, with a list of what is missing, 2 wrong usage, 3 target
    unreachable or the tool broke, 130 interrupted. Only with 0 is there a certificate.
    """
    from factify_contract.certification import issuing  # noqa: PLC0415 - keeps --help quick
    from factify_contract.certification.gaps import told  # noqa: PLC0415 - keeps --help quick
    from factify_contract.certification.requirements import CertificateLevel  # noqa: PLC0415 - as above
    from factify_contract.report.wording import one_line  # noqa: PLC0415 - as above
    from factify_contract.request import Request  # noqa: PLC0415 - as above

    request = Request(
        url=url,
        launch_mock=launch_mock,
        mock_options=mock_options,
        profile=profile,
        seed=seed,
        spec=spec,
        color=not no_color,
        ledger=ledger,
    )
    result = issuing.certify(
        issuing.Order(
            request=request,
            level=CertificateLevel(level),
            key=key,
            output=output,
            name=name,
            valid=timedelta(days=valid_days),
        )
    )
    if isinstance(result, issuing.Issued):
        said = result.certificate
        click.echo(one_line(f"CERTIFIED at the {level} level until {said.expires}: {said.target}"))
        for path in result.files:
            click.echo(f"  {path}")
        return 0
    click.echo(f"NOT CERTIFIED at the {level} level: {len(result.gaps)} clauses are missing")
    for line in (*told(result.gaps), *([f"  {result.why}"] if result.why else [])):
        click.echo(one_line(line))
    return 1
