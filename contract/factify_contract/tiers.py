"""How thorough a run is: all that the judge knows, or a little of everything in a few seconds."""

from collections.abc import Mapping
from dataclasses import dataclass

from factify_contract.machine import DEFAULT_EXAMPLES, DEFAULT_STEPS
from factify_contract.properties import DEFAULT_EXAMPLES as DEFAULT_REQUESTS
from factify_contract.scenarios.story import Story


@dataclass(frozen=True, slots=True)
class Tier:
    """Which stories are told, how many requests of each kind are generated, and how much is played."""

    name: str
    only_smoke: bool
    max_examples: int
    machine_examples: int
    machine_steps: int

    def has(self, story: Story) -> bool:
        """Whether the story is told."""
        return story.smoke or not self.only_smoke


FULL = Tier(
    "full",
    only_smoke=False,
    max_examples=DEFAULT_REQUESTS,
    machine_examples=DEFAULT_EXAMPLES,
    machine_steps=DEFAULT_STEPS,
)
SMOKE = Tier("smoke", only_smoke=True, max_examples=1, machine_examples=4, machine_steps=10)
TIERS: Mapping[str, Tier] = {tier.name: tier for tier in (SMOKE, FULL)}
