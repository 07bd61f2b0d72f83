"""`factify-contract doctor`: examines a profile."""

from dataclasses import replace
from pathlib import Path

import click

from factify_contract.cli.options import debug_option, spec_option


@click.command(short_help="Check a profile against its target; nothing is written.")
@click.argument("url", required=False)
@click.option("--profile", type=click.Path(path_type=Path), required=True, help="The profile to examine.")
@click.option(
    "--max-examples", type=click.IntRange(min=1), default=20, show_default=True, help="As for verify."
)
@spec_option
@debug_option
def doctor(*, url: str | None, profile: Path, max_examples: int, spec: Path | None) -> int:
    """Check a profile against its target: people, adapters, what would be judged and what it would cost.

    Nothing is written. Exit codes: 0 all is well, 1 something is to be put right, 2 the profile cannot be
    used, 3 target unreachable or the tool broke.
    """
    from factify_contract.doctor import Grade, examine  # noqa: PLC0415 - keeps --help quick
    from factify_contract.profile import Profile  # noqa: PLC0415 - with the one before
    from factify_contract.request import Request, scope_of  # noqa: PLC0415 - with the one before
    from factify_contract.spec import Document  # noqa: PLC0415 - with the one before
    from factify_contract.transport import checked_url  # noqa: PLC0415 - with the one before

    described = Profile.load(profile)
    if url is not None:
        described = replace(described, base_url=checked_url(url))
    run = scope_of(Request(profile=profile, max_examples=max_examples))
    wrong = 0
    click.echo(f"{Grade.OK.value:<6}the profile {str(profile)!r} can be read")
    for remark in examine(described, Document.load(spec), run):
        wrong += remark.grade is Grade.WRONG
        click.echo(f"{remark.grade.value:<6}{remark.text}")
    click.echo(f"{wrong} to be put right" if wrong else "all is well")
    return 1 if wrong else 0
