"""Carries what a world holds into another world, whose ids, secrets and tokens it must not share.

What the first world made as its nth thing becomes what the other one would have made as its nth: two
worlds that were seeded alike have the same people under other ids, and a snapshot of one of them, put
into the other one, finds them there. Ids that no world made become others that sort alike.
"""

import re
from collections.abc import Mapping
from typing import Any

from factify_mock.model.ids import (
    number_of,
    secret_at,
    suffix_at,
    suffix_of_uuid,
    token_at,
    uuid_of_suffix,
)

_ID = re.compile(r"([a-z]+)_([0-7][0-9a-hjkmnp-tv-z]{25})")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECRET = re.compile(r"ffy_([a-z]+)_([0-7][0-9a-hjkmnp-tv-z]{25})([0-9A-Za-z]{43})")
_TOKENS = ("token", "slug")


def moved(snapshot: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """The snapshot as if its world had begun from `origin`."""
    passage = _Passage(snapshot["ids"]["origin"], snapshot["ids"]["made"], origin)
    return {
        **snapshot,
        **{part: passage.carried(snapshot[part]) for part in ("identities", "tables", "rate_windows")},
        "ids": {**snapshot["ids"], "origin": origin},
    }


class _Passage:
    """From the ids of one origin, of which so many were made, to those of another."""

    def __init__(self, origin: str, made: int, other: str) -> None:
        self._origin = origin
        self._made = made
        self._other = other
        self._suffixes: dict[str, str] = {}  # most ids are in many rows

    def carried(self, value: Any) -> Any:
        """`value` with everything renamed that is an id, also where it is the name of a field."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, list):
            return [self.carried(each) for each in value]
        if isinstance(value, dict):
            return {
                self._text(name): self._token(each) if name in _TOKENS else self.carried(each)
                for name, each in value.items()
            }
        return value

    def _text(self, text: str) -> str:
        if found := _ID.fullmatch(text):
            return f"{found[1]}_{self._suffix(found[2])}"
        if _UUID.fullmatch(text):
            return uuid_of_suffix(self._suffix(suffix_of_uuid(text)))
        if found := _SECRET.fullmatch(text):
            return self._secret(text, found[1], found[2])
        return text

    def _suffix(self, suffix: str) -> str:
        found = self._suffixes.get(suffix)
        if found is None:
            number = number_of(suffix)
            is_made = 0 < number <= self._made and suffix == suffix_at(self._origin, number)
            found = suffix_at(self._other if is_made else f"{self._other}/{suffix}", number)
            self._suffixes[suffix] = found
        return found

    def _secret(self, secret: str, environment: str, suffix: str) -> str:
        number = number_of(suffix)
        if 0 < number <= self._made and secret == secret_at(self._origin, number, environment):
            return secret_at(self._other, number, environment)
        return f"ffy_{environment}_{self._suffix(suffix)}{self._token(secret)[:43]}"

    def _token(self, token: str) -> str:
        return token_at(f"{self._other}/{token}", 0, len(token))
