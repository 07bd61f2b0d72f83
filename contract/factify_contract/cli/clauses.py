"""`factify-contract clauses`: lists what the API promises."""

import json
from collections.abc import Mapping
from dataclasses import asdict

import click

from factify_contract.clauses import Clause, catalogue


@click.command()
@click.option(
    "--format", "form", type=click.Choice(["text", "md", "json"]), default="text", show_default=True
)
def clauses(*, form: str) -> None:
    """List every clause of the catalogue."""
    known = catalogue()
    writers = {"text": _as_text, "md": _as_markdown, "json": _as_json}
    click.echo(writers[form](known))


def _as_text(known: Mapping[str, Clause]) -> str:
    return "\n".join(f"{one.id} ({one.level.value})\n    {one.sentence}" for one in known.values())


def _as_markdown(known: Mapping[str, Clause]) -> str:
    rows = ["| clause | level | promise | source | exercised by |", "|---|---|---|---|---|"]
    rows += [
        f"| `{one.id}` | {one.level.value} | {one.sentence} | {one.source} | {one.exercised} |".replace(
            "\n", " "
        )
        for one in known.values()
    ]
    return "\n".join(rows)


def _as_json(known: Mapping[str, Clause]) -> str:
    return json.dumps([asdict(one) for one in known.values()], indent=2, ensure_ascii=False)
