"""What is asked does no harm: nobody loses standing, no stranger gets mail, nothing goes unnamed."""

import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from factify_contract.properties.belongings import ID, Belongings
from factify_contract.properties.drafts import Draft, FormBody, JsonBody
from factify_contract.properties.filling import Filler, unknown_id
from factify_contract.properties.trials import smaller
from factify_contract.spec import Document, is_type_id

SUFFIX = "01h2xcejqtf2nbrexx3vqjhp4"
OWNER, MEMBER, OUTSIDER = (f"user_{SUFFIX}{index}" for index in "012")
SPARE = f"user_{SUFFIX}8"
ANY_USER = f"user_{'0' * 26}"
BELONGINGS = Belongings(
    owner_id=OWNER,
    people=(MEMBER, OUTSIDER),
    spare_user_id=SPARE,
    documents={
        use: f"doc_{SUFFIX}{index}" for index, use in enumerate(("reading", "playing", "trashing", "giving"))
    },
    organization_id=f"org_{SUFFIX}0",
    organization_name="Northwind",
    api_keys=(f"key_{SUFFIX}0", f"key_{SUFFIX}1"),
)


@pytest.fixture
def fill(shipped: Document) -> Callable[..., Draft]:
    """Fills a draft of the operation, with a seed that names only real things when it is valid."""

    def run(operation_id: str, *, valid: bool = True, seed: int = 1, **parts: Any) -> Draft:
        draft = Draft(shipped.operations[operation_id], **parts)
        return Filler(BELONGINGS, "fct-1p").fill(draft, Random(seed), valid=valid)

    return run


@pytest.mark.parametrize(
    ("operation_id", "use"),
    [
        ("getDocument", "reading"), ("updateDocument", "playing"), ("trashDocument", "trashing"),
        ("untrashDocument", "trashing"), ("transferDocumentOwnership", "giving"),
    ],
)  # fmt: skip
def test_each_use_has_a_document_of_its_own(fill: Callable[..., Draft], operation_id: str, use: str) -> None:
    filled = fill(operation_id, path={"document_id": f"doc_{'0' * 26}"})

    assert filled.path == {"document_id": BELONGINGS.documents[use]}


@pytest.mark.parametrize("operation_id", ["removeOrganizationMember", "updateOrganizationMember"])
@pytest.mark.parametrize("valid", [True, False])
def test_nobody_under_test_loses_membership(
    fill: Callable[..., Draft], operation_id: str, valid: bool
) -> None:
    for seed in range(30):
        filled = fill(operation_id, valid=valid, seed=seed, path={"user_id": ANY_USER})
        assert filled.path["user_id"] not in (OWNER, MEMBER, OUTSIDER)


def test_without_a_spare_user_membership_is_only_asked_of_nobody(shipped: Document) -> None:
    draft = Draft(shipped.operations["removeOrganizationMember"], path={"user_id": ANY_USER})
    belongings = Belongings(owner_id=OWNER, people=(MEMBER,))

    filled = Filler(belongings, "fct-1p").fill(draft, Random(1), valid=True)

    assert is_type_id(filled.path["user_id"], "user")
    assert filled.path["user_id"] not in (OWNER, MEMBER)


def test_every_address_is_reserved(fill: Callable[..., Draft]) -> None:
    body = {"recipients": [{"recipient": "someone@real.org", "role": "viewer"}]}

    invite = fill("createOrganizationInvite", valid=False, body=JsonBody({"email": "ceo@real.org"}))
    grant = fill("grantDocumentAccess", valid=False, body=JsonBody(body))

    assert "real.org" not in repr((invite, grant))
    assert invite.body.value["email"].endswith("@example.com")


def test_what_is_made_carries_the_prefix_whatever_the_length(fill: Callable[..., Draft]) -> None:
    longest = fill("createDocument", body=FormBody({"title": "x" * 255}, b"")).body.fields["title"]
    shortest = fill("createDocument", body=FormBody({"title": "x"}, b"")).body.fields["title"]

    assert longest.startswith("fct-1p ")
    assert len(longest) == 255
    assert shortest == "fct-1p x"


def test_the_organization_keeps_its_name_unless_it_is_our_own(fill: Callable[..., Draft]) -> None:
    filled = fill("updateOrganization", body=JsonBody({"name": "Vandal"}))

    assert filled.body == JsonBody({"name": "Northwind"})


def test_what_is_malformed_stays_malformed(fill: Callable[..., Draft]) -> None:
    filled = fill("getDocument", valid=False, path={"document_id": "doc_short"})

    assert filled.path == {"document_id": "doc_short"}


def test_an_unknown_id_is_well_formed() -> None:
    assert is_type_id(unknown_id("doc", Random(1)), "doc")


def test_a_smaller_request_never_mails_anybody_else(shipped: Document) -> None:
    body = JsonBody({"email": "fct-1p-1@example.com", "message": "a long enough message"})
    drafts = list(smaller(Draft(shipped.operations["createOrganizationInvite"], body=body)))

    assert len(drafts) > 2
    assert all(draft.body.value.get("email", body.value["email"]) == body.value["email"] for draft in drafts)


def test_a_whole_run_names_no_identity_where_it_would_hurt(examine: Callable[..., Any]) -> None:
    hurting = {
        "revokeApiKey",
        "setAPIKeyQuota",
        "deleteAPIKeyQuota",
        "removeOrganizationMember",
        "createApiKey",
    }
    mailing = {"createOrganizationInvite", "grantDocumentAccess", "createDocument"}

    examined = examine(only=hurting | mailing, examples=15)

    paths = {path.decode() for _, path, *_ in examined.log}
    identities = {f"key_{SUFFIX}9", *(f"user_{SUFFIX}{index}" for index in range(3))}
    assert not [path for path in paths for one in identities if one in path]
    bodies = b"\n".join(line[4] for line in examined.log).decode("utf-8", "replace")
    assert set(re.findall(r"[\w.+-]@([\w.-]+)", bodies)) <= {"example.com"}
    assert len(ID.findall(json.dumps(bodies))) > 10
