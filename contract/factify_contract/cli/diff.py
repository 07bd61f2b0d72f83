"""`factify-contract diff`: tells whom the changes between two documents break."""

from pathlib import Path

import click

from factify_contract.errors import UsageError

_FORMATS = ("text", "json", "markdown")
_SIDES = ("clients", "implementations", "any", "never")


@click.command(short_help="Tell whom the changes between two documents break.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--fail-on",
    type=click.Choice(_SIDES),
    default="any",
    show_default=True,
    help="Whose breakage ends with exit code 1.",
)
@click.option("--format", "output_format", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead.")
def diff(*, old: Path, new: Path, fail_on: str, output_format: str, output: Path | None) -> int:
    """Compare two OpenAPI documents, JSON or YAML, and tell whom each change breaks.

    With each change come the operations that it touches, and the clauses and stories about them. Exit
    codes: 0 nothing is broken, 1 something is, 2 wrong usage.
    """
    from factify_contract.clauses import catalogue  # noqa: PLC0415 - keeps --help quick
    from factify_contract.drift import FORMATS, drifted  # noqa: PLC0415 - keeps --help quick
    from factify_contract.spec import Document  # noqa: PLC0415 - keeps --help quick

    found = drifted(Document.load(old), Document.load(new), catalogue())
    text = FORMATS[output_format](found)
    if output is None:
        click.echo(text)
    else:
        try:
            output.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise UsageError(f"--output {str(output)!r} cannot be written: {error.strerror}") from error
    broken = {
        "clients": found.breaks_clients,
        "implementations": found.breaks_implementations,
        "any": found.breaks_clients or found.breaks_implementations,
        "never": False,
    }
    return 1 if broken[fail_on] else 0
