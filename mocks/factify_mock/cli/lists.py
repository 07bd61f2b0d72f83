"""`factify-mock mutants` and `factify-mock variants`: the switches there are."""

import json

import click


@click.command("mutants")
@click.option(
    "--format",
    "output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="For people, or for a judge.",
)
def list_mutants(*, output: str) -> None:
    """List the deliberate defects that --mutant switches on."""
    from factify_mock.mutants import MUTANTS  # noqa: PLC0415  # start-up time

    if output == "json":
        mutants = [{"name": it.name, "breaks": it.breaks, "sentence": it.sentence} for it in MUTANTS.values()]
        click.echo(json.dumps({"mutants": mutants}, indent=2))
        return
    for mutant in MUTANTS.values():
        click.echo(f"{mutant.name}\n    breaks {mutant.breaks}: {mutant.sentence}")


@click.command("variants", short_help="List the switches that --variant sets.")
def list_variants() -> None:
    """List the switches that --variant sets, the mock's own choice first."""
    from factify_mock.variants import SWITCHES  # noqa: PLC0415  # start-up time

    for switch in SWITCHES.values():
        click.echo(f"{switch.name}={'|'.join(switch.values)}\n    {switch.sentence}")
