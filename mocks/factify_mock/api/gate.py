"""What stands between a known caller and the operation: the rate limit and the request quota."""

from dataclasses import replace
from datetime import datetime
from math import ceil

from factify_mock.api.auth import Caller
from factify_mock.api.problems import RefusedWithHeaders
from factify_mock.api.response import Header
from factify_mock.model import quotas
from factify_mock.model.errors import DomainError
from factify_mock.model.rates import Allowance, admit

# The operations that tell how much is left; an exhausted caller may still ask them.
UNCHARGED_TAG = "Usage"


def limit_rate(caller: Caller, method: str) -> Allowance | None:
    """Where the caller stands after this call, which counts; refused when it comes too soon.

    None where nothing is limited: in worlds without rate limits, and for callers who need not say who they
    are.
    """
    world = caller.sandbox.world
    limits, actor, mutants = world.settings.rate_limits, caller.actor, world.settings.mutants
    if limits is None or actor is None:
        return None
    if "rates.half-the-requests" in mutants:
        limits = replace(limits, per_minute=limits.per_minute // 2)
    if "rates.half-the-creations" in mutants:
        limits = replace(limits, posts_per_minute=limits.posts_per_minute // 2)
    creates = method == "POST" or (world.settings.variants.all_writes_are_creations and method != "GET")
    allowance = admit(world.windows, limits, actor.api_key_id or actor.id, caller.now, is_creation=creates)
    if allowance.is_exceeded:
        headers = () if "rates.silent-refusal" in mutants else allowance_headers(allowance)
        if not world.settings.variants.rate_hides_when:
            headers = (*headers, _retry_after(allowance.resets_at, caller.now))
        kind = "creations" if creates and allowance.limit == limits.posts_per_minute else "requests"
        message = f"More than {allowance.limit} {kind} in a minute"
        reason = "quota_exceeded" if "rates.called-a-quota" in mutants else "rate_limit_exceeded"
        raise RefusedWithHeaders(DomainError("resource_exhausted", reason, message), headers)
    return allowance


def charge(caller: Caller) -> None:
    """The call counts for its organization and key; refused, and uncounted, when one of them is full."""
    if caller.actor is None:
        return
    world = caller.sandbox.world
    try:
        quotas.charge(world, caller.actor, caller.now)
    except DomainError as error:
        limit, reset_at = _exhausted(caller)
        headers = rate_limit_headers(limit, 0, reset_at)
        if world.settings.variants.quota_says_when:
            # It can be weeks, and clients that obey blindly would hang.
            headers = (*headers, _retry_after(reset_at, caller.now))
        raise RefusedWithHeaders(error, headers) from error


def refund(caller: Caller) -> None:
    """The call that was charged counts no more."""
    if caller.actor is not None:
        quotas.refund(caller.sandbox.world, caller.actor, caller.now)


def allowance_headers(allowance: Allowance) -> tuple[Header, ...]:
    """Where a caller stands, as every answer tells it."""
    return rate_limit_headers(allowance.limit, allowance.remaining, allowance.resets_at)


def rate_limit_headers(limit: int, remaining: int, resets_at: datetime) -> tuple[Header, ...]:
    """The headers that the document gives to every 429; the instant is rounded up to a whole second."""
    return (
        (b"x-ratelimit-limit", b"%d" % limit),
        (b"x-ratelimit-remaining", b"%d" % remaining),
        (b"x-ratelimit-reset", b"%d" % ceil(resets_at.timestamp())),
    )


def _retry_after(at: datetime, now: datetime) -> Header:
    return (b"retry-after", b"%d" % max(1, ceil((at - now).total_seconds())))


def _exhausted(caller: Caller) -> tuple[int, datetime]:
    """The limit that refused the caller, and the end of its month."""
    world, actor = caller.sandbox.world, caller.actor
    if actor is None or actor.organization_id is None:
        raise ValueError("only callers with an organization have a quota")
    quota = quotas.of_organization(world, caller.now, actor.organization_id)
    key_limit = world.tables.key_limits.get(actor.api_key_id or "")
    if key_limit is not None and quota.used < quota.limit:
        return key_limit, quota.reset_at
    return quota.limit, quota.reset_at
