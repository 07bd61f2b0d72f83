"""`factify-contract clauses`: lists what the API promises."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import click

from factify_contract.clauses import Clause, catalogue
from factify_contract.errors import UsageError, advice_on

_LISTING = "without any, all are listed"


@click.command(short_help="List what the API promises.")
@click.argument("names", nargs=-1, metavar="[CLAUSE]...")
@click.option(
    "--format", "form", type=click.Choice(["text", "md", "json"]), default="text", show_default=True
)
def clauses(*, names: tuple[str, ...], form: str) -> None:
    """List the clauses of the catalogue: all, or each CLAUSE, which may be the beginning of several."""
    known = _chosen(names, catalogue())
    writers = {"text": _as_text, "md": _as_markdown, "json": _as_json}
    click.echo(writers[form](known))


def _chosen(names: Sequence[str], known: Mapping[str, Clause]) -> Mapping[str, Clause]:
    for name in names:
        if not any(each.startswith(name) for each in known):
            raise UsageError(f"there is no clause {name!r}; {advice_on(name, known, otherwise=_LISTING)}")
    wanted = tuple(names) or ("",)
    return {each: clause for each, clause in known.items() if each.startswith(wanted)}


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
