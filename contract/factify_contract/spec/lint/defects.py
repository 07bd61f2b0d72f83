"""What a rule says of a document: a defect with its place, and the rule behind it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.lint.survey import Survey


class Severity(StrEnum):
    """How much harm a defect does, the worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that a document should not have: what it is, why it matters, and what to do."""

    id: str
    severity: Severity
    sentence: str
    why: str
    advice: str


@dataclass(frozen=True, slots=True)
class Defect:
    """A rule that is broken at a JSON pointer; `detail` shows the offending value.

    `accepted` is the document's own reason for leaving it as it is, empty where it gives none.
    """

    rule: Rule
    pointer: str
    detail: str
    accepted: str = ""


Found = Iterator[tuple[str, str]]
Check = Callable[[Survey], Found]

CHECKS: dict[str, tuple[Rule, Check]] = {}


def rule(
    id: str,  # noqa: A002 - the word that rules are known by
    severity: Severity,
    sentence: str,
    *,
    why: str,
    advice: str,
) -> Callable[[Check], Check]:
    """Makes a function that yields pointers and details the check of a rule."""

    def register(check: Check) -> Check:
        if id in CHECKS:
            raise ValueError(f"rule {id!r} stands twice")
        CHECKS[id] = (Rule(id, severity, sentence, why, advice), check)
        return check

    return register


def accepted_by(document: JsonObject) -> dict[tuple[str, str], str]:
    """The reasons that a document gives in `x-lint-accepted` for its defects, by rule and pointer.

    Entries that are not well formed give no reason, so what they were meant for stays a defect.
    """
    given = document.get("x-lint-accepted")
    entries = given if isinstance(given, list) else []
    return {
        (entry["rule"], place): entry["reason"]
        for entry in entries
        if isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in ("rule", "reason"))
        for place in _places(entry.get("at"))
    }


def _places(at: object) -> list[str]:
    return (
        [at]
        if isinstance(at, str)
        else [each for each in at if isinstance(each, str)]
        if isinstance(at, list)
        else []
    )
