"""The server's side of the reading process: starts it when there is something to read, and outlives it."""

import asyncio
import os
import subprocess
import sys
import threading
import weakref
from contextlib import suppress
from typing import IO

import msgspec

from factify_mock.content import jobs
from factify_mock.content.source import Unreadable

# How long one job may take before its file counts as unreadable. Slow machines load libraries in it, too.
SECONDS = 20.0

# Whoever dies of a job twice dies of the job; once can have been somebody else's doing.
_ATTEMPTS = 2

_COMMAND = ["-P", "-W", "ignore", "-m", "factify_mock.content.worker"]
# One picture at a time is compared: more threads would only take memory.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}

_decode_answer = msgspec.msgpack.Decoder(jobs.Answer).decode


class Reader:
    """Does jobs in a process of its own, one at a time; callers wait without holding up the event loop."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._one_at_a_time = threading.Lock()
        self._process: _Process | None = None
        self._is_closed = False

    async def ask(self, job: jobs.Job) -> bytes:
        """The result of the job, as its class describes it.

        Unreadable where the file is not what it should be, or where reading it takes longer than the
        reader's `seconds`, more memory than the process may have, or the whole process down.
        """
        answer = await asyncio.to_thread(self._ask, msgspec.msgpack.encode(job))
        if answer.unreadable is not None:
            raise Unreadable(answer.unreadable)
        return answer.result

    def close(self) -> None:
        """The process is gone, and whoever still waits for it is told that the file can't be read."""
        self._is_closed = True
        if self._process is not None:
            self._process.end()

    def _ask(self, message: bytes) -> jobs.Answer:
        with self._one_at_a_time:
            for _ in range(_ATTEMPTS):
                if self._is_closed:
                    break
                process = self._running()
                reply = process.exchange(message, seconds=self._seconds)
                if reply is not None:
                    return _decode_answer(reply)
                process.end()
                if process.is_late:
                    break
        return jobs.Answer(unreadable="reading it takes too long, or breaks the reader")

    def _running(self) -> "_Process":
        if self._process is None or not self._process.is_alive:
            self._process = _Process()
        return self._process


class _Process:
    """One run of the reading process; ended at the latest when nobody holds it any more."""

    def __init__(self) -> None:
        self._popen = subprocess.Popen(  # noqa: S603  # a constant command
            [sys.executable, *_COMMAND],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT},
        )
        self.end = weakref.finalize(self, _end, self._popen)
        self.is_late = False
        self._is_ready = False

    @property
    def is_alive(self) -> bool:
        """Whether the process can be asked something."""
        return not self.is_late and self.end.alive and self._popen.poll() is None

    def exchange(self, message: bytes, *, seconds: float) -> bytes | None:
        """The reply to the message; None when the process ended over it, or was ended for taking too long.

        RuntimeError when the process did not even start: its standard error says why.
        """
        to, back = self._popen.stdin, self._popen.stdout
        if to is None or back is None:
            raise ValueError("a process without pipes cannot be asked")
        timer = threading.Timer(seconds, self._expire)
        timer.start()
        try:
            self._await_start(back)
            return _exchanged(to, back, message)
        finally:
            timer.cancel()

    def _await_start(self, back: IO[bytes]) -> None:
        if self._is_ready:
            return
        with suppress(OSError, ValueError):  # the pipe is broken, or closed by `end`
            self._is_ready = jobs.read(back) == jobs.READY
        if not self._is_ready and self.end.alive and not self.is_late:
            raise RuntimeError("the process that reads uploaded files did not start")

    def _expire(self) -> None:
        self.is_late = True
        self._popen.kill()


def _exchanged(to: IO[bytes], back: IO[bytes], message: bytes) -> bytes | None:
    try:
        jobs.write(to, message)
        return jobs.read(back)
    except (OSError, ValueError):  # the pipe is broken, or closed by `end`
        return None


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
