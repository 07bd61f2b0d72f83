"""Do the figures of quotas and usage add up?"""

from collections.abc import Iterator
from typing import Any

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document
from factify_contract.spec.formats import is_timestamp, parse_timestamp


def check_quotas(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """Limits, usage and what remains agree; days sum up to the total.

    A figure that is absent is zero, since a zero may be left out; without a limit nothing is judged.
    """
    body = exchange.json
    if exchange.status != 200 or not isinstance(body, dict):
        return
    match exchange.operation_id:
        case "getOrganizationQuota" if isinstance(body.get("quota"), dict):
            yield from _organization(body["quota"])
        case "setAPIKeyQuota" if isinstance(body.get("quota"), dict):
            yield from _key(body["quota"])
        case "listAPIKeyQuotas" if isinstance(body.get("quotas"), list):
            for quota in body["quotas"]:
                yield from _key(quota if isinstance(quota, dict) else {})
        case "getDocumentQuota":
            yield from _documents(body)
        case "getUsageHistory":
            yield from _usage(body)


def _figure(item: dict[str, Any], name: str) -> int | None:
    """The integer under the name, 0 when it is absent, None when it is something else.

    JSON has one kind of number: 3.0 is the integer 3.
    """
    value = item.get(name, 0)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _organization(quota: dict[str, Any]) -> Iterator[Verdict]:
    limit, used = _figure(quota, "effective_limit"), _figure(quota, "current_usage")
    remaining, percent = _figure(quota, "remaining"), _figure(quota, "usage_percent")
    if limit and used is not None and remaining is not None:
        yield _remains("request-quota.org-remaining", limit, used, remaining)
        yield Verdict.on(
            "request-quota.org-exceeded-flag",
            not (remaining > 0 and quota.get("is_exceeded") is True),
            message="The quota is called exceeded although requests remain",
            expected="is_exceeded false while requests remain",
            actual=f"{remaining} remaining, is_exceeded {quota.get('is_exceeded')}",
        )
    if limit and used is not None and percent is not None:
        # Nobody says how the percentage is rounded.
        yield Verdict.on(
            "request-quota.org-percent",
            abs(percent - 100 * used / limit) <= 1,
            message="usage_percent is not the usage as a part of the limit",
            expected=f"about {100 * used / limit:.1f} for {used} of {limit}",
            actual=percent,
        )
    start, end = quota.get("period_start"), quota.get("reset_at")
    if isinstance(start, str) and isinstance(end, str) and is_timestamp(start) and is_timestamp(end):
        yield Verdict.on(
            "request-quota.org-period",
            parse_timestamp(start) < parse_timestamp(end),
            message="The billing period does not end after it begins",
            expected="period_start before reset_at",
            actual=f"period_start {start}, reset_at {end}",
        )


def _key(quota: dict[str, Any]) -> Iterator[Verdict]:
    used = _figure(quota, "current_usage")
    limit = _figure(quota, "limit") if quota.get("limit") is not None else None
    exceeded = quota.get("is_exceeded") is True
    if limit is not None and used is not None:
        remaining = _figure(quota, "remaining")
        if remaining is not None:
            yield _remains("request-quota.key-remaining", limit, used, remaining)
        kept, actual = not exceeded or used >= limit, f"{used} of {limit} used, is_exceeded {exceeded}"
    else:
        kept, actual = not exceeded, f"limit {quota.get('limit')}, is_exceeded {exceeded}"
    yield Verdict.on(
        "request-quota.key-exceeded-flag",
        kept,
        message="The key's quota is called exceeded although it has no limit or requests remain",
        expected="is_exceeded only with a limit and nothing remaining",
        actual=actual,
    )


def _documents(quota: dict[str, Any]) -> Iterator[Verdict]:
    limit, used, available = (_figure(quota, name) for name in ("limit", "used", "available"))
    if limit is None or used is None or available is None:
        return
    if limit > 0:
        yield _remains("document-quota.available", limit, used, available, floored=True)
    else:
        yield Verdict.on(
            "document-quota.unlimited-available",
            available == 0,
            message="Something is given as available although there is no limit",
            expected="available 0 without a limit",
            actual=available,
        )


def _usage(body: dict[str, Any]) -> Iterator[Verdict]:
    days = [day for day in body.get("daily_usage") or [] if isinstance(day, dict)]
    counts = [_figure(day, "request_count") for day in days]
    total = _figure(body, "total_requests")
    if total is not None and None not in counts:
        found = sum(count for count in counts if count is not None)
        yield Verdict.on(
            "usage.total-is-sum",
            total == found,
            message="The total is not the sum of the days",
            expected=f"total_requests {found}",
            actual=total,
        )
    dates = [str(day.get("date")) for day in days]
    twice = next((date for date in dates if dates.count(date) > 1), None)
    yield Verdict.on(
        "usage.one-row-a-day",
        twice is None,
        message="A day appears more than once",
        expected="each date once",
        actual=f"{twice} more than once",
    )


def _remains(clause: str, limit: int, used: int, given: int, *, floored: bool = False) -> Verdict:
    """Only of documents is it written that what remains is never less than nothing."""
    wanted = max(0, limit - used)
    return Verdict.on(
        clause,
        given == wanted or (not floored and given == limit - used),
        message="What remains is not the limit less the usage",
        expected=f"{wanted} of {limit} after {used}",
        actual=given,
    )
