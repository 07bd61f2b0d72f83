"""Who stands where in an organization, and which role a call needs there."""

from factify_mock.model.errors import forbidden, missing, not_found
from factify_mock.model.hiding import hidden
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
    """The organization, to which `actor` belongs; hidden from others."""
    organization, _ = _visible(world, actor, organization_id)
    return organization


def require_manager(world: World, actor: Actor, organization_id: str) -> Organization:
    """The organization, of which `actor` is owner or admin; forbidden to a plain member."""
    organization, role = _visible(world, actor, organization_id)
    if role not in MANAGERS:
        raise forbidden(f"A {role} of organization {organization_id} may not do this; it takes an admin")
    return organization


def require_inviter(world: World, actor: Actor, organization_id: str) -> Organization:
    """The organization, to which `actor` may invite: as its owner or an admin, or where every member may."""
    if world.settings.variants.members_invite:
        return require_member(world, actor, organization_id)
    return require_manager(world, actor, organization_id)


def _visible(world: World, actor: Actor, organization_id: str) -> tuple[Organization, str]:
    """The organization and the actor's role there; hidden from those who have none."""
    organization = world.tables.organizations.get(organization_id)
    if organization is None:
        raise not_found("Organization", organization_id)
    role = role_of(world, actor, organization_id)
    if role is None:
        raise hidden(world, "Organization", organization_id)
    return organization, role


def own_organization(actor: Actor, organization_id: str | None) -> str:
    """The organization that a call means: the one it names, else the actor's own.

    Missing where neither is there; that the actor belongs to the named one is not checked here.
    """
    chosen = organization_id or actor.organization_id
    if chosen is None:
        raise missing("organization_id", "organization_id is required of a caller who has no organization")
    return chosen
