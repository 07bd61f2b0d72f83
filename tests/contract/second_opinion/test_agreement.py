"""Where Prism and our checks part is said once, in words, with how often it was seen."""

from dataclasses import dataclass

import pytest

from factify_contract.exchange import Exchange
from factify_contract.second_opinion.agreement import Agreement
from factify_contract.spec import Document

DOCUMENT = Document.load()


@dataclass(frozen=True)
class Objection:
    place: tuple[str, ...]
    code: str = "type"
    message: str = "must be string"


@pytest.fixture
def agreement():
    return Agreement(DOCUMENT)


def exchange(operation="getUserPreferences", status=200, content=b'{"has_completed_document_tour": true}'):
    return Exchange(
        operation=DOCUMENT.operations[operation] if operation else None,
        actor="owner",
        method="GET",
        url="http://api.test/v1beta/user-preferences",
        path={},
        query={},
        request_headers={},
        request_body=b"",
        status=status,
        headers={"content-type": "application/json"},
        content=content,
        elapsed=0.0,
    )


GOOD = b'{"has_completed_document_tour": true, "has_completed_hub_onboarding": false}'
BAD = b'{"has_completed_document_tour": "yes", "has_completed_hub_onboarding": false}'
IN_ANSWER = Objection(("response", "body", "items", "3", "title"))


def said(agreement):
    return [line.removeprefix("second opinion: ") for line in agreement.sentences()]


def test_both_silent_and_both_objecting_is_agreement(agreement):
    agreement.add(exchange(content=GOOD), [])
    agreement.add(exchange(content=BAD), [IN_ANSWER])

    assert said(agreement) == ["Prism looked at 2 of 2 exchanges and agreed with our checks on 2"]


def test_an_objection_of_prism_alone_is_named_with_its_place(agreement):
    for _ in range(2):
        agreement.add(
            exchange(content=GOOD), [IN_ANSWER, Objection(("response", "body", "items", "9", "title"))]
        )

    assert said(agreement) == [
        "Prism looked at 2 of 2 exchanges and agreed with our checks on 0",
        "Prism alone objects to response.body.items.*.title (type); seen 2 times in getUserPreferences;"
        " for instance: must be string",
    ]


def test_an_objection_of_ours_alone_names_the_clause(agreement):
    agreement.add(exchange(content=BAD), [])

    assert said(agreement)[1:] == [
        "our checks alone object: responses.body-matches-schema; seen 1 times in getUserPreferences;"
        " for instance: status 200"
    ]


def test_a_request_counts_only_where_it_was_accepted(agreement):
    in_request = Objection(("request", "query", "page_size"), "maximum", "must be <= 100")
    refusal = b'{"code": "invalid_argument", "message": "Too many", "details": []}'
    agreement.add(exchange(status=400, content=refusal), [in_request])
    agreement.add(exchange(content=GOOD), [in_request])

    assert said(agreement) == [
        "Prism looked at 2 of 2 exchanges and agreed with our checks on 1",
        "requests were accepted that Prism objects to: request.query.page_size (maximum);"
        " seen 1 times in getUserPreferences; for instance: must be <= 100",
    ]


def test_what_prism_did_not_see_or_cannot_know_is_not_compared(agreement):
    agreement.add(exchange(content=BAD), None)
    agreement.add(exchange(operation=None, content=BAD), [IN_ANSWER])

    assert said(agreement) == ["Prism looked at 0 of 2 exchanges and agreed with our checks on 0"]


def test_the_list_of_disagreements_ends(agreement):
    for number in range(40):
        agreement.add(exchange(content=GOOD), [Objection(("response", "body", f"field{number}"))])

    lines = said(agreement)
    assert len(lines) == 27
    assert lines[-1] == "and 15 further disagreements"
