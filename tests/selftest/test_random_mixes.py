"""A campaign of whole runs against random mixes of the mock's variants: nothing may be held against any."""

import pytest
from mixes import Mix, against, mix

from factify_contract.request import Request
from factify_contract.summary import Summary
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


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_whole_run_accepts_the_mix(seed: int) -> None:
    chosen = mix(seed)

    assert against(judged(seed, chosen, requests=6, plays=16), chosen.variants) == []


def test_generated_requests_and_life_cycles_accept_a_mix() -> None:
    chosen = mix(SLICE)

    summary = judged(SLICE, chosen, suites=("trash-restore",), requests=2, plays=6)

    assert against(summary, chosen.variants) == []


def test_every_value_of_every_switch_is_in_the_campaign() -> None:
    wanted = {(switch.name, value) for switch in SWITCHES.values() for value in switch.values}

    assert wanted - {pair for seed in range(SEEDS) for pair in mix(seed).variants.items()} == set()
