"""`factify-contract keygen`: makes the keys that sign certificates."""

from pathlib import Path

import click


@click.command(short_help="Make a pair of Ed25519 keys to sign certificates with.")
@click.option(
    "--output", type=click.Path(path_type=Path), required=True, help="File for the private key; new."
)
def keygen(*, output: Path) -> int:
    """Make an Ed25519 key to sign certificates with, and the public key beside it.

    The private key can be read by its owner alone. Existing files are never overwritten.
    """
    from factify_contract.certification.keys import make_keys, public_path  # noqa: PLC0415 - keeps --help quick

    made = make_keys(output)
    click.echo(f"private key  {output}  (keep it secret)")
    click.echo(f"public key   {public_path(output)}  (give it to those who check certificates)")
    click.echo(f"key id       {made.keyid}")
    return 0
