"""Do fields that are named after a resource hold ids of that resource, and subjects ids of their type?"""

from collections.abc import Iterator
from typing import Any

from factify_contract.checks.walk import objects, worse
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict, describe
from factify_contract.spec import Document
from factify_contract.spec.formats import is_type_id

_NAMED = "identifiers.named-fields-well-formed"
_SUBJECT = "identifiers.subject-prefix-matches-type"
# creator_id and recipient ids may be of several kinds, so only names with one kind are here.
_PREFIXES = {
    "document_id": "doc",
    "version_id": "ver",
    "organization_id": "org",
    "owner_organization_id": "org",
    "api_key_id": "key",
    "policy_id": "pol",
    "new_owner_id": "user",
}
_SUBJECT_TYPES = ("user", "bot")


def check_identifiers(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """Looks at every object in a successful answer; one verdict for each clause that it exercised."""
    if exchange.status >= 400 or not exchange.is_json:
        return
    named: Verdict | None = None
    subject: Verdict | None = None
    for item in objects(exchange.json):
        named = worse(named, _named_fields(item))
        subject = worse(subject, _subject(item))
    yield from (verdict for verdict in (named, subject) if verdict)


def _named_fields(item: dict[str, Any]) -> Verdict | None:
    verdict = None
    for name, value in item.items():
        prefix = _PREFIXES.get(name)
        # Empty stands for "not known" in some of these fields.
        if prefix is None or not isinstance(value, str) or not value:
            continue
        if not is_type_id(value, prefix):
            wanted = f"{prefix}_ and 26 characters in {name}"
            return Verdict(
                _NAMED, True, f"{name} does not hold an id of its resource", wanted, describe(value)
            )
        verdict = Verdict(_NAMED)
    return verdict


def _subject(item: dict[str, Any]) -> Verdict | None:
    kind, identifier = item.get("type"), item.get("id")
    if kind not in _SUBJECT_TYPES or not isinstance(identifier, str):
        return None
    if identifier.startswith(f"{kind}_"):
        return Verdict(_SUBJECT)
    return Verdict(
        _SUBJECT,
        True,
        "The id of a subject does not begin with its type",
        f"an id that begins with {kind}_",
        describe(identifier),
    )
