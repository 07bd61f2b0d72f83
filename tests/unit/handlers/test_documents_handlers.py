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
