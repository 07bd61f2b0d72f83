"""Requests for access by those who have none, or too little, and the answers to them."""

from dataclasses import replace
from datetime import datetime

from factify_mock.model import timeline
from factify_mock.model.errors import already_exists, not_found, precondition
from factify_mock.model.hiding import hidden
from factify_mock.model.indexes import put_grant
from factify_mock.model.permissions import RANK, require, require_active, role_on
from factify_mock.model.records import AccessRequest, Actor, Document, Grant
from factify_mock.model.world import World

# The role that satisfies a request.
_ROLE = {"view": "viewer", "comment": "commenter", "edit": "collaborator"}


def create(
    world: World,
    actor: Actor,
    now: datetime,
    *,
    document_id: str,
    permission: str,
    message: str | None = None,
) -> AccessRequest:
    """A pending request. Whoever knows the id of a document may ask, unless the document is in the trash.

    already_exists where the actor's last request is undecided; a denied one does not hinder another.
    """
    document = _existing(world, actor, document_id)
    role = role_on(world, actor, document)
    if role is not None and RANK[role] >= RANK[_ROLE[permission]]:
        raise precondition(f"You may {permission} document {document_id} already")
    pending = _pending(world, actor, document_id)
    if pending is not None and world.settings.variants.duplicate_request_returned:
        return pending
    if pending is not None:
        raise already_exists(f"Your last request for access to document {document_id} is not decided yet")
    request = AccessRequest(
        world.ids.new("acr"), document_id, actor.id, permission, now, now, message=message
    )
    if "access-requests.approved-at-once" in world.settings.mutants:
        request = replace(request, status="approved")
    world.tables.access_requests.setdefault(document_id, {})[request.id] = request
    return request


def _existing(world: World, actor: Actor, document_id: str) -> Document:
    """A document that one may ask for: existing, and not hidden in somebody's trash."""
    document = world.tables.documents.get(document_id)
    if document is None:
        raise not_found("Document", document_id)
    if document.trash_state == "trashed" and document.owner_id != actor.id:
        raise hidden(world, "Document", document_id)
    return document


def has_pending(world: World, actor: Actor, *, document_id: str) -> bool:
    """Whether a request of the actor's own is undecided."""
    _existing(world, actor, document_id)
    if "access-requests.status-of-anybody" in world.settings.mutants:
        found = world.tables.access_requests.get(document_id, {}).values()
        return any(each.status == "pending" for each in found)
    if "access-requests.status-of-every-document" in world.settings.mutants:
        return any(_pending(world, actor, each) is not None for each in world.tables.access_requests)
    return _pending(world, actor, document_id) is not None


def _pending(world: World, actor: Actor, document_id: str) -> AccessRequest | None:
    requests = world.tables.access_requests.get(document_id, {}).values()
    own = (each for each in requests if each.subject_id == actor.id and each.status == "pending")
    return next(own, None)


def list_pending(world: World, actor: Actor, *, document_id: str) -> list[AccessRequest]:
    """The undecided requests, oldest first, for those who may decide them."""
    require(world, actor, document_id, "manage_access")
    requests = list(world.tables.access_requests.get(document_id, {}).values())
    if "access-requests.decided-stay-listed" in world.settings.mutants:
        return requests
    if "access-requests.of-every-document" in world.settings.mutants:
        requests = [each for found in world.tables.access_requests.values() for each in found.values()]
    return [request for request in requests if request.status == "pending"]


def approve(world: World, actor: Actor, now: datetime, *, document_id: str, request_id: str) -> AccessRequest:
    """The request is approved, and its subject has at least the role asked for."""
    request = _request(world, actor, document_id, request_id)
    if _require_undecided(world, request, "approved"):
        return request
    if "access-requests.approve-grants-nothing" not in world.settings.mutants:
        _give(world, actor, now, request)
    return _decide(world, now, request, "approved")


def deny(world: World, actor: Actor, now: datetime, *, document_id: str, request_id: str) -> AccessRequest:
    """The request is denied, and nobody's access has changed."""
    request = _request(world, actor, document_id, request_id)
    if _require_undecided(world, request, "denied"):
        return request
    if "access-requests.deny-grants" in world.settings.mutants:
        _give(world, actor, now, request)
    return _decide(world, now, request, "denied")


def _request(world: World, actor: Actor, document_id: str, request_id: str) -> AccessRequest:
    require_active(world, actor, document_id, "manage_access")
    request = world.tables.access_requests.get(document_id, {}).get(request_id)
    if request is None:
        raise not_found("Access request", request_id)
    return request


def _require_undecided(world: World, request: AccessRequest, wanted: str) -> bool:
    """Whether the decision was made already, where that is no refusal; a precondition fails otherwise."""
    if request.status == wanted and world.settings.variants.repeats_succeed:
        return True
    if request.status != "pending":
        raise precondition(f"Access request {request.id} is {request.status} already")
    return False


# The defect by which a decision is not kept.
_FORGOTTEN = {
    "approved": "access-requests.approved-stays-pending",
    "denied": "access-requests.denied-stays-pending",
}


def _decide(world: World, now: datetime, request: AccessRequest, status: str) -> AccessRequest:
    if _FORGOTTEN[status] in world.settings.mutants:
        return request
    decided = replace(request, status=status, updated_at=now)
    world.tables.access_requests[request.document_id][request.id] = decided
    return decided


def _give(world: World, actor: Actor, now: datetime, request: AccessRequest) -> None:
    role = _ROLE[request.permission]
    held = world.tables.grants[request.document_id].get(request.subject_id)
    if held is not None and RANK[held.role] >= RANK[role]:
        return
    put_grant(world.tables, Grant(request.document_id, request.subject_id, role, now))
    timeline.record(
        world,
        actor,
        now,
        request.document_id,
        timeline.GRANTED,
        recipient_id=request.subject_id,
        document_role=role,
    )
