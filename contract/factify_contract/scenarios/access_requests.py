"""Asking for access to a document, and being answered."""

from collections.abc import Mapping
from typing import Any

from factify_contract.scenarios.documents import read
from factify_contract.scenarios.steps import CLOSED, REFUSALS, ids
from factify_contract.scenarios.story import Answer, Api, Person, story

_SUITE = "access-requests"


def _ask(person: Person, document: Mapping[str, Any], permission: str, **fields: Any) -> Answer:
    """What happens when the person asks for access."""
    body = {"permission": permission, **fields}
    return person.call("createAccessRequest", document_id=document["id"], body=body)


def _decide(person: Person, operation_id: str, request: Mapping[str, Any]) -> Answer:
    """What happens when the person approves or denies the request."""
    return person.call(operation_id, document_id=request["document_id"], access_request_id=request["id"])


def _has_pending(person: Person, document: Mapping[str, Any]) -> bool:
    """Whether the person is told that his own request is pending."""
    answer = person.call("checkAccessRequestStatus", document_id=document["id"])
    return bool(answer.body.get("has_pending_request"))


def _pending(api: Api, document: Mapping[str, Any]) -> list[str]:
    """The ids of the document's pending requests, as the owner sees them."""
    answer = api.owner.call("listAccessRequests", document_id=document["id"])
    api.require(answer.status == 200, f"the requests could not be read: {answer.exchange.line}")
    return ids(answer.body.get("items") or [])


def _asked(api: Api, document: Mapping[str, Any], permission: str) -> dict[str, Any]:
    """The member's request for access; the story ends where he may not ask."""
    answer = _ask(api.member, document, permission, message="For the audit.")
    api.require(answer.status == 200, f"nobody could ask for access: {answer.exchange.line}")
    request: dict[str, Any] = answer.body["access_request"]
    return request


@story(suite=_SUITE, title="A request waits for its answer", needs=("owner", "admin", "member"))
def pending(api: Api) -> None:
    """The member asks; he and the owner see the request, others do not."""
    document, other = api.new_document(access_level="private"), api.new_document(access_level="private")
    _asked(api, other, "comment")
    elsewhere = _has_pending(api.member, document)
    api.equals("access-requests.own-status", "pending for one who asked elsewhere", elsewhere, False)
    request = _asked(api, document, "view")
    api.equals("access-requests.create-pending", "status", request["request_status"], "pending")
    api.equals("access-requests.create-pending", "permission", request["permission"], "view")
    api.equals("access-requests.create-pending", "subject", request["subject"]["id"], api.member.user_id)
    api.equals("access-requests.create-pending", "document", request["document_id"], document["id"])
    if told := request.get("subject_email"):
        same = told.lower() == api.member.email.lower()
        api.equals("access-requests.subject-email", "the address is that of who asked", same, True)
    mine, others = _has_pending(api.member, document), _has_pending(api.admin, document)
    api.equals("access-requests.own-status", "pending for the one who asked", mine, True)
    api.equals("access-requests.own-status", "pending for somebody else", others, False)
    api.equals("access-requests.list-pending", "pending requests", _pending(api, document), [request["id"]])
    invented = _ask(api.member, document, "own")
    invented.is_refused("access-requests.unknown-permission-refused", codes=("invalid_argument",))


@story(suite=_SUITE, title="A request is approved", needs=("owner", "member"), smoke=True)
def approved(api: Api) -> None:
    """The member gets what he asked for."""
    document = api.new_document(access_level="private")
    request = _asked(api, document, "view")
    answer = _decide(api.owner, "approveAccessRequest", request)
    decided = answer.succeeds("access-requests.approve")["access_request"]
    api.equals("access-requests.approve", "status", decided["request_status"], "approved")
    api.equals("access-requests.approve", "pending for the member", _has_pending(api.member, document), False)
    api.equals("access-requests.list-pending", "pending requests", _pending(api, document), [])
    read(api.member, document).succeeds("access-requests.approve-gives-access")


@story(suite=_SUITE, title="A request is denied", needs=("owner", "member"), smoke=True)
def denied(api: Api) -> None:
    """The member gets nothing."""
    document = api.new_document(access_level="private")
    request = _asked(api, document, "edit")
    answer = _decide(api.owner, "denyAccessRequest", request)
    decided = answer.succeeds("access-requests.deny")["access_request"]
    api.equals("access-requests.deny", "status", decided["request_status"], "denied")
    api.equals("access-requests.deny", "pending for the member", _has_pending(api.member, document), False)
    api.equals("access-requests.list-pending", "pending requests", _pending(api, document), [])
    read(api.member, document).is_refused("access-requests.deny-gives-nothing", codes=CLOSED)


@story(suite=_SUITE, title="Of two requests one is decided", needs=("owner", "member", "outsider"))
def decided_one_by_one(api: Api) -> None:
    """The member and a stranger ask; when the member is answered, the stranger still waits."""
    for operation_id in ("approveAccessRequest", "denyAccessRequest"):
        document = api.new_document(access_level="private")
        request = _asked(api, document, "view")
        answer = _ask(api.outsider, document, "view")
        api.require(answer.status == 200, f"strangers may not ask for access: {answer.exchange.line}")
        decided = _decide(api.owner, operation_id, request)
        api.require(decided.status == 200, f"nothing could be decided: {decided.exchange.line}")
        waiting = [answer.body["access_request"]["id"]]
        api.equals("access-requests.decides-one", "pending requests", _pending(api, document), waiting)
        read(api.outsider, document).is_refused("access-requests.decides-one", codes=CLOSED)


@story(suite=_SUITE, title="Who asks does not decide", needs=("owner", "member", "outsider"))
def decided_by_others(api: Api) -> None:
    """Neither the one who asks nor a stranger sees or answers the requests."""
    document = api.new_document(access_level="private")
    request = _asked(api, document, "comment")
    clause = "access-requests.decide-outsider-refused"
    for person in (api.member, api.outsider):
        looked = person.call("listAccessRequests", document_id=document["id"])
        looked.is_refused("access-requests.decide-outsider-refused", codes=REFUSALS)
        for operation_id in ("approveAccessRequest", "denyAccessRequest"):
            tried = _decide(person, operation_id, request)
            tried.is_refused("access-requests.decide-outsider-refused", codes=REFUSALS)
    api.equals(clause, "pending requests", _pending(api, document), [request["id"]])
    read(api.member, document).is_refused("access-requests.decide-outsider-refused", codes=CLOSED)

    # Of his own document he is the owner; it is no way to decide about others.
    own = api.new_document(owner=api.member, access_level="private")
    misplaced = _decide(api.member, "approveAccessRequest", {**request, "document_id": own["id"]})
    misplaced.is_refused("access-requests.decide-outsider-refused", codes=REFUSALS)
    read(api.member, document).is_refused("access-requests.decide-outsider-refused", codes=CLOSED)
