"""`factify-contract replay`: sees whether a finding still shows."""

import shlex
from pathlib import Path

import click

from factify_contract.errors import ContractError


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("url", required=False)
@click.option("--launch-mock", is_flag=True, help="Start factify-mock and replay there.")
@click.option(
    "--mock-option",
    "mock_options",
    multiple=True,
    metavar="TEXT",
    help="Words for the started mock; repeatable.",
)
@click.option(
    "--profile", type=click.Path(path_type=Path), help="Who may call the target: TOML, or a ready line."
)
@click.option("--spec", type=click.Path(path_type=Path), help="Judge by another OpenAPI document.")
@click.option("--ledger", type=click.Path(path_type=Path), help="Where to note what is written.")
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
    from factify_contract.verification import Request, replayed  # noqa: PLC0415 - keeps --help quick

    request = Request(
        url=url,
        launch_mock=launch_mock,
        mock_options=tuple(word for text in mock_options for word in shlex.split(text)),
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
