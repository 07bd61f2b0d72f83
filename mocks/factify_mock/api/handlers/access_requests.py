"""Handlers of requests for access."""

from typing import Any

from factify_mock.api.call import Call, Handler
from factify_mock.api.render import documents as render
from factify_mock.model import access_requests


def create_request(call: Call) -> dict[str, Any]:
    """The pending request."""
    request = access_requests.create(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        permission=call.body["permission"],
        message=call.body.get("message"),
    )
    return {"access_request": render.access_request(call.world, request)}


def list_requests(call: Call) -> dict[str, Any]:
    """All undecided requests: the operation has no pages."""
    found = access_requests.list_pending(call.world, call.caller, document_id=call.path["document_id"])
    return {"items": [render.access_request(call.world, each) for each in found], "has_more": False}


def check_status(call: Call) -> dict[str, Any]:
    """Whether a request of the caller's own is undecided."""
    pending = access_requests.has_pending(call.world, call.caller, document_id=call.path["document_id"])
    return {"has_pending_request": pending}


def approve_request(call: Call) -> dict[str, Any]:
    """The approved request."""
    request = access_requests.approve(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        request_id=call.path["access_request_id"],
    )
    return {"access_request": render.access_request(call.world, request)}


def deny_request(call: Call) -> dict[str, Any]:
    """The denied request."""
    request = access_requests.deny(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        request_id=call.path["access_request_id"],
    )
    return {"access_request": render.access_request(call.world, request)}


HANDLERS: dict[str, Handler] = {
    "createAccessRequest": create_request,
    "listAccessRequests": list_requests,
    "checkAccessRequestStatus": check_status,
    "approveAccessRequest": approve_request,
    "denyAccessRequest": deny_request,
}
