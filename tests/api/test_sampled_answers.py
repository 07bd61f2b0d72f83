"""Answers taken from the document: where no handler is, and where a client prefers one."""

import pytest

from factify_mock.api.handlers import HANDLERS

DOCUMENT = "doc_00000000000000000000000000"


def test_an_operation_without_a_handler_answers_its_sample(document, owner, world):
    operation = next((each for each in document.operations.values() if each.id not in HANDLERS), None)
    if operation is None:
        pytest.skip("every operation has a handler")
    values = {
        each.name: f"{each.name.partition('_')[0][:3]}_{'0' * 26}" for each in operation.path_parameters
    }

    answer = owner.request(operation.method, operation.format_path(values))

    assert answer.status_code == 200
    assert answer.headers["x-factify-mock"].startswith("sample; name=")
    assert operation.success.media_for("application/json").validator.is_valid(answer.json())


def test_a_handled_answer_is_not_marked_as_a_sample(owner):
    assert "x-factify-mock" not in owner.get("/v1beta/me").headers


def test_a_preferred_status_is_answered_with_its_sample(owner):
    answer = owner.get(f"/v1beta/documents/{DOCUMENT}", headers={"Prefer": "code=404"})

    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"
    assert answer.headers["preference-applied"] == "code=404"
    assert answer.headers["x-factify-mock"].startswith("sample")


def test_a_preferred_example_is_found_by_its_name(document, owner):
    media = document.operations["getMe"].success.media_for("application/json")
    name, value = next(iter(media.examples.items()))

    answer = owner.get("/v1beta/me", headers={"Prefer": f"example={name}"})

    assert answer.json() == value
    assert answer.headers["x-factify-mock"] == f"sample; name={name}"


def test_a_preferred_429_says_when_to_come_back(owner):
    answer = owner.get("/v1beta/me", headers={"Prefer": 'code="429"'})

    assert answer.status_code == 429
    assert int(answer.headers["x-ratelimit-reset"]) > 0
    assert answer.headers["x-ratelimit-remaining"] == "0"


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param("code=418", id="undocumented-status"),
        pytest.param("code=many", id="no-status"),
        pytest.param("code=²²²", id="digits-of-another-kind"),
        pytest.param("example=no-such-name", id="unknown-example"),
        pytest.param("code=404, example=no-such-name", id="unknown-example-of-a-status"),
    ],
)
def test_a_wish_that_the_document_cannot_grant_is_refused_by_name(owner, refusal, wish):
    answer = owner.get("/v1beta/me", headers={"Prefer": wish.encode("latin-1")})

    assert refusal(answer) == (400, "invalid_argument", "invalid_field_value", "Prefer")


def test_the_refusal_of_an_unknown_name_lists_the_names_that_there_are(document, owner):
    names = document.operations["listDocuments"].responses["403"].media_for("application/json").examples

    message = owner.get("/v1beta/documents", headers={"Prefer": "code=403, example=nope"}).json()["message"]

    assert "no sample named 'nope'" in message
    assert message.endswith(f"the names there are: {', '.join(names)}")


def test_a_name_that_belongs_to_another_status_is_pointed_at(owner):
    message = owner.get("/v1beta/documents", headers={"Prefer": "example=too_many_requests"}).json()[
        "message"
    ]

    assert message.endswith("'too_many_requests' is one of code=429")


def test_the_refusal_of_an_undocumented_status_lists_those_that_are(owner):
    message = owner.get("/v1beta/me", headers={"Prefer": "code=418"}).json()["message"]

    assert message == "getMe documents no response 418; it has 200, 400, 401, 403, 404, 429, 500"


def test_other_preferences_are_nobodys_business(owner):
    answer = owner.get("/v1beta/me", headers={"Prefer": "respond-async, wait=10"})

    assert answer.status_code == 200
    assert "preference-applied" not in answer.headers


def test_a_wish_does_not_help_a_bad_request(owner, client, refusal):
    wish = {"Prefer": "code=200"}

    assert refusal(client.get("/v1beta/me", headers=wish))[0] == 401
    assert refusal(owner.get("/v1beta/documents/nonsense", headers=wish))[0] == 400


def test_a_wish_changes_nothing(app, owner):
    answer = owner.post(
        "/v1beta/documents",
        data={"title": "Report"},
        files={"payload": ("a.pdf", b"%PDF-1.7 x", "application/pdf")},
        headers={"Prefer": "code=200"},
    )

    assert answer.status_code == 200
    assert app.world.tables.documents == {}
    assert len(app.blobs) == 0
