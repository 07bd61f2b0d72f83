"""`--until-stdin-ends`, of commands that run until they are told to stop: they end with who started them."""

import os
import signal
import threading
from contextlib import suppress

import click

until_stdin_ends = click.option(
    "--until-stdin-ends",
    is_flag=True,
    expose_value=False,
    callback=lambda context, option, wanted: _watch() if wanted else None,
    help="Stop as well when standard input ends, as it does when the program that holds it is gone.",
)


def _watch() -> None:
    threading.Thread(target=_stop_at_the_end, name="standard input", daemon=True).start()


def _stop_at_the_end() -> None:
    with suppress(OSError):  # there may be no standard input at all, which has ended too
        while os.read(0, 4096):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
