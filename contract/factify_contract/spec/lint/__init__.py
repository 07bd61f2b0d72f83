"""Finds the defects of an OpenAPI document: contradictions, dead ends, and what tools trip over."""

from collections.abc import Sequence

from factify_contract.spec.grammar import JsonObject
from factify_contract.spec.lint import components, examples, operations, schemas, words
from factify_contract.spec.lint.defects import CHECKS, Defect, Rule, Severity, accepted_by
from factify_contract.spec.lint.survey import Survey

__all__ = ["Defect", "Rule", "Severity", "lint", "rules"]

# The rules stand in these modules; importing them is what makes them known.
_TOPICS = (schemas, operations, components, words, examples)


def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they are looked at."""
    return (*(one for one, _ in CHECKS.values()), _IDLE)


def lint(document: JsonObject) -> Sequence[Defect]:
    """The defects of a document, those of the first rule first; of one rule in the document's order.

    A document may say under `x-lint-accepted` why it leaves a defect: a list of objects with `rule`,
    `at` (a pointer or a list of them) and `reason`. Such a defect comes with that reason. An entry that
    fits no defect is one itself, so that the list does not outlive its reasons.
    """
    survey = Survey(document)
    reasons = accepted_by(document)
    found = [
        Defect(one, pointer, detail, reasons.get((one.id, pointer), ""))
        for one, check in CHECKS.values()
        for pointer, detail in check(survey)
    ]
    met = {(defect.rule.id, defect.pointer) for defect in found}
    return [
        *found,
        *(
            Defect(_IDLE, "/x-lint-accepted", f"{rule} at {at}")
            for rule, at in reasons
            if (rule, at) not in met
        ),
    ]


_IDLE = Rule(
    "accepted-in-vain",
    Severity.WARNING,
    "The document accepts a defect that it does not have.",
    why="The next defect at that place would go unnoticed.",
    advice="Remove the entry.",
)
