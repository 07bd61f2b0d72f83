"""Options that more than one command has: which target, by which document, and how it is shown."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from factify_contract.errors import advice_on

Command = TypeVar("Command", bound=Callable[..., Any])


def _split(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Each text as the words that a shell would make of it."""
    try:
        return tuple(word for text in given for word in shlex.split(text))
    except ValueError as error:
        raise click.BadParameter(f"{given!r} cannot be split into words: {error}") from error


def one_of(*names: str) -> Callable[[click.Context, click.Parameter, tuple[str, ...]], tuple[str, ...]]:
    """A callback for a repeatable option that takes these names only, and says which was meant."""

    def checked(
        context: click.Context, parameter: click.Parameter, given: tuple[str, ...]
    ) -> tuple[str, ...]:
        if unknown := [name for name in given if name not in names]:
            raise click.BadParameter(f"there is no {unknown[0]!r}; {advice_on(unknown[0], names)}")
        return given

    return checked


def target_options(launching: str) -> Callable[[Command], Command]:
    """URL, --launch-mock (for which `launching` is the help), --mock-option and --profile."""
    options = (
        click.argument("url", required=False),
        click.option("--launch-mock", is_flag=True, help=launching),
        click.option(
            "--mock-option",
            "mock_options",
            multiple=True,
            metavar="TEXT",
            callback=_split,
            help="Words for the started mock; repeatable.",
        ),
        click.option(
            "--profile",
            type=click.Path(path_type=Path),
            help="Who may call the target: TOML, or a ready line.",
        ),
    )

    def decorate(command: Command) -> Command:
        for option in reversed(options):
            command = option(command)
        return command

    return decorate


spec_option = click.option(
    "--spec", type=click.Path(path_type=Path), help="Judge by another OpenAPI document."
)
ledger_option = click.option(
    "--ledger", type=click.Path(path_type=Path), help="Where to note what is written."
)
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Makes a run repeatable."
)
color_option = click.option("--no-color", is_flag=True, help="Plain text even on a terminal.")
debug_option = click.option(
    "--debug", is_flag=True, expose_value=False, help="Show a traceback when the tool itself breaks."
)
