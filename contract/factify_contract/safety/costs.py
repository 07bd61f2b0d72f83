"""What stories and generated requests cost, as measured: `python -m benchmarks.costs` writes `costs.json`."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from factify_contract.safety.effects import MAKES, UNDONE_BY
from factify_contract.scenarios.naming import clauses_named
from factify_contract.scenarios.story import Story

# What a story that nobody has measured is taken to need.
_UNMEASURED_REQUESTS = 40
_UNMEASURED_OBJECTS = 4


@dataclass(frozen=True, slots=True)
class Cost:
    """Requests sent, and how often each operation that writes is among them."""

    requests: int = 0
    writes: Mapping[str, int] = field(default_factory=dict)

    @property
    def objects(self) -> int:
        """How many things are made."""
        return sum(self.writes.get(operation, 0) for operation in MAKES)

    @property
    def documents(self) -> int:
        """How many of them are documents, which the API keeps for good."""
        return self.writes.get("createDocument", 0)

    @property
    def undoing(self) -> int:
        """How many requests it takes at most to take back what was made."""
        return sum(self.writes.get(operation, 0) for operation in UNDONE_BY)


def total(costs: Iterable[Cost]) -> Cost:
    """All costs together."""
    requests, writes = 0, Counter[str]()
    for cost in costs:
        requests += cost.requests
        writes.update(cost.writes)
    return Cost(requests, dict(writes))


@dataclass(frozen=True, slots=True)
class Costs:
    """What was measured: by story, and by operation for so many generated requests of each kind."""

    stories: Mapping[str, Cost]
    operations: Mapping[str, Cost]
    examples: int

    def of_story(self, story: Story) -> Cost:
        """What the story takes when nothing is wrong; a guess for one that was not measured."""
        if (known := self.stories.get(story.id)) is not None:
            return known
        made = clauses_named(story.tell, MAKES)
        return Cost(_UNMEASURED_REQUESTS, dict.fromkeys(made, _UNMEASURED_OBJECTS))

    def of_operation(self, operation_id: str, examples: int) -> Cost:
        """What generated requests to the operation take; nothing when it was not measured."""
        known = self.operations.get(operation_id, Cost())
        share = examples / self.examples
        # However many are asked for, a phase makes only a few of each thing.
        scaled = {name: math.ceil(count * min(1.0, share)) for name, count in known.writes.items()}
        return Cost(math.ceil(known.requests * share), scaled)

    def as_json(self) -> str:
        """The costs in the form of the file."""
        content = {
            "examples": self.examples,
            "stories": {name: _as_dict(cost) for name, cost in self.stories.items()},
            "operations": {name: _as_dict(cost) for name, cost in self.operations.items()},
        }
        return json.dumps(content, indent=1, sort_keys=True) + "\n"


@cache
def measured() -> Costs:
    """What the generated file says."""
    content = json.loads(files(__package__).joinpath("costs.json").read_text(encoding="utf-8"))

    def read(part: Mapping[str, Mapping[str, object]]) -> dict[str, Cost]:
        return {name: Cost(**entry) for name, entry in part.items()}  # type: ignore[arg-type]

    return Costs(read(content["stories"]), read(content["operations"]), content["examples"])


def _as_dict(cost: Cost) -> dict[str, object]:
    return {"requests": cost.requests, "writes": dict(sorted(cost.writes.items()))}
