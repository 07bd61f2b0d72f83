"""A self-test from the list of mutants to the table, with what there is to tell on the way."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from factify_contract.interrupts import terminable
from factify_contract.launch import mock_command
from factify_contract.selftest.crew import crew
from factify_contract.selftest.kill_table import Control, KillTable, Row
from factify_contract.selftest.mutants import chosen, listed


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for; an empty `command` means the mock, no `names` all of its mutants."""

    names: tuple[str, ...] = ()
    seed: int = 0
    workers: int = 2
    command: tuple[str, ...] = ()


def run(
    request: Request,
    *,
    begin: Callable[[int], None] = lambda total: None,
    tell: Callable[[Row | Control], None] = lambda part: None,
) -> KillTable:
    """Judges every mutant that was asked for; `begin` hears how many there are, `tell` each result."""
    began = time.perf_counter()
    command = request.command or (mock_command(),)
    mutants = chosen(listed(command), request.names)
    workers = max(1, min(request.workers, len(mutants)))
    begin(len(mutants))
    rows: dict[int, Row] = {}
    control = Control((), 0, 0, "the control was not judged")
    with terminable(), crew(command, workers=workers, seed=request.seed) as hands:
        for part in hands.judge(mutants):
            if isinstance(part, Control):
                control = part
                tell(part)
            else:
                place, row = part
                rows[place] = row
                tell(row)
    return KillTable(
        [rows[place] for place in sorted(rows)],
        control,
        request.seed,
        version("factify-contract"),
        time.perf_counter() - began,
    )
