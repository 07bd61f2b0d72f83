"""A change between two documents, and how changes are gathered while documents are walked through."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from factify_contract.spec.diff.rules import RULES, WORDS, Direction, Rule, Verdict, together
from factify_contract.spec.json_values import show

_ORDER = tuple(Verdict)


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """An operation that a change touches; `direction` is empty where the data's way does not matter."""

    direction: Direction | None
    operation: str


@dataclass(frozen=True, slots=True)
class Change:
    """One difference, reported once however many operations share the place.

    `place` names an operation, a part of it (`createThing request.name`, `listThings 200[].id`,
    `listThings query.limit`), or a component (`Thing.name`). `old` and `new` are short texts, empty where
    there is nothing to show. `uses` are sorted.
    """

    rule: Rule
    place: str
    old: str
    new: str
    uses: tuple[Use, ...]

    @property
    def verdict(self) -> Verdict:
        """Whom the change breaks, over all directions that the place is used in."""
        return together(self.rule.verdict(use.direction) for use in self.uses or (Use(None, ""),))

    @property
    def is_wording(self) -> bool:
        """Whether no program sees the change."""
        return self.rule.id in WORDS

    @property
    def operations(self) -> tuple[str, ...]:
        """The ids of the operations that are touched, each once, sorted."""
        return tuple(sorted({use.operation for use in self.uses}))


@dataclass(slots=True)
class Notes:
    """Gathers changes. Mutable."""

    _uses: dict[tuple[str, str, str, str], set[Use]] = field(default_factory=dict)

    def add(self, rule: str, place: str, old: str, new: str, use: Use | None) -> None:
        """The change is noted, and that `use` is touched by it."""
        uses = self._uses.setdefault((rule, place, old, new), set())
        if use is not None:
            uses.add(use)

    def changes(self) -> list[Change]:
        """What was noted: who is broken first, then by place."""
        return sorted(
            self._each(),
            key=lambda one: (_ORDER.index(one.verdict), one.place, one.rule.id, one.old, one.new),
        )

    def _each(self) -> Iterator[Change]:
        for (rule, place, old, new), uses in self._uses.items():
            ordered = sorted(uses, key=lambda use: (use.direction or "", use.operation))
            yield Change(RULES[rule], place, old, new, tuple(ordered))


@dataclass(frozen=True, slots=True)
class Scope:
    """What is being walked through: for which operation, in which direction, and where notes go."""

    notes: Notes
    use: Use | None = None
    # Pairs of schemas that this operation and direction met already: schemas may contain themselves.
    met: set[tuple[str, str]] = field(default_factory=set)

    def note(self, rule: str, place: str, old: Any = None, new: Any = None) -> None:
        """Notes a change of the rule at the place, from the old value to the new one."""
        self.notes.add(rule, place, _shown(old), _shown(new), self.use)

    def going(self, direction: Direction, operation: str) -> "Scope":
        """The same for the data of an operation that goes in the direction."""
        return replace(self, use=Use(direction, operation), met=set())

    @property
    def direction(self) -> Direction | None:
        """Which way the data goes."""
        return self.use.direction if self.use else None


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, (str, int, float, bool)) for item in value):
        return ", ".join(item if isinstance(item, str) else show(item) for item in value)
    return value if isinstance(value, str) else show(value)
