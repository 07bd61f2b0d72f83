"""Who may do what on a document: five roles, sixteen permissions, and where a role comes from."""

from factify_mock.model.errors import forbidden, not_found, precondition
from factify_mock.model.hiding import hidden
from factify_mock.model.records import Actor, Document
from factify_mock.model.world import World

ROLES = ("viewer", "commenter", "collaborator", "admin", "owner")
RANK = {role: rank for rank, role in enumerate(ROLES)}

# The lowest role that has each permission. Nothing documents the table itself: the names are the
# contract's, the roles are those reported of the service.
_LOWEST = {
    "view": "viewer",
    "open": "viewer",
    "comment_private": "viewer",
    "comment_public": "commenter",
    "create_version": "collaborator",
    "list_versions": "collaborator",
    "copy_content": "collaborator",
    "screenshot": "collaborator",
    "view_analytics": "collaborator",
    "view_leads": "collaborator",
    "grant_access": "collaborator",
    "manage_access": "admin",
    "view_timeline": "admin",
    "export": "admin",
    "attach_policy": "admin",
    "trash": "owner",
}

# One table a role, made once and shared by every answer that shows it: read only.
PERMISSION_SETS: dict[str, dict[str, bool]] = {
    role: {permission: RANK[role] >= RANK[lowest] for permission, lowest in _LOWEST.items()} for role in ROLES
}

_WRITING = frozenset({"create_version", "grant_access", "manage_access", "attach_policy"})


def organizations_of(world: World, actor: Actor) -> tuple[str, ...]:
    """The organizations whose documents `actor` may see: a user's, or the one an API key belongs to."""
    if actor.kind == "bot":
        return (actor.organization_id,) if actor.organization_id else ()
    return world.tables.organizations_of.get(actor.id, ())


def role_on(world: World, actor: Actor, document: Document) -> str | None:
    """The highest role that a grant, an organization or general access gives `actor`; None for no access."""
    if document.owner_id == actor.id:
        return "owner"
    belongs_to = organizations_of(world, actor)
    grants = world.tables.grants[document.id]
    found = [grants[holder].role for holder in (actor.id, *belongs_to) if holder in grants]
    if document.access_level == "public" or (
        document.access_level == "organization" and document.organization_id in belongs_to
    ):
        found.append("viewer")
    if world.settings.mutants:
        found = _distorted(world.settings.mutants, document, found)
    return max(found, key=RANK.__getitem__, default=None)


def _distorted(mutants: frozenset[str], document: Document, found: list[str]) -> list[str]:
    """The roles as deliberate defects see them."""
    is_shared = document.access_level == "organization"
    if is_shared and "general-access.organization-closed" in mutants and "viewer" in found:
        return [role for role in found if role != "viewer"]
    if not found and "documents.cross-tenant-read" in mutants:
        return ["viewer"]
    if not found and is_shared and "general-access.organization-means-everybody" in mutants:
        return ["viewer"]
    return found


def require(world: World, actor: Actor, document_id: str, permission: str) -> Document:
    """The document, on which `actor` has `permission`.

    Hidden where the actor cannot see it, forbidden where the role is too low.
    """
    document = world.tables.documents.get(document_id)
    if document is None:
        raise not_found("Document", document_id)
    role = role_on(world, actor, document)
    if role is None:
        raise hidden(world, "Document", document_id)
    is_restorable_only = document.trash_state == "trashed" and world.settings.variants.trash_is_hidden
    if is_restorable_only and permission != "trash":
        raise not_found("Document", document_id)
    if PERMISSION_SETS[role][permission]:
        return document
    if permission in _WRITING and "documents.viewer-may-write" in world.settings.mutants:
        return document
    raise forbidden(f"A {role} of document {document_id} lacks the permission {permission}")


def require_active(world: World, actor: Actor, document_id: str, permission: str) -> Document:
    """As `require`, for a change: the document is not in the trash."""
    document = require(world, actor, document_id, permission)
    if document.trash_state == "trashed":
        raise precondition(f"Document {document_id} is in the trash; untrash it first")
    return document
