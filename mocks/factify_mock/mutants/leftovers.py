"""Defects by which what was taken from somebody stays his by another way than the usual one."""

from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.model import roles
from factify_mock.model.errors import DomainError
from factify_mock.model.sharing import lost_recipients
from factify_mock.mutants.bends import in_charge
from factify_mock.mutants.mutant import Bend, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call

_ORGANIZATIONAL = (
    "getOrganization",
    "listOrganizations",
    "listOrganizationMembers",
    "listOrganizationInvites",
    "listApiKeys",
)


def _refuse_revoked(call: "Call") -> "Call":
    key = call.world.tables.api_keys.get(call.actor.api_key_id or "") if call.actor else None
    if key is not None and key.revoked_at is not None:
        raise DomainError("unauthenticated", "invalid_api_key", "The API key is not valid")
    return call


def _as_who_is_in_charge(call: "Call") -> "Call":
    return replace(call, actor=in_charge(call) or call.actor)


def _as_before_the_loss(trash_state: str) -> Bend:
    def question(call: "Call") -> "Call":
        tables = call.world.tables
        version = tables.versions.get(call.path["version_id"])
        document = tables.documents[version.document_id] if version else None
        if document is None or document.trash_state != trash_state:
            return call
        has_lost_it = call.caller.id in lost_recipients(call.world, document)
        return _as_who_is_in_charge(call) if has_lost_it else call

    return Bend(("getVersion",), question=question)


def _once_a_manager(call: "Call") -> "Call":
    organization_id = call.path["organization_id"]
    remembered, world = call.world.remembered, call.world
    caller = f"manager of {organization_id}: {call.caller.id}"
    if roles.role_of(world, call.caller, organization_id) == "admin":
        remembered[caller] = "admin"
    membership = world.tables.members.get(organization_id, {}).get(call.path["user_id"])
    if membership is not None and membership.role == "admin":
        remembered[f"manager of {organization_id}: {membership.user_id}"] = "admin"
    return _as_who_is_in_charge(call) if caller in remembered else call


def _once_a_collaborator(call: "Call") -> "Call":
    remembered, document_id = call.world.remembered, call.path["document_id"]
    grants = call.world.tables.grants.get(document_id, {})
    held = grants.get(call.path.get("recipient_id", ""))
    if held is not None and held.role == "collaborator":
        remembered[f"collaborator on {document_id}: {held.recipient_id}"] = held.role
    was_one = f"collaborator on {document_id}: {call.caller.id}" in remembered
    return _as_who_is_in_charge(call) if was_one else call


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "api-keys.revoked-good-for-documents",
        "api-keys.revoke-at-once",
        "A revoked key is refused by its organization, and goes on reading documents.",
        Bend(_ORGANIZATIONAL, question=_refuse_revoked),
    ),
    Mutant(
        "sharing.versions-outlive-revocation",
        "sharing.revoke-takes-access",
        "Who lost access to a document goes on reading its versions by their ids.",
        _as_before_the_loss("active"),
    ),
    Mutant(
        "trash.versions-stay-readable",
        "trash.revokes-grants",
        "Who lost a document to the trash goes on reading its versions by their ids.",
        _as_before_the_loss("trashed"),
    ),
    Mutant(
        "sharing.revoked-finds-it",
        "documents.list-hides-foreign",
        "A document stays in the lists of those whose access to it was revoked.",
    ),
    Mutant(
        "sharing.demoted-writes-on",
        "sharing.viewer-cannot-change",
        "Who was a collaborator once may change a document, whatever he is now.",
        Bend(("updateDocument", "updateDocumentAccess"), question=_once_a_collaborator),
    ),
    Mutant(
        "members.removed-reads-on",
        "general-access.organization-closes-outside",
        "Who was removed from an organization goes on reading what is open to it.",
    ),
    Mutant(
        "members.demoted-manages-on",
        "members.update-needs-manage",
        "Who was an admin once may change roles, whatever he is now.",
        Bend(("updateOrganizationMember",), question=_once_a_manager),
    ),
)
