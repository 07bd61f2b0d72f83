"""Who else may see a document: grants, general access, share links, requests for access, transfer."""

from collections.abc import Callable
from typing import Any

from contrary.call import Call, Route
from contrary.documents import GENERAL, LEVEL, log
from contrary.estate import ROLES, Document
from contrary.intake import Field
from contrary.wire import Refusal, forbidden, invalid, is_id

_ROLES = "viewer|commenter|collaborator|admin|owner"


def list_access(call: Call) -> dict[str, Any]:
    """listDocumentAccess"""
    document = call.document()
    grants = dict(document.grants)
    if call.choices.lists_owner:
        grants = {document.owner: "owner", **grants}
    return {
        "document_id": document.id,
        "general_access_level": document.general,
        "recipients": [_recipient(call, each, role) for each, role in grants.items()],
    }


def _recipient(call: Call, identifier: str, role: str) -> dict[str, Any]:
    user = call.estate.users.get(identifier)
    shown: dict[str, Any] = {"id": identifier, "type": identifier.partition("_")[0], "document_role": role}
    return shown | ({"email": user.email, "name": user.name} if user else {})


def grant(call: Call) -> dict[str, Any]:
    """grantDocumentAccess"""
    document = call.document("grant_access", writes=True)
    recipients = call.input.body.get("recipients")
    if recipients is None:
        raise invalid("recipients", "is missing", reason="missing_required_field")
    faults = [_fault(call, number, each) for number, each in enumerate(recipients)]
    first = next((fault for fault in faults if fault), None)
    if first is not None and call.choices.sharing_refusals:
        raise first
    results = [_grant(call, document, each, fault) for each, fault in zip(recipients, faults, strict=True)]
    successful = sum(result["success"] for result in results)
    return {
        "document_id": document.id,
        "total": len(results),
        "successful": successful,
        "failed": len(results) - successful,
        "results": results,
    }


def _fault(call: Call, number: int, wanted: Any) -> Refusal | None:
    """What makes an entry no recipient with a role."""
    name = f"recipients[{number}]"
    if not isinstance(wanted, dict) or (set(wanted) - {"recipient", "role"} and not call.choices.lenient):
        return invalid(name, "is no recipient with a role")
    text = wanted.get("recipient")
    is_recipient = isinstance(text, str) and 1 <= len(text) <= 320
    if not is_recipient or ("@" not in text and not is_id(text, "user|bot")):
        return invalid(f"{name}.recipient", "is neither an id nor an address")
    if wanted.get("role") not in ROLES:
        return invalid(f"{name}.role", f"is none of {_ROLES}", reason="invalid_enum_value")
    return None


def _grant(call: Call, document: Document, wanted: Any, fault: Refusal | None) -> dict[str, Any]:
    if fault is not None:
        return {"success": False, "error": fault.message}
    recipient = wanted["recipient"]
    error = _give(call, document, recipient, wanted["role"])
    return {"recipient": recipient, "success": error is None, "error": error}


def _give(call: Call, document: Document, recipient: str, role: str) -> str | None:
    """Gives the role; what is wrong if it can't be given."""
    own = call.estate.document_role(call.actor, document) or "viewer"
    if role == "owner" or ROLES.index(role) > ROLES.index(own):
        return "This role is not yours to give."
    identifier = recipient
    if "@" in recipient:
        user = call.estate.user_by_email(recipient)
        if user is None and call.choices.unknown_email == "fails":
            return "Nobody has this address."
        identifier = (user or call.estate.add_user(recipient, recipient)).id
    known = {*call.estate.users, *(key.bot_id for key in call.estate.keys.values())}
    if identifier not in known:
        return "Nobody is called that."
    if identifier == document.owner or (
        identifier in document.grants and call.choices.grant_twice == "fails"
    ):
        return "This recipient has a role already."
    document.grants[identifier] = role
    document.shared_at[identifier] = call.estate.now()
    log(call, document, "document_user_access_granted")
    return None


def _held(call: Call, document: Document) -> str:
    """The recipient in the path, who has to have a role."""
    recipient = call.input.path["recipient_id"]
    if recipient == document.owner:
        raise forbidden("The owner keeps the document.")
    if recipient not in document.grants:
        raise call.unknown("recipient")
    return recipient


def _or_error(call: Call, change: Callable[[Call], None]) -> dict[str, Any]:
    """What the change came to: in some readings every refusal is an answer without success."""
    try:
        change(call)
    except Refusal as refusal:
        if call.choices.sharing_refusals:
            raise
        return {"success": False, "error": refusal.message}
    return {"success": True}


def revoke_access(call: Call) -> dict[str, Any]:
    """revokeDocumentAccess"""
    return _or_error(call, _revoke)


def _revoke(call: Call) -> None:
    document = call.document("manage_access", writes=True)
    recipient = _held(call, document)
    del document.grants[recipient]
    document.shared_at.pop(recipient, None)
    log(call, document, "document_user_access_revoked")


def update_access(call: Call) -> dict[str, Any]:
    """updateDocumentAccess"""
    return _or_error(call, _update)


def _update(call: Call) -> None:
    document = call.document("manage_access", writes=True)
    role = call.input.body["document_role"]
    own = call.estate.document_role(call.actor, document) or "viewer"
    if role == "owner" or ROLES.index(role) > ROLES.index(own):
        raise forbidden("This role is not yours to give.")
    document.grants[_held(call, document)] = role


def get_general(call: Call) -> dict[str, Any]:
    """getGeneralAccess"""
    document = call.document()
    return {"document_id": document.id, "general_access_level": document.general}


def set_general(call: Call) -> dict[str, Any]:
    """setGeneralAccess"""
    document = call.document("manage_access", writes=True)
    document.general = call.input.body["general_access_level"]
    if call.choices.levels_linked:
        document.access_level = LEVEL[document.general]
    log(call, document, "document_settings_access_changed")
    return {"document_id": document.id, "general_access_level": document.general}


def share_link(call: Call) -> dict[str, Any]:
    """createShareLink"""
    document = call.document()
    slug = f"{call.estate.rng.getrandbits(64):016x}"
    return {
        "share_link": {
            "id": slug,
            "document_id": document.id,
            "creator_id": call.actor.id,
            "created_at": call.estate.now(),
        },
        "short_url": None,
    }


def transfer(call: Call) -> dict[str, Any]:
    """transferDocumentOwnership"""
    document = call.document("trash")
    wanted = call.input.body.get("new_owner_id")
    if wanted is None:
        raise invalid("new_owner_id", "is missing", reason="missing_required_field")
    if wanted not in call.estate.users:
        raise call.unknown("user")
    if document.organization is None or wanted not in document.organization.members:
        raise Refusal("failed_precondition", "This user is not in the organization.")
    if wanted == document.owner and not call.choices.lenient:
        raise invalid("new_owner_id", "is the owner")
    if wanted != document.owner:
        document.grants.pop(wanted, None)
        former = call.choices.former_owner
        if former is not None and document.trashed_at is None:
            document.grants[document.owner] = former
        document.owner = wanted
    return {"document_id": document.id, "new_owner_id": wanted}


def _request(call: Call, document: Document) -> dict[str, Any]:
    wanted = call.input.path["access_request_id"]
    found = next((each for each in document.requests if each["id"] == wanted), None)
    if found is None:
        raise call.unknown("access request")
    return found


def ask_access(call: Call) -> dict[str, Any]:
    """createAccessRequest"""
    document = call.estate.documents.get(call.input.path["document_id"])
    if document is None or document.trashed_at is not None:
        raise call.unknown("document")
    if call.estate.document_role(call.actor, document) and not call.choices.lenient:
        raise Refusal("already_exists", "You have access.")
    for each in document.requests:
        if each["subject"]["id"] == call.actor.id and each["request_status"] == "pending":
            if call.choices.lenient:
                return {"access_request": each}
            raise Refusal(call.choices.duplicate, "You have asked before.")
    now = call.estate.now()
    request = {
        "id": call.estate.id("acr"),
        "document_id": document.id,
        "subject": call.actor.subject,
        "subject_email": call.actor.email,
        "permission": call.input.body.get("permission") or "view",
        "request_status": "pending",
        "message": call.input.body.get("message"),
        "created_at": now,
        "updated_at": now,
    }
    document.requests.append(request)
    return {"access_request": request}


def list_requests(call: Call) -> dict[str, Any]:
    """listAccessRequests"""
    document = call.document("manage_access")
    return {
        "items": [each for each in document.requests if each["request_status"] == "pending"],
        "has_more": False,
    }


def request_status(call: Call) -> dict[str, Any]:
    """checkAccessRequestStatus"""
    document = call.estate.documents.get(call.input.path["document_id"])
    if document is None:
        raise call.unknown("document")
    mine = (each for each in document.requests if each["subject"]["id"] == call.actor.id)
    return {"has_pending_request": any(each["request_status"] == "pending" for each in mine)}


def _decide(call: Call, status: str) -> dict[str, Any]:
    document = call.document("manage_access", writes=True)
    request = _request(call, document)
    if request["request_status"] == "pending":
        request["request_status"], request["updated_at"] = status, call.estate.now()
        if status == "approved":
            roles = {"view": "viewer", "comment": "commenter", "edit": "collaborator"}
            document.grants[request["subject"]["id"]] = roles[request["permission"]]
            document.shared_at[request["subject"]["id"]] = call.estate.now()
    elif call.choices.settled != "again":
        raise Refusal("already_exists", "This was decided before.")
    return {"access_request": request}


def approve(call: Call) -> dict[str, Any]:
    """approveAccessRequest"""
    return _decide(call, "approved")


def deny(call: Call) -> dict[str, Any]:
    """denyAccessRequest"""
    return _decide(call, "denied")


_ONE = "/documents/{document_id}"
_ASKED = f"{_ONE}/access-requests"
_RECIPIENT = f"{_ONE}/share/{{recipient_id}}"

ROUTES = (
    Route("listDocumentAccess", "GET", f"{_ONE}/share", list_access, core=True),
    Route(
        "grantDocumentAccess", "POST", f"{_ONE}/share", grant, core=True,
        body={
            "recipients": Field("items", least=1, most=50), "custom_message": Field(nullable=True),
            "should_send_notification": Field("flag", nullable=True),
        },
    ),
    Route("revokeDocumentAccess", "DELETE", _RECIPIENT, revoke_access),
    Route(
        "updateDocumentAccess", "PATCH", _RECIPIENT, update_access,
        body={"document_role": Field("one_of", among=_ROLES, required=True)},
    ),
    Route("getGeneralAccess", "GET", f"{_ONE}/access", get_general, core=True),
    Route(
        "setGeneralAccess", "PUT", f"{_ONE}/access", set_general,
        body={"general_access_level": Field("one_of", among="|".join(GENERAL.values()), required=True)},
    ),
    Route("createShareLink", "POST", f"{_ONE}/share-links", share_link, body={}),
    Route(
        "transferDocumentOwnership", "POST", f"{_ONE}/transfer", transfer,
        body={"new_owner_id": Field("id", among="user")},
    ),
    Route("listAccessRequests", "GET", _ASKED, list_requests),
    Route(
        "createAccessRequest", "POST", _ASKED, ask_access,
        body={
            "permission": Field("one_of", among="view|edit|comment", required=True, spared=True),
            "message": Field(most=1024, nullable=True),
        },
    ),
    Route("checkAccessRequestStatus", "GET", f"{_ASKED}/status", request_status),
    Route("approveAccessRequest", "POST", f"{_ASKED}/{{access_request_id}}/approve", approve, body={}),
    Route("denyAccessRequest", "POST", f"{_ASKED}/{{access_request_id}}/deny", deny, body={}),
)  # fmt: skip
