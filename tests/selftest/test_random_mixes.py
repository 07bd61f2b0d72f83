"""A campaign of whole runs against random mixes of the mock's variants: nothing may be held against any."""

import pytest
from mixes import Mix, mix

from factify_contract.clauses import Level
from factify_contract.findings import Status
from factify_contract.request import Request
from factify_contract.summary import Outcome, Summary
from factify_contract.verification import run
from factify_mock.variants import SWITCHES

SEEDS = 20
PHASES = ("preflight", "scenarios", "properties", "machine")
SLICE = 3


def judged(seed: int, chosen: Mix, *, suites: tuple[str, ...] = (), requests: int, plays: int) -> Summary:
    """A run of all phases over a mock that behaves like the mix."""
    return run(
        Request(
            launch_mock=True,
            mock_options=chosen.options,
            seed=seed,
            phases=PHASES,
            suites=suites,
            max_examples=requests,
            machine_examples=plays,
            color=False,
        )
    )


def accept(summary: Summary, chosen: Mix) -> None:
    against = [each for each in summary.findings if each.clause not in chosen.warned]
    assert [(each.clause, each.operation, each.expected, each.actual) for each in against] == []
    assert {each.level for each in summary.findings} <= {Level.INFERRED}
    assert summary.outcome is Outcome.PASS
    doubtful = (Status.ERROR, Status.INCONCLUSIVE, Status.FAIL)
    assert [(each.id, each.reason) for each in summary.stories if each.status in doubtful] == []
    assert summary.warnings == ()


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_whole_run_accepts_the_mix(seed: int) -> None:
    chosen = mix(seed)

    accept(judged(seed, chosen, requests=6, plays=16), chosen)


def test_generated_requests_and_life_cycles_accept_a_mix() -> None:
    chosen = mix(SLICE)

    accept(judged(SLICE, chosen, suites=("trash-restore",), requests=2, plays=6), chosen)


def test_every_value_of_every_switch_is_in_the_campaign() -> None:
    wanted = {(switch.name, value) for switch in SWITCHES.values() for value in switch.values}

    assert wanted - {pair for seed in range(SEEDS) for pair in mix(seed).variants.items()} == set()
