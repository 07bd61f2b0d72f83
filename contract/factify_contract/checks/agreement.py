"""Do the parts of an answer agree with each other, and with what was asked?"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from factify_contract.checks.walk import objects, worse
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document
from factify_contract.spec.formats import is_timestamp, parse_timestamp

# Reads by id: the path parameter, and where the answer repeats it.
_READ_BY_ID = {
    "getDocument": ("document_id", "document"),
    "getVersion": ("version_id", None),
    "getOrganization": ("organization_id", "organization"),
}
_LATER = ("updated_at", "accepted_at", "revoked_at", "trashed_at")
# Instants of one object may be written with different precision.
_PRECISION = timedelta(seconds=1)


def check_agreement(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """The id asked for, the order of instants, and fields that only make sense together."""
    body = exchange.json
    if exchange.status != 200 or not isinstance(body, dict):
        return
    yield from _matches_path(exchange, body)
    disorder: Verdict | None = None
    for item in objects(body):
        disorder = worse(disorder, _order(item))
        if "is_active" in item and "key_prefix" in item:
            yield from _key(item)
        if "sender" in item and "status" in item:
            yield _acceptance(item)
    if disorder is not None:
        yield disorder


def _matches_path(exchange: Exchange, body: dict[str, Any]) -> Iterator[Verdict]:
    if exchange.operation_id not in _READ_BY_ID:
        return
    parameter, wrapper = _READ_BY_ID[exchange.operation_id]
    item = body.get(wrapper) if wrapper else body
    wanted = exchange.path.get(parameter)
    if isinstance(item, dict) and wanted is not None:
        yield Verdict.on(
            "identifiers.matches-path",
            item.get("id") == wanted,
            message="What came back is not what was asked for",
            expected=f"the id {wanted}",
            actual=item.get("id"),
        )


def _order(item: dict[str, Any]) -> Verdict | None:
    clause = "timestamps.not-in-disorder"
    created = item.get("created_at")
    if not is_timestamp(created):
        return None
    verdict: Verdict | None = None
    for name in _LATER:
        later = item.get(name)
        if not is_timestamp(later):
            continue
        kept = parse_timestamp(str(later)) + _PRECISION >= parse_timestamp(str(created))
        verdict = worse(
            verdict,
            Verdict.on(
                clause,
                kept,
                message=f"{name} lies before created_at",
                expected=f"{name} not before created_at",
                actual=f"created_at {created}, {name} {later}",
            ),
        )
    return verdict


def _key(key: dict[str, Any]) -> Iterator[Verdict]:
    """Whether a key with an expiry is active depends on the target's clock, so that is left to stories."""
    revoked, active = key.get("revoked_at") is not None, key.get("is_active") is True
    if revoked or key.get("expires_at") is None:
        wanted = (
            "false for a revoked key" if revoked else "true for a key neither revoked nor limited in time"
        )
        yield Verdict.on(
            "api-keys.active-agrees",
            active is not revoked,
            message="is_active does not agree with revoked_at",
            expected=f"is_active {wanted}",
            actual=f"is_active {key.get('is_active')}",
        )


def _acceptance(invite: dict[str, Any]) -> Verdict:
    given = {name: invite.get(name) is not None for name in ("accepted_at", "accepted_by")}
    return Verdict.on(
        "invites.acceptance-fields-together",
        len(set(given.values())) == 1,
        message="Only one of accepted_at and accepted_by is given",
        expected="accepted_at and accepted_by both given or both absent",
        actual=", ".join(name for name, is_given in given.items() if is_given),
    )
