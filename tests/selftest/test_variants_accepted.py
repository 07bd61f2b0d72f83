"""The judge is fair: whatever the documentation leaves open, either behaviour is as good as the other."""

from collections.abc import Callable

import pytest
from mixes import ALONE, told_to, warned

from factify_contract.clauses import Level
from factify_contract.findings import Finding, Status
from factify_contract.summary import Summary

# Neighbours in the table concern the same things; three that stand far apart do not meet in a story.
_RUNS = -(-len(ALONE) // 3)
GROUPS = [
    pytest.param(dict(ALONE[start::_RUNS]), id="+".join("=".join(each) for each in ALONE[start::_RUNS]))
    for start in range(_RUNS)
]


def sentences(findings: list[Finding]) -> list[str]:
    return [f"{each.clause}: {each.message}; {each.expected}; {each.actual}" for each in findings]


@pytest.mark.parametrize("variants", GROUPS)
def test_the_judge_accepts_the_variants(variants: dict[str, str], judge: Callable[..., Summary]) -> None:
    summary = judge(told_to(variants), variants=variants)

    against = [each for each in summary.findings if each.clause not in warned(variants)]
    assert sentences(against) == []
    assert {each.level for each in summary.findings} <= {Level.INFERRED}
    assert [story.id for story in summary.stories if story.status is Status.ERROR] == []
    assert any(story.status is Status.PASS for story in summary.stories)
