"""Operations around a document as callers read them: sharing, access requests, policies, timeline."""

import pytest

from factify_mock.model.errors import DomainError
from factify_mock.model.records import Upload

PDF = Upload("0" * 64, 9, "letter.pdf", b"%PDF-1.7\n")
NOON = "2026-03-10T12:30:00Z"


def create(api, **fields):
    return api.call("owner", "createDocument", body={"title": "Lease", **fields}, upload=PDF)["document"]


def share(api, document, *recipients, **fields):
    body = {"recipients": [{"recipient": each, "role": role} for each, role in recipients], **fields}
    return api.call("owner", "grantDocumentAccess", body=body, document_id=document["id"])


def refusal(call):
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value.code, caught.value.reason, caught.value.param


def test_grant_tells_each_result_and_the_list_shows_it(api):
    document = create(api)
    path = {"document_id": document["id"]}
    outsider = api.seeded.outsider

    granted = share(
        api,
        document,
        (outsider.email.upper(), "commenter"),
        (api.seeded.owner.id, "viewer"),
        (api.seeded.organization_id, "viewer"),
        (api.actor("key").id, "admin"),
        should_send_notification=None,
        custom_message="Have a look",
    )

    assert (granted["total"], granted["successful"], granted["failed"]) == (4, 3, 1)
    assert [each["success"] for each in granted["results"]] == [True, False, True, True]
    assert granted["results"][0] == {"recipient": outsider.email.upper(), "success": True}
    assert "access already" in granted["results"][1]["error"]
    assert [mail.to for mail in api.world.tables.outbox] == [outsider.email]
    shared = api.call("owner", "listDocumentAccess", **path)
    assert shared["general_access_level"] == "organization"
    assert shared["recipients"] == [
        {
            "id": api.seeded.owner.id,
            "type": "user",
            "document_role": "owner",
            "name": "Olivia Berg",
            "email": "owner@northwind.example",
        },
        {
            "id": outsider.id,
            "type": "user",
            "document_role": "commenter",
            "name": "Oscar Lind",
            "email": outsider.email,
        },
        {
            "id": api.seeded.organization_id,
            "type": "organization",
            "document_role": "viewer",
            "name": "Northwind Archive",
        },
        {"id": api.actor("key").id, "type": "bot", "document_role": "admin", "name": "Archive sync"},
    ]


def test_grant_without_recipients_is_refused_and_names_the_field(api):
    document = create(api)
    path = {"document_id": document["id"]}
    bodies = {
        "recipients": {},
        "recipients[1].recipient": {
            "recipients": [{"recipient": "a@b.example", "role": "viewer"}, {"role": "viewer"}]
        },
    }

    for param, body in bodies.items():
        refused = refusal(lambda body=body: api.call("owner", "grantDocumentAccess", body=body, **path))
        assert refused == ("invalid_argument", "missing_required_field", param)


def test_change_and_revocation_tell_success_or_why_not(api):
    document = create(api)
    share(api, document, (api.seeded.outsider.id, "viewer"), should_send_notification=False)
    path = {"document_id": document["id"], "recipient_id": api.seeded.outsider.id}
    stranger = {**path, "recipient_id": api.seeded.invitee.id}
    admin = {"document_role": "admin"}

    assert api.world.tables.outbox == []
    assert api.call("owner", "updateDocumentAccess", body=admin, **path) == {"success": True}
    assert api.call("owner", "updateDocumentAccess", body=admin, **stranger)["success"] is False
    assert api.call("owner", "revokeDocumentAccess", **path) == {"success": True}
    assert api.call("owner", "revokeDocumentAccess", **path)["error"]


def test_general_access_and_access_level_are_one_setting(api):
    document = create(api)
    path = {"document_id": document["id"]}
    body = {"general_access_level": "anyone_with_link"}
    answer = {"document_id": document["id"], "general_access_level": "anyone_with_link"}

    assert api.call("owner", "setGeneralAccess", body=body, **path) == answer
    assert api.call("invitee", "getGeneralAccess", **path) == answer
    seen = api.call("invitee", "getDocument", **path)["document"]
    assert (seen["access_level"], seen["general_access"]) == ("public", "public")


def test_share_link_has_a_short_address(api):
    document = create(api)

    answer = api.call("owner", "createShareLink", body={}, document_id=document["id"])

    assert answer["share_link"]["document_id"] == document["id"]
    assert answer["share_link"]["creator_id"] == api.seeded.owner.id
    assert answer["short_url"].startswith("https://ffy.co/d/")


def test_access_request_is_followed_to_its_approval(api):
    document = create(api, access_level="private")
    path = {"document_id": document["id"]}
    body = {"permission": "comment", "message": "For the review"}

    request = api.call("outsider", "createAccessRequest", body=body, **path)["access_request"]
    assert request == {
        "id": request["id"],
        "document_id": document["id"],
        "subject": {"id": api.seeded.outsider.id, "type": "user", "name": "Oscar Lind"},
        "subject_email": api.seeded.outsider.email,
        "permission": "comment",
        "request_status": "pending",
        "message": "For the review",
        "created_at": NOON,
        "updated_at": NOON,
    }
    status = api.call("outsider", "checkAccessRequestStatus", **path)
    assert status == {"has_pending_request": True}
    assert api.call("owner", "listAccessRequests", **path) == {"items": [request], "has_more": False}
    approved = api.call("owner", "approveAccessRequest", body={}, access_request_id=request["id"], **path)
    assert approved["access_request"] == {**request, "request_status": "approved"}
    assert api.call("outsider", "getDocument", **path)["document"]["id"] == document["id"]
    assert api.call("owner", "listAccessRequests", **path)["items"] == []


def test_denied_bot_is_told_without_an_address(api):
    document = create(api, access_level="private")
    path = {"document_id": document["id"]}
    body = {"permission": "view"}
    request = api.call("key", "createAccessRequest", body=body, **path)["access_request"]

    denied = api.call("owner", "denyAccessRequest", body={}, access_request_id=request["id"], **path)

    assert denied["access_request"]["request_status"] == "denied"
    assert "subject_email" not in denied["access_request"]
    assert refusal(lambda: api.call("key", "getDocument", **path))[0] == "not_found"


def test_policies_are_attached_listed_in_pages_and_detached(api):
    document = create(api)
    path = {"document_id": document["id"]}
    first, second, third = api.seeded.policy_ids
    for policy_id in (third, first, second):
        answer = api.call("owner", "attachDocumentPolicy", body={"policy_id": policy_id}, **path)
        assert (answer["policy"]["id"], answer["attached_at"]) == (policy_id, NOON)

    page = api.call("owner", "listDocumentPolicies", query=[("page_size", "2")], **path)
    assert [each["policy"]["id"] for each in page["items"]] == [first, second]
    query = [("page_token", page["pagination"]["next_page_token"])]
    rest = api.call("owner", "listDocumentPolicies", query=query, **path)
    assert [each["policy"]["id"] for each in rest["items"]] == [third]
    assert api.call("owner", "detachDocumentPolicy", policy_id=first, **path) == {}
    assert len(api.call("owner", "listDocumentPolicies", **path)["items"]) == 2


def test_timeline_goes_on_at_its_cursor(api):
    document = create(api)
    path = {"document_id": document["id"]}
    for title in ("One", "Two"):
        api.call("owner", "updateDocument", body={"title": title}, **path)

    first = api.call("owner", "getDocumentTimeline", query=[("page_size", "2")], **path)
    assert [each["event_type"] for each in first["events"]] == ["document_updated"] * 2
    assert first["has_more"] is True
    query = [("cursor", first["next_cursor"])]
    rest = api.call("owner", "getDocumentTimeline", query=query, **path)
    assert (rest["has_more"], rest["next_cursor"]) == (False, None)
    (event,) = rest["events"]
    assert (event["event_type"], event["occurred_at"]) == ("document_created", NOON)
    assert event["payload"] == {
        "document_id": document["id"],
        "user_id": api.seeded.owner.id,
        "user_name": "Olivia Berg",
        "user_email": "owner@northwind.example",
        "version_id": document["current_version"]["id"],
    }
    bad = [("cursor", "garbage")]
    assert refusal(lambda: api.call("owner", "getDocumentTimeline", query=bad, **path)) == (
        "invalid_argument",
        "invalid_cursor",
        "cursor",
    )
