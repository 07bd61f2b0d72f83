"""Fields of a call that remember which of them somebody looked at."""

from collections.abc import Mapping
from typing import Any


class Fields(dict[str, Any]):
    """Values by name. Looking one up counts as reading it; going through all of them does not."""

    __slots__ = ("_read",)

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self._read: set[object] = set()

    def __getitem__(self, name: str) -> Any:
        self._read.add(name)
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._read.add(name)
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The value, or `default`; it has been read."""
        self._read.add(name)
        return super().get(name, default)

    @property
    def read(self) -> frozenset[object]:
        """The names that somebody looked at, whether or not they were there."""
        return frozenset(self._read)

    @property
    def unread(self) -> tuple[str, ...]:
        """The names that nobody looked at."""
        return tuple(name for name in self if name not in self._read)
