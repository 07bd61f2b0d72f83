"""What single requests deserve, and what answers say of them."""

from collections.abc import Callable
from typing import Any

import pytest

from factify_contract.exchange import Exchange
from factify_contract.properties import oracle
from factify_contract.properties.drafts import Draft, FormBody, JsonBody, NoBody, RawBody
from factify_contract.properties.plain import is_surely_acceptable
from factify_contract.spec import Document, Operation

ID = f"doc_{'0' * 26}"
PATH = {"document_id": ID}
ORG = (("organization_id", f"org_{'0' * 26}"),)


@pytest.fixture
def draft(shipped: Document) -> Callable[..., Draft]:
    def make(operation_id: str, **parts: Any) -> Draft:
        return Draft(shipped.operations[operation_id], **parts)

    return make


@pytest.mark.parametrize(
    ("operation_id", "parts", "clause"),
    [
        ("updateDocument", {"path": PATH, "body": JsonBody({"title": "x" * 256})}, "documents.title-limit"),
        ("updateDocument", {"path": PATH, "body": JsonBody({"title": "é" * 256})}, "requests.limit-refused"),
        (
            "updateDocument",
            {"path": PATH, "body": JsonBody({"title": "x" * 255 + " "})},
            "requests.limit-refused",
        ),
        ("updateDocument", {"path": PATH, "body": JsonBody({"title": 1})}, "transport.wrong-type-refused"),
        (
            "updateDocument",
            {"path": PATH, "body": JsonBody({"name": "x"})},
            "transport.unknown-field-refused",
        ),
        ("updateDocument", {"path": PATH, "body": RawBody(b'{"title"')}, "transport.malformed-json-refused"),
        ("updateDocument", {"path": PATH, "body": RawBody(b'{"title":"\xff"}')}, "requests.schema-refused"),
        ("updateDocument", {"path": PATH, "body": RawBody(b" ")}, None),
        ("updateDocument", {"path": PATH, "body": NoBody()}, None),
        ("trashDocument", {"path": PATH, "body": RawBody(b"{")}, None),
        ("getDocument", {"path": {"document_id": "7"}}, "identifiers.malformed-is-invalid-argument"),
        ("listApiKeys", {}, "transport.missing-required-refused"),
        ("listApiKeys", {"query": (*ORG, ("page_size", "101"))}, "pagination.size-range"),
        ("listApiKeys", {"query": (*ORG, ("page_size", ""))}, None),
        ("listApiKeys", {"query": (*ORG, ("surplus", "1"))}, None),
        ("listApiKeys", {"query": (*ORG, *ORG)}, None),
        ("createDocument", {"body": FormBody({"title": "x"}, None)}, "documents.create-needs-payload"),
        (
            "grantDocumentAccess",
            {"path": PATH, "body": JsonBody({"recipients": [{"recipient": "x", "role": "emperor"}]})},
            None,
        ),
        (
            "grantDocumentAccess",
            {"path": PATH, "body": JsonBody({"recipients": []})},
            "requests.recipient-count",
        ),
    ],
)
def test_a_wrong_request_is_judged_by_the_clause_that_forbids_it(
    draft: Callable[..., Draft], operation_id: str, parts: dict[str, Any], clause: str | None
) -> None:
    wrong = draft(operation_id, **parts)

    assert {oracle.clause_of(wrong, problem) for problem in wrong.problems()} == {clause}


def test_what_was_accepted_is_told_without_riddles(draft: Callable[..., Draft]) -> None:
    lacking = draft("createDocument", body=FormBody({"title": "x"}, None))
    long = draft("updateDocument", path=PATH, body=JsonBody({"title": "x" * 256}))

    told = [
        verdict.message
        for asked in (lacking, long)
        for verdict in oracle.judge(
            asked, asked.problems(), exchange(asked.operation, 200, None), is_real=True
        )
        if verdict.broken
    ]

    assert told[0] == "createDocument accepts a request without the required payload"
    assert told[1].startswith("updateDocument accepts a request in which title ")


@pytest.mark.parametrize(
    ("code", "is_real", "broken"),
    [("invalid_argument", True, [True]), ("failed_precondition", True, []), ("not_found", True, []),
     ("invalid_argument", False, []), (None, True, [False])],
)  # fmt: skip
def test_a_valid_request_is_only_held_against_the_api_when_called_invalid_about_real_things(
    draft: Callable[..., Draft], code: str | None, is_real: bool, broken: list[bool]
) -> None:
    asked = draft("getDocument", path=PATH)

    verdicts = oracle.judge(asked, [], exchange(asked.operation, 400 if code else 200, code), is_real=is_real)

    assert [verdict.broken for verdict in verdicts if verdict.clause == oracle.ACCEPTED] == broken


@pytest.mark.parametrize(
    ("operation_id", "parts", "sure"),
    [
        ("listDocuments", {"query": (("page_size", "100"), ("access_level", "private"))}, True),
        ("listDocuments", {"query": (("created.after", "2026-01-05T09:00:00Z"),)}, True),
        ("listDocuments", {"query": (("created.after", "0001-01-05T09:00:00Z"),)}, False),
        ("listDocuments", {"query": (("created.after", "2016-12-31T23:59:60Z"),)}, False),
        (
            "listDocuments",
            {
                "query": (
                    ("created.after", "2026-01-05T09:00:00Z"),
                    ("created.before", "2026-01-04T09:00:00Z"),
                )
            },
            False,
        ),
        ("listDocuments", {"query": (("page_token", "x"),)}, False),
        ("listDocuments", {"query": (("query", "a\x00"),)}, False),
        ("listOrganizationInvites", {"query": (("email.exact", "a@b.example"),)}, False),
        ("updateDocument", {"body": JsonBody({})}, False),
        ("updateDocument", {"body": JsonBody({"title": None})}, False),
        ("updateDocument", {"body": JsonBody({"title": "Plan"})}, True),
        ("transferDocumentOwnership", {"body": JsonBody({})}, False),
    ],
)
def test_only_requests_without_any_unspoken_rule_are_surely_acceptable(
    draft: Callable[..., Draft], operation_id: str, parts: dict[str, Any], sure: bool
) -> None:
    assert is_surely_acceptable(draft(operation_id, **parts)) is sure


@pytest.mark.parametrize(
    ("body", "accepted"),
    [
        (b'{"success":true}', True),
        (b'{"success":false,"error":"no"}', False),
        (b'{"error":"no"}', False),
        (b'{"total":1,"failed":1}', False),
        (b'{"total":2,"successful":1,"failed":1}', True),
    ],
)
def test_an_answer_that_reports_failure_is_no_success(shipped: Document, body: bytes, accepted: bool) -> None:
    answered = exchange(shipped.operations["updateDocumentAccess"], 200, None, body)

    assert oracle.is_accepted(answered) is accepted


@pytest.mark.parametrize(
    ("details", "broken"),
    [
        ("", []),
        (',"details":[]', []),
        (',"details":[{"param":"title"}]', [False]),
        (',"details":[{}]', [True]),
    ],
)
def test_only_who_gives_details_has_to_name_the_parameter(
    draft: Callable[..., Draft], details: str, broken: list[bool]
) -> None:
    wrong = draft("updateDocument", path=PATH, body=JsonBody({"title": ""}))
    body = f'{{"code":"invalid_argument","message":"?"{details}}}'.encode()
    refused = exchange(wrong.operation, 400, "invalid_argument", body)

    verdicts = oracle.judge(wrong, wrong.problems(), refused, is_real=True)

    assert [verdict.broken for verdict in verdicts if verdict.clause == oracle.NAMED] == broken


@pytest.mark.parametrize(
    ("operation_id", "parts", "param", "broken"),
    [
        # The range may be the wrong way round, and a time of expiry in the past.
        (
            "listDocuments",
            {
                "query": (
                    ("page_size", "0"),
                    ("created.after", "2026-01-05T09:00:00Z"),
                    ("created.before", "2026-01-04T09:00:00Z"),
                )
            },
            "created.after",
            [],
        ),
        (
            "createApiKey",
            {"body": JsonBody({"surplus": 1, "expires_at": "2001-01-01T00:00:00Z"})},
            "expires_at",
            [],
        ),
        # Two filters that exclude each other may go by one name, and so may both ends of a range.
        (
            "listOrganizationInvites",
            {"query": (("page_size", "0"), ("email.contains", ""), ("email.exact", ""))},
            "email",
            [],
        ),
        ("listOrganizationInvites", {"query": (("page_size", "0"), ("email.exact", ""))}, "email", [True]),
        # No schema requires these, and yet a server may miss them.
        ("grantDocumentAccess", {"body": JsonBody({"surplus": 1})}, "recipients", []),
        (
            "grantDocumentAccess",
            {"body": JsonBody({"surplus": 1, "recipients": [{"role": "viewer"}]})},
            "recipients[0].recipient",
            [],
        ),
        ("transferDocumentOwnership", {"body": JsonBody({"surplus": 1})}, "new_owner_id", []),
        ("setAPIKeyQuota", {"body": JsonBody({"surplus": 1})}, "limit", []),
        ("uploadOrganizationLogo", {"body": JsonBody({"surplus": 1})}, "image_data", []),
        ("listDocuments", {"query": (("page_size", "0"), ("title_contains", "x"))}, "title_contains", [True]),
        ("listDocuments", {"query": (("page_size", "0"),)}, "created.after", [True]),
    ],
)
def test_a_server_that_lets_the_problem_pass_may_name_what_else_it_minds(
    draft: Callable[..., Draft], operation_id: str, parts: dict[str, Any], param: str, broken: list[bool]
) -> None:
    wrong = draft(operation_id, **parts)
    problem = next(one for one in wrong.problems() if one.param in ("page_size", "surplus"))
    body = f'{{"code":"invalid_argument","message":"?","details":[{{"param":"{param}"}}]}}'.encode()
    refused = exchange(wrong.operation, 400, "invalid_argument", body)

    verdicts = oracle.judge(wrong, [problem], refused, is_real=True)

    assert [verdict.broken for verdict in verdicts if verdict.clause == oracle.NAMED] == broken


def exchange(operation: Operation, status: int, code: str | None, said: bytes | None = None) -> Exchange:
    body = said or (b"{}" if code is None else b'{"code":"%s","message":"?"}' % code.encode())
    return Exchange(
        operation=operation, actor="owner", method=operation.method, url="http://toy.example/",
        path={}, query={}, request_headers={}, request_body=b"", status=status,
        headers={"content-type": "application/json"},
        content=body, elapsed=0.0,
    )  # fmt: skip
