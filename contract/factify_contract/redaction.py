"""Keeps tokens, secrets and e-mail addresses out of everything that a run writes."""

import json
from collections.abc import Mapping
from typing import Any

# Names of body fields whose value opens a door: an invite token, an API key's secret.
_SECRET_FIELDS = frozenset({"token", "secret", "authorization", "password"})
_MASK = "<redacted>"
# Shorter values would turn up in innocent words; no documented secret or token is shorter.
_SHORTEST_SECRET = 8


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

    def learn(self, secret: str, replacement: str = _MASK) -> None:
        """From now on `secret` is written as `replacement`; what is too short to be a secret is ignored."""
        if len(secret) >= _SHORTEST_SECRET:
            self._replacements.setdefault(secret, replacement)

    def learn_from(self, content: bytes) -> None:
        """Learns the values of secret fields in the JSON body of a response; other content is ignored."""
        if not any(name.encode() in content for name in _SECRET_FIELDS):
            return
        try:
            value = json.loads(content)
        except ValueError:
            return
        self._learn_from_value(value)

    def _learn_from_value(self, value: Any) -> None:
        if isinstance(value, dict):
            for key, item in value.items():
                if _is_secret(key, item):
                    self.learn(item)
                else:
                    self._learn_from_value(item)
        elif isinstance(value, list):
            for item in value:
                self._learn_from_value(item)

    def clean(self, text: str) -> str:
        """The text without any known secret; longer secrets go first, so that no rest of one remains."""
        for secret in sorted(self._replacements, key=len, reverse=True):
            text = text.replace(secret, self._replacements[secret])
        return text
