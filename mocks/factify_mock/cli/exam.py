"""`factify-mock exam`: what the calls to a running mock say about the client that made them."""

import json
import sys

import click

_GRADES = ("A", "B", "C", "D", "F")


@click.command(short_help="Grade the client of a running mock by its requests.")
@click.option("--url", required=True, help="Address of a running mock.")
@click.option("--world", "world_id", metavar="ID", help="Another world than the first.")
@click.option(
    "--format", "output", type=click.Choice(["text", "json", "md"]), default="text", show_default=True
)
@click.option(
    "--at-least", type=click.Choice(_GRADES), help="Exit with 1 below this grade, or without any request."
)
def exam(*, url: str, world_id: str | None, output: str, at_least: str | None) -> None:
    """Examine the client of a running mock by the requests on record, and grade it from A to F."""
    from factify_mock.exam.telling import as_markdown, as_text  # noqa: PLC0415  # start-up time
    from factify_mock.surroundings import exam_at  # noqa: PLC0415  # start-up time

    report = exam_at(url, world_id=world_id)
    if output == "json":
        click.echo(json.dumps(report, indent=2))
    else:
        click.echo(as_text(report) if output == "text" else as_markdown(report))
    grade = report["grade"]
    if at_least is not None and (grade is None or _GRADES.index(grade) > _GRADES.index(at_least)):
        sys.exit(1)
