"""`factify-contract cleanup`: takes back what a run has left behind."""

from pathlib import Path

import click

from factify_contract.cli.options import debug_option


@click.command(short_help="Take back what the run of LEDGER has made.")
@click.argument("ledger", type=click.Path(path_type=Path))
@click.argument("url", required=False)
@click.option(
    "--profile",
    type=click.Path(path_type=Path),
    required=True,
    help="Who may call the target, as for verify.",
)
@click.option("--spec", type=click.Path(path_type=Path), help="The OpenAPI document that the run used.")
@click.option("--verbose", "-v", is_flag=True, help="Name the ids of what stays.")
@debug_option
def cleanup(*, ledger: Path, url: str | None, profile: Path, spec: Path | None, verbose: bool) -> int:
    """Trash, revoke and remove what the run of the LEDGER has made, and list what stays.

    It can be called again at any time. Exit codes: 0 nothing is left that could be taken back, 1 something
    is, 2 wrong usage, 3 target unreachable or the tool broke.
    """
    from factify_contract.cleaning import clean_up  # noqa: PLC0415 - keeps --help quick

    left = clean_up(
        ledger, profile, url=url, spec=spec, tell=lambda sentence: click.echo(f"note: {sentence}")
    )
    for phrase in left.done:
        click.echo(f"taken back: {phrase}")
    for phrase, ids in left.stays.items():
        click.echo(f"stays:      {phrase}")
        for each in ids if verbose else ():
            click.echo(f"            {each}")
    for phrase in left.failed:
        click.echo(f"not yet:    {phrase}")
    open_ = (
        f"{len(left.failed)} could not be, so call it again"
        if left.failed
        else "nothing is left to take back"
    )
    click.echo(f"{len(left.done)} taken back; {open_}")
    return 1 if left.failed else 0
