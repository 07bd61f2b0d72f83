"""Shares the mutants out among processes, each with an implementation of its own."""

import multiprocessing
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from multiprocessing.queues import SimpleQueue
from typing import Any

from factify_contract.clauses import catalogue
from factify_contract.launch import running_mock
from factify_contract.scenarios import STORIES
from factify_contract.selftest.bench import Bench
from factify_contract.selftest.kill_table import Control, Row
from factify_contract.selftest.mutants import Mutant
from factify_contract.spec import Document

# In a worker: what its jobs share.
_BENCH: list[Bench] = []


class Crew:
    """Workers that judge mutants; the generation of requests is only repeatable in a process of its own."""

    def __init__(self, pool: ProcessPoolExecutor) -> None:
        self._pool = pool

    def judge(self, mutants: Sequence[Mutant]) -> Iterator[tuple[int, Row] | Control]:
        """Rows with the places of their mutants, and their control, as they are ready."""
        # The control takes longest; what else takes long is not left for the end either.
        jobs: dict[Future[Any], int | None] = {self._pool.submit(_control, tuple(mutants)): None}
        jobs |= {self._pool.submit(_judge, mutant): place for place, mutant in enumerate(mutants)}
        for job in as_completed(jobs):
            place = jobs[job]
            yield job.result() if place is None else (place, job.result())


@contextmanager
def crew(command: Sequence[str], *, workers: int, seed: int) -> Iterator[Crew]:
    """A crew; its implementations, started by `command serve`, end with the block, and so do their judges."""
    context = multiprocessing.get_context("spawn")
    with ExitStack() as stack:
        lines: SimpleQueue[Mapping[str, Any]] = context.SimpleQueue()
        pool = ProcessPoolExecutor(workers, context, _take_place, (lines, seed))
        # Called last, when the implementations are gone, so that nobody is waited for who judges one of them.
        stack.callback(pool.shutdown)
        for _ in range(workers):
            lines.put(stack.enter_context(running_mock(seed=seed, command=command)))
        try:
            yield Crew(pool)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _take_place(lines: "SimpleQueue[Mapping[str, Any]]", seed: int) -> None:
    # An interrupt from the keyboard reaches every process; the one that started us ends us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _BENCH.append(Bench(lines.get(), Document.load(), catalogue(), STORIES, seed))


def _judge(mutant: Mutant) -> Row:
    return _BENCH[0].judge(mutant)


def _control(mutants: tuple[Mutant, ...]) -> Control:
    return _BENCH[0].control(mutants)
