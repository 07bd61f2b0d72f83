"""Scripts: what several people do one after the other, with names instead of ids."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One act of one person. Things are called `document 1`, `invite 2` or `key 1`, people as in the profile.

    `on` is the thing it is about, `whom` another person, `makes` the name for the thing that comes of
    it; `value` is what else there is to say: a role, a level, a trash state, a number.
    """

    act: str
    by: str
    on: str = ""
    whom: str = ""
    value: str = ""
    makes: str = ""

    @property
    def things(self) -> tuple[str, ...]:
        """The names of the things that the step is about or makes."""
        return tuple(name for name in (self.on, self.makes) if name)

    def as_json(self) -> dict[str, str]:
        """The step as an object without empty fields."""
        return {name: text for name, text in asdict(self).items() if text}

    @classmethod
    def from_json(cls, raw: Any) -> "Step":
        """The step in such an object; ValueError tells what is wrong with it."""
        names = set(cls.__slots__)
        if not isinstance(raw, Mapping) or not {"act", "by"} <= set(raw) <= names:
            raise ValueError(f"a step is an object with act and by, and of {sorted(names)}: {raw!r}")
        if not all(isinstance(text, str) for text in raw.values()):
            raise ValueError(f"every field of a step is a text: {raw!r}")
        return cls(**raw)

    def __str__(self) -> str:
        words = (self.act, self.on, self.whom, self.value)
        made = f" → {self.makes}" if self.makes else ""
        return f"{self.by}: {', '.join(word for word in words if word)}{made}"


Script = tuple[Step, ...]


def is_look(step: Step) -> bool:
    """Whether the step changes nothing."""
    return step.act.startswith(("read ", "list ", "count "))


def coherent(steps: Iterable[Step]) -> Script:
    """The steps without those about things that none of the steps before makes."""
    made: set[str] = set()
    kept = []
    for step in steps:
        if not step.on or step.on in made:
            kept.append(step)
            made.update(step.things)
    return tuple(kept)
