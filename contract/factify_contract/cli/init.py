"""`factify-contract init`: writes a commented profile to start from."""

from importlib.resources import files
from pathlib import Path

import click

from factify_contract.errors import UsageError


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def init(*, file: Path | None) -> None:
    """Write a commented example profile to FILE, or print it."""
    text = files("factify_contract").joinpath("example-profile.toml").read_text(encoding="utf-8")
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
    except FileExistsError:
        raise UsageError(f"{str(file)!r} exists already; choose another name or remove it first") from None
    except OSError as error:
        raise UsageError(f"{str(file)!r} cannot be written: {error.strerror}") from error
    click.echo(f"Wrote {file}. Next: fill it in, then run factify-contract doctor --profile {file}")
