"""The exam: all rules over all calls on record, and the grade that follows."""

from collections.abc import Sequence
from dataclasses import dataclass

from factify_contract.spec import Document
from factify_mock.exam import addresses, fields, pages, retries
from factify_mock.exam.addresses import without_secrets
from factify_mock.exam.rule import Finding, Rule, Severity, Slip
from factify_mock.exam.seen import Seen

RULES: tuple[Rule, ...] = (*addresses.RULES, *fields.RULES, *pages.RULES, *retries.RULES)

GRADES = "ABCDF"
RULE_OF_GRADE = (
    "A: nothing but notes. B: warnings under one or two rules. C: warnings under more rules. "
    "D: one serious rule broken. F: more of them. How often a rule was broken does not matter."
)

# What shows a mistake; the rest is counted.
_MOST_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class Remark:
    """A rule that the client broke."""

    rule: Rule
    slips: Sequence[Slip]


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an exam. `forgotten` calls were received, but are no longer on record."""

    examined: int
    forgotten: int
    remarks: tuple[Remark, ...]
    held: tuple[str, ...]
    not_exercised: tuple[str, ...]

    @property
    def grade(self) -> str | None:
        """A to F by RULE_OF_GRADE; None where there was nothing to examine."""
        if not self.examined:
            return None
        serious = sum(1 for each in self.remarks if each.rule.severity is Severity.SERIOUS)
        warnings = sum(1 for each in self.remarks if each.rule.severity is Severity.WARNING)
        if serious:
            return "D" if serious == 1 else "F"
        if warnings:
            return "B" if warnings <= 2 else "C"
        return "A"

    def as_json(self) -> dict[str, object]:
        """The report in the words of the control plane, without secrets."""
        return {
            "grade": self.grade,
            "rule_of_grade": RULE_OF_GRADE,
            "requests": {"examined": self.examined, "forgotten": self.forgotten},
            "remarks": [_remark(each) for each in self.remarks],
            "held": list(self.held),
            "not_exercised": list(self.not_exercised),
        }


def examine(calls: Sequence[Seen], document: Document, *, forgotten: int = 0) -> Report:
    """The report on `calls`, oldest first, that one world received."""
    findings: list[tuple[Rule, Finding]] = [(rule, rule.examine(calls, document)) for rule in RULES]
    weight = list(Severity)
    remarks = [Remark(rule, finding.slips) for rule, finding in findings if finding.slips]
    return Report(
        examined=len(calls),
        forgotten=forgotten,
        remarks=tuple(sorted(remarks, key=lambda each: weight.index(each.rule.severity))),
        held=tuple(rule.id for rule, found in findings if found.occasions and not found.slips),
        not_exercised=tuple(rule.id for rule, found in findings if not found.occasions and not found.slips),
    )


def _remark(remark: Remark) -> dict[str, object]:
    rule = remark.rule
    return {
        "rule": rule.id,
        "severity": rule.severity.value,
        "sentence": rule.sentence,
        "advice": rule.advice,
        "count": len(remark.slips),
        "evidence": [_evidence(slip) for slip in remark.slips[:_MOST_EVIDENCE]],
    }


def _evidence(slip: Slip) -> dict[str, object]:
    entry = slip.call.entry
    query = entry.query_string.decode("latin-1")
    call = f"{entry.method} {entry.path}{f'?{query}' if query else ''}"
    return {
        "number": entry.ordinal,
        "request_id": slip.call.request_id,
        "call": without_secrets(call)[:300],
        "detail": without_secrets(slip.detail)[:300],
    }
