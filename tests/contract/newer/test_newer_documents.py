"""Documents that are newer than judge and mock: what is known is judged, what is not is named."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from factify_contract.clauses import catalogue
from factify_contract.errors import Unfit
from factify_contract.familiarity import lacking, path_for, unfamiliar, why_unfit
from factify_contract.request import Request
from factify_contract.spec import Document
from factify_contract.tiers import SMOKE
from factify_contract.verification import run

OURS = Document.load()
INVITES = "/v1beta/organizations/{organization_id}/invites"


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    raw = copy.deepcopy(OURS.raw)
    change(raw)
    return raw


def with_two_more(raw):
    answer = {"200": {"description": "Fine."}}
    raw["paths"]["/v1beta/novelties"] = {
        "get": {"operationId": "listNovelties", "responses": answer},
        "post": {"operationId": "createNovelty", "responses": answer},
    }


def with_two_less(raw):
    del raw["paths"]["/v1beta/me"]
    del raw["paths"]["/v1beta/documents/{document_id}/trash"]


def with_a_path_renamed(raw):
    for path in [path for path in raw["paths"] if path.startswith("/v1beta/documents/{document_id}/share")]:
        item = raw["paths"].pop(path)
        for operation in item.values():
            for parameter in operation["parameters"]:
                if parameter["name"] == "document_id":
                    parameter["name"] = "id"
        raw["paths"][path.replace("/share", "/shares").replace("{document_id}", "{id}")] = item


def with_another_enum(raw):
    raw["components"]["schemas"]["OrganizationRole"]["enum"].remove("admin")


def with_a_role_to_invite(raw):
    schema = raw["paths"][INVITES]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schema["properties"]["role"] = {"type": "string"}
    schema["required"].append("role")


def with_colors(raw):
    organization = raw["components"]["schemas"]["Organization"]
    organization["properties"]["color"] = {"type": "string"}
    organization.setdefault("required", []).append("color")


CASES = [
    (with_two_more, "2 operations of this document have no clauses: listNovelties, createNovelty", ""),
    (with_two_less, None, "the document has no operation getMe"),
    (with_a_path_renamed, "5 operations of this document differ", ""),
    (with_another_enum, "4 operations of this document differ", "a mock answered"),
    (
        with_a_role_to_invite,
        "1 operation of this document differs from what this judge was made for: createOrganizationInvite",
        "the document asks for something else in createOrganizationInvite: role is required",
    ),
    (with_colors, "6 operations of this document differ", "a mock answered getMe from a sample"),
]


@pytest.mark.parametrize(
    ("change", "warning", "reason"), CASES, ids=lambda value: getattr(value, "__name__", "")
)
def test_newer_document_is_judged_as_far_as_it_is_known(change, warning, reason, tmp_path, capsys):
    spec = tmp_path / "newer.json"
    spec.write_text(json.dumps(changed(change)))
    suites = ("invite-accept", "trash-restore", "sharing", "organizations")
    asked = Request(
        launch_mock=True, spec=spec, phases=("scenarios",), suites=suites, tier=SMOKE, color=False
    )

    summary = run(asked)

    assert summary.outcome.value == "PASS", capsys.readouterr().out
    assert [story.reason for story in summary.stories if "broke" in story.reason] == []
    assert any(warning in said for said in summary.warnings) if warning else True
    if reason:
        assert any(reason in said for said in summary.reasons.values())
    assert sum(status.word == "pass" for status in summary.clauses.values()) > 30


def test_the_shipped_document_is_known_entirely():
    assert unfamiliar(OURS, catalogue()) == []
    assert lacking(OURS, catalogue()) == {}


def test_clauses_say_which_operation_they_miss():
    missed = lacking(Document.from_dict(changed(with_two_less)), catalogue())

    assert missed["users.me"] == "the document has no operation getMe"
    assert "documents.created" not in missed


def test_parameters_of_a_path_are_found_by_their_order():
    renamed = Document.from_dict(changed(with_a_path_renamed)).operations["updateDocumentAccess"]
    values = {"recipient_id": "user_1", "document_id": "doc_1"}

    assert path_for(renamed, values) == {"id": "doc_1", "recipient_id": "user_1"}
    assert path_for(OURS.operations["updateDocumentAccess"], values) is values


def test_a_path_with_more_parameters_cannot_be_made():
    def nest(raw):
        item = raw["paths"].pop("/v1beta/versions/{version_id}")
        item["get"]["parameters"].append(
            {"name": "document_id", "in": "path", "required": True, "schema": {"type": "string"}}
        )
        item.pop("patch")
        raw["paths"]["/v1beta/documents/{document_id}/version/{version_id}"] = item

    nested = Document.from_dict(changed(nest)).operations["getVersion"]

    with pytest.raises(Unfit, match=r"the path .* of getVersion has other parameters than this judge knows"):
        path_for(nested, {"version_id": "ver_1"})


ORGANIZATION = "org_01k94dcqt0fr2bcs9kbyyw226n"


@pytest.mark.parametrize(
    ("body", "is_fit"),
    [({"email": "kit@fjord.example"}, False), ({"email": "kit@fjord.example", "role": "member"}, True)],
    ids=["without the role", "with it"],
)
def test_request_fits_or_the_document_says_why(body, is_fit):
    newer = Document.from_dict(changed(with_a_role_to_invite))
    why = why_unfit(
        newer,
        newer.operations["createOrganizationInvite"],
        path={"organization_id": ORGANIZATION},
        query={},
        body=body,
        media_type="application/json",
        is_anonymous=False,
    )

    assert why == (
        None
        if is_fit
        else "the document asks for something else in createOrganizationInvite: role is required"
    )


def test_what_is_wrong_by_both_documents_is_the_point_of_a_story():
    def with_longer_messages(raw):
        schema = raw["paths"][INVITES]["post"]["requestBody"]["content"]["application/json"]["schema"]
        schema["properties"]["message"]["maxLength"] = 10

    newer = Document.from_dict(changed(with_longer_messages))
    asked = {"path": {"organization_id": ORGANIZATION}, "query": {}, "media_type": "application/json"}
    invite = newer.operations["createOrganizationInvite"]

    assert why_unfit(newer, invite, body={"email": "none"}, is_anonymous=False, **asked) is None
    said = why_unfit(
        newer,
        invite,
        body={"email": "kit@fjord.example", "message": "long enough"},
        is_anonymous=False,
        **asked,
    )
    assert said is not None
    assert "message" in said


def test_mock_says_at_its_start_what_it_does_not_know(tmp_path: Path):
    def everything(raw):
        with_two_more(raw)
        with_two_less(raw)
        with_colors(raw)

    spec = tmp_path / "newer.json"
    spec.write_text(json.dumps(changed(everything)))
    words = [sys.executable, "-m", "factify_mock", "serve", "--port", "0", "--spec", str(spec)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as mock:
        assert mock.stdout is not None
        ready = mock.stdout.readline()
        mock.terminate()
        _, said = mock.communicate(timeout=30)

    assert "http://127.0.0.1:" in ready
    assert [line.partition(": ")[2] for line in said.splitlines() if line.startswith("factify-mock: ")] == [
        "2 operations of this document are unknown and answered from samples: listNovelties, createNovelty",
        "5 operations of this document answer otherwise than known and are answered from samples: "
        "listOrganizations, createOrganization, getOrganization, updateOrganization, "
        "acceptOrganizationInvite",
        "2 known operations are not in this document and not served: trashDocument, getMe",
    ]
