"""Random mixes of the mock's variants and settings, each a legitimate reading of the documentation."""

import random
from dataclasses import dataclass

from factify_contract.clauses import Level
from factify_contract.findings import Status
from factify_contract.scenarios import STORIES
from factify_contract.scenarios.story import Story
from factify_contract.summary import Outcome, Summary
from factify_mock.variants import SWITCHES

# Every value that is not the usual one, by the name of its switch.
ALONE = [
    (switch.name, value) for switch in SWITCHES.values() for value in switch.values if value != switch.default
]
# What a thousand calls each time are worth it for.
_RATES = {"rate-retry-after", "rate-headers", "rate-writes"}

# Where the other behaviour is one that the judge thinks unlikely: a warning is right, a failure is not.
WARNED = {
    "unknown-fields=ignored": {"transport.unknown-field-refused"},
    "page-size-out-of-range=clamped": {"pagination.size-range"},
    "zoneless-times=utc": {"timestamps.zoneless-refused"},
}

# What else may differ from one correct implementation to the next; processing is timed by the world's clock.
_SETTINGS = ((), ("--frozen",), ("--processing-seconds", "0.2"), ("--now", "2028-02-29T23:59:30Z"))


@dataclass(frozen=True, slots=True)
class Mix:
    """One way in which the mock may behave."""

    variants: dict[str, str]
    settings: tuple[str, ...]

    @property
    def options(self) -> tuple[str, ...]:
        """Words for the mock's command; it also checks its own answers, which must keep to the document."""
        switched = [
            word for name, value in self.variants.items() for word in ("--variant", f"{name}={value}")
        ]
        return ("--strict", *self.settings, *switched)


def warned(variants: dict[str, str]) -> set[str]:
    """The inferred clauses that a mock with these variants may be warned of."""
    return set().union(*(WARNED.get(f"{name}={value}", set()) for name, value in variants.items()))


def told_to(variants: dict[str, str]) -> list[Story]:
    """The stories that can come out differently with the variants."""
    return [each for each in STORIES if each.suite != "rate-limits" or _RATES & variants.keys()]


def against(summary: Summary, variants: dict[str, str]) -> list[object]:
    """Everything in a run over a mock with the variants that is not as it should be.

    A warning that is right may also stay a doubt: a grant that was made is not made again.
    """
    expected = warned(variants)
    doubts = [
        each
        for each in summary.warnings
        if not any(f" {clause} was broken once" in each for clause in expected)
    ]
    wrong = (Status.ERROR, Status.FAIL, *([Status.INCONCLUSIVE] if doubts else []))
    return [
        *(
            (each.clause, each.operation, each.expected, each.actual)
            for each in summary.findings
            if each.clause not in expected or each.level != Level.INFERRED
        ),
        *((each.id, each.reason) for each in summary.stories if each.status in wrong),
        *([] if summary.outcome is Outcome.PASS else [summary.outcome]),
        *doubts,
    ]


def mix(seed: int) -> Mix:
    """The mix of that number: every switch set to any of its values, and one of the settings."""
    chance = random.Random(f"mix {seed}")
    variants = {switch.name: chance.choice(list(switch.values)) for switch in SWITCHES.values()}
    return Mix(variants, _SETTINGS[seed % len(_SETTINGS)])
