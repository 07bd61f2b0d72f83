"""The judge is fair: whatever the documentation leaves open, either behaviour is as good as the other."""

from collections.abc import Callable

import pytest
from mixes import warned

from factify_contract.clauses import Level
from factify_contract.findings import Finding, Status
from factify_contract.scenarios import STORIES
from factify_contract.summary import Summary
from factify_mock.variants import SWITCHES

OTHERS = [
    (switch.name, value) for switch in SWITCHES.values() for value in switch.values if value != switch.default
]

# Neighbours in the table concern the same things; three that stand far apart do not meet in a story.
_RUNS = -(-len(OTHERS) // 3)
GROUPS = [
    pytest.param(dict(OTHERS[start::_RUNS]), id="+".join("=".join(each) for each in OTHERS[start::_RUNS]))
    for start in range(_RUNS)
]


_RATES = {"rate-retry-after", "rate-headers", "rate-writes"}


def sentences(findings: list[Finding]) -> list[str]:
    return [f"{each.clause}: {each.message}; {each.expected}; {each.actual}" for each in findings]


@pytest.mark.parametrize("variants", GROUPS)
def test_the_judge_accepts_the_variants(variants: dict[str, str], judge: Callable[..., Summary]) -> None:
    # A thousand calls each time, which only concern what the variants say of the rate.
    told = [each for each in STORIES if each.suite != "rate-limits" or _RATES & variants.keys()]
    summary = judge(told, variants=variants)

    against = [each for each in summary.findings if each.clause not in warned(variants)]
    assert sentences(against) == []
    assert {each.level for each in summary.findings} <= {Level.INFERRED}
    assert [story.id for story in summary.stories if story.status is Status.ERROR] == []
    assert any(story.status is Status.PASS for story in summary.stories)
