"""Operations of documents as a caller reads them, always valid against the document."""

from datetime import timedelta

import pytest

from factify_mock.api.call import Call
from factify_mock.api.handlers import HANDLERS
from factify_mock.model.errors import DomainError
from factify_mock.model.records import Upload

PDF = Upload("0" * 64, 9, "letter.pdf", b"%PDF-1.7\n")
NOON = "2026-03-10T12:30:00Z"


def create(api, who="owner", title="Lease", **fields):
    return api.call(who, "createDocument", body={"title": title, **fields}, upload=PDF)["document"]


def share(api, document, *recipients, who="owner", **fields):
    body = {"recipients": [{"recipient": each, "role": role} for each, role in recipients], **fields}
    return api.call(who, "grantDocumentAccess", body=body, document_id=document["id"])


def listed(api, who, *query):
    return [each["title"] for each in api.call(who, "listDocuments", query=list(query))["items"]]


def refusal(call):
    with pytest.raises(DomainError) as caught:
        call()
    return caught.value.code, caught.value.reason, caught.value.param


def test_created_document_is_in_processing_and_then_as_its_version(api):
    document = create(api, description="Signed")
    suffix = document["id"].removeprefix("doc_")
    version_id = document["current_version"]["id"]
    permission_set = document.pop("permission_set")

    assert document == {
        "id": document["id"],
        "url": f"https://app.factify.com/d/{suffix}",
        "title": "Lease",
        "description": "Signed",
        "access_level": "organization",
        "general_access": "organization",
        "processing_status": "processing",
        "source_format": "pdf",
        "current_version": {"id": version_id},
        "created_at": NOON,
        "updated_at": NOON,
        "created_by": {"id": api.seeded.owner.id, "type": "user", "name": "Olivia Berg"},
        "owner_organization_id": api.seeded.organization_id,
        "is_demo": False,
    }
    assert len(permission_set) == 16
    assert all(permission_set.values())
    got = api.call("owner", "getDocument", document_id=document["id"])["document"]
    assert got == {**document, "processing_status": "ready", "permission_set": permission_set}
    version = api.call("owner", "getVersion", version_id=version_id)
    assert version == {
        "id": version_id,
        "document_id": document["id"],
        "url": f"https://app.factify.com/d/{suffix}/v/1",
        "processing_status": "ready",
        "created_at": NOON,
        "created_by": document["created_by"],
    }


def test_document_of_a_key_names_its_bot(api):
    assert create(api, "key")["created_by"] == {
        "id": api.actor("key").id,
        "type": "bot",
        "name": "Archive sync",
    }


def test_document_without_an_organization_says_so(api):
    document = create(api, "invitee")

    assert (document["owner_organization_id"], document["access_level"]) == ("", "private")


@pytest.mark.parametrize("operation_id", ["createDocument", "createDocumentVersion"])
def test_upload_is_required(api, operation_id):
    operation, now = api.document.operations[operation_id], api.world.clock.now()
    path = {"document_id": create(api)["id"]}
    call = Call(operation, api.world, now, api.actor("owner"), path, {}, {"title": "Lease"})

    refused = refusal(lambda: HANDLERS[operation_id](call))

    assert refused == ("invalid_argument", "missing_required_field", "payload")


def test_personal_fields_are_the_callers_own(api):
    document = create(api)
    api.world.clock.advance(timedelta(hours=1))
    share(api, document, (api.seeded.outsider.email, "commenter"))

    def seen(who):
        return api.call(who, "getDocument", document_id=document["id"])["document"]

    assert seen("outsider")["shared_at"] == "2026-03-10T13:30:00Z"
    assert "shared_at" not in seen("owner")
    assert "shared_at" not in seen("member")
    assert [name for name, given in seen("member")["permission_set"].items() if given] == [
        "view",
        "open",
        "comment_private",
    ]
    for who in ("owner", "outsider", "member"):
        inspected = api.call(who, "inspectDocumentAccess", document_id=document["id"])
        assert inspected == {
            "document_id": document["id"],
            "permission_set": seen(who)["permission_set"],
        }


def test_update_and_trash_are_read_back(api):
    document = create(api)
    path = {"document_id": document["id"]}

    updated = api.call("owner", "updateDocument", body={"title": "Sale"}, **path)["document"]
    assert updated["title"] == "Sale"
    assert api.call("owner", "trashDocument", body={}, **path) == {}
    trashed = api.call("owner", "getDocument", **path)["document"]
    assert (trashed["trashed_at"], trashed["general_access"]) == (NOON, "private")
    assert listed(api, "owner") == []
    assert listed(api, "owner", ("trash_state", "trashed")) == ["Sale"]
    assert api.call("owner", "untrashDocument", body={}, **path) == {}
    assert "trashed_at" not in api.call("owner", "getDocument", **path)["document"]


def test_every_filter_of_the_list_reaches_the_model(api):
    create(api, title="Alpha", description="first", access_level="private")
    api.world.clock.advance(timedelta(hours=1))
    create(api, "key", title="Beta", access_level="public")
    key_id = api.actor("key").id
    expected = {
        ("created.after", "2026-03-10T12:30:00.000001Z"): ["Beta"],
        ("created.before", "2026-03-10T13:30:00+01:00"): ["Alpha"],
        ("created_by_id", key_id): ["Beta"],
        ("access_level", "private"): ["Alpha"],
        ("processing_status", "ready"): ["Beta", "Alpha"],
        ("processing_status", "failed"): [],
        ("sort", "name"): ["Alpha", "Beta"],
        ("sort", ""): ["Beta", "Alpha"],
        ("query", "FIRST"): ["Alpha"],
        ("ownership", "not_owned"): ["Beta"],
        ("trash_state", "trashed"): [],
        ("organization_scope", "true"): ["Beta", "Alpha"],
        ("title_contains", "ALP"): ["Alpha"],
        ("description_contains", "irs"): ["Alpha"],
        ("source_format", "pdf"): ["Beta", "Alpha"],
        ("source_format", "csv"): [],
    }

    assert {pair: listed(api, "owner", pair) for pair in expected} == expected
    parameters = {each.name for each in api.document.operations["listDocuments"].query_parameters}
    assert {name for name, _ in expected} == parameters - {"page_token", "page_size"}


def test_bounds_of_a_range_must_be_in_order(api):
    query = [("created.after", NOON), ("created.before", NOON)]

    assert refusal(lambda: api.call("owner", "listDocuments", query=query)) == (
        "invalid_argument",
        "invalid_field_value",
        "created.after",
    )


def test_pages_lead_forth_and_back(api):
    for number in range(5):
        create(api, title=f"T{number}")

    def page(token=""):
        answer = api.call("owner", "listDocuments", query=[("page_size", "2"), ("page_token", token)])
        return [each["title"] for each in answer["items"]], answer["pagination"]

    first, first_tokens = page()
    second, second_tokens = page(first_tokens["next_page_token"])
    third, third_tokens = page(second_tokens["next_page_token"])

    assert (first, second, third) == (["T4", "T3"], ["T2", "T1"], ["T0"])
    assert [each["has_more"] for each in (first_tokens, second_tokens, third_tokens)] == [True, True, False]
    assert third_tokens["next_page_token"] == first_tokens["prev_page_token"] == ""
    assert page(third_tokens["prev_page_token"])[0] == second
    assert page(second_tokens["prev_page_token"])[0] == first


def test_page_token_is_bound_to_the_filters(api):
    for number in range(3):
        create(api, title=f"T{number}")
    first = api.call("owner", "listDocuments", query=[("page_size", "1")])
    query = [("page_token", first["pagination"]["next_page_token"]), ("sort", "name")]

    assert refusal(lambda: api.call("owner", "listDocuments", query=query)) == (
        "invalid_argument",
        "invalid_cursor",
        "page_token",
    )


def test_pages_sorted_by_the_longest_of_names_join(api):
    titles = [
        character * 255 for character in "\N{GREEK SMALL LETTER IOTA WITH DIALYTIKA AND TONOS}\U0001f600"
    ]
    for title in (*titles, *titles):
        create(api, title=title)
    found, token = [], ""
    for _ in range(4):
        query = [("sort", "name"), ("page_size", "1"), ("page_token", token)]
        answer = api.call("owner", "listDocuments", query=query)
        found += [each["title"] for each in answer["items"]]
        token = answer["pagination"]["next_page_token"]

    assert found == [titles[0], titles[0], titles[1], titles[1]]
    assert token == ""


@pytest.mark.parametrize("mutant", ["documents.page-drops-item", "documents.page-repeats-item"])
def test_defective_pages_do_not_make_the_whole(api, mutant):
    api.world.settings = type(api.world.settings)(mutants=frozenset({mutant}))
    for number in range(5):
        create(api, title=f"T{number}")
    titles, token = [], ""
    while True:
        answer = api.call("owner", "listDocuments", query=[("page_size", "2"), ("page_token", token)])
        titles += [each["title"] for each in answer["items"]]
        token = answer["pagination"]["next_page_token"]
        if not token:
            break

    expected = {
        "documents.page-drops-item": ["T4", "T3", "T1"],
        "documents.page-repeats-item": ["T4", "T3", "T3", "T2", "T1", "T1", "T0"],
    }
    assert titles == expected[mutant]


def test_versions_are_listed_newest_first_under_one_document(api):
    document = create(api)
    path = {"document_id": document["id"]}
    body = {"title": "Second", "description": "With the annex"}
    second = api.call("owner", "createDocumentVersion", body=body, upload=PDF, **path)

    assert second["processing_status"] == "processing"
    assert second["url"].endswith("/v/2")
    updated = api.call("owner", "updateVersion", body={"title": "2nd"}, version_id=second["id"])
    assert (updated["title"], updated["description"]) == ("2nd", "With the annex")
    found = api.call("owner", "listDocumentVersions", **path)["items"]
    assert [each["id"] for each in found] == [second["id"], document["current_version"]["id"]]
    current = api.call("owner", "getDocument", **path)["document"]["current_version"]
    assert current == {"id": second["id"]}


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


def test_transfer_and_processing_answer_with_ids(api):
    document = create(api)
    path = {"document_id": document["id"]}

    processed = api.call("owner", "processDocument", body={"async": True}, **path)
    assert processed == {
        "document_id": document["id"],
        "version_id": document["current_version"]["id"],
        "status": "PROCESSING_OUTCOME_ALREADY_COMPLETED",
    }
    body = {"new_owner_id": api.seeded.member.id}
    assert api.call("owner", "transferDocumentOwnership", body=body, **path) == {
        "document_id": document["id"],
        "new_owner_id": api.seeded.member.id,
    }
