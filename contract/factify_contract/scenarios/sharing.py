"""Sharing a document by name: granting, changing and revoking."""

from collections.abc import Mapping
from typing import Any

from factify_contract.scenarios.documents import (
    current_version,
    grant,
    is_listed,
    read,
    readers,
    shared_document,
)
from factify_contract.scenarios.steps import CLOSED, REFUSALS, unknown_id
from factify_contract.scenarios.story import Answer, Api, Person, story

_SUITE = "sharing"


def _share(person: Person, document: Mapping[str, Any], *recipients: tuple[str, str]) -> Answer:
    """What happens when the person gives roles to recipients, each an id or address with a role."""
    return person.call(
        "grantDocumentAccess",
        document_id=document["id"],
        body={
            "recipients": [{"recipient": name, "role": role} for name, role in recipients],
            "should_send_notification": False,
        },
    )


def _change(person: Person, document: Mapping[str, Any], recipient: str, role: str) -> Answer:
    """What happens when the person changes the recipient's role."""
    return person.call(
        "updateDocumentAccess",
        document_id=document["id"],
        recipient_id=recipient,
        body={"document_role": role},
    )


def _rights(person: Person, document: Mapping[str, Any]) -> list[str]:
    """What the person may do with the document, as his capabilities say."""
    answer = person.call("inspectDocumentAccess", document_id=document["id"])
    return sorted(name for name, may in (answer.body.get("permission_set") or {}).items() if may)


def _revoke(person: Person, document: Mapping[str, Any], recipient: str) -> Answer:
    """What happens when the person takes the recipient's access away."""
    return person.call("revokeDocumentAccess", document_id=document["id"], recipient_id=recipient)


def _roles(api: Api, document: Mapping[str, Any]) -> dict[str, str]:
    """Who has which role, as the owner's list of recipients says; the story ends where it can't be read."""
    answer = api.owner.call("listDocumentAccess", document_id=document["id"])
    api.require(answer.status == 200, f"the recipients could not be read: {answer.exchange.line}")
    return {each["id"]: each["document_role"] for each in answer.body.get("recipients") or []}


def _is_denied(answer: Answer) -> bool:
    """Whether the call failed: by a refusal, or by an answer that says so for every recipient."""
    results = answer.body.get("results") or [answer.body]
    return answer.status >= 400 or not any(each.get("success") for each in results)


@story(suite=_SUITE, title="A document is shared by name", needs=("owner", "member", "admin"), smoke=True)
def granted(api: Api) -> None:
    """Two recipients, two roles, two results."""
    document = api.new_document(access_level="private")
    member, admin = api.member.user_id, api.admin.user_id
    answer = _share(api.owner, document, (member, "viewer"), (admin, "collaborator"))
    body = answer.succeeds("sharing.grant-gives-access")

    results = body.get("results") or []
    named = sorted(each.get("recipient", "") for each in results)
    api.equals("sharing.grant-result-per-recipient", "results", len(results), 2)
    counts = [int(body.get(name, 0)) for name in ("total", "successful", "failed")]
    succeeded = sum(1 for each in results if each.get("success"))
    api.equals("sharing.grant-counts-agree", "counts", counts, [2, succeeded, 2 - succeeded])
    api.equals("sharing.grant-result-per-recipient", "recipients", named, sorted([member, admin]))

    read(api.member, document).succeeds("sharing.grant-gives-access")
    roles = _roles(api, document)
    given = {person: roles.get(person) for person in (member, admin)}
    expected = {member: "viewer", admin: "collaborator"}
    api.equals("sharing.grant-listed", "roles in the list", given, expected)
    api.equals("sharing.list-has-owner", "role of the owner", roles.get(api.owner.user_id), "owner")


@story(suite=_SUITE, title="One recipient's failure is his alone", needs=("owner", "member"))
def granted_in_part(api: Api) -> None:
    """A colleague and somebody who does not exist, in one call."""
    document = api.new_document(access_level="private")
    nobody = unknown_id(api.member.user_id)
    answer = _share(api.owner, document, (nobody, "viewer"), (api.member.user_id, "viewer"))
    body = answer.succeeds("sharing.grant-partial-failure")
    results = body.get("results") or []
    good = [each for each in results if each.get("success")]
    counts = [int(body.get(name, 0)) for name in ("total", "successful", "failed")]
    api.equals("sharing.grant-counts-agree", "counts", counts, [2, len(good), 2 - len(good)])
    read(api.member, document).succeeds("sharing.grant-partial-failure")


@story(suite=_SUITE, title="A recipient may be named by address", needs=("owner", "member", "outsider"))
def granted_by_address(api: Api) -> None:
    """A colleague and somebody from outside, known by their e-mail addresses."""
    document = api.new_document(access_level="private")
    answer = _share(api.owner, document, (api.member.email, "viewer"))
    results = answer.succeeds("sharing.grant-by-email").get("results") or []
    successes = [bool(each.get("success")) for each in results]
    api.equals("sharing.grant-by-email", "success for a colleague", successes, [True])
    read(api.member, document).succeeds("sharing.grant-by-email")
    read(api.outsider, document).is_refused("documents.outsider-refused", codes=CLOSED)
    answer = _share(api.owner, document, (api.outsider.email, "viewer"))
    results = answer.succeeds("sharing.grant-by-email").get("results") or []
    api.require(results and results[0].get("success"), "sharing outside the organization is not allowed")
    read(api.outsider, document).succeeds("sharing.grant-by-email")


@story(suite=_SUITE, title="A change concerns one recipient", needs=("owner", "admin", "member"))
def changed_one_by_one(api: Api) -> None:
    """Of two viewers one is promoted; the other one stays what he is."""
    document = shared_document(api, [api.admin, api.member], role="viewer")
    readers(document, [api.admin, api.member])
    changed = _change(api.owner, document, api.member.user_id, "collaborator")
    api.require(changed.status == 200, f"the role could not be changed: {changed.exchange.line}")
    other = _roles(api, document).get(api.admin.user_id)
    api.equals("sharing.update-leaves-others", "role of the other", other, "viewer")


@story(suite=_SUITE, title="A role is changed", needs=("owner", "member"), smoke=True)
def changed(api: Api) -> None:
    """The viewer becomes a collaborator; somebody without access becomes nothing."""
    document = shared_document(api, [api.member], role="viewer")
    readers(document, [api.member])
    answer = _change(api.owner, document, api.member.user_id, "collaborator")
    answer.succeeds("sharing.update-changes-role")
    role = _roles(api, document).get(api.member.user_id)
    api.equals("sharing.update-changes-role", "role in the list", role, "collaborator")
    # Which rights a role has is not documented, but it has them however somebody came by it.
    given = shared_document(api, [api.member], role="collaborator")
    rights = [_rights(api.member, each) for each in (given, document)]
    api.equals("sharing.update-changes-role", "rights as of a role given at once", rights[1], rights[0])
    answer = _change(api.owner, document, api.member.user_id, "viewer")
    answer.succeeds("sharing.update-changes-role")
    renaming = {"title": api.unique("mine")}
    renamed = api.member.call("updateDocument", document_id=document["id"], body=renaming)
    renamed.is_refused("sharing.viewer-cannot-change", codes=REFUSALS)

    unknown = _change(api.owner, document, api.member.user_id, "emperor")
    api.equals("sharing.grant-unknown-role-refused", "refused or unsuccessful", _is_denied(unknown), True)
    invented = _share(api.owner, document, (api.member.user_id, "emperor"))
    api.equals("sharing.grant-unknown-role-refused", "refused or unsuccessful", _is_denied(invented), True)
    other = api.new_document(access_level="private")
    absent = _is_denied(_change(api.owner, other, api.member.user_id, "viewer"))
    api.equals("sharing.update-needs-recipient", "refused or unsuccessful", absent, True)
    read(api.member, other).is_refused("documents.outsider-refused", codes=CLOSED)


@story(suite=_SUITE, title="Access is revoked", needs=("owner", "member", "admin"), smoke=True)
def revoked(api: Api) -> None:
    """One of two recipients loses the document; the other keeps it."""
    document = shared_document(api, [api.member, api.admin])
    readers(document, [api.member, api.admin])
    _revoke(api.owner, document, api.member.user_id).succeeds("sharing.revoke-takes-access")

    read(api.member, document).is_refused("sharing.revoke-takes-access", codes=CLOSED)
    roles = _roles(api, document)
    api.equals("sharing.revoke-unlisted", "in the list", api.member.user_id in roles, False)
    api.equals("sharing.revoke-leaves-others", "role of the other", roles.get(api.admin.user_id), "viewer")
    read(api.admin, document).succeeds("sharing.revoke-leaves-others")
    seen = is_listed(api.member, document) is not None
    api.equals("documents.list-hides-foreign", "in the list of who lost it", seen, False)
    peeked = api.member.call("getVersion", version_id=current_version(document))
    peeked.is_refused("sharing.revoke-takes-access", codes=CLOSED)


@story(suite=_SUITE, title="Strangers have no hand in sharing", needs=("owner", "outsider", "member"))
def closed_to_strangers(api: Api) -> None:
    """Somebody without access neither sees nor changes with whom a document is shared."""
    document = shared_document(api, [api.member])
    before = _roles(api, document)
    outsider, member = api.outsider, api.member.user_id
    looked = outsider.call("listDocumentAccess", document_id=document["id"])
    looked.is_refused("sharing.outsider-refused", codes=CLOSED)
    for tried in (
        grant(outsider, document, outsider, "viewer"),
        _change(outsider, document, member, "admin"),
        _revoke(outsider, document, member),
    ):
        api.equals("sharing.outsider-refused", "refused or unsuccessful", _is_denied(tried), True)
    api.equals("sharing.outsider-refused", "roles after the attempts", _roles(api, document), before)


@story(suite=_SUITE, title="A viewer only views", needs=("owner", "admin", "member"))
def closed_to_viewers(api: Api) -> None:
    """Who may only view a document neither changes nor shares it."""
    document = shared_document(api, [api.member, api.admin], role="viewer")
    readers(document, [api.member])
    viewer = api.member
    renamed = viewer.call("updateDocument", document_id=document["id"], body={"title": "Mine now"})
    renamed.is_refused("sharing.viewer-cannot-change", codes=REFUSALS)
    uploaded = viewer.call(
        "createDocumentVersion",
        document_id=document["id"],
        files={"payload": ("document.pdf", api.pdf(), "application/pdf")},
    )
    uploaded.is_refused("sharing.viewer-cannot-change", codes=REFUSALS)
    title = read(api.owner, document).body["document"]["title"]
    api.equals("sharing.viewer-cannot-change", "title", title, document["title"])

    before = _roles(api, document)
    grant(viewer, document, api.outsider, "viewer")
    _change(viewer, document, api.admin.user_id, "admin")
    _revoke(viewer, document, api.admin.user_id)
    api.equals("sharing.viewer-cannot-share", "roles after the attempts", _roles(api, document), before)


# The least role that brings a permission, as a guide's matrix has it; each role has all of those below.
_LEAST = {
    "viewer": ("view",),
    "commenter": ("comment_public",),
    "collaborator": ("create_version", "list_versions", "grant_access"),
    "admin": ("manage_access", "attach_policy", "export", "view_timeline"),
    "owner": ("trash",),
}


@story(suite=_SUITE, title="Each role brings its permissions", needs=("owner", "member"))
def permissions_of_roles(api: Api) -> None:
    """The recipient climbs from viewer to admin, and gains what each step brings."""
    roles = list(_LEAST)
    for role in roles[:-1]:
        document = shared_document(api, [api.member], role=role)
        inspected = api.member.call("inspectDocumentAccess", document_id=document["id"])
        api.require(inspected.status == 200, f"nothing could be inspected: {inspected.exchange.line}")
        shown = inspected.body.get("permission_set") or {}
        below = roles[: roles.index(role) + 1]
        expected = {name: least in below for least, names in _LEAST.items() for name in names}
        may = {name: bool(shown.get(name)) for name in expected}
        api.equals("sharing.permission-matrix", f"permissions of a {role}", may, expected)


@story(suite=_SUITE, title="Nobody gives more than he has", needs=("owner", "member", "admin"))
def role_ceiling(api: Api) -> None:
    """A collaborator, who may share, tries to make somebody an admin."""
    document = shared_document(api, [api.member], role="collaborator")
    readers(document, [api.member])
    grant(api.member, document, api.admin, "admin")
    role = _roles(api, document).get(api.admin.user_id)
    api.equals("sharing.role-ceiling", "made an admin by a collaborator", role == "admin", False)
