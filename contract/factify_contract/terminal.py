"""Asks whoever sits at the terminal, and does not wait for ever."""

import queue
import sys
import threading
from typing import TextIO


class NoTerminal(Exception):
    """Nobody can be asked, or nobody answered in time; the message says which."""


class Terminal:
    """Reads lines that a person types. Mutable: one thread reads from the first question on."""

    def __init__(self, source: TextIO | None = None, shown: TextIO | None = None) -> None:
        """`source` and `shown` default to standard input and standard error at the time of the question."""
        self._source = source
        self._shown = shown
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader: threading.Thread | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is somebody to ask."""
        source = self._source or sys.stdin
        return source is not None and source.isatty()

    def ask(self, question: str, seconds: float) -> str:
        """What is typed in answer, without blanks around it; NoTerminal when nothing comes in time."""
        if not self.is_there:
            raise NoTerminal("it asks a person, and standard input is no terminal; run it in one")
        # What was typed after an earlier deadline answers another question.
        while not self._lines.empty():
            self._lines.get_nowait()
        shown = self._shown or sys.stderr
        shown.write(f"\n{question}\n({seconds:.0f} seconds) > ")
        shown.flush()
        if self._reader is None:
            self._reader = threading.Thread(target=self._read, daemon=True)
            self._reader.start()
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise NoTerminal(f"nobody answered within {seconds:.0f} seconds") from None
        if not line:
            raise NoTerminal("standard input was closed")
        return line.strip()

    def _read(self) -> None:
        source = self._source or sys.stdin
        while line := source.readline():
            self._lines.put(line)
        self._lines.put("")


TERMINAL = Terminal()
