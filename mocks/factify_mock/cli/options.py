"""Options that several commands share."""

from pathlib import Path

import click

host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port = click.option(
    "--port", default=0, type=click.IntRange(0, 65535), show_default=True, help="0: any free one."
)
spec = click.option(
    "--spec",
    type=click.Path(path_type=Path),
    help="Another OpenAPI document than the shipped one, JSON or YAML.",
)
ready_format = click.option(
    "--format",
    "ready_format",
    default="text",
    type=click.Choice(["text", "json"]),
    show_default=True,
    help="Of the ready line.",
)
