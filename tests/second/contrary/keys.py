"""API keys, and the requests that they and their organizations may make."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

from contrary.call import Call, Route
from contrary.estate import Actor, Estate, Key, Organization
from contrary.intake import ORG, PAGE, Field
from contrary.people import scrambled
from contrary.wire import Refusal, invalid

_FREE = 100_000
_YEAR = timedelta(hours=8760)
# Reading these never counts where the mode keeps them readable.
QUOTA_OPERATIONS = frozenset(
    {"getOrganizationQuota", "listAPIKeyQuotas", "setAPIKeyQuota", "deleteAPIKeyQuota", "getUsageHistory"}
)


def charge(estate: Estate, actor: Actor, operation: str, faults: frozenset[str]) -> None:
    """Counts the request, or refuses it because nothing is left."""
    choices, month, today = estate.choices, estate.month, estate.now().strftime("%Y-%m-%d")
    if "period-never-ends" in faults:
        month = "for ever"
    is_about_quota = operation in QUOTA_OPERATIONS
    if is_about_quota and choices.quota_readable:
        return
    key, organization = actor.key, actor.home
    used_up = False
    if key is not None:
        spent = key.limit is not None and key.used[month] >= key.limit
        used_up = spent and "key-quota-ignored" not in faults
        key.used[month] += 0 if used_up and choices.exceeded == "reached" else 1
    if organization is not None and (key is not None or choices.counted == "all"):
        limit = _FREE if organization.request_limit is None else organization.request_limit
        spent = organization.used[month] >= limit
        if not (spent and choices.exceeded == "reached") and not used_up:
            organization.used[month] += 1
            organization.days[today] += 1
        used_up = used_up or spent
    if used_up:
        raise Refusal(choices.quota_code, "Nothing is left for this month.", reason="quota_exceeded")


def _is_exceeded(call: Call, used: int, limit: int) -> bool:
    return used > limit if call.choices.exceeded == "passed" else used >= limit


def _left(call: Call, limit: int, used: int) -> int:
    return limit - used if call.choices.exceeded == "passed" else max(0, limit - used)


def _month(call: Call) -> str:
    return "for ever" if "period-never-ends" in call.faults else call.estate.month


def _show_key(call: Call, key: Key) -> dict[str, Any]:
    expired = key.expires_at is not None and key.expires_at <= call.estate.now()
    return {
        "id": key.id,
        "name": key.name,
        "organization_id": key.organization.id,
        "created_at": key.created_at,
        "expires_at": key.expires_at,
        "is_active": key.revoked_at is None and not expired,
        "key_prefix": key.secret[:16] + ("..." if call.choices.lenient else ""),
        "revoked_at": key.revoked_at,
    }


def list_keys(call: Call) -> dict[str, Any]:
    """listApiKeys"""
    organization = call.organization(least="admin", identifier=call.input.query["organization_id"])
    revoked = call.input.query.get("include_revoked", False)
    found = [
        key
        for key in call.estate.keys.values()
        if key.organization is organization and (revoked or key.revoked_at is None)
    ]
    if call.choices.order == "scrambled":
        found.sort(key=lambda key: scrambled(key.id))
    return call.listing(found, lambda key: _show_key(call, key))


def create_key(call: Call) -> dict[str, Any]:
    """createApiKey"""
    organization = call.organization(least="admin", identifier=call.input.body["organization_id"])
    expires = call.input.body.get("expires_at")
    now = call.estate.now()
    if expires is not None and not now < expires <= now + _YEAR:
        raise invalid("expires_at", "is not within a year")
    maker = call.actor.key.maker if call.actor.key else call.estate.users[call.actor.id]
    key = call.estate.add_key(organization, call.input.body["name"], maker, expires)
    return {"api_key": _show_key(call, key), "secret": key.secret}


def _key(call: Call, organization_id: str | None) -> Key:
    key = call.estate.keys.get(call.input.path["api_key_id"])
    if key is None:
        raise call.unknown("key")
    organization = call.organization(least="admin", identifier=organization_id or key.organization.id)
    if key.organization is not organization:
        raise call.unknown("key")
    return key


def revoke_key(call: Call) -> dict[str, Any]:
    """revokeApiKey"""
    key = _key(call, None)
    if key.revoked_at is not None and not call.choices.lenient:
        raise Refusal(call.choices.settled, "This key was revoked before.")
    key.revoked_at = call.estate.now()
    return {"api_key": _show_key(call, key)}


def _show_limit(call: Call, key: Key) -> dict[str, Any]:
    used = key.used[_month(call)]
    limited = key.limit is not None
    return {
        "api_key_id": key.id,
        "current_usage": used,
        "limit": key.limit,
        "remaining": _left(call, key.limit or 0, used) if limited else None,
        "is_exceeded": limited and _is_exceeded(call, used, key.limit or 0),
    }


def set_limit(call: Call) -> dict[str, Any]:
    """setAPIKeyQuota"""
    key = _key(call, call.input.body.get("organization_id"))
    limit = call.input.body.get("limit")
    if limit is None and not call.choices.lenient:
        raise Refusal("failed_precondition", "A limit is needed.")
    key.limit = limit
    return {"quota": _show_limit(call, key)}


def delete_limit(call: Call) -> dict[str, Any]:
    """deleteAPIKeyQuota"""
    key = _key(call, call.input.query.get("organization_id"))
    if key.limit is None and call.choices.settled != "again":
        raise Refusal("not_found", "This key has no limit.")
    key.limit = None
    return {}


def list_limits(call: Call) -> dict[str, Any]:
    """listAPIKeyQuotas"""
    organization = call.home(call.input.query.get("organization_id"))
    return {
        "quotas": [
            _show_limit(call, key)
            for key in call.estate.keys.values()
            if key.organization is organization
            and (key.limit is not None or call.choices.lists_unlimited_keys)
        ]
    }


def organization_quota(call: Call) -> dict[str, Any]:
    """getOrganizationQuota"""
    organization = call.home(call.input.query.get("organization_id"))
    limit = _FREE if organization.request_limit is None else organization.request_limit
    used = organization.used[_month(call)]
    start = call.estate.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return {
        "quota": {
            "organization_id": organization.id,
            "tier": None if call.choices.omit_defaults else "free",
            "effective_limit": limit,
            "current_usage": used,
            "remaining": _left(call, limit, used),
            "usage_percent": round(100 * used / limit) if limit else 0,
            "is_exceeded": _is_exceeded(call, used, limit),
            "period_start": start,
            "reset_at": (start + timedelta(days=32)).replace(day=1),
        }
    }


def document_quota(call: Call) -> dict[str, Any]:
    """getDocumentQuota"""
    organization = call.home(None)
    used = documents_used(call, organization)
    limit = organization.document_limit
    return {"used": used, "limit": limit, "available": max(0, limit - used) if limit else 0}


def documents_used(call: Call, organization: Organization) -> int:
    """How many documents count for the organization."""
    return sum(
        each.organization is organization
        and (not each.is_demo or "demos-count" in call.faults)
        and ("trash-frees-quota" not in call.faults or each.trashed_at is None)
        for each in call.estate.documents.values()
    )


def usage(call: Call) -> dict[str, Any]:
    """getUsageHistory"""
    organization = call.home(call.input.query.get("organization_id"))
    last: datetime = call.input.query.get("date.before") or call.estate.now()
    first: datetime = call.input.query.get("date.after") or last - timedelta(days=6)
    counts: Counter[str] = organization.days
    if call.choices.lenient:
        days = [day for day in counts if _day(first) <= day <= _day(last)]
    else:
        span = min((last - first).days, 400) + 1
        days = sorted({_day(first + timedelta(days=one)) for one in range(span)} | {_day(last)})
    rows = [{"date": day, "request_count": counts[day]} for day in days]
    # One reading: of the days that are shown; the other: of the billing period.
    total = sum(row["request_count"] for row in rows) if call.choices.lenient else counts.total()
    return {"organization_id": organization.id, "daily_usage": rows, "total_requests": total}


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()


_LIMIT = {
    "limit": Field("whole", least=1, nullable=True),
    "organization_id": Field("id", among="org", nullable=True),
}
_BY_ORG = {"organization_id": ORG}

ROUTES = (
    Route(
        "listApiKeys", "GET", "/api-keys", list_keys,
        query={
            **PAGE, "organization_id": Field("id", among="org", required=True),
            "include_revoked": Field("flag"),
        },
    ),
    Route(
        "createApiKey", "POST", "/api-keys", create_key, core=True,
        body={
            "organization_id": Field("id", among="org", required=True),
            "name": Field(least=1, most=63, required=True),
            "expires_at": Field("instant"),
        },
    ),
    Route(
        "revokeApiKey", "POST", "/api-keys/{api_key_id}/revoke", revoke_key,
        body={"reason": Field(least=1, most=500, nullable=True)},
    ),
    Route("getOrganizationQuota", "GET", "/quota", organization_quota, query=_BY_ORG, core=True),
    Route("listAPIKeyQuotas", "GET", "/quota/keys", list_limits, query=_BY_ORG, core=True),
    Route("setAPIKeyQuota", "PUT", "/quota/keys/{api_key_id}", set_limit, body=_LIMIT, core=True),
    Route("deleteAPIKeyQuota", "DELETE", "/quota/keys/{api_key_id}", delete_limit, query=_BY_ORG, core=True),
    Route(
        "getUsageHistory", "GET", "/quota/usage", usage,
        query={**_BY_ORG, "date.after": Field("instant"), "date.before": Field("instant")},
    ),
    Route("getDocumentQuota", "GET", "/documents/quota", document_quota, core=True),
)  # fmt: skip
