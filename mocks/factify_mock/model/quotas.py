"""Quotas: requests of an organization and of each of its keys in a month of UTC, and its documents."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from factify_mock.model import roles
from factify_mock.model.errors import (
    DomainError,
    forbidden,
    invalid,
    missing,
    not_found,
    precondition,
    quota_exceeded,
)
from factify_mock.model.ranges import TimeRange
from factify_mock.model.records import Actor, ApiKey, Document
from factify_mock.model.world import FREE_TIER_REQUESTS, Usage, World

# Counts travel as int32.
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class RequestQuota:
    """Where an organization stands in the month that `period_start` begins and `reset_at` ends."""

    organization_id: str
    tier: str  # free or custom
    limit: int
    used: int
    remaining: int
    period_start: datetime
    reset_at: datetime

    @property
    def is_exceeded(self) -> bool:
        """Whether the next request is refused; what is refused does not count, so that `used` stops there."""
        return self.used >= self.limit

    @property
    def usage_percent(self) -> int:
        """Whole percent, rounded down; above 100 where the limit was lowered later."""
        return min(LARGEST, self.used * 100 // self.limit) if self.limit else 100


@dataclass(frozen=True, slots=True)
class KeyQuota:
    """Where one key stands this month; without a limit of its own, `remaining` is 0 and means nothing."""

    key_id: str
    limit: int | None
    used: int
    remaining: int

    @property
    def is_exceeded(self) -> bool:
        """Whether the key's own limit refuses the next request."""
        return self.limit is not None and self.used >= self.limit


@dataclass(frozen=True, slots=True)
class DocumentQuota:
    """How many documents an organization has; a `limit` of 0 is none, and `available` then means nothing."""

    used: int
    limit: int

    @property
    def available(self) -> int:
        """How many more can be made."""
        return max(0, self.limit - self.used)


@dataclass(frozen=True, slots=True)
class History:
    """Requests of an organization on each day of a range that had any, days in UTC and ascending."""

    organization_id: str
    days: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All requests of the range."""
        return sum(count for _, count in self.days)


def charge(world: World, actor: Actor, now: datetime) -> None:
    """The call counts for the caller's organization and its key; quota_exceeded, uncounted, if one is full.

    `now` is in UTC. A caller without an organization has no quota.
    """
    organization_id, key_id = actor.organization_id, actor.api_key_id
    if organization_id is None:
        return
    day = now.isoformat()[:10]
    usage = _usage(world, organization_id, day)
    key_usage = _usage(world, key_id, day) if key_id else None
    limit = world.tables.request_limits.get(organization_id, FREE_TIER_REQUESTS)
    key_limit = world.tables.key_limits.get(key_id) if key_id else None
    mutants = world.settings.mutants
    if mutants:
        limit, key_limit = _distorted(mutants, limit, key_limit, usage, key_usage)
        if "quota.key-stops-organization" in mutants and _has_spent_key(world, organization_id):
            limit = 0
    if usage.count >= limit:
        raise _exceeded(world, f"organization {organization_id}")
    if key_usage is not None:
        if key_limit is not None and key_usage.count >= key_limit:
            raise _exceeded(world, f"API key {key_id}")
        _count(key_usage, day)
    _count(usage, day)


def refund(world: World, actor: Actor, now: datetime) -> None:
    """What `charge` counted at this time counts no more; nothing is below zero, should the world be new."""
    day = now.isoformat()[:10]
    for subject in (actor.organization_id, actor.api_key_id):
        usage = world.tables.usage.get(subject or "")
        if usage is not None and usage.days.get(day, 0) > 0:
            usage.count -= 1
            usage.days[day] -= 1


def of_organization(world: World, now: datetime, organization_id: str) -> RequestQuota:
    """The organization's standing at `now`; asks nobody's permission."""
    limit = world.tables.request_limits.get(organization_id)
    mutants = world.settings.mutants
    effective = FREE_TIER_REQUESTS if limit is None or "quota.limit-not-effective" in mutants else limit
    used = _used(world, now, organization_id)
    tier = "free" if limit is None else "custom"
    remaining = _remaining(world, effective, used)
    return RequestQuota(organization_id, tier, effective, used, remaining, _month(now), _next_month(now))


def of_key(world: World, now: datetime, key: ApiKey) -> KeyQuota:
    """The key's standing at `now`; asks nobody's permission."""
    limit = world.tables.key_limits.get(key.id)
    used = _used(world, now, key.id)
    return KeyQuota(key.id, limit, used, _remaining(world, limit, used) if limit is not None else 0)


def of_documents(world: World, organization_id: str) -> DocumentQuota:
    """The organization's documents, those in the trash among them, demos not; asks nobody's permission."""
    tables = world.tables
    documents = [tables.documents[each] for each in tables.documents_of.get(organization_id, ())]
    if world.settings.mutants:
        documents = _miscounted(world, documents)
    if "quota.demos-count" not in world.settings.mutants:
        documents = [each for each in documents if not each.is_demo]
    used = len(documents)
    return DocumentQuota(used, tables.document_limits.get(organization_id, 0))


def _miscounted(world: World, documents: list[Document]) -> list[Document]:
    """The documents that count as deliberate defects have it."""
    mutants = world.settings.mutants
    if "quota.counts-all-documents" in mutants:
        return list(world.tables.documents.values())
    if "quota.documents-not-counted" in mutants:
        return documents[:-1]
    trashed = [each for each in documents if each.trash_state == "trashed"]
    if "quota.trashed-documents-free" in mutants:
        return [each for each in documents if each not in trashed]
    if "trash.one-is-free" in mutants:
        return [each for each in documents if each not in trashed[:1]]
    return documents


def require_document_room(world: World, organization_id: str | None) -> None:
    """One more document fits into the organization; quota_exceeded where it does not."""
    limit = world.tables.document_limits.get(organization_id or "", 0)
    if world.settings.mutants:
        limit = _narrowed(world, organization_id, limit)
    if not limit or organization_id is None:
        return
    # What does not count only makes the number smaller, so that it need not be known while this one fits.
    if len(world.tables.documents_of.get(organization_id, ())) < limit:
        return
    used = of_documents(world, organization_id).used
    if "quota.last-document-twice" in world.settings.mutants:
        used -= 1
    if used >= limit:
        if world.settings.mutants:
            world.remembered["full"] = organization_id
        raise quota_exceeded(f"Organization {organization_id} has {limit} documents, which is its quota")


def _narrowed(world: World, organization_id: str | None, limit: int) -> int:
    """The limit of documents as deliberate defects see it; 0 for none."""
    mutants = world.settings.mutants
    if "quota.documents-unlimited" in mutants:
        return 0
    if "quota.zero-means-none" in mutants and limit == 0 and world.tables.document_limits:
        raise quota_exceeded(f"Organization {organization_id} may have no documents")
    if "quota.full-stays-full" in mutants and world.remembered.get("full"):
        raise quota_exceeded(f"Organization {organization_id} has no more room for documents")
    return max(1, limit - 1) if limit and "quota.last-document-refused" in mutants else limit


def organization_quota(
    world: World, actor: Actor, now: datetime, *, organization_id: str | None = None
) -> RequestQuota:
    """The standing of the caller's own organization, or of another one that the caller administers."""
    return of_organization(world, now, _readable(world, actor, organization_id))


def history(
    world: World, actor: Actor, now: datetime, *, organization_id: str | None = None, period: TimeRange
) -> History:
    """The requests of each day that `period` touches, by default of the month so far.

    Open ends are the present, and the start of the month of the other end. Who may ask is as for
    `organization_quota`.
    """
    chosen = _readable(world, actor, organization_id)
    before = period.before or max(now, period.after or now)
    first = _day(period.after or _month(before))
    last = _day(before)
    days = world.tables.usage.get(chosen, Usage()).days
    if world.settings.variants.idle_days_listed:
        founded = world.tables.organizations[chosen].created_at
        days = {**_idle_days(max(founded, period.after or founded), min(now, before)), **days}
    return History(chosen, tuple(sorted((day, n) for day, n in days.items() if first <= day <= last)))


def key_quotas(
    world: World, actor: Actor, now: datetime, *, organization_id: str | None = None
) -> list[KeyQuota]:
    """The standing of every key that is not revoked, with or without a limit, oldest first; for managers."""
    chosen = roles.own_organization(actor, organization_id)
    roles.require_manager(world, actor, chosen)
    keys = world.tables.api_keys.values()
    ours = [each for each in keys if each.organization_id == chosen and each.revoked_at is None]
    if "quota.limited-not-listed" in world.settings.mutants:
        ours = [each for each in ours if each.id not in world.tables.key_limits]
    return [of_key(world, now, each) for each in sorted(ours, key=lambda each: each.id)]


def set_key_limit(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    key_id: str,
    limit: int | None,
    organization_id: str | None = None,
) -> KeyQuota:
    """The key makes at most `limit` requests a month, what it made so far included; for managers."""
    if limit is None:
        raise missing("limit", "limit is required; to lift a key's limit, delete its quota")
    mutants = world.settings.mutants
    least = 0 if "quota.key-limit-of-nothing" in mutants else 1
    if not least <= limit <= LARGEST:
        raise invalid("limit", f"limit is {limit}, but must lie between 1 and {LARGEST}")
    key = _managed_key(world, actor, key_id, organization_id)
    if key.revoked_at is not None:
        raise precondition(f"API key {key_id} is revoked")
    world.tables.key_limits[key_id] = _misset(world, now, key, limit) if mutants else limit
    return of_key(world, now, key)


def _misset(world: World, now: datetime, key: ApiKey, limit: int) -> int:
    """The limit that a key gets instead, as deliberate defects have it."""
    mutants, former = world.settings.mutants, world.tables.key_limits.get(key.id)
    if "quota.key-limit-rounded-up" in mutants:
        return -(-limit // 10) * 10
    if former is None:
        return limit
    is_used_up = _used(world, now, key.id) >= former
    if "quota.first-key-limit-stays" in mutants or ("quota.used-up-stays-used-up" in mutants and is_used_up):
        return former
    return max(limit, former) if "quota.key-limit-never-lowered" in mutants else limit


def delete_key_limit(world: World, actor: Actor, *, key_id: str, organization_id: str | None = None) -> None:
    """The key has no limit of its own, whether or not it had one; for managers."""
    _managed_key(world, actor, key_id, organization_id)
    if key_id not in world.tables.key_limits and world.settings.variants.missing_key_limit_is_not_found:
        raise not_found("Quota of API key", key_id)
    if "quota.removed-limit-listed" in world.settings.mutants:
        world.tables.key_limits[key_id] = LARGEST
    elif "quota.delete-keeps-limit" not in world.settings.mutants:
        world.tables.key_limits.pop(key_id, None)


def document_quota(world: World, actor: Actor) -> DocumentQuota:
    """The standing of the caller's organization; a precondition fails where the caller has none."""
    if actor.organization_id is None:
        raise precondition(
            "The caller belongs to no organization, and only organizations have a document quota"
        )
    return of_documents(world, actor.organization_id)


def set_requests(world: World, now: datetime, organization_id: str, *, used: int) -> None:
    """The organization made `used` requests this month, all of them today; its keys' counts stay.

    For the control plane, which has no other way to bring an organization near its limit quickly.
    """
    day = _day(now)
    usage = _usage(world, organization_id, day)
    usage.days = {each: count for each, count in usage.days.items() if not each.startswith(usage.period)}
    if used:
        usage.days[day] = used
    usage.count = used


def _distorted(
    mutants: frozenset[str], limit: int, key_limit: int | None, usage: Usage, key_usage: Usage | None
) -> tuple[int, int | None]:
    """The limits of the organization and the key as deliberate defects see them."""
    slip = ("quota.one-too-many" in mutants) - ("quota.off-by-one" in mutants)
    if "quota.organization-not-enforced" in mutants or (
        key_limit is not None and "quota.key-escapes-organization" in mutants
    ):
        limit = LARGEST
    if "quota.organization-two-too-few" in mutants:
        limit -= 2
    if key_limit is None or key_usage is None or "quota.key-limit-not-enforced" in mutants:
        return limit + slip, None
    if "quota.counts-other-keys" in mutants:
        key_limit -= usage.count - key_usage.count
    if "quota.key-crowd-passes" in mutants:
        key_limit += 20
    return limit + slip, key_limit + slip


def _has_spent_key(world: World, organization_id: str) -> bool:
    keys = world.tables.api_keys
    limits = world.tables.key_limits.items()
    spent = (each for each, limit in limits if world.tables.usage.get(each, Usage()).count >= limit)
    return any(keys[each].organization_id == organization_id for each in spent)


def _usage(world: World, subject: str, day: str) -> Usage:
    """The subject's usage, its count that of the month of `day`."""
    usage = world.tables.usage.get(subject)
    if usage is None:
        usage = world.tables.usage[subject] = Usage()
    if not day.startswith(usage.period) or not usage.period:
        _turn(world, usage, day[:7])
    return usage


def _turn(world: World, usage: Usage, period: str) -> None:
    """Another month is counted: a new one from nothing, an earlier one after the clock was set back."""
    if usage.period and "quota.never-resets" in world.settings.mutants:
        return
    usage.period = period
    usage.count = sum(count for day, count in usage.days.items() if day.startswith(period))


def _count(usage: Usage, day: str) -> None:
    usage.count += 1
    usage.days[day] = usage.days.get(day, 0) + 1


def _used(world: World, now: datetime, subject: str) -> int:
    return min(LARGEST, _usage(world, subject, _day(now)).count) if subject in world.tables.usage else 0


def _remaining(world: World, limit: int, used: int) -> int:
    if "quota.remaining-wrong" in world.settings.mutants:
        return limit
    return max(0, limit - used)


def _exceeded(world: World, subject: str) -> DomainError:
    message = f"The monthly request quota of {subject} is used up"
    if "quota.wrong-code" in world.settings.mutants:
        return precondition(message)
    if "quota.wrong-reason" in world.settings.mutants:
        return DomainError("resource_exhausted", "precondition_failed", message)
    return quota_exceeded(message)


def _readable(world: World, actor: Actor, organization_id: str | None) -> str:
    """The organization that the call means, whose usage the caller may read."""
    chosen = roles.own_organization(actor, organization_id)
    if organization_id is None and "quota.default-is-another" in world.settings.mutants:
        return next(reversed(world.tables.organizations))
    roles.require_member(world, actor, chosen)
    role = roles.role_of(world, actor, chosen)
    if chosen != actor.organization_id and role not in roles.MANAGERS:
        raise forbidden("Only an admin may read the usage of an organization that is not the caller's own")
    return chosen


def _managed_key(world: World, actor: Actor, key_id: str, organization_id: str | None) -> ApiKey:
    """The key of the organization that the call means, which the caller manages."""
    chosen = roles.own_organization(actor, organization_id)
    roles.require_manager(world, actor, chosen)
    key = world.tables.api_keys.get(key_id)
    if key is None or key.organization_id != chosen:
        raise not_found("API key", key_id)
    return key


def _day(at: datetime) -> str:
    return at.isoformat()[:10]


def _idle_days(since: datetime, now: datetime) -> dict[str, int]:
    """Every day from the first to the last, without a request."""
    count = (now.date() - since.date()).days + 1
    return {_day(since + timedelta(days=each)): 0 for each in range(count)}


def _month(at: datetime) -> datetime:
    return at.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _next_month(at: datetime) -> datetime:
    # A month's first day and 31 more are always in the next one.
    return _month(_month(at) + timedelta(days=31))
