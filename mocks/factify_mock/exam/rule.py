"""What a rule of the exam is, and what it finds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from factify_contract.spec import Document
from factify_mock.exam.seen import Seen


class Severity(StrEnum):
    """How much a broken rule weighs."""

    SERIOUS = "serious"  # harms its user or the service: doubles data, gives secrets away, fails
    WARNING = "warning"  # works here and today, and will be in somebody's way
    NOTE = "note"  # worth knowing; no grade suffers


@dataclass(frozen=True, slots=True)
class Slip:
    """A call that breaks a rule, and in what."""

    call: Seen
    detail: str


@dataclass(frozen=True, slots=True)
class Finding:
    """How often a client had occasion to break a rule, and where it did."""

    occasions: int
    slips: Sequence[Slip]


Examine = Callable[[Sequence[Seen], Document], Finding]


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence that good clients keep to."""

    id: str
    severity: Severity
    sentence: str
    advice: str
    examine: Examine


def each_call(
    applies: Callable[[Seen, dict[str, Any]], bool], breaks: Callable[[Seen, dict[str, Any]], str | None]
) -> Examine:
    """A rule about single calls: those it `applies` to, and in what one of them `breaks` it, if it does.

    Both get the document as it was written, for its references.
    """

    def examine(calls: Sequence[Seen], document: Document) -> Finding:
        concerned = [call for call in calls if applies(call, document.raw)]
        found = ((call, breaks(call, document.raw)) for call in concerned)
        return Finding(len(concerned), [Slip(call, detail) for call, detail in found if detail is not None])

    return examine
