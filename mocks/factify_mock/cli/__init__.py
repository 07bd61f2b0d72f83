"""The command `factify-mock`: one file per command; here only how every command ends."""

import sys

import click

from factify_contract.errors import ContractError
from factify_mock.cli.env import env
from factify_mock.cli.exam import exam
from factify_mock.cli.lists import list_mutants, list_variants
from factify_mock.cli.prism import prism
from factify_mock.cli.record import record
from factify_mock.cli.serve import serve


def main() -> None:
    """Run the command line; errors of the tool end in one sentence and their exit code."""
    try:
        commands.main(standalone_mode=True)
    except ContractError as error:
        click.echo(f"factify-mock: {error}", err=True)
        sys.exit(error.exit_code)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="factify-contract")
def commands() -> None:
    """A mock server of the Factify API that remembers, checks and forgets on demand."""


for command in (serve, env, exam, prism, record, list_mutants, list_variants):
    commands.add_command(command)
