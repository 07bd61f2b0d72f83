"""`factify-mock mutants` and `factify-mock variants`: the switches there are."""

import click


@click.command("mutants")
def list_mutants() -> None:
    """List the deliberate defects that --mutant switches on."""
    from factify_mock.mutants import MUTANTS  # noqa: PLC0415  # start-up time

    for mutant in MUTANTS.values():
        click.echo(f"{mutant.name}\n    breaks {mutant.breaks}: {mutant.sentence}")


@click.command("variants")
def list_variants() -> None:
    """List the switches that --variant sets, the mock's own choice first."""
    from factify_mock.variants import SWITCHES  # noqa: PLC0415  # start-up time

    for switch in SWITCHES.values():
        click.echo(f"{switch.name}={'|'.join(switch.values)}\n    {switch.sentence}")
