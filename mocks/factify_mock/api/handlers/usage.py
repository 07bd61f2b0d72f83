"""Handlers of request quotas, the history of requests, and the document quota."""

from typing import Any

from factify_mock.api.arguments import range_of
from factify_mock.api.call import Call, Handler
from factify_mock.api.render import people
from factify_mock.model import quotas


def get_organization_quota(call: Call) -> dict[str, Any]:
    """Where an organization stands this month."""
    quota = quotas.organization_quota(
        call.world, call.caller, call.now, organization_id=call.query.get("organization_id")
    )
    return {"quota": people.organization_quota(quota)}


def list_api_key_quotas(call: Call) -> dict[str, Any]:
    """Where each key of an organization stands this month."""
    found = quotas.key_quotas(
        call.world, call.caller, call.now, organization_id=call.query.get("organization_id")
    )
    return {"quotas": [people.key_quota(each) for each in found]}


def set_api_key_quota(call: Call) -> dict[str, Any]:
    """Where the key stands under its new limit."""
    limit = call.body.get("limit")
    quota = quotas.set_key_limit(
        call.world,
        call.caller,
        call.now,
        key_id=call.path["api_key_id"],
        # 5.0 is an integer to JSON Schema, and answers would repeat it to clients that read no point.
        limit=None if limit is None else int(limit),
        organization_id=call.body.get("organization_id"),
    )
    return {"quota": people.key_quota(quota)}


def delete_api_key_quota(call: Call) -> dict[str, Any]:
    """Nothing: the key has no limit of its own."""
    quotas.delete_key_limit(
        call.world,
        call.caller,
        key_id=call.path["api_key_id"],
        organization_id=call.query.get("organization_id"),
    )
    return {}


def get_usage_history(call: Call) -> dict[str, Any]:
    """An organization's requests by day."""
    record = quotas.history(
        call.world,
        call.caller,
        call.now,
        organization_id=call.query.get("organization_id"),
        period=range_of(call.query, "date"),
    )
    return people.history(record)


def get_document_quota(call: Call) -> dict[str, Any]:
    """How many documents the caller's organization has and may have."""
    return people.document_quota(quotas.document_quota(call.world, call.caller))


HANDLERS: dict[str, Handler] = {
    "getOrganizationQuota": get_organization_quota,
    "listAPIKeyQuotas": list_api_key_quotas,
    "setAPIKeyQuota": set_api_key_quota,
    "deleteAPIKeyQuota": delete_api_key_quota,
    "getUsageHistory": get_usage_history,
    "getDocumentQuota": get_document_quota,
}
