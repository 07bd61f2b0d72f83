"""How the processes that we start end, what they said last, and that they are stopped."""

import os
import signal
import subprocess
from typing import IO

# As much of a process's standard error as a message shows: a traceback's end, and not its beginning.
_TAIL_BYTES, _TAIL_LINES = 4096, 12


def ending(code: int) -> str:
    """The end of a process in words, from the exit code that its parent is told."""
    if code >= 0:
        return f"with exit code {code}"
    try:
        return f"by {signal.Signals(-code).name}"
    except ValueError:
        return f"by signal {-code}"


def last_words(errors: IO[bytes]) -> str:
    """The last lines in the file that is a process's standard error."""
    errors.seek(max(0, errors.seek(0, os.SEEK_END) - _TAIL_BYTES))
    lines = errors.read().decode(errors="replace").strip().splitlines()[-_TAIL_LINES:]
    return "\n".join(lines) if lines else "it said nothing"


def stop(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Asks the process to end, and ends it when it has not done so after so many seconds."""
    process.terminate()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
