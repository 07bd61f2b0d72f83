"""The control plane's hands on what the service does by itself: processing held and ended, demo documents."""

import pytest

from factify_contract.scenarios.pdf import pdf


@pytest.fixture
def made(owner):
    def create():
        files = {"payload": ("a.pdf", pdf("A page"), "application/pdf")}
        return owner.post("/v1beta/documents", data={"title": "T"}, files=files).json()["document"]

    return create


def status(owner, document):
    version = owner.get(f"/v1beta/versions/{document['current_version']['id']}").json()
    shown = owner.get(f"/v1beta/documents/{document['id']}").json()["document"]
    assert shown["processing_status"] == version["processing_status"]
    return version["processing_status"]


def test_what_is_uploaded_while_processing_is_held_waits_for_its_end(owner, control, made):
    assert control("PUT", "/processing", json={"outcome": "processing"}).json() == {"outcome": "processing"}
    ready, failed = made(), made()
    assert [status(owner, each) for each in (ready, failed)] == ["processing", "processing"]

    for document, outcome in ((ready, "ready"), (failed, "failed")):
        version_id = document["current_version"]["id"]
        answer = control("PUT", "/processing", json={"version_id": version_id, "outcome": outcome})
        assert answer.json() == {"version_id": version_id, "outcome": outcome}
        assert status(owner, document) == outcome

    control("PUT", "/processing", json={"outcome": "ready"})
    assert status(owner, made()) == "ready"


def test_a_version_that_is_ready_can_be_held_again(owner, control, made):
    document = made()
    version_id = document["current_version"]["id"]

    control("PUT", "/processing", json={"version_id": version_id, "outcome": "processing"})

    assert status(owner, document) == "processing"
    assert owner.get(f"/v1beta/versions/{version_id}/record").status_code == 400


def test_a_demo_document_counts_in_no_quota(owner, control, made):
    document = made()
    assert owner.get("/v1beta/documents/quota").json()["used"] == 1

    answer = control("POST", "/demo-documents", json={"document_id": document["id"]})

    assert answer.json() == {"document_id": document["id"], "is_demo": True}
    assert owner.get("/v1beta/documents/quota").json()["used"] == 0
    assert owner.get(f"/v1beta/documents/{document['id']}").json()["document"]["is_demo"] is True


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/processing", {"version_id": "ver_none", "outcome": "ready"}),
        ("POST", "/demo-documents", {"document_id": "doc_none"}),
    ],
)
def test_what_is_not_there_is_not_found(control, method, path, body):
    assert control(method, path, json=body).status_code == 404


def test_an_outcome_that_there_is_not_is_refused(control):
    assert control("PUT", "/processing", json={"outcome": "burnt"}).status_code == 400
