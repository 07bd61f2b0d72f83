"""`factify-mock record`: a proxy before a real service that writes a redacted recording."""

import json
import os
from pathlib import Path

import click

from factify_contract.errors import UsageError
from factify_mock.cli import options
from factify_mock.cli.stopping import until_stdin_ends

_NAMES = ("owner", "admin", "member", "outsider", "invitee", "api_key")


@click.command(short_help="Pass calls on to a service, and write down what was said.")
@click.option("--upstream", required=True, metavar="URL", help="The service to record.")
@click.option(
    "--output",
    "path",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="A new file for the recording.",
)
@options.host
@options.port
@click.option(
    "--caller",
    "callers",
    multiple=True,
    metavar="NAME=VARIABLE",
    help="Who has the token in this environment variable: owner, admin, member, outsider, invitee or api_key;"
    " by default the one in FACTIFY_NAME_TOKEN. Repeatable.",
)
@options.spec
@options.ready_format
@until_stdin_ends
def record(
    *,
    upstream: str,
    path: Path,
    host: str,
    port: int,
    callers: tuple[str, ...],
    spec: Path | None,
    ready_format: str,
) -> None:
    """Pass calls on to the service at URL, and write down what was said until told to stop.

    Nothing in the recording is a token, a secret, an e-mail address, a signed address, or a text of
    anybody's; ids have stand-ins that still tell which is which. factify-contract compare reads it.
    """
    import logging  # noqa: PLC0415  # start-up time

    from factify_contract.spec import Document  # noqa: PLC0415  # start-up time
    from factify_mock.recording.proxy import Recorder  # noqa: PLC0415  # start-up time
    from factify_mock.server import bind, run, url_of  # noqa: PLC0415  # start-up time

    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s: %(message)s")
    # It logs the addresses of requests, and they may hold what nobody else should read.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    if not upstream.startswith(("http://", "https://")):
        raise UsageError(f"--upstream {upstream!r} does not begin with http:// or https://")
    people = _people(callers)
    document = Document.load(spec)
    listener = bind(host, port)
    try:
        output = path.open("x", encoding="utf-8")
    except FileExistsError as error:
        raise UsageError(f"--output {str(path)!r} exists already; choose another name") from error
    except OSError as error:
        raise UsageError(f"--output {str(path)!r} cannot be written: {error.strerror}") from error
    with output:
        recorder = Recorder(document, upstream, output, callers=people)
        recorder.begin()
        url = url_of(listener)
        known = ", ".join(people.values()) or "nobody"
        line = f"factify-mock records {upstream} at {url} (known callers: {known})"
        if ready_format == "json":
            line = json.dumps({"url": url, "upstream": upstream, "callers": list(people.values())})
        run(recorder, listener, on_ready=lambda: click.echo(line))
    click.echo(f"{recorder.count} exchanges recorded in {path}", err=True)


def _people(callers: tuple[str, ...]) -> dict[str, str]:
    """Names by token."""
    variables = {name: f"FACTIFY_{name.upper()}_TOKEN" for name in _NAMES}
    given = {}
    for text in callers:
        name, equals, variable = text.partition("=")
        if not equals or name not in _NAMES:
            raise UsageError(f"--caller {text!r} is not NAME=VARIABLE with a name of {', '.join(_NAMES)}")
        if not os.environ.get(variable):
            raise UsageError(f"--caller {text!r}: the environment variable {variable} is not set")
        given[name] = variable
    found = {name: os.environ.get(variable, "") for name, variable in (variables | given).items()}
    return {token: name for name, token in found.items() if token}
