"""`factify-contract lint`: the defects of an OpenAPI document."""

import json
from pathlib import Path

import click

_FORMATS = ("text", "json", "md")


@click.command(short_help="Find the defects of an OpenAPI document.")
@click.argument("document", type=click.Path(path_type=Path), required=False)
@click.option("--format", "output", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--all", "show_all", is_flag=True, help="Also what the document itself accepts.")
def lint(*, document: Path | None, output: str, show_all: bool) -> int:
    """Find the defects of DOCUMENT, an OpenAPI document in JSON or YAML; without one, of the shipped one.

    Each comes with its place, why it matters and what to do. A document can say under
    `x-lint-accepted` why it leaves one as it is. Exit codes: 0 none, 1 some, 2 not an OpenAPI document.
    """
    from factify_contract.report.defects import as_json, as_markdown, as_text  # noqa: PLC0415 - quick --help
    from factify_contract.spec.lint import lint as defects_of  # noqa: PLC0415
    from factify_contract.spec.source import check_openapi, read_document, shipped_document  # noqa: PLC0415

    place = document or shipped_document()
    raw = check_openapi(read_document(place), str(place))
    found = defects_of(raw)
    shown = [defect for defect in found if show_all or not defect.accepted]
    accepted = sum(bool(defect.accepted) for defect in found)
    match output:
        case "json":
            click.echo(json.dumps(as_json(found), indent=2, ensure_ascii=False))
        case "md":
            click.echo("\n".join(as_markdown(shown, accepted, name=place.name)))
        case _:
            click.echo("\n".join(as_text(shown, accepted)))
    return 1 if accepted < len(found) else 0
