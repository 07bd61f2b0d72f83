"""What a deliberate defect is: a name, the promise it breaks, and where it takes hold."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from factify_mock.api.call import Call

Json = dict[str, Any]
Question = Callable[["Call"], "Call"]
Edit = Callable[["Call", Json], Json]


def _as_asked(call: "Call") -> "Call":
    return call


def _as_answered(call: "Call", body: Json) -> Json:
    return body


@dataclass(frozen=True, slots=True)
class Bend:
    """A defect at the boundary of some operations, for rules that are kept nowhere else.

    `question` changes a valid call, or raises the DomainError that refuses it; `answer` changes the body of
    a success, which is a copy. `overlooked` are rules of the document that are not enforced: the names of
    parameters and fields, each alone or with a keyword (`title maxLength`). `admits` lets in callers without
    good credentials, as the one in charge.
    """

    operations: Collection[str]
    question: Question = _as_asked
    answer: Edit = _as_answered
    overlooked: frozenset[str] = frozenset()
    admits: bool = False


@dataclass(frozen=True, slots=True)
class Mutant:
    """One defect; `breaks` is the id of the clause that a judge should name.

    Without a `bend` it sits in the model or the shell, beside the rule it breaks.
    """

    name: str
    breaks: str
    sentence: str
    bend: Bend | None = None
