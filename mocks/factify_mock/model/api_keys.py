"""API keys of an organization: made with a secret that is shown once, and revoked for ever."""

from dataclasses import replace
from datetime import datetime, timedelta

from factify_mock.model import roles
from factify_mock.model.errors import DomainError, invalid, not_found, precondition
from factify_mock.model.hiding import hidden
from factify_mock.model.records import Actor, ApiKey
from factify_mock.model.world import World

LONGEST_LIFE = timedelta(hours=8760)
_PREFIX_LENGTH = 16


def is_active(key: ApiKey, now: datetime) -> bool:
    """Whether the key opens anything: neither revoked, nor has its time come."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now)


def prefix(key: ApiKey) -> str:
    """The part of the secret that may be shown: enough to tell keys apart, too little to use one."""
    return f"{key.secret[:_PREFIX_LENGTH]}..."


def actor_of(key: ApiKey) -> Actor:
    """The key as the one who makes a call: a bot of its organization."""
    return Actor(key.bot_id, "bot", key.name, key.organization_id, key.id)


def authenticate(world: World, now: datetime, *, secret: str) -> Actor:
    """Who calls with this secret: the key's bot, or the person who made the key.

    Unauthenticated if the secret is unknown, revoked or expired.
    """
    key_id = world.tables.key_by_secret.get(secret)
    key = world.tables.api_keys[key_id] if key_id else None
    if key is not None and world.settings.mutants:
        key = _mistaken(world.settings.mutants, now, key)
    if key is None or key.revoked_at is not None:
        raise DomainError("unauthenticated", "invalid_api_key", "The API key is not valid")
    if not is_active(key, now):
        raise DomainError("unauthenticated", "expired_api_key", "The API key has expired")
    if world.settings.variants.key_acts_as_user:
        maker = world.tables.users[key.created_by]
        return Actor(maker.id, "user", maker.name, key.organization_id, key.id)
    return actor_of(key)


def _mistaken(mutants: frozenset[str], now: datetime, key: ApiKey) -> ApiKey | None:
    """The key as deliberate defects know it when it is shown; None where they do not."""
    if "authentication.keys-refused" in mutants:
        return None
    if "api-keys.works-a-minute-later" in mutants and now < key.created_at + timedelta(minutes=1):
        return None
    if "api-keys.expired-accepted" in mutants:
        key = replace(key, expires_at=None)
    is_recent = key.revoked_at is not None and now < key.revoked_at + timedelta(minutes=5)
    if is_recent and "api-keys.revoked-works-on" in mutants:
        key = replace(key, revoked_at=None)
    if "api-keys.revoked-good-for-documents" in mutants:
        key = replace(key, revoked_at=None)
    return key


def all_of(
    world: World, actor: Actor, organization_id: str, *, include_revoked: bool = False
) -> list[ApiKey]:
    """The organization's keys, newest first, expired ones among them; for owner, admins and keys."""
    roles.require_manager(world, actor, organization_id)
    is_of_any = "api-keys.of-every-organization" in world.settings.mutants
    found = [
        each
        for each in world.tables.api_keys.values()
        if (each.organization_id == organization_id or is_of_any)
        and (include_revoked or each.revoked_at is None)
    ]
    found.sort(key=lambda each: (each.created_at, each.id), reverse=True)
    if "api-keys.newest-not-listed" in world.settings.mutants:
        del found[:1]
    if "api-keys.expired-not-listed" in world.settings.mutants:
        now = world.clock.now()
        found = [each for each in found if is_active(each, now) or each.revoked_at is not None]
    return found


def create(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    organization_id: str,
    name: str,
    expires_at: datetime | None = None,
) -> ApiKey:
    """A new key that acts as a bot of its own; it lives for a year at most, or until it is revoked.

    For owner, admins and keys. A key made by a key counts as made by the same person.
    """
    mutants = world.settings.mutants
    if expires_at is not None and not (
        (now < expires_at or "api-keys.expires-in-the-past" in mutants)
        and (expires_at <= now + LONGEST_LIFE or "api-keys.lives-for-ever" in mutants)
    ):
        raise invalid("expires_at", "expires_at must be in the future and within one year (8760 hours)")
    roles.require_manager(world, actor, organization_id)
    maker = world.tables.api_keys[actor.api_key_id].created_by if actor.api_key_id else actor.id
    key = ApiKey(
        world.ids.new("key"),
        organization_id,
        name,
        world.ids.api_key_secret(world.settings.key_environment),
        world.ids.new("bot"),
        now,
        maker,
        expires_at,
    )
    if mutants:
        key = _misshapen(mutants, key)
    world.tables.api_keys[key.id] = key
    world.tables.key_by_secret[key.secret] = key.id
    world.tables.key_by_bot[key.bot_id] = key.id
    return key


def _misshapen(mutants: frozenset[str], key: ApiKey) -> ApiKey:
    """A new key as deliberate defects make it."""
    if "api-keys.short-secret" in mutants:
        key = replace(key, secret=key.secret[:-1])
    if "api-keys.name-cut-off" in mutants:
        key = replace(key, name=key.name[:8])
    if "api-keys.expires-by-default" in mutants and key.expires_at is None:
        key = replace(key, expires_at=key.created_at + timedelta(days=90))
    return key


def revoke(world: World, actor: Actor, now: datetime, *, key_id: str, reason: str | None = None) -> ApiKey:
    """The key opens nothing any more; one that was revoked before stays as it is.

    For owner, admins and keys, a key may revoke itself.
    """
    key = world.tables.api_keys.get(key_id)
    if key is None:
        raise not_found("API key", key_id)
    if roles.role_of(world, actor, key.organization_id) is None:
        raise hidden(world, "API key", key_id)
    roles.require_manager(world, actor, key.organization_id)
    if key.revoked_at is not None:
        if world.settings.variants.second_key_revocation_refused:
            raise precondition(f"API key {key_id} is revoked already")
        return key
    revoked = replace(key, revoked_at=now, revoke_reason=reason)
    world.tables.api_keys[key_id] = revoked
    return revoked
