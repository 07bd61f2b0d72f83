"""`factify-contract compare`: sees where a target answers otherwise than a recorded service."""

import sys
from pathlib import Path

import click

from factify_contract.cli.options import target_options
from factify_contract.errors import UsageError

_FORMATS = ("text", "json", "markdown")


@click.command(short_help="Play a recording elsewhere, and list what differs.")
@click.argument("recording", type=click.Path(path_type=Path))
@target_options("Start factify-mock and play there; so it is without URL.")
@click.option(
    "--caller",
    "callers",
    multiple=True,
    metavar="CALLER=NAME",
    help="Which identity stands for a caller of the recording; repeatable.",
)
@click.option("--allow-writes", is_flag=True, help="Write to a target that offers no sandbox.")
@click.option("--spec", type=click.Path(path_type=Path), help="Another OpenAPI document.")
@click.option("--format", "output_format", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead.")
def compare(
    *,
    recording: Path,
    url: str | None,
    launch_mock: bool,
    mock_options: tuple[str, ...],
    profile: Path | None,
    callers: tuple[str, ...],
    allow_writes: bool,
    spec: Path | None,
    output_format: str,
    output: Path | None,
) -> int:
    """Play RECORDING, which factify-mock record wrote, on a mock or on the API at URL.

    Lists for each operation where status, fields present and their types differ. Exit codes: 0 no
    difference, 1 differences or nothing could be compared, 2 wrong usage, 3 target unreachable.
    """
    from factify_contract.comparison.reporting import FORMATS  # noqa: PLC0415 - keeps --help quick
    from factify_contract.comparison.running import compared  # noqa: PLC0415 - keeps --help quick
    from factify_contract.request import Request  # noqa: PLC0415 - keeps --help quick

    request = Request(
        url=url,
        launch_mock=launch_mock or not (url or profile),
        mock_options=mock_options,
        profile=profile,
        spec=spec,
    )
    found, clean = compared(
        request, recording, callers=_standing(callers), writes=allow_writes, progress=_progress
    )
    text = clean(FORMATS[output_format](found))
    if output is None:
        click.echo(text)
    else:
        try:
            output.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            raise UsageError(f"--output {str(output)!r} cannot be written: {error.strerror}") from error
    return 0 if found.agrees else 1


def _standing(callers: tuple[str, ...]) -> dict[str, str]:
    standing = {}
    for text in callers:
        caller, equals, name = text.partition("=")
        if not equals or not caller or not name:
            raise UsageError(f"--caller {text!r} is not of the form CALLER=NAME, such as secret-1=owner")
        standing[caller] = name
    return standing


def _progress(done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done} of {total} exchanges played", err=True, nl=done == total)
