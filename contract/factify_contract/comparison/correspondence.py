"""Which thing of the target stands for which thing of the recording."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

_IDENTIFIER = re.compile(r"[a-z]{2,8}_0\d{25}")
_UUID = re.compile(r"00000000-0000-4000-8000-\d{12}")
_NUMBERED = re.compile(r"(secret|page|image)-\d+|person-\d+@example\.com")


def is_named(text: str) -> bool:
    """Whether the text stands for a thing that has another name in every service."""
    return bool(_IDENTIFIER.fullmatch(text) or _UUID.fullmatch(text) or _NUMBERED.fullmatch(text))


class Correspondence:
    """Recorded names with the target's. Mutable: every pair of answers teaches more."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, recorded: str, actual: str) -> None:
        """From now on the target's `actual` stands for what is `recorded`, unless something else does."""
        self._known.setdefault(recorded, actual)

    def __contains__(self, recorded: object) -> bool:
        return recorded in self._known

    def get(self, recorded: str) -> str | None:
        """What stands for it in the target; None where nothing is known to."""
        return self._known.get(recorded)

    def stands(self, actual: str) -> bool:
        """Whether it stands for something already."""
        return actual in self._known.values()

    def learn_from(self, recorded: Any, actual: Any) -> None:
        """What stands at the same place of two answers stands for each other."""
        if isinstance(recorded, Mapping) and isinstance(actual, Mapping):
            for name in recorded.keys() & actual.keys():
                self.learn_from(recorded[name], actual[name])
        elif isinstance(recorded, list) and isinstance(actual, list):
            for one, other in self.aligned(recorded, actual):
                self.learn_from(one, other)
        elif isinstance(recorded, str) and isinstance(actual, str) and actual and is_named(recorded):
            self.learn(recorded, actual)

    def aligned(self, recorded: list[Any], actual: list[Any]) -> list[tuple[Any, Any]]:
        """The items that mean the same thing, as far as that can be known.

        Items with a name of their own are matched by what is known, and a last one by elimination; items
        without one by their order, where there are as many of them.
        """
        left, pairs = list(actual), []
        unknown: list[Any] = []
        nameless: list[Any] = []
        for item in recorded:
            names = [name for name in _own_names(item) if is_named(name)]
            wanted = {self._known[name] for name in names if name in self._known}
            found = next((other for other in left if wanted & set(_own_names(other))), None)
            if found is not None:
                pairs.append((item, found))
                left.remove(found)
            else:
                (unknown if names else nameless).append(item)
        if unknown and not nameless and len(unknown) == len(left) == 1:
            pairs.append((unknown[0], left[0]))
        elif nameless and not unknown and len(nameless) == len(left):
            pairs += zip(nameless, left, strict=True)
        return pairs


def _own_names(item: Any) -> Iterator[str]:
    """What an item of a list is known by: itself, its `id`, or the `id` of what it wraps."""
    if isinstance(item, str):
        yield item
    elif isinstance(item, Mapping):
        if isinstance(item.get("id"), str):
            yield item["id"]
            return
        for value in item.values():
            if isinstance(value, Mapping) and isinstance(value.get("id"), str):
                yield value["id"]
