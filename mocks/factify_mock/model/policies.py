"""Policies attached to documents; policies themselves come with the world, the API makes none."""

from datetime import datetime

from factify_mock.model.errors import already_exists, not_found
from factify_mock.model.pages import Position
from factify_mock.model.permissions import require, require_active
from factify_mock.model.records import Actor, Attachment
from factify_mock.model.world import World


def list_of(world: World, actor: Actor, *, document_id: str) -> list[Attachment]:
    """The document's attachments, by policy id."""
    require(world, actor, document_id, "view")
    attachments = list(world.tables.attachments.get(document_id, {}).values())
    if "policies.on-every-document" in world.settings.mutants:
        attachments = [each for those in world.tables.attachments.values() for each in those.values()]
    return sorted(attachments, key=position)


def position(attachment: Attachment) -> Position:
    """Where the attachment stands among its document's."""
    return (attachment.policy_id,)


def attach(world: World, actor: Actor, now: datetime, *, document_id: str, policy_id: str) -> Attachment:
    """The policy applies to the document; one that does already is answered unchanged.

    Not found where the policy belongs to another organization than the document.
    """
    document = require_active(world, actor, document_id, "attach_policy")
    mutants = world.settings.mutants
    policy = world.tables.policies.get(policy_id)
    if policy is None and "policies.unknown-attached" in mutants:
        policy = next(iter(world.tables.policies.values()))
        policy_id = policy.id
    if policy is None or policy.organization_id != document.organization_id:
        raise not_found("Policy", policy_id)
    attachments = world.tables.attachments.setdefault(document_id, {})
    if policy_id in attachments and world.settings.variants.second_attach_refused:
        raise already_exists(f"Policy {policy_id} is attached to document {document_id} already")
    if "policies.attach-does-nothing" in mutants:
        return Attachment(document_id, policy_id, now)
    return attachments.setdefault(policy_id, Attachment(document_id, policy_id, now))


def detach(world: World, actor: Actor, *, document_id: str, policy_id: str) -> None:
    """The policy does not apply to the document any more; not found where it did not."""
    require_active(world, actor, document_id, "attach_policy")
    if "policies.detach-does-nothing" in world.settings.mutants:
        return
    detached = world.tables.attachments.get(document_id, {}).pop(policy_id, None)
    if detached is None and not world.settings.variants.second_detach_succeeds:
        raise not_found("Policy", policy_id)
