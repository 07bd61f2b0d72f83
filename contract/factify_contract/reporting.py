"""Which reporters follow a run: the console always, files in the output folder, GitHub inside its jobs."""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol

import click
from rich.console import Console

from factify_contract.clauses import catalogue
from factify_contract.errors import UsageError
from factify_contract.events import Event
from factify_contract.report.annotations import Annotations
from factify_contract.report.console import ConsoleReport
from factify_contract.report.ctrf import CtrfReport
from factify_contract.report.html import HtmlReport
from factify_contract.report.json_report import JsonReport
from factify_contract.report.junit import JUnitReport
from factify_contract.report.markdown import MarkdownReport
from factify_contract.report.places import Place
from factify_contract.report.replay_files import PATTERN, ReplayFiles, Replaying
from factify_contract.report.sarif import SarifReport
from factify_contract.spec import Document
from factify_contract.spec.source import shipped_document


class Reporter(Protocol):
    """Whoever wants to know what happens during a run."""

    def receive(self, event: Event) -> None:
        """Takes note of one event."""


class Sources(NamedTuple):
    """What reports are made from beside the events of the run."""

    document: Document
    place: Place
    target: Sequence[str]


# Each report's file, and who writes it there.
_FILES: Mapping[str, Callable[[Path, Sources], Reporter]] = {
    "junit.xml": lambda path, _: JUnitReport(path, catalogue()),
    "report.json": lambda path, _: JsonReport(path),
    "results.sarif": lambda path, sources: SarifReport(path, catalogue(), sources.place),
    "ctrf-report.json": lambda path, _: CtrfReport(path, catalogue(), clock=lambda: datetime.now(UTC)),
    "summary.md": lambda path, _: MarkdownReport(path, catalogue()),
    "report.html": lambda path, sources: HtmlReport(
        path, catalogue(), sources.document, now=lambda: datetime.now(UTC), target=sources.target
    ),
}
# Made when the target is open, since only then there is somebody who knows what is secret.
HAR = "exchanges.har"


def reporting(
    output: Path | None,
    stack: ExitStack,
    *,
    document: Document,
    spec: Path | None,
    color: bool,
    verbose: bool = False,
    target: Sequence[str] = (),
) -> list[Reporter]:
    """The reporters of a run, in the order in which they learn of an event; the console is the last.

    The files come first, so that they are complete when the last line appears. UsageError when the
    output folder cannot be used. The stack closes what has to be closed. `target` are the words that named
    the target to the command, for whoever wants to play a finding again.
    """
    path = spec or shipped_document()
    place = Place(path, path.as_posix() if spec else path.name)
    console = Console(color_system="auto" if color else None, highlight=False)
    replaying = None if output is None else Replaying(output, target)
    on_console = ConsoleReport(console, catalogue(), verbose=verbose, replaying=replaying)
    stack.callback(on_console.close)
    files = [] if output is None else _file_reporters(_emptied(output), Sources(document, place, target))
    return [*files, *_for_github(os.environ, place if spec else None), on_console]


def _emptied(folder: Path) -> Path:
    """The folder without what a former run left, which would be taken for this run's if we end early."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in (*(folder / name for name in (*_FILES, HAR)), *folder.glob(PATTERN)):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"--output {str(folder)!r} cannot be used: {error.strerror}") from error
    return folder


def _file_reporters(folder: Path, sources: Sources) -> list[Reporter]:
    reports = (write(folder / name, sources) for name, write in _FILES.items())
    return [ReplayFiles(folder), *reports]


def _for_github(environment: Mapping[str, str], place: Place | None) -> list[Reporter]:
    """What a job on GitHub shows by itself: a page in its summary, and findings beside its own document."""
    reporters: list[Reporter] = []
    if summary := environment.get("GITHUB_STEP_SUMMARY"):
        reporters.append(MarkdownReport(Path(summary), catalogue(), adds=True))
    if environment.get("GITHUB_ACTIONS") == "true":
        reporters.append(Annotations(click.echo, place))
    return reporters
