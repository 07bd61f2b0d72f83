"""Operation by status: what was answered how often, what the document promises, and what it does not."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from factify_contract.report.html.observed import Observed
from factify_contract.spec import Document, Operation

# A target that answers with ever new statuses must not make the page unreadable; the rest shares a column.
_MOST_STATUSES = 20
# A cell is one step darker from each of these counts on.
_STEPS = (1, 3, 10, 50, 200)


@dataclass(frozen=True, slots=True)
class Cell:
    """`kind` is `seen`, `unseen` (documented only), `stray` (seen only) or `none`; `heat` is 0 to 5."""

    kind: str
    count: int
    heat: int
    title: str


@dataclass(frozen=True, slots=True)
class OperationRow:
    """An operation with a cell for each column."""

    operation: Operation | None
    cells: tuple[Cell, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """The table with its totals. `promised` counts pairs of operation and status in the document."""

    columns: tuple[str, ...]
    rows: tuple[OperationRow, ...]
    steps: tuple[int, ...]
    operations: int
    called: int
    promised: int
    met: int
    strays: int


def coverage(observed: Observed, document: Document) -> Coverage:
    """The table for all operations of the document, in its order."""
    promised = {
        (operation.id, int(status))
        for operation in document.operations.values()
        for status in operation.responses
        if status.isdigit()
    }
    seen = Counter(
        {pair: count for pair, count in observed.answers.items() if pair[0] in document.operations}
    )
    columns, others = _columns(promised, observed.answers)
    rows = [_row(operation, columns, others, observed) for operation in document.operations.values()]
    if any(operation not in document.operations for operation, _ in observed.answers):
        rows.append(_row_outside(columns, others, observed, document))
    return Coverage(
        columns=(*map(str, columns), *(("other",) if others else ())),
        rows=tuple(rows),
        steps=_STEPS,
        operations=len(document.operations),
        called=len({operation for operation, _ in seen}),
        promised=len(promised),
        met=len(promised & seen.keys()),
        strays=sum(document.operations[one].response_for(status) is None for one, status in seen),
    )


def _columns(
    promised: Iterable[tuple[str, int]], seen: Counter[tuple[str, int]]
) -> tuple[list[int], set[int]]:
    """The statuses that get a column, documented ones first, and those that share one."""
    documented = {status for _, status in promised}
    weights = Counter(dict.fromkeys(documented, 0))
    for (_, status), count in seen.items():
        weights[status] += count
    first = sorted(weights, key=lambda status: (status not in documented, -weights[status], status))
    return sorted(first[:_MOST_STATUSES]), set(first[_MOST_STATUSES:])


def _row(operation: Operation, columns: list[int], others: set[int], observed: Observed) -> OperationRow:
    cells = [_cell(operation, status, observed.answers[operation.id, status]) for status in columns]
    if others:
        cells.append(_cell_of_others(operation, others, observed))
    return OperationRow(operation, tuple(cells), sum(cell.count for cell in cells))


def _cell_of_others(operation: Operation, others: set[int], observed: Observed) -> Cell:
    seen = [status for status in sorted(others) if observed.answers[operation.id, status]]
    if not seen:
        return Cell("none", 0, 0, "")
    count = sum(observed.answers[operation.id, status] for status in seen)
    kind = "seen" if all(map(operation.response_for, seen)) else "stray"
    named = ", ".join(map(str, seen[:_MOST_STATUSES]))
    more = f" and {len(seen) - _MOST_STATUSES} more" if len(seen) > _MOST_STATUSES else ""
    return Cell(kind, count, _heat(count), f"{operation.id} {named}{more}: {count}")


def _row_outside(
    columns: list[int], others: set[int], observed: Observed, document: Document
) -> OperationRow:
    counts: Counter[int] = Counter()
    for (operation, status), count in observed.answers.items():
        if operation not in document.operations:
            counts[status] += count
    amounts = [counts[status] for status in columns]
    if others:
        amounts.append(sum(counts[status] for status in others))
    cells = [Cell("seen" if amount else "none", amount, _heat(amount), "") for amount in amounts]
    return OperationRow(None, tuple(cells), sum(amounts))


def _cell(operation: Operation, status: int, count: int) -> Cell:
    documented = operation.response_for(status) is not None
    if count:
        kind = "seen" if documented else "stray"
        told = "" if documented else ", not listed for the operation"
        return Cell(kind, count, _heat(count), f"{operation.id} {status}: {count}{told}")
    if str(status) in operation.responses:
        return Cell("unseen", 0, 0, f"{operation.id} {status}: documented, not seen")
    return Cell("none", 0, 0, "")


def _heat(count: int) -> int:
    return sum(count >= step for step in _STEPS)
