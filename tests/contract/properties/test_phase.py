"""The phase over a toy: what it asks, that it repeats itself, what it finds, and what it must not find."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factify_contract.clauses import catalogue
from factify_contract.events import ClauseJudged, StoryFinished
from factify_contract.findings import Status
from factify_contract.spec import Document
from factify_contract.spec.samples import sample

# The fixtures' classes live in conftest.py, which tests can't import; these stand for them.
Asked = Any
Examine = Callable[..., Any]

LIST_AND_CHANGE = {"listDocuments", "updateDocument", "createDocument", "getDocument"}
OF_EVERY_KIND = LIST_AND_CHANGE | {
    "createApiKey", "revokeApiKey", "setAPIKeyQuota", "grantDocumentAccess", "revokeDocumentAccess",
    "trashDocument", "listOrganizationInvites", "getOrganizationPublicProfile", "acceptOrganizationInvite",
}  # fmt: skip


def test_the_same_seed_sends_the_same_requests(examine: Examine) -> None:
    first, second = examine(only=LIST_AND_CHANGE), examine(only=LIST_AND_CHANGE)

    assert len(first.log) > 40
    assert first.log == second.log


def test_another_seed_sends_other_requests(examine: Examine) -> None:
    first, second = examine(only=LIST_AND_CHANGE, seed=1), examine(only=LIST_AND_CHANGE, seed=2)

    assert first.log != second.log


def test_a_target_that_keeps_every_promise_meets_every_operation_and_clause_and_no_finding(
    examine: Examine, shipped: Document
) -> None:
    examined = examine(examples=15)

    assert examined.findings == []
    stories = [event for event in examined.events if isinstance(event, StoryFinished)]
    assert {story.id for story in stories} == {f"properties/{name}" for name in shipped.operations}
    assert {story.status for story in stories} == {Status.PASS}
    judged = {event.clause for event in examined.events if isinstance(event, ClauseJudged)}
    expected = {clause.id for clause in catalogue().values() if clause.exercised == "property"}
    assert expected - judged == set()


@pytest.mark.parametrize(
    ("status", "code", "reason"),
    [
        (400, "failed_precondition", "precondition_failed"),
        (403, "permission_denied", "insufficient_permissions"),
        (404, "not_found", "resource_not_found"),
        (409, "already_exists", "resource_already_exists"),
        (501, "unimplemented", "unimplemented"),
        (503, "unavailable", "service_unavailable"),
    ],
)
def test_refusing_everything_for_reasons_of_state_is_no_fault(
    examine: Examine, refuse: Callable[..., Any], status: int, code: str, reason: str
) -> None:
    def refuses(asked: Asked) -> Any:
        return (
            None
            if not asked.token or asked.token.startswith(("ffy_", "not."))
            else refuse(status, code, reason)
        )

    assert examine(refuses, only=OF_EVERY_KIND).findings == []


def test_a_recipient_who_fails_on_its_own_is_no_accepted_request(
    examine: Examine, answer: Callable[..., Any]
) -> None:
    def fails_inside(asked: Asked) -> Any:
        if asked.operation.id == "grantDocumentAccess" and asked.problems and asked.token == "owner-token":
            result = {"recipient": "x", "success": False, "error": "no such user"}
            return answer(200, {"total": 1, "successful": 0, "failed": 1, "results": [result]})
        return None

    assert examine(fails_inside, only={"grantDocumentAccess"}).findings == []


def test_a_lax_target_is_only_warned_about_what_nothing_but_the_schema_forbids(
    examine: Examine, answer: Callable[..., Any]
) -> None:
    lenient = {"unknown", "type", "enum", "format", "pattern", "duplicate"}

    def ignores(asked: Asked) -> Any:
        if asked.token == "owner-token" and {problem.rule for problem in asked.problems} <= lenient:
            return answer(200, sample(asked.operation).value)
        return None

    levels = {finding.level for finding in examine(ignores, only=LIST_AND_CHANGE - {"getDocument"}).findings}

    assert levels == {"inferred"}


# A process of its own, since hypothesis looks for its folder once, when it is imported.
GENERATING = """
from factify_contract.properties.generation import Generator
from factify_contract.spec import Document

document = Document.load()
print(len(Generator(document, seed=1).drafts(document.operations["createApiKey"], count=30)))
"""


def test_generation_leaves_no_files_in_the_users_folder(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", GENERATING], cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 30
    assert list(tmp_path.iterdir()) == []
