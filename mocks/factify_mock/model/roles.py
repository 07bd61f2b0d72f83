"""Who stands where in an organization, and which role a call needs there."""

from factify_mock.model.errors import forbidden, missing, not_found
from factify_mock.model.records import Actor, Organization
from factify_mock.model.world import World

MANAGERS = frozenset({"owner", "admin"})


def role_of(world: World, actor: Actor, organization_id: str) -> str | None:
    """The actor's role in the organization, None outside of it; an API key ranks as an admin of its own."""
    if actor.kind == "bot":
        return "admin" if actor.organization_id == organization_id else None
    membership = world.tables.members.get(organization_id, {}).get(actor.id)
    return membership.role if membership else None


def require_member(world: World, actor: Actor, organization_id: str) -> Organization:
    """The organization, to which `actor` belongs; not found where it is hidden from the actor."""
    if role_of(world, actor, organization_id) is None:
        raise not_found("Organization", organization_id)
    return world.tables.organizations[organization_id]


def require_manager(world: World, actor: Actor, organization_id: str) -> Organization:
    """The organization, of which `actor` is owner or admin; forbidden to a plain member."""
    role = role_of(world, actor, organization_id)
    if role is None:
        raise not_found("Organization", organization_id)
    if role not in MANAGERS:
        raise forbidden(f"A {role} of organization {organization_id} may not do this; it takes an admin")
    return world.tables.organizations[organization_id]


def own_organization(actor: Actor, organization_id: str | None) -> str:
    """The organization that a call means: the one it names, else the actor's own.

    Missing where neither is there; that the actor belongs to the named one is not checked here.
    """
    chosen = organization_id or actor.organization_id
    if chosen is None:
        raise missing("organization_id", "organization_id is required of a caller who has no organization")
    return chosen
