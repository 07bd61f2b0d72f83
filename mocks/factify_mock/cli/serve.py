"""`factify-mock serve`: the mock until it is told to stop."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from factify_contract.errors import UsageError
from factify_mock.cli import options
from factify_mock.cli.stopping import until_stdin_ends

if TYPE_CHECKING:
    from factify_mock.snapshots.snapshot import Snapshot
    from factify_mock.store.blobs import Blobs
    from factify_mock.worlds import WorldOptions


@click.command(short_help="Serve the mock until it is told to stop.")
@options.host
@options.port
@click.option("--seed", default=0, type=click.IntRange(0), show_default=True, help="Ids follow from it.")
@click.option("--world", metavar="NAME|FILE", help="Begin as this snapshot: a shipped one, or a JSON file.")
@options.spec
@options.ready_format
@click.option(
    "--ready-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Holds the ready line as JSON, and the tokens in it, while the server accepts connections.",
)
@click.option("--strict", is_flag=True, help="Check every answer against the document; a miss is a 500.")
@click.option("--no-control", is_flag=True, help="Serve no control plane.")
@click.option("--now", help="Time at which worlds begin, RFC 3339; real time by default.")
@click.option(
    "--step",
    type=click.FloatRange(0.000001, 3600),
    metavar="SECONDS",
    help="Let time move by this much whenever it is read, and not by itself.",
)
@click.option("--frozen", is_flag=True, help="Let time stand still until it is moved.")
@click.option(
    "--processing-seconds",
    default=0.0,
    type=click.FloatRange(0, 31_557_600),
    show_default=True,
    help="How long a new version is processing, on the world's clock.",
)
@click.option("--mutant", "mutants", multiple=True, metavar="NAME", help="Break a promise; repeatable.")
@click.option(
    "--variant", "variants", multiple=True, metavar="NAME=VALUE", help="Behave the other way; repeatable."
)
@click.option("--rate-limits", is_flag=True, help="1000 calls a minute, 100 of them POST, for each caller.")
@click.option("--legacy", is_flag=True, help="Speak the older generation that the Python SDK 1.0.1 expects.")
@click.option(
    "--log-level",
    default="warning",
    type=click.Choice(["debug", "info", "warning", "error"]),
    show_default=True,
    help="What goes to standard error.",
)
@until_stdin_ends
def serve(
    host: str,
    port: int,
    seed: int,
    world: str | None,
    spec: Path | None,
    ready_format: str,
    ready_file: Path | None,
    strict: bool,
    no_control: bool,
    now: str | None,
    step: float | None,
    frozen: bool,
    processing_seconds: float,
    mutants: tuple[str, ...],
    variants: tuple[str, ...],
    rate_limits: bool,
    legacy: bool,
    log_level: str,
) -> None:
    """Serve the mock until it is told to stop; one line on standard output says when it is ready."""
    # Everything below costs a third of a second to import, which --help and `mutants` need not pay.
    import logging  # noqa: PLC0415  # start-up time

    from factify_contract.spec import Document  # noqa: PLC0415  # start-up time
    from factify_mock.api.app import AppOptions, create_app  # noqa: PLC0415  # start-up time
    from factify_mock.api.newer import unfamiliar  # noqa: PLC0415  # start-up time
    from factify_mock.api.routes import require_usable  # noqa: PLC0415  # start-up time
    from factify_mock.model.clock import SteppedTime  # noqa: PLC0415  # start-up time
    from factify_mock.readiness import ReadyLine, kept_in  # noqa: PLC0415  # start-up time
    from factify_mock.server import bind, run, url_of  # noqa: PLC0415  # start-up time
    from factify_mock.store.blobs import Blobs  # noqa: PLC0415  # start-up time

    logging.basicConfig(level=log_level.upper(), format="%(levelname)s %(name)s: %(message)s")
    words = {
        "processing_seconds": processing_seconds,
        "mutants": list(mutants),
        "variants": _choices(variants),
        "rate_limits": rate_limits,
        "legacy": legacy,
    }
    # What is not asked for is as in the snapshot.
    asked = {name: value for name, value in words.items() if value}
    blobs = Blobs()
    start = _start(world, _instant(now), asked, is_frozen=frozen, blobs=blobs)
    document = Document.load(spec)
    if spec is not None:
        require_usable(document)
    app = create_app(
        document,
        seed=seed,
        start=start,
        options=AppOptions(is_strict=strict, has_control=not no_control),
        blobs=blobs,
        wall=SteppedTime(start.now or datetime.now(UTC), timedelta(seconds=step)) if step else None,
    )
    if spec is not None:
        for sentence in unfamiliar(document):
            click.echo(f"factify-mock: {sentence}", err=True)
    listener = bind(host, port)
    ready = ReadyLine(url_of(listener), app.ready, has_control=not no_control)
    line = ready.as_json() if ready_format == "json" else ready.as_text()

    def announce() -> None:
        # The file comes first: whoever has read the line finds it.
        announced.enter_context(kept_in(ready_file, ready))
        click.echo(line)

    with ExitStack() as announced:
        run(app, listener, on_ready=announce, log_level=log_level)


def _choices(texts: tuple[str, ...]) -> dict[str, str]:
    choices = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise UsageError(f"--variant {text!r} is not of the form NAME=VALUE")
        choices[name] = value
    return choices


def _start(
    world: str | None, now: datetime | None, words: dict[str, Any], *, is_frozen: bool, blobs: "Blobs"
) -> "WorldOptions":
    """How worlds begin: with a snapshot where one is named, otherwise as the options say."""
    from factify_mock.behaviour import settings_of  # noqa: PLC0415  # start-up time
    from factify_mock.model.errors import DomainError  # noqa: PLC0415  # start-up time
    from factify_mock.worlds import WorldOptions  # noqa: PLC0415  # start-up time

    beginning = WorldOptions()
    try:
        if world is not None:
            beginning = _snapshot(world, blobs).begin(beginning)
    except DomainError as error:
        raise UsageError(f"--world {world}: {error.message}") from error
    try:
        settings = settings_of(words, beginning.settings)
    except DomainError as error:
        raise UsageError(error.message) from error
    return replace(
        beginning, now=now or beginning.now, is_frozen=is_frozen or beginning.is_frozen, settings=settings
    )


def _snapshot(world: str, blobs: "Blobs") -> "Snapshot":
    from factify_mock.control.seeds import Seeds  # noqa: PLC0415  # start-up time

    return Seeds(blobs).begun_with(world)


def _instant(text: str | None) -> datetime | None:
    from factify_contract.spec import parse_timestamp  # noqa: PLC0415  # start-up time
    from factify_mock.worlds import FIRST_YEAR, LAST_YEAR  # noqa: PLC0415  # start-up time

    if text is None:
        return None
    try:
        at = parse_timestamp(text)
    except ValueError as error:
        raise UsageError(f"--now {text!r} is no RFC 3339 timestamp such as 2026-05-01T12:00:00Z") from error
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise UsageError(f"--now {text!r} is out of range: worlds live between {FIRST_YEAR} and {LAST_YEAR}")
    return at
