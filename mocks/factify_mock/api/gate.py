"""What stands between a known caller and the operation: the request quota."""

from datetime import datetime

from factify_mock.api.auth import Caller
from factify_mock.api.problems import RefusedWithHeaders
from factify_mock.api.response import Header
from factify_mock.model import quotas
from factify_mock.model.errors import DomainError

# The operations that tell how much is left; an exhausted caller may still ask them.
UNCHARGED_TAG = "Usage"


def charge(caller: Caller, *, with_retry_after: bool) -> None:
    """The call counts for its organization and key; refused, and uncounted, when one of them is full.

    Retry-After is optional because it can be weeks: clients that obey it blindly would hang.
    """
    if caller.actor is None:
        return
    world = caller.sandbox.world
    try:
        quotas.charge(world, caller.actor, caller.now)
    except DomainError as error:
        limit, reset_at = _exhausted(caller)
        headers = rate_limit_headers(limit, reset_at)
        if with_retry_after:
            seconds = max(1, int((reset_at - caller.now).total_seconds()))
            headers = (*headers, (b"retry-after", str(seconds).encode()))
        raise RefusedWithHeaders(error, headers) from error


def rate_limit_headers(limit: int, reset_at: datetime) -> tuple[Header, ...]:
    """The headers that the document gives to every 429: nothing remains of `limit` until `reset_at`."""
    return (
        (b"x-ratelimit-limit", str(limit).encode()),
        (b"x-ratelimit-remaining", b"0"),
        (b"x-ratelimit-reset", str(int(reset_at.timestamp())).encode()),
    )


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
