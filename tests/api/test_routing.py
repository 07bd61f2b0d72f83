"""Which operation answers, and what is said where none does."""

from factify_mock.api.handlers import HANDLERS


def test_a_static_segment_wins_over_a_parameter(owner):
    answer = owner.get("/v1beta/documents/quota")

    assert answer.status_code == 200
    assert set(answer.json()) == {"used", "limit", "available"}


def test_an_unknown_path_is_not_found(owner, refusal):
    answer = owner.get("/v1beta/nothing-here")

    assert refusal(answer) == (404, "not_found", "resource_not_found", None)


def test_an_unknown_path_needs_no_credentials_to_be_not_found(client, refusal):
    assert refusal(client.get("/"))[0] == 404


def test_who_has_lost_the_way_is_told_where_there_is_something(client):
    for path in ("/", "/v1/me", "/__mock__"):
        said = client.get(path).json()["message"]
        assert said == (
            f"There is nothing at {path}; the API is below /v1beta,"
            " /__mock__/openapi.json describes the control plane"
        )
    assert "/v1beta" not in client.get("/__mock__/nothing").json()["message"]


def test_a_known_path_with_another_method_says_what_it_allows(owner, refusal):
    answer = owner.delete("/v1beta/documents")

    assert refusal(answer) == (405, "unimplemented", "unimplemented", None)
    assert answer.headers["allow"] == "GET, POST"


def test_an_encoded_slash_stays_inside_its_segment(owner, refusal):
    answer = owner.get("/v1beta/documents/doc_a%2Fshare")

    assert refusal(answer) == (400, "invalid_argument", "invalid_id_format", "document_id")


def test_a_trailing_slash_is_another_path(owner, refusal):
    assert refusal(owner.get("/v1beta/documents/"))[0] == 404


def test_every_handler_answers_an_operation_of_the_document(document):
    assert set(HANDLERS) <= set(document.operations)


def test_an_answer_is_json_of_a_known_length(owner):
    answer = owner.get("/v1beta/me")

    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content)
