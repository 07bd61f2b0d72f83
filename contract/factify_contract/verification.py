"""Puts a run together from what the user asked for: the target, the document, the reporters."""

import secrets
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from types import FrameType
from typing import Protocol

from rich.console import Console

from factify_contract.clauses import catalogue
from factify_contract.engine import PROPERTIES, Options, Properties, Run
from factify_contract.errors import ProfileError, UsageError
from factify_contract.events import Event
from factify_contract.launch import launched_mock
from factify_contract.profile import Profile
from factify_contract.properties import run_properties
from factify_contract.report.console import ConsoleReport
from factify_contract.report.json_report import JsonReport
from factify_contract.report.junit import JUnitReport
from factify_contract.scenarios import STORIES, SUITES
from factify_contract.spec import Document
from factify_contract.summary import Summary
from factify_contract.target import Target
from factify_contract.transport import Transport, checked_url

# Reports name the launched mock by this, since its port differs from run to run.
_LAUNCHED = "factify-mock, started for this run"


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for."""

    url: str | None = None
    launch_mock: bool = False
    mock_options: tuple[str, ...] = ()
    profile: Path | None = None
    seed: int = 0
    output: Path | None = None
    phases: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    max_examples: int = 20
    spec: Path | None = None
    color: bool = True


class Reporter(Protocol):
    """Whoever wants to know what happens during a run."""

    def receive(self, event: Event) -> None:
        """Takes note of one event."""


def run(request: Request) -> Summary:
    """Judges what was asked for, and reports while doing so; UsageError for a request that makes no sense."""
    _check(request)
    document = Document.load(request.spec)
    with _terminable(), ExitStack() as stack:
        reporters = _reporters(request, stack)
        target = stack.enter_context(Target(_profile(request, stack)))
        return Run(
            target,
            document,
            catalogue(),
            STORIES,
            _options(request, target),
            emit=_to_all(reporters),
            clock=time.perf_counter,
            properties=_properties(request),
        ).execute()


def _check(request: Request) -> None:
    if request.launch_mock and (request.url or request.profile):
        given = request.url or str(request.profile)
        raise UsageError(f"--launch-mock brings its own target and people; leave out either it or {given!r}")
    if not request.launch_mock and not request.url and not request.profile:
        raise UsageError("nothing to judge; give --launch-mock, or a URL with --profile FILE")
    if request.mock_options and not request.launch_mock:
        raise UsageError(f"--mock-option {request.mock_options[0]!r} has no effect without --launch-mock")
    if unknown := [suite for suite in request.suites if suite not in SUITES]:
        raise UsageError(f"there is no suite {unknown[0]!r}; known are {', '.join(SUITES)}")


def _profile(request: Request, stack: ExitStack) -> Profile:
    if request.launch_mock:
        spec = ("--spec", str(request.spec)) if request.spec else ()
        return stack.enter_context(launched_mock((*spec, *request.mock_options), seed=request.seed))
    profile = Profile.load(request.profile) if request.profile else None
    url = checked_url(request.url) if request.url else None
    address = url or (profile.base_url if profile else "")
    _probe(address)
    if profile is None:
        raise ProfileError(
            f"{address} answers, but without a profile nobody may call it;"
            " make one with factify-contract init profile.toml and pass it with --profile profile.toml"
        )
    return replace(profile, base_url=address)


def _probe(address: str) -> None:
    """Returns when anything that speaks HTTP answers; raises TargetUnreachable otherwise."""
    transport = Transport(address, timeout=10)
    try:
        transport.send_raw("GET", "/v1beta/me", patient=False)
    finally:
        transport.close()


def _options(request: Request, target: Target) -> Options:
    return Options(
        seed=request.seed,
        phases=request.phases,
        suites=request.suites,
        max_examples=request.max_examples,
        # What a run leaves behind on a lasting target must not meet what the next run makes.
        run_tag="" if target.has_sandboxes else secrets.token_hex(3),
        target_name=_LAUNCHED if request.launch_mock else "",
        suite_version=version("factify-contract"),
    )


def _properties(request: Request) -> Properties | None:
    return run_properties if PROPERTIES in request.phases else None


def _reporters(request: Request, stack: ExitStack) -> list[Reporter]:
    console = Console(color_system="auto" if request.color else None, highlight=False)
    on_console = ConsoleReport(console, catalogue())
    stack.callback(on_console.close)
    reporters: list[Reporter] = [on_console]
    if request.output is not None:
        try:
            request.output.mkdir(parents=True, exist_ok=True)
            # What a former run left would otherwise be taken for this run's if we end early.
            for name in ("junit.xml", "report.json"):
                (request.output / name).unlink(missing_ok=True)
        except OSError as error:
            raise UsageError(f"--output {str(request.output)!r} cannot be used: {error.strerror}") from error
        # The files come first, so that they are complete when the last line appears.
        reporters.insert(0, JsonReport(request.output / "report.json"))
        reporters.insert(0, JUnitReport(request.output / "junit.xml", catalogue()))
    return reporters


def _to_all(reporters: Sequence[Reporter]) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        for reporter in reporters:
            reporter.receive(event)

    return tell


@contextmanager
def _terminable() -> Iterator[None]:
    """While the block runs, a polite request to end (SIGTERM) works like an interrupt from the keyboard."""

    def interrupt(signum: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
