"""Access requests with the Python SDK: asked for, approved or denied."""


def test_approved_request_gives_what_was_asked_for(owner, outsider, factify, upload, refusal):
    document = upload(owner, access_level="private")

    asked = outsider.access_requests.create(
        document_id=document.id, permission="comment", message="For the audit"
    ).result.access_request

    assert (asked.request_status, asked.permission, asked.message) == ("pending", "comment", "For the audit")
    status = outsider.access_requests.check_status(document_id=document.id).result
    assert status.has_pending_request is True
    pending = owner.access_requests.list(document_id=document.id).result
    assert [each.subject.id for each in pending.items] == [factify.outsider.user_id]

    approved = owner.access_requests.approve(
        document_id=document.id, access_request_id=asked.id, body={}
    ).result.access_request

    assert approved.request_status == "approved"
    permissions = outsider.documents.get(document_id=document.id).result.document.permission_set
    assert (permissions.comment_public, permissions.create_version) == (True, False)
    assert owner.access_requests.list(document_id=document.id).result.items == []
    again = refusal(owner.access_requests.deny, document_id=document.id, access_request_id=asked.id, body={})
    assert again == ("failed_precondition", "precondition_failed")


def test_denied_request_opens_nothing_and_may_be_made_again(owner, outsider, upload, refusal):
    document = upload(owner, access_level="private")
    first = outsider.access_requests.create(document_id=document.id, permission="view").result.access_request

    denied = owner.access_requests.deny(document_id=document.id, access_request_id=first.id, body={})

    assert denied.result.access_request.request_status == "denied"
    assert refusal(outsider.documents.get, document_id=document.id)[0] == "not_found"
    assert not outsider.access_requests.check_status(document_id=document.id).result.has_pending_request
    second = outsider.access_requests.create(document_id=document.id, permission="view").result
    assert second.access_request.id != first.id


def test_inspection_shows_what_the_caller_may_do_in_a_legacy_world(legacy_world, sdk, upload):
    """The SDK inspects at GET /access, which only in a legacy world is the place for it."""
    owner, outsider = sdk(legacy_world.owner.token), sdk(legacy_world.outsider.token)
    document = upload(owner)
    owner.sharing.grant(
        document_id=document.id, recipients=[{"recipient": legacy_world.outsider.email, "role": "commenter"}]
    )

    mine = owner.access_requests.inspect(document_id=document.id).result.permission_set
    theirs = outsider.access_requests.inspect(document_id=document.id).result.permission_set

    assert (mine.view, mine.trash, mine.manage_access) == (True, True, True)
    assert (theirs.comment_public, theirs.trash, theirs.manage_access) == (True, False, False)
