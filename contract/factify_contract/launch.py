"""Starts the mock, or Prism, as a process of its own by our command, and always stops it again."""

import json
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from factify_contract.errors import ContractError, UsageError
from factify_contract.processes import ending, last_words, stop
from factify_contract.profile import Profile

# Generous for a loaded machine; the mock is ready in well below a second.
_READY_SECONDS = 30.0
_STOP_SECONDS = 5.0
# npx fetches Prism the first time; and it stops its own processes, which may take twice as long as ours.
_PRISM_READY_SECONDS = 200.0
_PRISM_STOP_SECONDS = 15.0
_COMMAND = "factify-mock"
# Its standard input is a pipe from us, so that it does not outlive us when we are killed.
_UNTIL_WE_END = "--until-stdin-ends"


class ReadyProcess:
    """A process of ours that has said that it is ready; `ready` is what it said, `pid` its id."""

    def __init__(
        self, what: str, ready: dict[str, Any], process: "subprocess.Popen[bytes]", errors: IO[bytes]
    ) -> None:
        self.ready = ready
        self.pid = process.pid
        self._what = what
        self._process = process
        self._errors = errors

    def obituary(self, *, patience: float = 0.0) -> str | None:
        """How the process ended and what it last said, in one message; None while it runs.

        A process whose connections are broken may still be ending: `patience` is how long to wait for that.
        """
        try:
            code = self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return None
        if self._errors.closed:
            return f"{self._what} at {self.ready['url']} has been stopped"
        return f"{self._what} at {self.ready['url']} has ended {ending(code)}: {last_words(self._errors)}"


@contextmanager
def launched_mock(options: Sequence[str] = (), *, seed: int = 0) -> Iterator[Profile]:
    """A mock that accepts connections, as a profile; otherwise like `running_mock`."""
    with running_mock(options, seed=seed) as ready:
        yield Profile.from_ready_line(ready)


@contextmanager
def running_mock(
    options: Sequence[str] = (), *, seed: int = 0, command: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """What the mock said when it was ready; otherwise like `mock_process`."""
    with mock_process(options, seed=seed, command=command) as process:
        yield process.ready


@contextmanager
def mock_process(
    options: Sequence[str] = (), *, seed: int = 0, command: Sequence[str] = ()
) -> Iterator[ReadyProcess]:
    """A mock in a process of its own, which ends with the block, whatever happens.

    `options` are further words for the command; another `command` is one that is used like the mock's.
    UsageError when the mock refuses them, ContractError when it does not become ready.
    """
    argv = [
        *(command or (mock_command(),)),
        "serve",
        "--port",
        "0",
        "--format",
        "json",
        "--seed",
        str(seed),
        *(() if command else (_UNTIL_WE_END,)),
        *options,
    ]
    with _running(argv, "the mock", ready_seconds=_READY_SECONDS, stop_seconds=_STOP_SECONDS) as process:
        yield process


@contextmanager
def running_prism(upstream: str, *, spec: Path | None = None) -> Iterator[str]:
    """The address of Prism's proxy before `upstream`; its processes end with the block.

    `spec` is the document, the shipped one by default. UsageError where Node.js is missing.
    """
    argv = [
        mock_command(),
        "prism",
        "proxy",
        upstream,
        "--format",
        "json",
        _UNTIL_WE_END,
        *(["--spec", str(spec)] if spec else []),
    ]
    seconds = {"ready_seconds": _PRISM_READY_SECONDS, "stop_seconds": _PRISM_STOP_SECONDS}
    with _running(argv, "Prism", **seconds) as process:
        yield str(process.ready["url"])


@contextmanager
def _running(
    argv: Sequence[str], what: str, *, ready_seconds: float, stop_seconds: float
) -> Iterator[ReadyProcess]:
    with tempfile.TemporaryFile() as errors:
        # A session of its own: an interrupt from the keyboard reaches us, and we stop the process.
        process = subprocess.Popen(  # noqa: S603 - our own command
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        lines: queue.Queue[bytes] = queue.Queue()
        reader = threading.Thread(target=_drain, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            ready = _ready_line(process, lines, errors, what, ready_seconds)
            yield ReadyProcess(what, ready, process, errors)
        finally:
            stop(process, stop_seconds)
            reader.join(_STOP_SECONDS)
            assert process.stdin is not None
            process.stdin.close()


def mock_command() -> str:
    """Where the mock's command is: beside the running interpreter, or on the path."""
    beside = Path(sys.executable).with_name(_COMMAND)
    found = str(beside) if beside.exists() else shutil.which(_COMMAND)
    if found is None:
        raise UsageError(
            f"the command {_COMMAND} is not installed; it comes with the package factify-contract"
        )
    return found


def _ready_line(
    process: "subprocess.Popen[bytes]",
    lines: "queue.Queue[bytes]",
    errors: IO[bytes],
    what: str,
    seconds: float,
) -> dict[str, Any]:
    try:
        line = lines.get(timeout=seconds)
    except queue.Empty:
        raise ContractError(
            f"{what} was not ready within {seconds:.0f} seconds: {last_words(errors)}"
        ) from None
    if not line:
        code = process.wait(_STOP_SECONDS)
        said = last_words(errors)
        if code == UsageError.exit_code:
            raise UsageError(f"{what} refused its options: {said.splitlines()[-1]}")
        raise ContractError(f"{what} ended {ending(code)} before it was ready: {said}")
    try:
        ready = json.loads(line)
    except ValueError:
        ready = None
    if not isinstance(ready, dict):
        raise ContractError(
            f"the ready line of {what} is no JSON object: {line[:200].decode(errors='replace')!r}"
        )
    return ready


def _drain(stdout: IO[bytes], lines: "queue.Queue[bytes]") -> None:
    """Passes on the first line and swallows the rest, so that the mock never blocks on a full pipe."""
    with stdout:
        lines.put(stdout.readline())
        for _ in stdout:
            pass
