"""Members of an organization: one owner for ever, and admins and members who come and go."""

from dataclasses import replace
from datetime import datetime

from factify_mock.model import roles
from factify_mock.model.errors import already_exists, invalid, not_found, precondition
from factify_mock.model.records import Actor, Membership
from factify_mock.model.world import World


def all_of(world: World, actor: Actor, organization_id: str) -> list[Membership]:
    """The organization's members, who joined first in front; shown to members only."""
    roles.require_member(world, actor, organization_id)
    members = list(world.tables.members[organization_id].values())
    if "members.managers-only-listed" in world.settings.mutants:
        members = [each for each in members if each.role in roles.MANAGERS]
    if "members.removed-stays-listed" in world.settings.mutants:
        stored = world.remembered.get(f"removed from {organization_id}")
        members += [Membership(organization_id, stored, "member", world.clock.now())] if stored else []
    return sorted(members, key=lambda each: (each.joined_at, each.user_id))


def add(
    world: World, actor: Actor, now: datetime, *, organization_id: str, user_id: str, role: str
) -> Membership:
    """The user is a member from now on; for owner and admins, and never as another owner."""
    if "members.owner-added" not in world.settings.mutants:
        _require_assignable(role)
    roles.require_manager(world, actor, organization_id)
    if user_id not in world.tables.users:
        raise not_found("User", user_id)
    if user_id in world.tables.members[organization_id]:
        message = f"User {user_id} is a member of organization {organization_id} already"
        if world.settings.variants.existing_member_is_precondition:
            raise precondition(message)
        raise already_exists(message)
    if "members.added-as-admin" in world.settings.mutants:
        role = "admin"
    return join(world, now, organization_id=organization_id, user_id=user_id, role=role)


def change_role(world: World, actor: Actor, *, organization_id: str, user_id: str, role: str) -> Membership:
    """The member has the role; for owner and admins. Ownership neither comes nor goes this way."""
    mutants = world.settings.mutants
    if "members.owner-made" not in mutants:
        _require_assignable(role)
    roles.require_manager(world, actor, organization_id)
    membership = _membership(world, organization_id, user_id)
    if membership.role == "owner" and "members.owner-demoted" not in mutants:
        raise precondition(
            "The owner's role cannot be changed: ownership is set when an organization is made"
        )
    changed = replace(membership, role=role)
    if "members.role-change-forgotten" not in mutants:
        world.tables.members[organization_id][user_id] = changed
    return changed


def remove(world: World, actor: Actor, *, organization_id: str, user_id: str) -> None:
    """The user is no member any more; for owner and admins, and for members themselves.

    What the user owns or was granted by name stays; what came with the membership ends. The owner cannot
    go.
    """
    roles.require_member(world, actor, organization_id)
    mutants = world.settings.mutants
    if actor.id != user_id or "members.nobody-may-leave" in mutants:
        roles.require_manager(world, actor, organization_id)
    is_owner = _membership(world, organization_id, user_id).role == "owner"
    if is_owner and "members.owner-removed" not in mutants:
        raise precondition("The owner of an organization cannot be removed")
    if "members.removed-stays-listed" in mutants:
        world.remembered[f"removed from {organization_id}"] = user_id
    joined = world.tables.organizations_of[user_id]
    leave(world, organization_id=organization_id, user_id=user_id)
    if "members.removed-reads-on" in mutants:
        world.tables.organizations_of[user_id] = joined


def join(world: World, now: datetime, *, organization_id: str, user_id: str, role: str) -> Membership:
    """The user, who was none, is a member; asks nobody's permission."""
    membership = Membership(organization_id, user_id, role, now)
    world.tables.members[organization_id][user_id] = membership
    joined = world.tables.organizations_of.get(user_id, ())
    world.tables.organizations_of[user_id] = (*joined, organization_id)
    return membership


def leave(world: World, *, organization_id: str, user_id: str) -> None:
    """The user, who was one, is no member any more; asks nobody's permission."""
    del world.tables.members[organization_id][user_id]
    joined = world.tables.organizations_of[user_id]
    world.tables.organizations_of[user_id] = tuple(each for each in joined if each != organization_id)


def _membership(world: World, organization_id: str, user_id: str) -> Membership:
    membership = world.tables.members[organization_id].get(user_id)
    if membership is None:
        raise not_found("Member", user_id)
    return membership


def _require_assignable(role: str) -> None:
    if role == "owner":
        raise invalid("role", "role cannot be owner: an organization has one owner, set when it is made")
