"""Every operation, called by everybody, is answered as the page about permissions says."""

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "permissions.md"

REASONS = {400: "precondition_failed", 403: "insufficient_permissions", 404: "resource_not_found"}
CREDENTIALS = {
    "no token": "nobody",
    "an expired user token": "expired token",
    "a revoked API key": "revoked key",
    "an expired API key": "expired key",
}
STRANGERS = (
    "organization owner",
    "organization admin",
    "organization member",
    "key",
    "outsider",
    "other key",
    "loner",
)
ROLES = tuple(f"document {role}" for role in ("viewer", "commenter", "collaborator", "admin", "owner"))


def tables():
    """The tables of the page by the heading that they stand under, as cells by row and column."""
    found = {}
    for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
        rows = [
            [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
            for line in section.splitlines()
            if line.startswith("|") and not line.startswith("|--")
        ]
        columns, *body = rows
        found[section.splitlines()[0]] = {
            row[0]: dict(zip(columns[1:], row[1:], strict=True)) for row in body
        }
    return found


TABLES = tables()
ANONYMOUS = TABLES["Who cannot be told"]
ORGANIZATIONS = TABLES["Organizations and oneself"]
DOCUMENTS = TABLES["Documents"]


def expected(cell):
    """Status and reason that a cell stands for."""
    if cell == "yes":
        return 200, ""
    status, _, reason = cell.partition(" ")
    return int(status), reason or REASONS[int(status)]


def test_the_page_has_every_operation_once(document):
    named = [case for case in (*ORGANIZATIONS, *DOCUMENTS) if "(" not in case]

    assert sorted(named) == sorted(document.operations)
    special = {case.partition(" ")[0] for case in (*ORGANIZATIONS, *DOCUMENTS)}
    assert special == set(document.operations)


def test_every_case_that_is_tried_is_on_the_page(scene):
    assert set(scene.cases("private")) == {*ORGANIZATIONS, *DOCUMENTS}


def test_the_page_has_every_caller():
    assert set(next(iter(ORGANIZATIONS.values()))) == set(STRANGERS)
    assert set(next(iter(DOCUMENTS.values()))) == {"no role", *ROLES}
    assert set(ANONYMOUS) == set(CREDENTIALS)


@pytest.mark.parametrize("credentials", CREDENTIALS)
def test_whoever_cannot_be_told_is_turned_away_by_every_operation(scene, credentials):
    open_to_all = "getOrganizationPublicProfile"
    for case in scene.cases("private"):
        cell = ANONYMOUS[credentials][open_to_all if case == open_to_all else "every operation"]
        assert scene.try_out(CREDENTIALS[credentials], case) == expected(cell), case


@pytest.mark.parametrize("case", ORGANIZATIONS)
def test_calls_about_organizations_are_answered_as_the_page_says(scene, case):
    found = {caller: scene.try_out(caller, case) for caller in STRANGERS}

    assert found == {caller: expected(cell) for caller, cell in ORGANIZATIONS[case].items()}


@pytest.mark.parametrize("case", ORGANIZATIONS)
def test_a_role_on_a_document_means_nothing_for_an_organization(scene, case):
    """People with a role on one of its documents are strangers to the organization, but for its members."""
    found = {role: scene.try_out(role, case) for role in ROLES[:-1]}

    as_stranger = expected(ORGANIZATIONS[case]["loner"])
    if case == "acceptOrganizationInvite":
        as_stranger = (403, "insufficient_permissions")  # the invitation was sent to the loner
    assert found == dict.fromkeys(ROLES[:-1], as_stranger)


@pytest.mark.parametrize("case", DOCUMENTS)
def test_calls_about_documents_are_answered_as_the_page_says(scene, case):
    found = {role: scene.try_out(role, case) for role in ROLES}
    found |= {caller: scene.try_out(caller, case) for caller in STRANGERS}

    row = dict(DOCUMENTS[case])
    no_role = row.pop("no role")
    wanted = {**row, **dict.fromkeys(STRANGERS, no_role)}
    assert found == {caller: expected(cell) for caller, cell in wanted.items()}


@pytest.mark.parametrize(
    ("level", "viewers"),
    [
        pytest.param("organization", STRANGERS[:4], id="organization"),
        pytest.param("public", STRANGERS, id="anyone_with_link"),
    ],
)
def test_general_access_makes_viewers(scene, level, viewers):
    for case in DOCUMENTS:
        if case == "untrashDocument":
            continue  # general access ends in the trash
        for caller in STRANGERS:
            column = "document viewer" if caller in viewers else "no role"
            found = scene.try_out(caller, case, document=level)
            assert found == expected(DOCUMENTS[case][column]), (case, caller)


@pytest.mark.parametrize("case", DOCUMENTS)
def test_nobody_loses_a_role_to_general_access(scene, case):
    found = {role: scene.try_out(role, case, document="public") for role in ROLES}

    assert found == {role: expected(DOCUMENTS[case][role]) for role in ROLES}


def test_a_refused_call_changes_nothing(scene):
    before = scene.state()
    for case in scene.cases("private"):
        for caller in (*CREDENTIALS.values(), *STRANGERS, *ROLES):
            status, _ = scene.try_out(caller, case)
            assert status == 200 or scene.state() == before, (case, caller)


def test_permission_sets_say_what_the_page_says(scene):
    """What a document's permission_set promises is what the page allows."""
    promised = {
        "view": "getDocument",
        "create_version": "createDocumentVersion",
        "list_versions": "listDocumentVersions",
        "grant_access": "grantDocumentAccess",
        "manage_access": "updateDocumentAccess",
        "export": "exportDocument",
        "attach_policy": "attachDocumentPolicy",
        "trash": "trashDocument",
    }
    for role in ROLES:
        permissions = scene.permissions_of(role)
        assert {name: permissions[name] for name in promised} == {
            name: DOCUMENTS[operation][role] == "yes" for name, operation in promised.items()
        }


def test_cells_are_spelt_in_one_way():
    for table in (ANONYMOUS, ORGANIZATIONS, DOCUMENTS):
        for row in table.values():
            for cell in row.values():
                assert re.fullmatch(r"yes|40[0134]( [a-z_]+)?", cell)
