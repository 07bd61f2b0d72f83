"""Joins the changes between two documents with the clauses and stories about the same operations."""

from collections import Counter
from dataclasses import dataclass

from factify_contract.clauses import Catalogue
from factify_contract.scenarios.calling import stories_by_operation
from factify_contract.spec import Document
from factify_contract.spec.diff import Change, Verdict, compare


@dataclass(frozen=True, slots=True)
class Touched:
    """A change with the ids of the clauses and of the stories about its operations, both sorted.

    Clauses about every answer are not listed: they are touched by everything.
    """

    change: Change
    clauses: tuple[str, ...]
    stories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """What changed from one document to another, in the order of the changes; documents by their words."""

    old: str
    new: str
    changes: tuple[Touched, ...]

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many changes there are of each verdict, zero included."""
        counted = Counter(touched.change.verdict for touched in self.changes)
        return {verdict: counted[verdict] for verdict in Verdict}

    @property
    def breaks_clients(self) -> bool:
        """Whether a client of the old document may fail with the new one."""
        return any(touched.change.verdict.breaks_clients for touched in self.changes)

    @property
    def breaks_implementations(self) -> bool:
        """Whether a service that keeps to the old document may not keep to the new one."""
        return any(touched.change.verdict.breaks_implementations for touched in self.changes)


def drifted(old: Document, new: Document, catalogue: Catalogue) -> Drift:
    """The changes from the old document to the new one with what they touch; wording touches nothing."""
    changes = compare(old, new)
    clauses: dict[str, list[str]] = {}
    for clause in catalogue.values():
        for operation in clause.operations:
            clauses.setdefault(operation, []).append(clause.id)
    stories = {
        operation: [story.id for story in told]
        for operation, told in stories_by_operation({*old.operations, *new.operations}).items()
    }
    return Drift(
        f"{old.title} {old.version}",
        f"{new.title} {new.version}",
        tuple(Touched(change, _about(change, clauses), _about(change, stories)) for change in changes),
    )


def _about(change: Change, known: dict[str, list[str]]) -> tuple[str, ...]:
    if change.is_wording:
        return ()
    # An operation that got another id is known to us by its old one.
    names = (*change.operations, *((change.old,) if change.rule.id == "operation-id-changed" else ()))
    return tuple(sorted({item for name in names for item in known.get(name, ())}))
