"""What a run would do and cost, from the profile and from what was measured; nothing is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from factify_contract.machine import lasting_cost
from factify_contract.preflight import applies, why_untold
from factify_contract.profile import Budget
from factify_contract.safety.costs import Cost, Costs, measured, total
from factify_contract.scenarios.story import Story
from factify_contract.spec import Document
from factify_contract.target import Target

# What the properties phase makes before its first question.
SETTING_UP = "setting up"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run would try: these stories, so many generated requests of each kind, so many scripts."""

    stories: Sequence[Story]
    phases: Sequence[str]
    examples: int
    plays: int
    read_only: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be told, asked and played, with its cost, and what would not, by the reason.

    `told` is by story, `asked` by operation, `played` by phase; `untold` has the stories of each reason.
    """

    told: Mapping[str, Cost]
    asked: Mapping[str, Cost]
    untold: Mapping[str, tuple[str, ...]]
    played: Mapping[str, Cost] = field(default_factory=dict)

    @property
    def cost(self) -> Cost:
        """What everything takes, cleaning up included."""
        whole = total((*self.told.values(), *self.asked.values(), *self.played.values()))
        return Cost(whole.requests + whole.undoing, whole.writes)

    def foreseen(self, budget: Budget) -> list[str]:
        """Sentences about the cost, for whoever is about to pay it."""
        cost = self.cost
        said = [
            f"about {cost.requests} requests will be sent and {cost.objects} things made; {cost.documents} of"
            " them are documents, which stay in the trash and count against the document quota"
            if cost.objects
            else f"about {cost.requests} requests will be sent and nothing made"
        ]
        limits = (("requests", budget.requests, cost.requests), ("objects", budget.objects, cost.objects))
        said += [
            f"the budget allows {limit} {name}, so not everything will be exercised"
            for name, limit, needed in limits
            if limit is not None and limit < needed
        ]
        return said

    def described(self) -> list[str]:
        """A line for each story and operation that would write, and for each reason not to tell others."""
        asked = {f"properties/{name}": cost for name, cost in self.asked.items()}
        named = {**self.told, **asked, **self.played}
        writing = {name: cost.writes for name, cost in named.items() if cost.writes}
        return [
            "would be written:" if writing else "nothing would be written",
            *(
                f"  {name}: {', '.join(f'{count} {operation}' for operation, count in writes.items())}"
                for name, writes in writing.items()
            ),
            *(f"not told, since {reason}: {', '.join(ids)}" for reason, ids in self.untold.items()),
        ]


def plan(target: Target, document: Document, run: Scope, *, costs: Costs | None = None) -> Plan:
    """What the run would do to the target."""
    known = costs or measured()
    sent = _reads if run.read_only else _everything
    told: dict[str, Cost] = {}
    untold: dict[str, tuple[str, ...]] = {}
    for story in run.stories if "scenarios" in run.phases else ():
        if not applies(story, target):
            continue
        if reason := why_untold(story, target):
            untold[reason] = (*untold.get(reason, ()), story.id)
        else:
            told[story.id] = sent(known.of_story(story))
    asked = {}
    if "properties" in run.phases:
        names = [name for name in document.operations if target.profile.absent(name) is None]
        if run.read_only:
            names = [name for name in names if document.operations[name].method == "GET"]
        asked = {name: sent(known.of_operation(name, run.examples)) for name in (SETTING_UP, *names)}
    plays = run.plays if "machine" in run.phases and not run.read_only else 0
    played = {"machine": lasting_cost(plays)} if plays else {}
    return Plan(told, asked, untold, played)


def _everything(cost: Cost) -> Cost:
    return cost


def _reads(cost: Cost) -> Cost:
    """What is left of it where nothing is written; less, where a story needs what it would have written."""
    return Cost(max(0, cost.requests - sum(cost.writes.values())))
