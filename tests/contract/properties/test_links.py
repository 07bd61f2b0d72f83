"""Links are followed from answers to readings, once each, with values from the answer."""

from collections.abc import Callable
from typing import Any

from factify_contract.spec.samples import sample

Asked = Any
Examine = Callable[..., Any]
LINKED = {"createDocument", "getDocument", "listDocumentVersions", "trashDocument", "listOrganizations"}


def test_an_id_from_an_answer_is_read_again(examine: Examine) -> None:
    examined = examine(only=LINKED)

    made = sample_id("createDocument", examined)
    assert ("GET", f"/v1beta/documents/{made}/versions".encode()) in {line[:2] for line in examined.log}


def test_a_reading_that_does_not_know_a_named_id_is_told_as_inferred(
    examine: Examine, refuse: Callable[..., Any]
) -> None:
    def forgets(asked: Asked) -> Any:
        if asked.operation.id == "getDocument" and asked.token == "owner-token" and not asked.problems:
            return refuse(404, "not_found", "resource_not_found")
        return None

    found = examine(forgets, only=LINKED).against("getDocument")

    assert {clause: finding.level for clause, finding in found.items()} == {
        "requests.answers-lead-on": "inferred"
    }


def test_a_page_token_is_followed_with_the_filters_it_came_with(
    examine: Examine, answer: Callable[..., Any]
) -> None:
    def pages(asked: Asked) -> Any:
        if asked.operation.id == "listOrganizations" and asked.token == "owner-token" and not asked.problems:
            page = {"has_more": True, "next_page_token": "further", "prev_page_token": ""}
            return answer(200, {"items": [], "pagination": page})
        return None

    examined = examine(pages, only={"listOrganizations"})

    followed = [query for _, _, query, *_ in examined.log if "page_token=further" in query]
    first = next(line[2] for line in examined.log if line[3] == "Bearer owner-token")
    assert followed
    assert all("page_token=further" in query for query in followed)
    assert all(part in followed[0] for part in first.split("&") if part and "page_token" not in part)


def sample_id(operation_id: str, examined: Any) -> str:
    operation = examined.document.operations[operation_id]
    return str(sample(operation).value["document"]["id"])


def test_what_only_the_request_named_is_not_followed(examine: Examine) -> None:
    examined = examine(only={"generateDocumentEntryPage", "getDocument"})

    readings = [line for line in examined.log if line[0] == "GET" and line[3] == "Bearer owner-token"]
    own = examine(only={"getDocument"}).log
    assert len(readings) == len([line for line in own if line[3] == "Bearer owner-token"])
