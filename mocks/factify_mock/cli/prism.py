"""`factify-mock prism`: the real Prism, as a mock or as a proxy, until it is told to stop."""

import json
import signal
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import click

from factify_mock.cli import options
from factify_mock.cli.stopping import until_stdin_ends

if TYPE_CHECKING:
    from factify_mock.prism import Prism


@click.group(short_help="Run Stoplight Prism on a free port.")
def prism() -> None:
    """Run Stoplight Prism on a free port; npx fetches it where it is not installed."""


@prism.command("mock")
@options.spec
@click.option("--dynamic", is_flag=True, help="Generated values instead of the document's samples.")
@click.option("--seed", metavar="TEXT", help="Makes generated values repeatable.")
@options.ready_format
@until_stdin_ends
def mock(*, spec: Path | None, dynamic: bool, seed: str | None, ready_format: str) -> None:
    """Answer every operation from the document alone, without memory."""
    from factify_mock.prism import mocking  # noqa: PLC0415  # start-up time

    _serve(mocking(_document(spec), dynamic=dynamic, seed=seed), ready_format)


@prism.command(short_help="Pass calls on to UPSTREAM, and hear Prism on them.")
@click.argument("upstream")
@options.spec
@click.option("--errors", "refuses", is_flag=True, help="Answer violations with an error of Prism's.")
@options.ready_format
@until_stdin_ends
def proxy(*, upstream: str, spec: Path | None, refuses: bool, ready_format: str) -> None:
    """Pass calls on to UPSTREAM, and say in the header sl-violations what the document has against them."""
    from factify_mock.prism import proxying  # noqa: PLC0415  # start-up time

    _serve(proxying(_document(spec), upstream, refuses=refuses), ready_format)


def _document(spec: Path | None) -> Path:
    from factify_contract.spec.source import shipped_document  # noqa: PLC0415  # start-up time

    return spec or shipped_document()


def _serve(running: AbstractContextManager["Prism"], ready_format: str) -> None:
    try:
        with _interruptible(), running as started:
            line = (
                json.dumps({"url": started.url})
                if ready_format == "json"
                else f"Prism ready at {started.url}"
            )
            click.echo(line)
            started.wait()
    except KeyboardInterrupt:
        """Whoever told it to stop expects nothing else."""


@contextmanager
def _interruptible() -> Iterator[None]:
    """While the block runs, SIGTERM works like an interrupt from the keyboard, and either works once."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        # Prism is being stopped from here on, which must not be broken off.
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, interrupt) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
