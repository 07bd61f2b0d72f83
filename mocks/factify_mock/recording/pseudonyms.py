"""Stand-ins for whatever belongs to somebody: the same for the same text, and of the same form."""

import re
from collections import Counter
from collections.abc import Collection
from datetime import date

from factify_contract.spec import parse_timestamp

_IDENTIFIER = re.compile(r"([a-z]{2,8})_[0-9a-hjkmnp-tv-z]{26}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://.*", re.DOTALL)


class Pseudonyms:
    """Gives each text a stand-in. Mutable: it remembers which it gave.

    A text stays as it is only where it says nothing about anybody: when it is empty, a point in time, or
    one of the `known` words, which the document itself spells out.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._known = frozenset(known)
        self._given: dict[str, str] = {}
        self._counts: Counter[str] = Counter()

    def name(self, secret: str, name: str) -> None:
        """From now on the secret is called by this name."""
        self._given[secret] = name

    def secret(self, text: str) -> str:
        """The stand-in of something that opens a door."""
        return self._stand_in(text, "secret")

    def page(self, text: str) -> str:
        """The stand-in of a page token, which may hold anything; none for the empty one."""
        return self._stand_in(text, "page") if text else text

    def of(self, text: str) -> str:
        """The stand-in of any other text, in whose form the kind of the text can still be seen."""
        if text in self._given:
            return self._given[text]
        if not text.strip() or text in self._known or _is_time(text):
            return text
        if found := _IDENTIFIER.fullmatch(text):
            prefix = found[1]
            return self._new(text, f"{prefix}_{self._next(prefix):026d}")
        if _UUID.fullmatch(text):
            return self._new(text, f"00000000-0000-4000-8000-{self._next('uuid'):012d}")
        if _EMAIL.fullmatch(text):
            return self._new(text, f"person-{self._next('person')}@example.com")
        if _URL.fullmatch(text):
            return self._new(text, f"https://redacted.example/url-{self._next('url')}")
        # As long as the text itself, since the API looks at lengths too.
        return self._new(text, f"text-{self._next('text')}".ljust(len(text), "."))

    def image(self, text: str) -> str:
        """The stand-in of an image that is written as base64."""
        return self._stand_in(text, "image")

    def content(self, digest: str) -> str:
        """The stand-in of a file's content."""
        return self._stand_in(digest, "content")

    def _stand_in(self, text: str, kind: str) -> str:
        if text in self._given:
            return self._given[text]
        return self._new(text, f"{kind}-{self._next(kind)}")

    def _new(self, text: str, stand_in: str) -> str:
        self._given[text] = stand_in
        return stand_in

    def _next(self, kind: str) -> int:
        self._counts[kind] += 1
        return self._counts[kind]


def _is_time(text: str) -> bool:
    for parse in (parse_timestamp, date.fromisoformat):
        try:
            parse(text)
        except ValueError:
            continue
        return True
    return False
