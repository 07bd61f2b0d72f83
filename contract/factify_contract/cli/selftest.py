"""`factify-contract selftest`: judges the judge, by implementations that are broken on purpose."""

import shlex
from pathlib import Path

import click

from factify_contract.cli.options import color_option, debug_option, seed_option


@click.command(short_help="Break the mock on purpose, and see what the judge says.")
@click.option("--mutant", "names", multiple=True, metavar="NAME", help="Only these mutants; repeatable.")
@click.option("--output", type=click.Path(path_type=Path), help="Folder for kill-table.json and .html.")
@seed_option
@click.option(
    "--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Mutants judged at a time."
)
@click.option(
    "--command",
    metavar="TEXT",
    help="Break another implementation: its command, used like factify-mock.",
)
@color_option
@debug_option
def selftest(
    *,
    names: tuple[str, ...],
    output: Path | None,
    seed: int,
    workers: int,
    command: str | None,
    no_color: bool,
) -> int:
    """Break the mock on purpose, once for each of its mutants, and see what the judge says.

    Every mutant names the clause that it breaks. It is killed when the judge finds that clause broken; one
    that survives, or is found under other names only, fails the test, and so does anything that is found
    without mutants. Exit codes: 0 all killed under their names, 1 not so, 2 wrong usage, 3 the tool broke,
    130 interrupted.
    """
    from rich.console import Console  # noqa: PLC0415 - keeps --help quick

    from factify_contract.selftest.artefacts import prepared, written  # noqa: PLC0415 - keeps --help quick
    from factify_contract.selftest.progress import Progress  # noqa: PLC0415 - keeps --help quick
    from factify_contract.selftest.session import Request, run  # noqa: PLC0415 - keeps --help quick

    request = Request(names, seed, workers, tuple(shlex.split(command or "")))
    if output is not None:
        prepared(output)
    progress = Progress(Console(color_system=None if no_color else "auto", highlight=False))
    try:
        table = run(request, begin=progress.begin, tell=progress.tell)
    finally:
        progress.close()
    if output is not None:
        written(table, output)
    progress.finish(table)
    return table.exit_code
