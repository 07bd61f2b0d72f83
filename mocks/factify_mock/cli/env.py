"""`factify-mock env`: a running mock as variables of a shell."""

from pathlib import Path

import click

from factify_contract.errors import UsageError

_FORMATS = ("sh", "fish", "powershell", "dotenv", "json")


@click.command()
@click.option("--url", help="Address of a running mock.")
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path),
    help="The ready line of a running mock, as serve --ready-file or --format json writes it.",
)
@click.option("--world", "world_id", metavar="ID", help="Another world than the first.")
@click.option("--new-world", is_flag=True, help="Make a world, and print that.")
@click.option("--format", "output", type=click.Choice(_FORMATS), default="sh", show_default=True)
def env(
    *, url: str | None, ready_file: Path | None, world_id: str | None, new_world: bool, output: str
) -> None:
    """Print address, tokens and ids of a running mock as variables.

    For instance: eval "$(factify-mock env --url http://127.0.0.1:8600)"
    """
    from factify_mock.surroundings import (  # noqa: PLC0415  # start-up time
        announced_at,
        announced_in,
        expired,
        printed,
    )

    if (url is None) == (ready_file is None):
        raise UsageError("say where the mock is: either --url URL or --ready-file FILE")
    if world_id is not None and new_world:
        raise UsageError(f"--world {world_id!r} is a world that exists; leave out either it or --new-world")
    if ready_file is not None:
        ready = announced_in(ready_file)
        url = ready.url
    if url is not None and (ready_file is None or world_id or new_world):
        ready = announced_at(url, world_id=world_id, new_world=new_world)
        if warning := expired(ready):
            click.echo(f"factify-mock: note: {warning}", err=True)
    click.echo(printed(ready, output))
