"""People: how they are found by e-mail, what they belong to, and who acts for them."""

from dataclasses import dataclass
from datetime import datetime

from factify_mock.model.errors import DomainError, forbidden
from factify_mock.model.records import Actor, Organization, User
from factify_mock.model.world import World


@dataclass(frozen=True, slots=True)
class Preferences:
    """How far a user got with the introduction; the API offers no way to change it."""

    has_completed_document_tour: bool = False
    has_completed_hub_onboarding: bool = False


def by_email(world: World, email: str) -> User | None:
    """The user with this address, whatever its letters' case; None for a stranger."""
    user_id = world.tables.user_by_email.get(email.lower())
    return world.tables.users[user_id] if user_id else None


def create(
    world: World,
    now: datetime,
    *,
    email: str,
    name: str,
    given_name: str | None = None,
    family_name: str | None = None,
) -> User:
    """A new user in no organization; the address must be nobody's yet."""
    if by_email(world, email) is not None:
        raise ValueError(f"{email} belongs to a user of world {world.id} already")
    user = User(world.ids.new("user"), email, name, now, given_name, family_name)
    world.tables.users[user.id] = user
    world.tables.user_by_email[email.lower()] = user.id
    return user


def for_email(world: World, now: datetime, *, email: str) -> User:
    """The user with this address; a stranger becomes one, named by the address until more is known."""
    return by_email(world, email) or create(world, now, email=email, name=email)


def organizations_of(world: World, user_id: str) -> list[Organization]:
    """The organizations that the user belongs to, the one joined first in front."""
    return [world.tables.organizations[each] for each in world.tables.organizations_of.get(user_id, ())]


def actor_of(world: World, user_id: str) -> Actor:
    """The user as the one who makes a call; holds for one call, since memberships change."""
    user = world.tables.users[user_id]
    joined = world.tables.organizations_of.get(user_id)
    return Actor(user.id, "user", user.name, joined[0] if joined else None)


def require_user(world: World, actor: Actor) -> User:
    """The person who makes the call; forbidden to an API key."""
    if actor.api_key_id is not None and "authentication.keys-are-people" in world.settings.mutants:
        return world.tables.users[world.tables.api_keys[actor.api_key_id].created_by]
    if "users.somebody-else" in world.settings.mutants:
        return next(iter(world.tables.users.values()))
    if actor.api_key_id is not None:
        message = "This operation is for user accounts; an API key cannot use it"
        if world.settings.variants.user_only_is_unauthenticated:
            raise DomainError("unauthenticated", "authentication_required", message)
        raise forbidden(message)
    return world.tables.users[actor.id]


def preferences(world: World, actor: Actor) -> Preferences:
    """The caller's own preferences; forbidden to an API key."""
    require_user(world, actor)
    return Preferences()
