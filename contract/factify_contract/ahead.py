"""Has a process of its own write what a run will ask, while the run is asking: no answer changes it.

What is generated depends on the document and the seed alone, and takes as long as all stories together.
"""

import pickle
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from factify_contract.errors import ContractError
from factify_contract.machine import shares
from factify_contract.machine.script import Script
from factify_contract.processes import ending, last_words, stop
from factify_contract.properties import in_order, share_of
from factify_contract.properties.drafts import Draft, Invented
from factify_contract.spec import Document, Operation

_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Drafts:
    """Requests to an operation: so many valid and as many invalid ones."""

    operation: str
    count: int


@dataclass(frozen=True, slots=True)
class Scripts:
    """So many scripts for the machine about a topic, of at most so many steps."""

    topic: str
    examples: int
    steps: int


@dataclass(frozen=True, slots=True)
class Order:
    """All that is to be written, in the order in which it is needed. `spec` None is the shipped document."""

    spec: Path | None
    seed: int
    pieces: tuple[Drafts | Scripts, ...]


def requests_of(document: Document, *, examples: int) -> list[Drafts]:
    """What the properties phase needs when it asks every operation."""
    return [Drafts(operation.id, share_of(operation, examples)) for operation in in_order(document)]


def scripts_of(*, examples: int, steps: int, is_fresh: bool) -> list[Scripts]:
    """What the machine phase needs; `is_fresh` where every script is played on fresh data."""
    return [Scripts(topic, count, steps) for topic, count in shares(examples, is_fresh=is_fresh).items()]


class Ahead:
    """What the other process has written by now; who asks for a piece waits for it. Mutable.

    Only what was ordered can be asked for. ContractError when the process ended before it was written.
    """

    def __init__(self, order: Order, process: "subprocess.Popen[bytes]", errors: IO[bytes]) -> None:
        self._pieces = frozenset(order.pieces)
        self._process = process
        self._errors = errors
        self._written: dict[Drafts | Scripts, Any] = {}
        self._arriving: queue.Queue[tuple[Drafts | Scripts, Any] | None] = queue.Queue()
        # The process would wait if nobody emptied the pipe.
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def drafts(self, operation: Operation, *, count: int) -> list[Invented]:
        """The requests of the order; its own generator would make the same."""
        pieces = self._result(Drafts(operation.id, count))
        return [
            Invented(Draft(operation, path, query, body), valid=valid) for path, query, body, valid in pieces
        ]

    def scripts(self, topic: str, *, examples: int, steps: int) -> list[Script]:
        """The scripts of the order, richest first."""
        found: list[Script] = self._result(Scripts(topic, examples, steps))
        return found

    def close(self) -> None:
        """The process has ended, and what it has not written is not written."""
        stop(self._process, _STOP_SECONDS)
        self._reader.join(_STOP_SECONDS)

    def _result(self, piece: Drafts | Scripts) -> Any:
        if piece not in self._pieces:
            raise LookupError(f"{piece} was not ordered")
        while piece not in self._written:
            arrived = self._arriving.get()
            if arrived is None:
                self._arriving.put(None)  # for whoever asks next
                how = ending(self._process.wait())
                raise ContractError(
                    f"the process that generates requests ended {how}: {last_words(self._errors)}"
                )
            self._written[arrived[0]] = arrived[1]
        return self._written[piece]

    def _read(self) -> None:
        assert self._process.stdout is not None
        try:
            # The end, or the middle of what was being written, is the end.
            with self._process.stdout as stream, suppress(EOFError, pickle.UnpicklingError):
                while True:
                    self._arriving.put(pickle.load(stream))  # noqa: S301 - from a process of ours
        finally:
            # Whatever ended the reading, nobody goes on waiting.
            self._arriving.put(None)


@contextmanager
def writing_ahead(spec: Path | None, *, seed: int, pieces: Sequence[Drafts | Scripts]) -> Iterator[Ahead]:
    """What a process writes that begins now and ends, at the latest, with the block."""
    order = Order(spec, seed, tuple(pieces))
    # -P: the user's folder may have modules of the same names. Run as __main__, this module would be two.
    words = [sys.executable, "-P", "-c", f"from {__name__} import main; main()"]
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(  # noqa: S603 - our own module
            # An interrupt from the keyboard reaches us, and we stop the process.
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
        )  # fmt: skip
        ahead = Ahead(order, process, errors)
        try:
            assert process.stdin is not None
            # Why it ended before it has read its order is told to who asks for a piece.
            with suppress(BrokenPipeError), process.stdin as stream:
                pickle.dump(order, stream)
            yield ahead
        finally:
            ahead.close()


def write(order: Order, stream: IO[bytes]) -> None:
    """Every piece of the order is in the stream, as a pickle of the piece and of what was written."""
    from factify_contract.machine.rules import written  # noqa: PLC0415 - hypothesis is heavy
    from factify_contract.properties.generation import Generator  # noqa: PLC0415 - schemathesis is heavy

    document = Document.load(order.spec)
    generator = Generator(document, seed=order.seed)
    for piece in order.pieces:
        result: Any
        match piece:
            case Drafts(operation, count):
                result = [
                    (one.draft.path, one.draft.query, one.draft.body, one.valid)
                    for one in generator.drafts(document.operations[operation], count=count)
                ]
            case Scripts(topic, examples, steps):
                result = written(topic, number=order.seed, examples=examples, steps=steps)
        pickle.dump((piece, result), stream)
        stream.flush()


def main() -> None:
    """What the process does: it reads an order from standard input and writes to standard output."""
    order = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    pipe = sys.stdout.buffer
    sys.stdout = sys.stderr  # what libraries print is not for the pipe
    try:
        write(order, pipe)
    except BrokenPipeError:  # nobody wants it any more
        sys.exit(0)
