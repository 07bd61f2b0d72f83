"""Reads the entries of one table of a profile, and says in one sentence what is wrong with one."""

import shlex
from collections.abc import Mapping
from typing import Any

from factify_contract.errors import ProfileError, advice_on
from factify_contract.profile.schema import SECTIONS


class Section:
    """One table of a profile; `where` names it, `kind` is its entry in the schema."""

    def __init__(self, raw: Mapping[str, Any], kind: str, where: str) -> None:
        """ProfileError when the table has a key that the schema does not know."""
        self.raw = raw
        self._where = where
        known = [key.name for key in SECTIONS[kind]]
        for name in raw:
            if name not in known:
                raise ProfileError(f"unknown key {name!r} in {where}; {_advice(name, known, kind)}")

    def __contains__(self, name: str) -> bool:
        return name in self.raw

    def text(self, name: str, default: str = "") -> str:
        """The text under the name."""
        value = self.raw.get(name, default)
        if not isinstance(value, str):
            raise ProfileError(f"{name} must be a text, not {value!r}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The list of texts under the name; empty without one."""
        value = self.raw.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ProfileError(f"{name} must be a list of texts, not {value!r}")
        return tuple(value)

    def number(self, name: str, default: float) -> float:
        """The number from 0 up under the name."""
        value = self.raw.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
            raise ProfileError(f"{name} must be a number from 0 up, not {value!r}")
        return float(value)

    def whole(self, name: str) -> int | None:
        """The whole number from 0 up under the name; None without one."""
        value = self.raw.get(name)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise ProfileError(f"{name} must be a whole number from 0 up, not {value!r}")
        return value

    def truth(self, name: str) -> bool:
        """The truth value under the name."""
        value = self.raw[name]
        if not isinstance(value, bool):
            raise ProfileError(f"{name} must be true or false, not {value!r}")
        return value

    def command(self, name: str) -> tuple[str, ...]:
        """The words of the command under the name, which is a text or a list of texts."""
        value = self.raw[name]
        words = tuple(shlex.split(value)) if isinstance(value, str) else self.texts(name)
        if not words:
            raise ProfileError(f"{name} is empty; give a command")
        return words

    def table(self, name: str) -> Mapping[str, Any]:
        """The table under the name; empty without one."""
        value = self.raw.get(name, {})
        if not isinstance(value, Mapping):
            raise ProfileError(f"{name} must be a table, not {value!r}")
        return value


def _advice(name: str, known: list[str], kind: str) -> str:
    elsewhere = [
        section
        for section, keys in SECTIONS.items()
        if section != kind and "NAME" not in section and name in [key.name for key in keys]
    ]
    if not elsewhere:
        return advice_on(name, sorted(known))
    belongs = f"it belongs {f'under [{elsewhere[0]}]' if elsewhere[0] else 'at the top of the profile'}"
    return advice_on(name, sorted(known), otherwise=belongs)
