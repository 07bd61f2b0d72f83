"""Handlers of sharing: grants, general access, share links and the caller's own permissions."""

from typing import Any

from factify_mock.api.call import Call, Handler
from factify_mock.api.render import documents as render
from factify_mock.model import documents, sharing
from factify_mock.model.errors import missing
from factify_mock.model.permissions import PERMISSION_SETS, role_on


def grant_access(call: Call) -> dict[str, Any]:
    """One result for each recipient; a failed one does not make the call fail."""
    outcomes = sharing.grant(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        wishes=_wishes(call.body.get("recipients")),
        notify=_is_announced(call),
    )
    failed = sum(1 for each in outcomes if each.error is not None)
    return {
        "document_id": call.path["document_id"],
        "total": len(outcomes),
        "successful": len(outcomes) - failed,
        "failed": failed,
        "results": [render.outcome(each) for each in outcomes],
    }


def _is_announced(call: Call) -> bool:
    wish = call.body.get("should_send_notification")
    return not call.world.settings.variants.grants_unannounced if wish is None else wish


def _wishes(recipients: list[dict[str, Any]] | None) -> list[sharing.Wish]:
    """The schema requires neither field, but without them there is nothing to do."""
    if recipients is None:
        raise missing("recipients", "recipients is required: whom to share the document with")
    for index, each in enumerate(recipients):
        if "recipient" not in each:
            param = f"recipients[{index}].recipient"
            raise missing(param, f"{param} is required: an e-mail address or an id")
    return [sharing.Wish(each["recipient"], each["role"]) for each in recipients]


def list_access(call: Call) -> dict[str, Any]:
    """Everyone with access of their own, and the general access."""
    document_id = call.path["document_id"]
    grants = sharing.recipients(call.world, call.caller, document_id=document_id)
    return {
        "document_id": document_id,
        "general_access_level": sharing.general_access(call.world, call.caller, document_id=document_id),
        "recipients": [render.recipient(call.world, each) for each in grants],
    }


def update_access(call: Call) -> dict[str, Any]:
    """Whether the recipient has the role now."""
    error = sharing.update(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        recipient_id=call.path["recipient_id"],
        role=call.body["document_role"],
    )
    return render.success(error)


def revoke_access(call: Call) -> dict[str, Any]:
    """Whether the recipient's access is gone now."""
    error = sharing.revoke(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        recipient_id=call.path["recipient_id"],
    )
    return render.success(error)


def get_general_access(call: Call) -> dict[str, Any]:
    """Who may see the document without a role of their own."""
    document_id = call.path["document_id"]
    level = sharing.general_access(call.world, call.caller, document_id=document_id)
    return {"document_id": document_id, "general_access_level": level}


def set_general_access(call: Call) -> dict[str, Any]:
    """The level that was set."""
    document_id, level = call.path["document_id"], call.body["general_access_level"]
    sharing.set_general_access(call.world, call.caller, call.now, document_id=document_id, level=level)
    return {"document_id": document_id, "general_access_level": level}


def inspect_access(call: Call) -> dict[str, Any]:
    """What the caller may do with the document."""
    document = documents.get(call.world, call.caller, document_id=call.path["document_id"])
    role = role_on(call.world, call.caller, document)
    return {"document_id": document.id, "permission_set": PERMISSION_SETS[role or "viewer"]}


def create_share_link(call: Call) -> dict[str, Any]:
    """The new link."""
    link = sharing.create_link(call.world, call.caller, call.now, document_id=call.path["document_id"])
    return render.share_link(link)


HANDLERS: dict[str, Handler] = {
    "grantDocumentAccess": grant_access,
    "listDocumentAccess": list_access,
    "updateDocumentAccess": update_access,
    "revokeDocumentAccess": revoke_access,
    "getGeneralAccess": get_general_access,
    "setGeneralAccess": set_general_access,
    "inspectDocumentAccess": inspect_access,
    "createShareLink": create_share_link,
}
