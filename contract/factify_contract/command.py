"""The command `factify-contract`: an interrupt while the rest is loaded is a sentence, as later."""

import sys

_INTERRUPTED = 130


def main() -> None:
    """Loads the command line and runs it."""
    try:
        from factify_contract.cli import main as run  # noqa: PLC0415 - takes a while, and may be interrupted
    except KeyboardInterrupt:
        sys.stderr.write("factify-contract: interrupted\n")
        sys.exit(_INTERRUPTED)
    run()
