"""Keeps tokens, secrets, e-mail addresses and download signatures out of everything that a run writes."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

# Names of body fields whose value opens a door: an invite token, an API key's secret, a share link.
_SECRET_FIELDS = frozenset({"token", "secret", "authorization", "password", "short_url"})
# Headers that hold credentials, of a request or of an answer.
_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
# A field of this name in a body holds headers without which a file is not given out.
_HEADERS_FIELD = "headers"
_MASK = "<redacted>"
_ADDRESS = "<e-mail>"
# Reports cut long texts, and of a secret at the end this much may be left.
_CUT = "…"
_HARMLESS_REST = 3
# Shorter values would turn up in innocent words; no documented secret or token is shorter.
_SHORTEST_SECRET = 8
# In an answer without any of these words there is nothing to learn.
_TELLING = tuple(f'{name}"'.encode() for name in (*sorted(_SECRET_FIELDS), "url", _HEADERS_FIELD))

# What shows its nature by its form, so that it need not have been met before. Every pattern has a cheap
# and telling text that its matches contain.
_TOKEN_SHAPES = (
    ("eyJ", re.compile(r"\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]*|\beyJ[\w.-]{6,}(?=…)")),
    ("ffy_", re.compile(r"\bffy_(?:prod|test)_(?:[A-Za-z0-9]{24,}|[A-Za-z0-9]+(?=…))")),
)
_SIGNED = re.compile(
    r"([?&](?:x-(?:amz|goog)-(?:signature|credential|security-token)|signature|sig|hmac|access_token|token"
    r"|auth|secret|key-pair-id)=)[^&#\s\"'<>]+",
    re.IGNORECASE,
)
# With a digit in it: without one it is a word of a sentence about bearer tokens.
_BEARER = re.compile(r"\b(bearer\s+)(?=[\w.~+/-]*\d)[\w.~+/-]{8,}=*", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]{1,64}(?:@|%40)((?:[a-z0-9-]{1,63}\.)+[a-z]{2,63})", re.IGNORECASE)
_CUT_EMAIL = re.compile(r"[\w.+%-]{1,64}(?:@|%40)[\w.-]*(?=…)")
# Nobody's address is in these domains (RFC 2606); tests and samples use them.
_NOBODYS = re.compile(r"(?:^|\.)(?:example\.(?:com|net|org)|example|test|invalid)$", re.IGNORECASE)


def mask(value: Any) -> Any:
    """A copy of a JSON value in which fields that hold secrets by their name are blanked."""
    if isinstance(value, Mapping):
        return {key: _MASK if _is_secret(key, item) else mask(item) for key, item in value.items()}
    if isinstance(value, list):
        return [mask(item) for item in value]
    return value


def _is_secret(key: object, item: object) -> bool:
    return isinstance(key, str) and key.lower() in _SECRET_FIELDS and isinstance(item, str) and item != ""


class Redactor:
    """Replaces values known to be secret wherever they occur in a text. Mutable: it learns during a run."""

    def __init__(self) -> None:
        self._replacements: dict[str, str] = {}
        # Each secret is filed under one piece of it that few others have, so that a text is compared
        # with those alone of which it holds the piece: a run knows thousands.
        self._by_piece: dict[str, list[str]] = {}

    def learn(self, secret: str, replacement: str = _MASK) -> None:
        """From now on `secret` is written as `replacement`; what is too short to be a secret is ignored."""
        for form in dict.fromkeys(_forms(secret)):
            if len(form) >= _SHORTEST_SECRET and form not in self._replacements:
                self._replacements[form] = replacement
                piece = min(_pieces(form), key=lambda one: len(self._by_piece.get(one, ())))
                self._by_piece.setdefault(piece, []).append(form)

    def learn_from(self, content: bytes) -> None:
        """Learns the secrets in the JSON body of a response; other content is ignored.

        They are the values of secret fields, what follows the question mark of an address, the whole
        address where it is only good for a while, and the headers that a download needs.
        """
        if not any(word in content for word in _TELLING):
            return
        try:
            value = json.loads(content)
        except (ValueError, RecursionError):
            return
        self._learn_from_value(value)

    def _learn_from_value(self, value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if _is_secret(key, item):
                    self.learn(item)
                elif isinstance(item, str):
                    if key.endswith("url"):
                        self.learn(item.partition("?")[2])
                    if key == "download_url" or (key == "url" and "expires_at" in value):
                        self.learn(item)
                elif key == _HEADERS_FIELD and isinstance(item, dict):
                    for each in item.values():
                        self.learn(str(each))
                else:
                    self._learn_from_value(item)
        elif isinstance(value, list):
            for item in value:
                self._learn_from_value(item)

    def clean(self, text: str) -> str:
        """The text without known secrets and without what looks like one.

        Longer secrets go first, so that no rest of one remains.
        """
        pieces = self._by_piece.keys() & _pieces(text)
        found = [secret for piece in pieces for secret in self._by_piece[piece] if secret in text]
        for secret in sorted(found, key=lambda one: (-len(one), one)):
            text = text.replace(secret, self._replacements[secret])
        if _CUT in text:
            text = _CUT.join([*map(self._without_rest, text.split(_CUT)[:-1]), text.rpartition(_CUT)[2]])
        return _without_shapes(text)

    def _without_rest(self, text: str) -> str:
        """The text, which was cut at its end, without the beginning of a secret there."""
        for secret, replacement in self._replacements.items():
            beginning = secret[: _HARMLESS_REST + 1]
            at = text.find(beginning, max(0, len(text) - len(secret)))
            if at >= 0 and secret.startswith(text[at:]):
                return text[:at] + replacement
        return text

    def clean_value(self, value: Any) -> Any:
        """A copy of a JSON value without any secret, in names and values."""
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, Mapping):
            return {
                self.clean(key): _MASK if _is_secret(key, item) else self.clean_value(item)
                for key, item in value.items()
            }
        if isinstance(value, list):
            return [self.clean_value(item) for item in value]
        return value

    def clean_headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The headers by lower-case name, in the order of the names, without any that hold credentials."""
        return {
            name.lower(): self.clean(value)
            for name, value in sorted(headers.items(), key=lambda one: one[0].lower())
            if name.lower() not in _SECRET_HEADERS
        }


def _forms(secret: str) -> Iterator[str]:
    """The ways in which the secret is written: as it is and in an address, and the case of e-mail varies."""
    for form in (secret, secret.lower(), secret.upper()) if "@" in secret else (secret,):
        yield form
        yield quote(form, safe="")


def _pieces(text: str) -> set[str]:
    return {text[at : at + _SHORTEST_SECRET] for at in range(len(text) - _SHORTEST_SECRET + 1)}


def _without_shapes(text: str) -> str:
    for telling, shape in _TOKEN_SHAPES:
        if telling in text:
            text = shape.sub(_MASK, text)
    if "=" in text:
        text = _SIGNED.sub(rf"\g<1>{_MASK}", text)
    if "earer" in text or "EARER" in text:
        text = _BEARER.sub(rf"\g<1>{_MASK}", text)
    if "@" in text or "%40" in text:
        text = _EMAIL.sub(lambda found: found[0] if _NOBODYS.search(found[1]) else _ADDRESS, text)
        text = _CUT_EMAIL.sub(_ADDRESS, text)
    return text
