"""What a test may claim about the requests of a client, and what it is told when that is not so."""

from unittest.mock import ANY

import pytest


@pytest.fixture
def sent(factify_in_process, upload):
    """A world that has received two documents of the owner, a list of the admin, and a call that missed."""
    owner = factify_in_process.owner.client()
    upload(owner, "Lease")
    upload(owner, "Deed")
    factify_in_process.admin.client().get("/v1beta/documents", params={"page_size": 5, "query": "De"})
    owner.post("/v1beta/document", json={})
    return factify_in_process.requests


def test_claims_that_are_true_return_the_requests(sent, factify_in_process):
    world = factify_in_process

    assert [each["status"] for each in sent.assert_sent("createDocument")] == [200, 200]
    assert len(sent.assert_sent("createDocument", body={"title": "Deed"}, times=1)) == 1
    sent.assert_sent("createDocument", body={"title": ANY, "payload": [{"filename": "lease.pdf"}]}, times=2)
    sent.assert_sent("listDocuments", query={"page_size": 5}, caller=world.admin, status=200)
    sent.assert_sent("listDocuments", headers={"Accept": "*/*"}, path="/v1beta/documents")
    sent.assert_sent("getDocument", times=0)
    sent.assert_not_sent("createDocument", body={"title": "Will"})
    sent.assert_not_sent("listDocuments", caller=world.owner)
    sent.assert_order("createDocument", "createDocument", "listDocuments")


def test_the_calls_of_a_key_are_told_from_those_of_people(factify_in_process):
    world = factify_in_process
    world.api_key.client().get("/v1beta/documents").raise_for_status()

    world.requests.assert_sent("listDocuments", caller=world.api_key)
    world.requests.assert_not_sent("listDocuments", caller=world.owner)


def test_a_failure_shows_the_nearest_miss(sent, factify_in_process):
    with pytest.raises(AssertionError) as failed:
        sent.assert_sent(
            "createDocument", body={"title": "Leases", "description": "x"}, caller=factify_in_process.owner
        )

    assert str(failed.value).splitlines()[1:] == [
        "  nearest miss: createDocument: POST /v1beta/documents by owner → 200",
        "    body.title: wanted 'Leases', got 'Lease'",
        "    body.description: wanted 'x', got nothing",
        "  received in all: createDocument x2, listDocuments, POST /v1beta/document",
    ]


def test_another_operation_is_the_nearest_only_where_there_is_none_of_the_same(sent):
    with pytest.raises(AssertionError, match=r"nearest miss: listDocuments: GET .*\?page_size=5&query=De"):
        sent.assert_sent("listDocuments", query={"page_size": 50})
    with pytest.raises(AssertionError, match="operation: wanted 'createOrganizationInvite', got"):
        sent.assert_sent("createOrganizationInvite")


def test_a_wrong_number_of_times_says_both_numbers(sent):
    with pytest.raises(AssertionError, match=r"was received twice, not once\n  createDocument: POST"):
        sent.assert_sent("createDocument", times=1)
    with pytest.raises(AssertionError, match="was received once, not twice\n  nearest miss: createDocument"):
        sent.assert_sent("createDocument", body={"title": "Deed"}, times=2)


def test_an_unwanted_request_is_shown(sent):
    with pytest.raises(AssertionError, match=r"was received once\n  createDocument: POST .* by owner → 200"):
        sent.assert_not_sent("createDocument", body={"title": "Lease"})


def test_a_wrong_order_says_after_what_nothing_came(sent):
    with pytest.raises(AssertionError, match="no createDocument was received after listDocuments\n"):
        sent.assert_order("listDocuments", "createDocument")
    with pytest.raises(AssertionError, match="no getMe was received at all\n"):
        sent.assert_order("getMe")


def test_nothing_received_is_said_so(factify_in_process):
    with pytest.raises(AssertionError, match="no getMe was received\n  nothing was received"):
        factify_in_process.requests.assert_sent("getMe")


def test_a_claim_about_no_operation_is_a_mistake_and_not_true(sent):
    with pytest.raises(ValueError, match="no operation 'createDocuments'; did you mean 'createDocument'"):
        sent.assert_not_sent("createDocuments")
    with pytest.raises(ValueError, match="no operation 'xyz'; its operationIds are in the document"):
        sent.assert_order("xyz")


def test_a_claim_about_the_word_for_somebody_says_whom_to_give(sent):
    with pytest.raises(TypeError, match=r"caller 'owner' is nobody of a world; give factify\.owner"):
        sent.assert_sent("createDocument", caller="owner")


def test_what_a_full_record_cannot_tell_it_does_not_tell(factify_in_process):
    client, requests = factify_in_process.owner.client(), factify_in_process.requests
    for _ in range(1000):
        client.get("/v1beta/me")

    with pytest.raises(AssertionError, match="has forgotten earlier ones"):
        requests.assert_not_sent("createDocument")

    requests.clear()
    requests.assert_not_sent("createDocument")


def test_lists_count_whole_and_mappings_by_what_is_given():
    from factify_fixtures.wishes import Wish

    request = {
        "operation_id": "x", "path": "/x", "query": "a=1&a=2&b=", "request_headers": [["accept", "*/*"]],
        "request_body": {"a": [1, {"b": None}], "c": 1}, "actor_id": None, "status": 200,
    }  # fmt: skip

    def differences(**wish):
        return [str(each) for each in Wish("x", **wish).differences(request)]

    assert differences(body={"a": [1, {"b": None}]}, query={"a": [1, 2], "b": ""}) == []
    assert differences(body={"a": [1]}) == ["body.a: wanted [1], got [1, {'b': None}]"]
    assert differences(body={"a": [1, {"b": 0}]}) == ["body.a[1].b: wanted 0, got None"]
    assert differences(body={"d": None}) == ["body.d: wanted None, got nothing"]
    assert differences(query={"b": True}) == ["query.b: wanted 'true', got ''"]
