"""Servers as processes: started, found by their ready line, measured from outside, stopped."""

import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen


@dataclass(frozen=True, slots=True)
class Running:
    """A server that answered once; `first_answer` is the seconds from its start to that answer."""

    port: int
    ready_line: str
    first_answer: float
    resident_megabytes: float


@contextlib.contextmanager
def running(arguments: Sequence[str], probe_path: str) -> Iterator[Running]:
    """Runs `python ARGUMENTS`, waits for its ready line and an answer to `probe_path`; stops it."""
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = int(line.split("http://127.0.0.1:")[1].split("/")[0].split('"')[0])
        urlopen(f"http://127.0.0.1:{port}{probe_path}", timeout=10).read()
        yield Running(port, line, time.perf_counter() - begun, _resident_megabytes(process.pid))
    finally:
        process.terminate()
        process.wait(timeout=10)


def _resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("a running process has resident memory")
