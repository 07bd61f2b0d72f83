"""Adds up where Prism and our checks say the same of an exchange, and where they part."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from factify_contract.checks import Check
from factify_contract.checks.body import check_body
from factify_contract.checks.errors import check_errors
from factify_contract.checks.identifiers import check_identifiers
from factify_contract.checks.media_type import check_media_type
from factify_contract.checks.status import check_status
from factify_contract.exchange import Exchange
from factify_contract.spec import Document

# What Prism looks at too, and what of ours may stand behind an objection of Prism's.
_SHAPES = (check_status, check_media_type, check_body)
_ALL = (*_SHAPES, check_errors, check_identifiers)
# Further disagreements rarely have another cause, and a report wants to be read.
_MOST_LINES = 25
_MOST_NAMES = 5
_REFUSED = 400


class Objection(Protocol):
    """What Prism has against an exchange."""

    @property
    def place(self) -> tuple[str, ...]:
        """Where it looks: `request` or `response`, and the way from there."""

    @property
    def code(self) -> str:
        """The rule that it finds broken."""

    @property
    def message(self) -> str:
        """The same in words."""


class Agreement:
    """The exchanges so far and what both said of them. Mutable."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._exchanges = 0
        self._compared = 0
        self._agreed = 0
        self._disagreements: dict[str, _Parting] = {}

    def add(self, exchange: Exchange, objections: Sequence[Objection] | None) -> None:
        """Takes an exchange into account; `objections` are None where Prism did not look at it."""
        self._exchanges += 1
        if objections is None or exchange.operation is None:
            return
        self._compared += 1
        found = dict(self._partings(exchange, objections))
        self._agreed += not found
        for what, example in found.items():
            parting = self._disagreements.setdefault(what, _Parting(example))
            parting.operations[exchange.operation_id or ""] = None
            parting.count += 1

    def sentences(self) -> list[str]:
        """How many exchanges were compared, then each disagreement with how often it was met."""
        lines = [
            f"second opinion: Prism looked at {self._compared} of {self._exchanges} exchanges"
            f" and agreed with our checks on {self._agreed}"
        ]
        known = sorted(self._disagreements.items(), key=lambda item: -item[1].count)
        lines += [f"second opinion: {what}; {parting}" for what, parting in known[:_MOST_LINES]]
        if len(known) > _MOST_LINES:
            lines.append(f"second opinion: and {len(known) - _MOST_LINES} further disagreements")
        return lines

    def _partings(self, exchange: Exchange, objections: Sequence[Objection]) -> Iterator[tuple[str, str]]:
        """Each thing that one has against the exchange and the other has not, with an example in words."""
        in_answer = [each for each in objections if each.place[:1] == ("response",)]
        if in_answer and not any(self._broken(exchange, _ALL)):
            for each in in_answer:
                yield f"Prism alone objects to {_where(each)}", each.message
        if not in_answer:
            for clause in self._broken(exchange, _SHAPES):
                yield f"our checks alone object: {clause}", f"status {exchange.status}"
        if exchange.status < _REFUSED:
            for each in objections:
                if each.place[:1] == ("request",):
                    yield f"requests were accepted that Prism objects to: {_where(each)}", each.message

    def _broken(self, exchange: Exchange, checks: Iterable[Check]) -> Iterator[str]:
        for check in checks:
            yield from (verdict.clause for verdict in check(exchange, self._document) if verdict.broken)


@dataclass(slots=True)
class _Parting:
    """What is told of one disagreement."""

    example: str
    count: int = 0
    operations: dict[str, None] = field(default_factory=dict)

    def __str__(self) -> str:
        named = list(self.operations)
        shown = ", ".join(named[:_MOST_NAMES]) + (", …" if len(named) > _MOST_NAMES else "")
        return f"seen {self.count} times in {shown}; for instance: {self.example}"


def _where(objection: Objection) -> str:
    place = ".".join("*" if part.isdigit() else part for part in objection.place)
    return f"{place} ({objection.code})"
