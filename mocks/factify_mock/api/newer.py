"""What the mock knows of a document that is not the shipped one, and what it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from factify_contract.spec import Document, Operation
from factify_contract.spec.source import shipped_raw
from factify_contract.spec.templates import parameter_names
from factify_mock.legacy import MOVED

Signature = tuple[str, str, str]

# More names than these hide the sentence that they stand in.
_MOST_NAMES = 8
# A handler need not answer an error that is no longer documented.
_HARMLESS = frozenset({"error-status-removed"})


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """What the mock's handlers can do for one document.

    A document that shares operations with the shipped one is the Factify API, of whatever version. Any
    other is foreign, and an operation that shares only its name with one of ours may mean anything else.
    `unfit` has operations whose answers a handler cannot give as the document wants them.
    """

    is_foreign: bool
    known: Mapping[str, Mapping[str, str]]
    unfit: frozenset[str]

    def fits(self, operation: Operation) -> bool:
        """Whether a handler made for the shipped document can answer the operation."""
        return operation.id in self.known and operation.id not in self.unfit

    def names(self, operation: Operation) -> Mapping[str, str]:
        """The handler's name for each parameter of the path that the document calls otherwise."""
        return self.known.get(operation.id, {})


def acquainted(document: Document) -> Acquaintance:
    """How far the mock knows the document.

    In a document that is ours, an operation of the same id and method that only moved is known, when its
    path has as many parameters as before.
    """
    ours = _shipped()
    signatures = {_signature(each) for each in document.operations.values()}
    if not signatures & (ours.keys() | MOVED):
        return Acquaintance(True, {}, frozenset())
    by_id = {(name, method): path for name, method, path in ours}
    known: dict[str, Mapping[str, str]] = {}
    for operation in document.operations.values():
        path = (
            operation.path if _signature(operation) in MOVED else by_id.get((operation.id, operation.method))
        )
        before, now = parameter_names(path or ""), parameter_names(operation.path)
        if path is not None and len(before) == len(now):
            pairs = zip(now, before, strict=True)
            known[operation.id] = {name: called for name, called in pairs if name != called}
    # The document of the older generation differs in what its handlers know to answer.
    is_older = bool(signatures & MOVED)
    return Acquaintance(False, known, frozenset() if is_older else _unfit(document))


def unfamiliar(document: Document) -> list[str]:
    """Sentences about what the mock cannot answer from its state, or lacks; none for the shipped document."""
    found = acquainted(document)
    if found.is_foreign:
        return ["this document is not the Factify API; every operation is answered from its samples"]
    unknown = [name for name in document.operations if name not in found.known]
    unfit = [name for name in document.operations if name in found.known and name in found.unfit]
    missing = [name for name, _, _ in _shipped() if name not in document.operations]
    told = (
        (unknown, "operations of this document are unknown and answered from samples"),
        (unfit, "operations of this document answer otherwise than known and are answered from samples"),
        (missing, "known operations are not in this document and not served"),
    )
    return [f"{len(names)} {sentence}: {_few(names)}" for names, sentence in told if names]


def _unfit(document: Document) -> frozenset[str]:
    if document.raw == shipped_raw():
        return frozenset()
    from factify_contract.spec.diff import Direction  # noqa: PLC0415 - only for other documents
    from factify_contract.spec.diff.shipped import since_shipped  # noqa: PLC0415 - only for other documents

    return frozenset(
        use.operation
        for change in since_shipped(document)
        if change.rule.id not in _HARMLESS and change.rule.verdict(Direction.RESPONSE).breaks_implementations
        for use in change.uses
        if use.direction is Direction.RESPONSE
    )


@cache
def _shipped() -> Mapping[Signature, None]:
    """The operations of the shipped document, in its order; read, but not compiled a second time."""
    return {
        (operation["operationId"], method.upper(), path): None
        for path, item in shipped_raw()["paths"].items()
        for method, operation in item.items()
        if isinstance(operation, dict) and "operationId" in operation
    }


def _signature(operation: Operation) -> Signature:
    return (operation.id, operation.method, operation.path)


def _few(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST_NAMES])
    return f"{shown} and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else shown
