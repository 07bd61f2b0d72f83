"""Access is asked for, given or denied, once; asking needs nothing but the document's id."""

import pytest

from factify_mock.model import access_requests, documents, permissions, sharing

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)
PRECONDITION = ("failed_precondition", "precondition_failed", None)
EXISTS = ("already_exists", "resource_already_exists", None)


@pytest.fixture
def private(cast, make_document):
    return make_document(cast.owner, access_level="private")


def ask(cast, actor, document, permission="view", **fields):
    return access_requests.create(
        cast.world, actor, cast.now, document_id=document.id, permission=permission, **fields
    )


def decide(cast, actor, request, decision):
    return decision(cast.world, actor, cast.now, document_id=request.document_id, request_id=request.id)


def is_pending(cast, actor, document):
    return access_requests.has_pending(cast.world, actor, document_id=document.id)


def pending(cast, actor, document):
    return access_requests.list_pending(cast.world, actor, document_id=document.id)


def role_of(cast, actor, document):
    return permissions.role_on(cast.world, actor, document)


def test_request_is_pending_for_those_who_decide_and_for_its_subject(cast, private):
    first = ask(cast, cast.outsider, private, "comment", message="For the review")
    second = ask(cast, cast.key, private)

    assert (first.status, first.permission, first.message) == ("pending", "comment", "For the review")
    assert pending(cast, cast.owner, private) == [first, second]
    assert is_pending(cast, cast.outsider, private)
    assert not is_pending(cast, cast.member, private)


@pytest.mark.parametrize(
    ("permission", "role"), [("view", "viewer"), ("comment", "commenter"), ("edit", "collaborator")]
)
def test_approval_gives_what_was_asked_for(cast, private, permission, role):
    request = ask(cast, cast.outsider, private, permission)
    cast.passes(hours=1)

    approved = decide(cast, cast.owner, request, access_requests.approve)

    assert (approved.status, approved.created_at) == ("approved", request.created_at)
    assert approved.updated_at == cast.now
    assert role_of(cast, cast.outsider, private) == role
    assert pending(cast, cast.owner, private) == []
    assert not is_pending(cast, cast.outsider, private)


def test_approval_never_lowers_a_role(cast, private):
    request = ask(cast, cast.outsider, private, "view")
    wishes = [sharing.Wish(cast.outsider.id, "admin")]
    sharing.grant(cast.world, cast.owner, cast.now, document_id=private.id, wishes=wishes)

    decide(cast, cast.owner, request, access_requests.approve)

    assert role_of(cast, cast.outsider, private) == "admin"


def test_denial_gives_nothing_and_leaves_room_for_another_request(cast, private):
    request = ask(cast, cast.outsider, private)

    denied = decide(cast, cast.owner, request, access_requests.deny)

    assert denied.status == "denied"
    assert role_of(cast, cast.outsider, private) is None
    assert ask(cast, cast.outsider, private).id != request.id


def test_second_request_is_refused_while_the_first_is_pending(cast, private, refusal):
    ask(cast, cast.outsider, private)

    assert refusal(lambda: ask(cast, cast.outsider, private, "edit")) == EXISTS


def test_nobody_asks_for_what_they_have_but_may_ask_for_more(cast, make_document, refusal):
    document = make_document(cast.owner)

    assert refusal(lambda: ask(cast, cast.owner, document, "edit")) == PRECONDITION
    assert refusal(lambda: ask(cast, cast.member, document, "view")) == PRECONDITION
    assert ask(cast, cast.member, document, "comment").status == "pending"


def test_request_is_decided_once(cast, private, refusal):
    request = ask(cast, cast.outsider, private)
    decide(cast, cast.owner, request, access_requests.deny)

    for decision in (access_requests.approve, access_requests.deny):
        assert refusal(lambda decision=decision: decide(cast, cast.owner, request, decision)) == PRECONDITION


def test_only_those_who_manage_access_list_and_decide(cast, make_document, refusal):
    document = make_document(cast.owner)
    request = ask(cast, cast.outsider, document, "edit")
    wishes = [sharing.Wish(cast.member.id, "collaborator"), sharing.Wish(cast.admin.id, "admin")]
    sharing.grant(cast.world, cast.owner, cast.now, document_id=document.id, wishes=wishes)

    assert refusal(lambda: pending(cast, cast.member, document)) == FORBIDDEN
    assert refusal(lambda: decide(cast, cast.member, request, access_requests.approve)) == FORBIDDEN
    assert refusal(lambda: decide(cast, cast.outsider, request, access_requests.approve)) == NOT_FOUND
    assert pending(cast, cast.admin, document) == [request]
    assert decide(cast, cast.admin, request, access_requests.approve).status == "approved"


def test_request_is_found_under_its_own_document_only(cast, private, make_document, refusal):
    request = ask(cast, cast.outsider, private)
    other = make_document(cast.owner)

    refused = refusal(
        lambda: access_requests.approve(
            cast.world, cast.owner, cast.now, document_id=other.id, request_id=request.id
        )
    )

    assert refused == NOT_FOUND


def test_trash_hides_the_document_from_those_who_ask_and_keeps_their_requests(cast, private, refusal):
    request = ask(cast, cast.outsider, private)
    documents.trash(cast.world, cast.owner, cast.now, document_id=private.id)

    assert refusal(lambda: ask(cast, cast.invitee, private)) == NOT_FOUND
    assert refusal(lambda: is_pending(cast, cast.outsider, private)) == NOT_FOUND
    assert refusal(lambda: decide(cast, cast.owner, request, access_requests.approve)) == PRECONDITION
    assert pending(cast, cast.owner, private) == [request]
