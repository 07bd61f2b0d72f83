"""`factify-contract verify`: judges a target and reports."""

from pathlib import Path

import click

from factify_contract.cli.options import (
    color_option,
    debug_option,
    ledger_option,
    one_of,
    seed_option,
    spec_option,
    target_options,
)

_PHASES = ("preflight", "scenarios", "properties", "machine")


@click.command(short_help="Judge an API, or the mock, by the Factify contract.")
@target_options("Start factify-mock and judge that.")
@seed_option
@click.option("--output", type=click.Path(path_type=Path), help="Folder for the reports.")
@click.option(
    "--phase",
    "phases",
    multiple=True,
    metavar=f"[{'|'.join(_PHASES)}]",
    callback=one_of(*_PHASES),
    help="Only these phases; repeatable.  [default: all; with --suite: scenarios]",
)
@click.option(
    "--suite", "suites", multiple=True, metavar="NAME", help="Only the stories of these suites; repeatable."
)
@click.option(
    "--tier",
    type=click.Choice(["smoke", "full"]),
    default="full",
    show_default=True,
    help="Everything, or a little of everything in seconds.",
)
@click.option(
    "--max-examples", type=click.IntRange(min=1), help="Requests per operation.  [default: 20; smoke: 1]"
)
@click.option(
    "--machine-examples",
    type=click.IntRange(min=1),
    help="Random life cycles to play.  [default: 48; smoke: 4]",
)
@click.option(
    "--machine-steps",
    type=click.IntRange(min=1, max=200),
    help="Steps of each of them.  [default: 25; smoke: 10]",
)
@spec_option
@ledger_option
@click.option("--dry-run", is_flag=True, help="List what would be written, and write nothing.")
@click.option("--read-only", is_flag=True, help="Judge only what can be seen without writing anything.")
@click.option(
    "--known-issues",
    type=click.Path(path_type=Path),
    help="Failures that do not count before their day, in TOML.",
)
@click.option(
    "--through-prism", is_flag=True, help="Hear Stoplight Prism on each exchange too; needs Node.js 18."
)
@click.option("--verbose", "-v", is_flag=True, help="Name every story, not only those that did not pass.")
@color_option
@debug_option
def verify(
    *,
    url: str | None,
    launch_mock: bool,
    mock_options: tuple[str, ...],
    profile: Path | None,
    seed: int,
    output: Path | None,
    phases: tuple[str, ...],
    suites: tuple[str, ...],
    tier: str,
    max_examples: int | None,
    machine_examples: int | None,
    machine_steps: int | None,
    spec: Path | None,
    ledger: Path | None,
    dry_run: bool,
    read_only: bool,
    known_issues: Path | None,
    through_prism: bool,
    verbose: bool,
    no_color: bool,
) -> int:
    """Judge the API at URL, or a mock started for the purpose, by the Factify contract.

    The last line is PASS, FAIL or ERROR. Exit codes: 0 kept, 1 a documented promise is broken or
    nothing could be exercised, 2 wrong usage, 3 target unreachable or the tool broke, 130 interrupted.
    Preflight is part of every run.
    """
    from factify_contract.request import Request  # noqa: PLC0415 - keeps --help quick
    from factify_contract.tiers import TIERS  # noqa: PLC0415 - keeps --help quick
    from factify_contract.verification import rehearse, run  # noqa: PLC0415 - keeps --help quick

    chosen = TIERS[tier]
    request = Request(
        url=url,
        launch_mock=launch_mock,
        mock_options=mock_options,
        profile=profile,
        seed=seed,
        output=output,
        # Whoever names suites asks for stories, and for nothing that takes longer than they do.
        phases=phases or (("scenarios",) if suites else _PHASES),
        suites=suites,
        tier=chosen,
        max_examples=max_examples or chosen.max_examples,
        machine_examples=machine_examples or chosen.machine_examples,
        machine_steps=machine_steps or chosen.machine_steps,
        spec=spec,
        color=not no_color,
        verbose=verbose,
        ledger=ledger,
        read_only=read_only,
        known_issues=known_issues,
        through_prism=through_prism,
    )
    if dry_run:
        click.echo("\n".join(rehearse(request)))
        return 0
    return run(request).outcome.exit_code
