"""Measures what stories and generated requests cost against the mock, and writes it beside the judge."""

from collections import Counter
from pathlib import Path

from factify_contract.clauses import catalogue
from factify_contract.engine import PROPERTIES, SCENARIOS, Options, Run
from factify_contract.events import Event, ExchangeDone, PhaseStarted, StoryStarted
from factify_contract.launch import launched_mock
from factify_contract.properties import run_properties
from factify_contract.safety.costs import Cost, Costs
from factify_contract.scenarios import STORIES
from factify_contract.spec import Document
from factify_contract.target import Target

FILE = Path(__file__).parents[1] / "contract/factify_contract/safety/costs.json"
EXAMPLES = 20
SETTING_UP = f"{PROPERTIES}/setting up"


class Meter:
    """Counts requests, and what they write, by the story during which they are sent. Mutable."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.writes: dict[str, Counter[str]] = {}
        self._story = ""

    def receive(self, event: Event) -> None:
        """Takes one event of a run into account."""
        match event:
            case PhaseStarted():
                self._story = SETTING_UP
            case StoryStarted(id=story):
                self._story = story
            case ExchangeDone(exchange=exchange):
                self.requests[self._story] += 1
                if exchange.method != "GET" and exchange.status < 300 and exchange.operation is not None:
                    self.writes.setdefault(self._story, Counter())[exchange.operation.id] += 1
            case _:
                pass

    def cost(self, story: str) -> Cost:
        """What the story took."""
        return Cost(self.requests[story], dict(self.writes.get(story, {})))


def measure(phase: str) -> Meter:
    """A run of the phase over a mock of its own."""
    meter = Meter()
    with launched_mock() as profile, Target(profile) as target:
        options = Options(seed=0, phases=(phase,), max_examples=EXAMPLES)
        Run(
            target,
            Document.load(),
            catalogue(),
            STORIES,
            options,
            emit=meter.receive,
            clock=lambda: 0.0,
            properties=run_properties,
        ).execute()
    return meter


def costs() -> Costs:
    """What everything costs today."""
    told, asked = measure(SCENARIOS), measure(PROPERTIES)
    operations = ("setting up", *Document.load().operations)
    return Costs(
        {story.id: told.cost(story.id) for story in STORIES},
        {name: asked.cost(f"{PROPERTIES}/{name}") for name in operations},
        EXAMPLES,
    )


def main() -> None:
    """Writes the file."""
    FILE.write_text(costs().as_json(), encoding="utf-8")


if __name__ == "__main__":
    main()
