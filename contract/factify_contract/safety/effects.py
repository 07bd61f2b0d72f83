"""What each operation leaves behind, and where its answer says so."""

from collections.abc import Mapping
from typing import Any

# What is made, by operation: the kind of thing, and where its id is in the answer.
MAKES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "createDocument": ("document", ("document", "id")),
    "createDocumentVersion": ("version", ("id",)),
    "createOrganization": ("organization", ("organization", "id")),
    "createApiKey": ("api_key", ("api_key", "id")),
    "createOrganizationInvite": ("invite", ("invite", "id")),
    "createShareLink": ("share_link", ("share_link", "id")),
    "createAccessRequest": ("access_request", ("access_request", "id")),
}
# What an answer tells of other changes that have to be taken back.
_CHANGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "updateOrganization": ("name", ("organization", "name")),
    "attachDocumentPolicy": ("policy", ("policy", "id")),
    "transferDocumentOwnership": ("owner", ("new_owner_id",)),
}
# One more request takes these back.
UNDONE_BY: Mapping[str, str] = {
    "createDocument": "trashDocument",
    "createApiKey": "revokeApiKey",
    "createOrganizationInvite": "revokeOrganizationInvite",
    "attachDocumentPolicy": "detachDocumentPolicy",
    "setAPIKeyQuota": "deleteAPIKeyQuota",
    "untrashDocument": "trashDocument",
    "addOrganizationMember": "removeOrganizationMember",
    "updateOrganizationMember": "updateOrganizationMember",
    "removeOrganizationMember": "addOrganizationMember",
    "acceptOrganizationInvite": "removeOrganizationMember",
    "updateOrganization": "updateOrganization",
}


def told(operation_id: str, body: Any) -> dict[str, str]:
    """What the answer of a successful call names: a thing made or changed, by its kind."""
    kind, names = MAKES.get(operation_id) or _CHANGES.get(operation_id) or ("", ())
    for name in names:
        body = body.get(name) if isinstance(body, Mapping) else None
    return {kind: body} if kind and isinstance(body, str) and body else {}
