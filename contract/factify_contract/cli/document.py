"""`factify-contract document`: prints the OpenAPI document."""

import json

import click


@click.command()
@click.option("--without-samples", is_flag=True, help="Leave out examples, code samples and links.")
def document(*, without_samples: bool) -> None:
    """Print the Factify OpenAPI document as JSON."""
    from factify_contract.spec import Document  # noqa: PLC0415 - keeps --help quick

    loaded = Document.load()
    content = loaded.without_samples() if without_samples else loaded.raw
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))
