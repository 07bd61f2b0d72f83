"""Organizations: made with their owner, shown to their members, renamed by their admins."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from factify_mock.model import members, roles
from factify_mock.model.errors import forbidden, invalid, missing, not_found
from factify_mock.model.records import Actor, Organization
from factify_mock.model.world import World

# The request to rename has no upper limit of its own, but the organization it answers with has this one.
LONGEST_NAME = 255


def create(
    world: World, actor: Actor, now: datetime, *, name: str, owner_user_id: str | None = None
) -> Organization:
    """A new organization owned by the caller.

    A key cannot own one: it has to name a member of its organization. Naming somebody else as a user
    takes a maintainer of the service, which nobody in a world is.
    """
    is_key = actor.api_key_id is not None
    owner = owner_user_id or (None if is_key else actor.id)
    if owner is None:
        raise missing("owner_user_id", "owner_user_id is required: an API key cannot own an organization")
    is_for_anybody = "organizations.anybody-made-owner" in world.settings.mutants
    if not is_key and owner != actor.id and not is_for_anybody:
        raise forbidden("Only a maintainer of the service may make somebody else the owner")
    if is_key and owner not in world.tables.members[actor.organization_id or ""]:
        raise forbidden(f"{owner} is no member of the organization that the API key belongs to")
    return found(world, now, name=name, owner_id=owner)


def found(world: World, now: datetime, *, name: str, owner_id: str) -> Organization:
    """A new organization whose only member is its owner; asks nobody's permission."""
    organization = Organization(world.ids.new("org"), name, now)
    world.tables.organizations[organization.id] = organization
    world.tables.members[organization.id] = {}
    world.tables.invites[organization.id] = {}
    role = "admin" if "organizations.founder-is-admin" in world.settings.mutants else "owner"
    members.join(world, now, organization_id=organization.id, user_id=owner_id, role=role)
    return organization


def viewable(world: World, actor: Actor, *, roles_wanted: Collection[str] = ()) -> list[Organization]:
    """The organizations the caller belongs to, oldest first; only those where it has one of the roles."""
    if actor.kind == "bot":
        ids: tuple[str, ...] = (actor.organization_id,) if actor.organization_id else ()
    else:
        ids = world.tables.organizations_of.get(actor.id, ())
    if "organizations.none-listed" in world.settings.mutants:
        ids = tuple(each for each in ids if roles.role_of(world, actor, each) != "owner")
    if roles_wanted:
        ids = tuple(each for each in ids if roles.role_of(world, actor, each) in roles_wanted)
    return sorted((world.tables.organizations[each] for each in ids), key=lambda it: (it.created_at, it.id))


def public_profile(world: World, organization_id: str) -> Organization:
    """The organization, for anybody; only its name and logo may be shown."""
    organization = world.tables.organizations.get(organization_id)
    if organization is None:
        raise not_found("Organization", organization_id)
    return organization


def update(
    world: World,
    actor: Actor,
    *,
    organization_id: str,
    name: str | None = None,
    logo_image_url: str | None = None,
) -> Organization:
    """The organization with what was given; None changes nothing. For owner and admins."""
    organization = roles.require_manager(world, actor, organization_id)
    if name is not None and len(name) > LONGEST_NAME:
        raise invalid("name", f"name has {len(name)} characters, at most {LONGEST_NAME} are allowed")
    changed = replace(
        organization,
        name=organization.name if name is None else name,
        logo_image_url=organization.logo_image_url if logo_image_url is None else logo_image_url,
    )
    mutants = world.settings.mutants
    if name is None and "organizations.omitted-name-cleared" in mutants:
        changed = replace(changed, name="(no name)")
    if "organizations.logo-forgotten" in mutants:
        changed = replace(changed, logo_image_url=organization.logo_image_url)
    if "organizations.update-not-persisted" not in mutants:
        world.tables.organizations[organization_id] = changed
    return changed
