"""`factify-contract replay`: sees whether a finding still shows."""

from pathlib import Path

import click

from factify_contract.cli.options import ledger_option, spec_option, target_options
from factify_contract.errors import ContractError


@click.command(short_help="Play a finding of a former run again.")
@click.argument("file", type=click.Path(path_type=Path))
@target_options("Start factify-mock and replay there.")
@spec_option
@ledger_option
def replay(
    *,
    file: Path,
    url: str | None,
    launch_mock: bool,
    mock_options: tuple[str, ...],
    profile: Path | None,
    spec: Path | None,
    ledger: Path | None,
) -> int:
    """Play FILE, which a run wrote beside its reports, on the API at URL or on a mock.

    Exit codes: 0 the failure no longer shows, 1 it still does, 2 wrong usage, 3 target unreachable or
    nothing can be said, 130 interrupted.
    """
    from factify_contract.report.wording import one_line  # noqa: PLC0415 - keeps --help quick
    from factify_contract.request import Request  # noqa: PLC0415 - keeps --help quick
    from factify_contract.verification import replayed  # noqa: PLC0415 - keeps --help quick

    request = Request(
        url=url,
        launch_mock=launch_mock,
        mock_options=mock_options,
        profile=profile,
        spec=spec,
        ledger=ledger,
    )
    seen = replayed(request, file)
    for number, line in enumerate(seen.lines, start=1):
        click.echo(one_line(f"{number:3}. {line}"))
    if seen.others:
        click.echo(f"also broken: {', '.join(seen.others)}")
    if seen.shows is None:
        raise ContractError(f"nothing can be said: {seen.why}")
    if seen.shows:
        click.echo(one_line(f"expected  {seen.expected}"))
        click.echo(one_line(f"actual    {seen.actual}"))
    click.echo("the failure still shows" if seen.shows else "the failure no longer shows")
    return 1 if seen.shows else 0
