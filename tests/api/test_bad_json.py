"""JSON bodies and parameters that no client should send: always refused by name, never a failure."""

import pytest

from factify_mock.api.app import AppOptions, create_app
from factify_mock.api.limits import Limits

JSON = (b"content-type", b"application/json")
INVALID = (400, "invalid_argument", "invalid_field_value")


@pytest.fixture
def document_path(owner):
    made = owner.post(
        "/v1beta/documents",
        data={"title": "Report"},
        files={"payload": ("a.pdf", b"%PDF-1.7 x", "application/pdf")},
    )
    return f"/v1beta/documents/{made.json()['document']['id']}"


@pytest.mark.parametrize(
    ("content", "param"),
    [
        pytest.param(b"", "body", id="empty"),
        pytest.param(b"   ", "body", id="blank"),
        pytest.param(b"{", "body", id="unfinished"),
        pytest.param(b'{"title": "a",}', "body", id="trailing-comma"),
        pytest.param(b"{'title': 'a'}", "body", id="single-quotes"),
        pytest.param(b'{"title": "a"}{}', "body", id="two-values"),
        pytest.param(b"\xef\xbb\xbf{}", "body", id="byte-order-mark"),
        pytest.param('{"title": "a"}'.encode("utf-16"), "body", id="utf-16"),
        pytest.param(b'{"title": "\xff"}', "body", id="invalid-utf-8"),
        pytest.param(b'{"title": "a\x00b"}', "body", id="raw-nul"),
        pytest.param(b'{"title": "\\ud800"}', "body", id="lone-surrogate"),
        pytest.param(b'{"title": NaN}', "body", id="nan"),
        pytest.param(b'{"title": Infinity}', "body", id="infinity"),
        pytest.param(b'{"title": 1e999}', "body", id="number-out-of-range"),
        pytest.param(b"[" * 100_000, "body", id="hundred-thousand-brackets"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "body", id="hundred-thousand-levels"),
        pytest.param(b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "body", id="hundred-thousand-objects"),
        pytest.param(b"null", "body", id="null"),
        pytest.param(b"[]", "body", id="array"),
        pytest.param(b'"title"', "body", id="string"),
        pytest.param(b"%s" % (b"9" * 400), "body", id="huge-integer"),
        pytest.param(b'{"title": "a\\u0000b"}', "title", id="escaped-nul"),
        pytest.param(b'{"title": 1}', "title", id="number-for-text"),
        pytest.param(b'{"title": %s}' % (b"9" * 4000), "title", id="integer-of-4000-digits"),
        pytest.param(b'{"title": ' + b"[" * 500 + b"]" * 500 + b"}", "title", id="deep-field"),
        pytest.param(b'{"title": ["a"]}', "title", id="array-for-text"),
        pytest.param(b'{"title": "%s"}' % (b"t" * 256), "title", id="title-too-long"),
        pytest.param(b'{"title": "%s"}' % (b"t" * 10_000_000), "title", id="title-of-ten-megabytes"),
        pytest.param(b'{"titel": "a"}', "titel", id="unknown-field"),
        pytest.param(b'{"": "a"}', "body", id="nameless-field"),
        pytest.param(b'{"description": "%s"}' % (b"d" * 2001), "description", id="description-too-long"),
    ],
)
def test_a_bad_body_is_refused_by_name(owner, document_path, refusal, content, param):
    answer = owner.patch(document_path, content=content, headers={"Content-Type": "application/json"})

    assert refusal(answer) == (*INVALID, param)
    assert owner.get(document_path).json()["document"]["title"] == "Report"


def test_a_body_that_may_be_empty_and_is_missing_is_asked_for(owner, document_path, refusal):
    answer = owner.post(f"{document_path}/trash")

    assert refusal(answer) == (*INVALID, "body")
    assert answer.json()["message"].endswith("is required; where there is nothing to say, send {}")


def test_an_empty_title_counts_as_a_missing_one(owner, document_path, refusal):
    answer = owner.patch(document_path, json={"title": ""})

    assert refusal(answer) == (400, "invalid_argument", "missing_required_field", "title")


def test_a_message_never_repeats_a_huge_value(owner, document_path):
    answer = owner.patch(document_path, json={"title": "t" * 1_000_000})

    assert len(answer.content) < 1000


def test_every_problem_of_a_body_has_its_detail(owner):
    answer = owner.post("/v1beta/api-keys", json={"name": "", "surprise": 1})

    details = {each["param"]: each["reason"] for each in answer.json()["details"]}
    assert details == {
        "organization_id": "missing_required_field",
        "name": "missing_required_field",
        "surprise": "invalid_field_value",
    }
    assert len({each["request_id"] for each in answer.json()["details"]}) == 1


@pytest.mark.parametrize(
    "content_type",
    [
        pytest.param("text/plain", id="text"),
        pytest.param("application/x-www-form-urlencoded", id="urlencoded"),
        pytest.param("multipart/form-data; boundary=x", id="multipart"),
        pytest.param("application/xml", id="xml"),
        pytest.param("application/jsonp", id="almost-json"),
        pytest.param("\xff", id="not-ascii"),
        pytest.param("a" * 5000, id="five-thousand-characters"),
    ],
)
def test_a_wrong_content_type_is_refused_by_name(raw, world, content_type):
    token = f"Bearer {world['owner']['token']}".encode()
    headers = [(b"authorization", token), (b"content-type", content_type.encode("latin-1"))]
    answer = raw("POST", "/v1beta/api-keys", headers=headers, chunks=[b"{}"])

    assert (answer.status, answer.body["details"][0]["param"]) == (400, "Content-Type")


def test_a_missing_content_type_is_refused_by_name(raw, world):
    headers = [(b"authorization", f"Bearer {world['owner']['token']}".encode())]

    answer = raw("POST", "/v1beta/api-keys", headers=headers, chunks=[b"{}"])

    assert answer.body["details"][0]["param"] == "Content-Type"


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json ;x=y"]
)
def test_a_content_type_may_have_parameters_and_any_case(owner, document_path, content_type):
    answer = owner.patch(document_path, content=b'{"title": "New"}', headers={"Content-Type": content_type})

    assert answer.json()["document"]["title"] == "New"


@pytest.mark.parametrize(
    ("query", "reason", "param"),
    [
        pytest.param(b"page_size=0", "invalid_field_value", "page_size", id="too-small"),
        pytest.param(b"page_size=101", "invalid_field_value", "page_size", id="too-big"),
        pytest.param(b"page_size=ten", "invalid_field_value", "page_size", id="no-number"),
        pytest.param(b"page_size=", "invalid_field_value", "page_size", id="empty-number"),
        pytest.param(b"page_size=1e1", "invalid_field_value", "page_size", id="exponent"),
        pytest.param(
            b"page_size=" + b"9" * 5000, "invalid_field_value", "page_size", id="five-thousand-digits"
        ),
        pytest.param(b"page_size=1&page_size=2", "invalid_field_value", "page_size", id="given-twice"),
        pytest.param(b"page_size=1&page_size=1", "invalid_field_value", "page_size", id="given-twice-alike"),
        pytest.param(
            b"organization_scope=True", "invalid_field_value", "organization_scope", id="python-boolean"
        ),
        pytest.param(b"created.after=yesterday", "invalid_field_value", "created.after", id="no-timestamp"),
        pytest.param(
            b"created.after=2026-01-01T00:00:00", "invalid_field_value", "created.after", id="without-zone"
        ),
        pytest.param(b"trash_state=gone", "invalid_enum_value", "trash_state", id="unknown-word"),
        pytest.param(b"created_by_id=nobody", "invalid_id_format", "created_by_id", id="malformed-id"),
        pytest.param(b"page_token=nonsense", "invalid_cursor", "page_token", id="foreign-cursor"),
        pytest.param(b"query=a%00b", "invalid_field_value", "query", id="nul"),
        pytest.param(b"query=%ff%fe", "invalid_field_value", "query", id="invalid-utf-8"),
        pytest.param(b"query=\xff", "invalid_field_value", "query", id="raw-bytes"),
        pytest.param(b"title_contains=" + b"t" * 256, "invalid_field_value", "title_contains", id="too-long"),
        pytest.param(b"colour=red", "invalid_field_value", "colour", id="unknown-key"),
        pytest.param(b"%ff=1", "invalid_field_value", "query", id="key-is-not-utf-8"),
    ],
)
def test_a_bad_query_is_refused_by_name(raw, world, query, reason, param):
    headers = [(b"authorization", f"Bearer {world['owner']['token']}".encode())]

    answer = raw("GET", "/v1beta/documents", query=query, headers=headers)

    assert (answer.status, answer.body["code"]) == (400, "invalid_argument")
    assert (answer.body["details"][0]["reason"], answer.body["details"][0]["param"]) == (reason, param)


@pytest.mark.parametrize(
    "segment",
    [
        pytest.param("x", id="short"),
        pytest.param("7f1c2a3e-0000-4000-8000-000000000000", id="bare-uuid"),
        pytest.param("ver_01jd4h5zzzzzzzzzzzzzzzzzzz", id="another-prefix"),
        pytest.param("doc_01JD4H5ZZZZZZZZZZZZZZZZZZZ", id="upper-case"),
        pytest.param("doc_01jd4h5zzzzzzzzzzzzzzzzzzu", id="letter-outside-the-alphabet"),
        pytest.param("doc_01jd4h5zzzzzzzzzzzzzzzzzzz%0A", id="trailing-newline"),
        pytest.param("doc_%00", id="nul"),
        pytest.param("%ff%fe", id="invalid-utf-8"),
        pytest.param("%zz", id="broken-escape"),
        pytest.param("d" * 10_000, id="ten-thousand-characters"),
    ],
)
def test_a_malformed_id_is_refused_by_name(raw, world, segment):
    headers = [(b"authorization", f"Bearer {world['owner']['token']}".encode())]

    answer = raw("GET", f"/v1beta/documents/{segment}", headers=headers)

    assert answer.status == 400
    assert (answer.body["details"][0]["reason"], answer.body["details"][0]["param"]) == (
        "invalid_id_format",
        "document_id",
    )


def test_a_well_formed_id_of_nothing_is_not_found(owner, refusal):
    answer = owner.get("/v1beta/documents/doc_00000000000000000000000000")

    assert refusal(answer) == (404, "not_found", "resource_not_found", None)


def test_a_missing_required_parameter_is_named(owner, refusal):
    answer = owner.get("/v1beta/api-keys")

    assert refusal(answer) == (400, "invalid_argument", "missing_required_field", "organization_id")


def test_a_body_beyond_the_limit_is_refused_without_being_read(document, connect, refusal):
    small = create_app(document, options=AppOptions(limits=Limits(json=100)))
    client = connect(small, small.ready["owner"]["token"])

    answer = client.post("/v1beta/api-keys", content=b" " * 101, headers={"Content-Type": "application/json"})

    assert refusal(answer) == (*INVALID, "body")


def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_long(document, raw_to):
    small = create_app(document, options=AppOptions(limits=Limits(json=100)))
    headers = [JSON, (b"authorization", f"Bearer {small.ready['owner']['token']}".encode())]

    answer = raw_to(small)("POST", "/v1beta/api-keys", headers=headers, chunks=[b" " * 60, b" " * 60])

    assert answer.body["details"][0]["param"] == "body"


def test_a_client_that_goes_away_gets_no_answer_and_changes_nothing(app, raw, owner, world):
    headers = [JSON, (b"authorization", f"Bearer {world['owner']['token']}".encode())]
    body = b'{"organization_id": "%s", "name": "half"}' % world["organization_id"].encode()

    answer = raw("POST", "/v1beta/api-keys", headers=headers, chunks=[body], disconnects=True)

    assert answer.status is None
    assert [each.name for each in app.world.tables.api_keys.values()] == ["Archive sync"]


def test_a_body_where_none_is_documented_is_nobodys_business(owner):
    answer = owner.request(
        "GET", "/v1beta/me", content=b"{broken", headers={"Content-Type": "application/json"}
    )

    assert answer.status_code == 200
