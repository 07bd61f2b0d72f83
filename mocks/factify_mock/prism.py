"""Runs the real Prism beside us: a stateless mock to compare with, or a proxy that gives a second opinion."""

import json
import os
import queue
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from factify_contract.errors import ContractError, UsageError

# The generation whose command line and headers this module was written for.
PACKAGE = "@stoplight/prism-cli@5"
# npx fetches the package the first time, which takes a while; Prism itself starts in two seconds.
_READY_SECONDS = 180.0
_STOP_SECONDS = 5.0
_READY = "Prism is listening on "
_VIOLATIONS = "sl-violations"


@dataclass(frozen=True, slots=True)
class Prism:
    """A running Prism; `url` is where clients find the paths of the document."""

    url: str
    process: "subprocess.Popen[bytes]" = field(repr=False, compare=False)

    def wait(self) -> None:
        """Returns only by an exception: ContractError when Prism ends by itself."""
        code = self.process.wait()
        raise ContractError(f"Prism ended with exit code {code}; is its document still there?")


@dataclass(frozen=True, slots=True)
class PrismViolation:
    """What Prism says about a request or a response that passed through its proxy."""

    location: tuple[str, ...]
    severity: str
    code: str
    message: str


def prism_command() -> list[str]:
    """The words that start Prism: a `prism` on the path, else npx, which fetches the package if need be.

    UsageError where there is neither.
    """
    installed = shutil.which("prism")
    if installed is not None:
        return [installed]
    npx = shutil.which("npx")
    if npx is None:
        raise UsageError(
            "Prism needs Node.js 18 or newer, and neither `prism` nor `npx` is on the path; "
            f"install Node.js, or install Prism with: npm install -g {PACKAGE}"
        )
    return [npx, "--yes", "--prefer-offline", "--package", PACKAGE, "prism"]


@contextmanager
def mocking(document: Path | str, *, dynamic: bool = False, seed: str | None = None) -> Iterator[Prism]:
    """Prism answering from `document` on a free port; its processes end with the block.

    It answers the document's samples, or with `dynamic` generated values, which `seed` makes repeatable.
    """
    words = ["mock", str(_existing(document))]
    words += ["--dynamic"] if dynamic else []
    words += ["--seed", seed] if seed is not None else []
    with _running(words) as prism:
        yield prism


@contextmanager
def proxying(document: Path | str, upstream: str, *, refuses: bool = False) -> Iterator[Prism]:
    """Prism passing calls on to `upstream`, and saying in a header what the document has against them.

    `violations_in` reads that header. With `refuses`, Prism answers violations with an error of its own.
    """
    words = ["proxy", str(_existing(document)), upstream, *(["--errors"] if refuses else [])]
    with _running(words) as prism:
        yield prism


def violations_in(headers: Any) -> list[PrismViolation]:
    """What Prism's proxy said with an answer, empty where it had nothing to say; `headers` is any mapping."""
    text = headers.get(_VIOLATIONS)
    return [
        PrismViolation(
            tuple(str(part) for part in violation.get("location", ())),
            str(violation.get("severity", "")),
            str(violation.get("code", "")),
            str(violation.get("message", "")),
        )
        for violation in (json.loads(text) if text else ())
    ]


def _existing(document: Path | str) -> Path:
    path = Path(document)
    if not path.is_file():
        raise UsageError(f"There is no document {str(path)!r} for Prism to serve")
    return path.resolve()


@contextmanager
def _running(words: Sequence[str]) -> Iterator[Prism]:
    argv = [*prism_command(), *words, "--host", "127.0.0.1", "--port", str(_free_port())]
    with tempfile.TemporaryFile() as errors:
        # A session of its own: npx starts Prism as a child, and only the group ends with all of them.
        process = subprocess.Popen(  # noqa: S603 - the words are ours, the document is a file
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            env={**os.environ, "NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1"},
        )
        found: queue.Queue[str | None] = queue.Queue()
        reader = threading.Thread(target=_watch, args=(process.stdout, found), daemon=True)
        reader.start()
        try:
            yield Prism(_url(process, found, errors), process)
        finally:
            _stop(process)
            reader.join(_STOP_SECONDS)


def _free_port() -> int:
    # Prism cannot choose a port itself and say which; somebody else may take this one in between.
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _watch(output: IO[bytes], found: "queue.Queue[str | None]") -> None:
    """Reports the address once and swallows the rest, so that Prism never blocks on a full pipe."""
    with output:
        for raw in output:
            line = raw.decode(errors="replace")
            if _READY in line:
                found.put(line.split(_READY, 1)[1].split()[0])
        found.put(None)


def _url(process: "subprocess.Popen[bytes]", found: "queue.Queue[str | None]", errors: IO[bytes]) -> str:
    try:
        url = found.get(timeout=_READY_SECONDS)
    except queue.Empty:
        raise ContractError(f"Prism was not ready within {_READY_SECONDS:.0f} seconds") from None
    if url is None:
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
        reason = said[-1] if said else "it said nothing"
        raise ContractError(f"Prism ended with exit code {process.wait()} before it was ready: {reason}")
    return url


def _stop(process: "subprocess.Popen[bytes]") -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        except ProcessLookupError:
            return
        else:
            return
