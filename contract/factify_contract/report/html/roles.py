"""Operation by role: what each of the people got."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from factify_contract.exchange import ANONYMOUS
from factify_contract.profile.schema import IDENTITIES
from factify_contract.report.html.observed import Observed
from factify_contract.spec import Document, Operation

_COLUMNS = (*IDENTITIES, ANONYMOUS)
_OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Got:
    """A status that a role got from an operation; `kind` is `in`, `out`, `refused` or `broke`."""

    status: int
    count: int
    kind: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What the roles got from one operation, a cell for each column."""

    operation: Operation
    cells: tuple[tuple[Got, ...], ...]


@dataclass(frozen=True, slots=True)
class Roles:
    """The matrix. `others` names the callers that share the last column, if there are any."""

    columns: tuple[str, ...]
    rows: tuple[RoleRow, ...]
    others: tuple[str, ...]


def roles(observed: Observed, document: Document) -> Roles:
    """The matrix for all operations that were called, in the document's order."""
    counts: defaultdict[tuple[str, str], Counter[int]] = defaultdict(Counter)
    others, known = set(), set()
    for (actor, operation, status), count in observed.received.items():
        column = actor if actor in _COLUMNS else _OTHERS
        known.add(column)
        counts[operation, column][status] += count
        if column == _OTHERS:
            others.add(actor)
    columns = tuple(column for column in (*_COLUMNS, _OTHERS) if column in known)
    rows = tuple(
        RoleRow(operation, tuple(_cell(counts[operation.id, column]) for column in columns))
        for operation in document.operations.values()
        if any((operation.id, column) in counts for column in columns)
    )
    return Roles(columns, rows, tuple(sorted(others)))


def _cell(counts: Counter[int]) -> tuple[Got, ...]:
    return tuple(Got(status, counts[status], _kind(status)) for status in sorted(counts))


def _kind(status: int) -> str:
    if status < 400:
        return "in"
    if status in (401, 403, 404):
        return "out"
    return "refused" if status < 500 else "broke"
