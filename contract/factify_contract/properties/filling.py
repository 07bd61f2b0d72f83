"""Turns an invented request into one that reaches real state and does no harm."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from factify_contract.properties.belongings import ID, Belongings
from factify_contract.properties.drafts import Body, Draft, FormBody, JsonBody
from factify_contract.scenarios.pdf import pdf

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
# Names of what is created carry the run's prefix, so that its makers can tell it from their own.
_NAMED = frozenset(
    {
        ("createDocument", "title"), ("updateDocument", "title"), ("createApiKey", "name"),
        ("createOrganization", "name"),
    }
)  # fmt: skip
# How often an otherwise real request names something that does not exist: one in so many.
_UNKNOWN_EVERY = 8
# A page token, sort order or expiry that was made up is of use, but hides what else is asked: one in so many.
_MADE_UP_EVERY = 4
_MADE_UP = frozenset({"page_token", "cursor", "expires_at"})
_SORTS = ("created_at", "updated_at", "name", "last_viewed_at", "last_shared_at")
_NEEDED: dict[str, dict[str, Any]] = {
    "transferDocumentOwnership": {"new_owner_id": f"user_{'0' * 26}"},
    "setAPIKeyQuota": {"limit": 1000},
    "grantDocumentAccess": {"recipients": [{"role": "viewer"}]},
}
# A PNG of one transparent pixel.
_IMAGE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="


def unknown_id(prefix: str, rng: Random) -> str:
    """A well-formed id that, with the certainty of 125 random bits, belongs to nothing."""
    return f"{prefix}_{rng.choice('01234567')}" + "".join(rng.choice(_ALPHABET) for _ in range(25))


@dataclass(frozen=True, slots=True)
class Filler:
    """Fills requests with what exists.

    Every well-formed id is exchanged for a real one where there is one, every address for a reserved
    one (RFC 2606), every file for a PDF. Whatever is malformed stays as it is.
    """

    belongings: Belongings
    prefix: str

    def fill(self, draft: Draft, rng: Random, *, valid: bool) -> Draft:
        """The request with real ids, safe addresses and a real file."""
        misses = valid and rng.randrange(_UNKNOWN_EVERY) == 0
        operation = draft.operation

        def text(name: str, value: str) -> str:
            if found := ID.fullmatch(value):
                real = self.belongings.candidates(operation.id, operation.method, name, found[1])
                return rng.choice(real) if real and not misses else unknown_id(found[1], rng)
            return self._text(operation.id, name, value, rng, valid=valid)

        path = {name: text(name, value) for name, value in draft.path.items()}
        sent = _sensible(draft.query, rng) if valid else draft.query
        query = tuple((name, text(name, value)) for name, value in sent)
        return replace(draft, path=path, query=query, body=self._body(draft, text, rng, valid=valid))

    def _body(self, draft: Draft, text: Callable[[str, str], str], rng: Random, *, valid: bool) -> Body:
        match draft.body:
            case JsonBody(dict() as value):
                whole = _completed(draft.operation.id, value, rng) if valid else value
                return JsonBody(_map_text(self._harmless(draft.operation.id, whole), "", text))
            case JsonBody(value):
                return JsonBody(_map_text(value, "", text))
            case FormBody(fields, file):
                filled = {name: text(name, value) for name, value in fields.items()}
                made = pdf(f"Sample {rng.randrange(10**6)}")
                return FormBody(filled, None if file is None else file or made)
            case other:
                return other

    def _harmless(self, operation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The body without a logo for somebody else's organization, from which nobody could take it away."""
        if operation_id != "updateOrganization" or self.belongings.own_organization_id:
            return body
        return {name: item for name, item in body.items() if name != "logo_image_url"}

    def _text(self, operation_id: str, name: str, value: str, rng: Random, *, valid: bool) -> str:
        if name == "recipient" and valid:
            return rng.choice([*self.belongings.people, f"{self.prefix}@example.com"])
        if name in ("email", "recipient") and _EMAIL.fullmatch(value):
            return f"{self.prefix}-{rng.randrange(4)}@example.com"
        if name == "sort" and valid and rng.randrange(_MADE_UP_EVERY):
            return rng.choice(("", "-")) + rng.choice(_SORTS)
        if name == "image_data" and valid:
            return _IMAGE
        if (operation_id, name) in _NAMED and value:
            return self._named(value, valid=valid)
        if (operation_id, name) == ("updateOrganization", "name") and valid:
            own = self.belongings.own_organization_id
            return value if own else self.belongings.organization_name or value
        return value

    def _named(self, value: str, *, valid: bool) -> str:
        if len(value) > len(self.prefix) + 1:
            return f"{self.prefix} {value[len(self.prefix) + 1 :]}"
        return f"{self.prefix} {value}" if valid else value


def _sensible(query: tuple[tuple[str, str], ...], rng: Random) -> tuple[tuple[str, str], ...]:
    """The query mostly without what was made up, and with one end of a range, which may else be empty."""
    names = {name for name, _ in query}
    loose = set(_MADE_UP) | {
        name for name in names if name.removesuffix("after") + "before" in names - {name}
    }
    return tuple(pair for pair in query if pair[0] not in loose or not rng.randrange(_MADE_UP_EVERY))


def _completed(operation_id: str, body: dict[str, Any], rng: Random) -> dict[str, Any]:
    """The body mostly with the fields that no schema requires but the operation makes no sense without."""
    kept = {
        name: item for name, item in body.items() if name not in _MADE_UP or not rng.randrange(_MADE_UP_EVERY)
    }
    if operation_id in _NEEDED and rng.randrange(_MADE_UP_EVERY):
        kept = {**_NEEDED[operation_id], **kept}
        entries = kept.get("recipients")
        if isinstance(entries, list):
            kept["recipients"] = [{"recipient": "somebody", **entry} for entry in entries]
    return kept


def _map_text(value: Any, name: str, change: Callable[[str, str], str]) -> Any:
    """The value with every text in it changed; `name` is the field that a text belongs to."""
    if isinstance(value, str):
        return change(name, value)
    if isinstance(value, list):
        return [_map_text(item, name, change) for item in value]
    if isinstance(value, dict):
        return {key: _map_text(item, key, change) for key, item in value.items()}
    return value
