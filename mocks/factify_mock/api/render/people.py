"""Users, organizations, members, invitations, API keys and quotas in the form of the wire."""

from datetime import datetime
from typing import Any

from factify_mock.api.render.values import timestamp
from factify_mock.model import api_keys, invites, quotas
from factify_mock.model.records import ApiKey, Invite, Membership, Organization, User
from factify_mock.model.world import World


def user(record: User) -> dict[str, Any]:
    """A person, as it stands in members, invitations and the caller's own profile."""
    wire = {"id": record.id, "name": record.name, "email": record.email}
    if record.given_name is not None:
        wire["given_name"] = record.given_name
    if record.family_name is not None:
        wire["family_name"] = record.family_name
    return wire


def organization(record: Organization) -> dict[str, Any]:
    """An organization, for those who belong to it."""
    wire = {"id": record.id, "name": record.name, "created_at": timestamp(record.created_at)}
    if record.logo_image_url is not None:
        wire["logo_image_url"] = record.logo_image_url
    return wire


def public_profile(record: Organization) -> dict[str, Any]:
    """An organization, for everybody."""
    wire = {"display_name": record.name}
    if record.logo_image_url is not None:
        wire["logo_image_url"] = record.logo_image_url
    return wire


def member(world: World, record: Membership) -> dict[str, Any]:
    """A member of an organization, with the person."""
    return {
        "user": user(world.tables.users[record.user_id]),
        "role": record.role,
        "joined_at": timestamp(record.joined_at),
    }


def invite(world: World, record: Invite, now: datetime) -> dict[str, Any]:
    """An invitation with its status at `now`; its token is in the mail only."""
    wire = {
        "id": record.id,
        "organization_id": record.organization_id,
        "email": record.email,
        "status": invites.status_of(world, now, record),
        "sender": user(invites.sender_of(world, record)),
        "created_at": timestamp(record.created_at),
        "expires_at": timestamp(record.expires_at),
    }
    if record.message is not None:
        wire["message"] = record.message
    if record.accepted_at is not None:
        wire["accepted_at"] = timestamp(record.accepted_at)
    if record.accepted_by is not None:
        wire["accepted_by"] = user(world.tables.users[record.accepted_by])
    return wire


def api_key(record: ApiKey, now: datetime) -> dict[str, Any]:
    """An API key without its secret."""
    wire = {
        "id": record.id,
        "name": record.name,
        "organization_id": record.organization_id,
        "created_at": timestamp(record.created_at),
        "is_active": api_keys.is_active(record, now),
        "key_prefix": api_keys.prefix(record),
    }
    if record.expires_at is not None:
        wire["expires_at"] = timestamp(record.expires_at)
    if record.revoked_at is not None:
        wire["revoked_at"] = timestamp(record.revoked_at)
    return wire


def organization_quota(quota: quotas.RequestQuota) -> dict[str, Any]:
    """An organization's request quota in the running month."""
    return {
        "organization_id": quota.organization_id,
        "tier": quota.tier,
        "effective_limit": quota.limit,
        "current_usage": quota.used,
        "remaining": quota.remaining,
        "usage_percent": quota.usage_percent,
        "is_exceeded": quota.is_exceeded,
        "period_start": timestamp(quota.period_start),
        "reset_at": timestamp(quota.reset_at),
    }


def key_quota(quota: quotas.KeyQuota) -> dict[str, Any]:
    """A key's requests in the running month, and its limit where it has one."""
    wire: dict[str, Any] = {
        "api_key_id": quota.key_id,
        "current_usage": quota.used,
        "remaining": quota.remaining,
        "is_exceeded": quota.is_exceeded,
    }
    if quota.limit is not None:
        wire["limit"] = quota.limit
    return wire


def document_quota(quota: quotas.DocumentQuota) -> dict[str, Any]:
    """An organization's documents and how many it may have."""
    return {"used": quota.used, "limit": quota.limit, "available": quota.available}


def history(record: quotas.History) -> dict[str, Any]:
    """An organization's requests by day."""
    return {
        "organization_id": record.organization_id,
        "daily_usage": [{"date": day, "request_count": count} for day, count in record.days],
        "total_requests": record.total,
    }
