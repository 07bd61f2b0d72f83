"""The trash: who loses a document there, and what comes back when it is restored."""

from typing import Any

from factify_contract.scenarios.documents import (
    accessible_ids,
    current_version,
    grant,
    is_listed,
    other_recipients,
    read,
    readers,
    shared_document,
    trash,
    untrash,
    upload_version,
    versions,
)
from factify_contract.scenarios.steps import CLOSED, REFUSALS, refuses_malformed, unknown_id
from factify_contract.scenarios.story import Api, story

_SUITE = "trash-restore"
_EITHER = {"trash_state": ["active", "trashed"]}
_TRASHED = {"trash_state": ["trashed"]}
_ACTIVE = {"trash_state": ["active"]}


@story(suite=_SUITE, title="A trashed document leaves the list and says since when", needs=("owner",))
def trashed(api: Api) -> None:
    """The owner trashes a document and looks for it in every kind of list."""
    document = api.new_document(access_level="private")
    body = trash(api.owner, document).succeeds("transport.empty-object-accepted")
    api.equals("trash.answers-empty", "answer", body, {})

    listed = is_listed(api.owner, document)
    api.equals("trash.leaves-default-list", "in the list without trash_state", listed is not None, False)
    active = is_listed(api.owner, document, **_ACTIVE)
    api.equals("trash.not-listed-as-active", "in the list of active ones", active is not None, False)
    either = is_listed(api.owner, document, **_EITHER)
    api.equals("trash.listed-in-either", "in the list of both states", either is not None, True)
    found = is_listed(api.owner, document, **_TRASHED)
    api.equals("trash.listed-as-trashed", "in the list of trashed ones", found is not None, True)
    if found is not None:
        api.equals("trash.sets-trashed-at", "trashed_at is given", bool(found.get("trashed_at")), True)


@story(
    suite=_SUITE,
    title="Trashing takes a document from everybody else",
    needs=("owner", "member", "outsider"),
)
def taken_from_others(api: Api) -> None:
    """A document shared by name with a colleague and a stranger is lost to both."""
    document = shared_document(api, [api.member, api.outsider])
    had_it = readers(document, [api.member, api.outsider])
    api.require(trash(api.owner, document).status == 200, "the document could not be trashed")

    for person in had_it:
        read(person, document).is_refused("trash.revokes-grants", codes=REFUSALS)
        listed = document["id"] in accessible_ids(person, **_EITHER)
        api.equals("trash.leaves-lists-of-others", f"in the {person.name}'s lists", listed, False)
        untrash(person, document).is_refused("trash.former-recipient-cannot-restore", codes=REFUSALS)
    still = is_listed(api.owner, document, **_TRASHED)
    api.equals("trash.former-recipient-cannot-restore", "still in the trash", still is not None, True)

    access = api.owner.call("listDocumentAccess", document_id=document["id"])
    api.require(access.status == 200, "who has access to a trashed document is not told")
    others = other_recipients(access.body, api.owner)
    api.equals("trash.access-list-empties", "recipients besides the owner", others, [])
    for person in had_it:
        peeked = person.call("getVersion", version_id=current_version(document))
        peeked.is_refused("trash.revokes-grants", codes=REFUSALS)


@story(
    suite=_SUITE,
    title="Trashing takes a document from the organization",
    needs=("owner", "member"),
)
def taken_from_the_organization(api: Api) -> None:
    """A document open to the organization is lost to its members, and stays lost."""
    document = api.new_document(access_level="organization")
    api.require(read(api.member, document).status == 200, "the member could not read the document")
    api.require(trash(api.owner, document).status == 200, "the document could not be trashed")

    read(api.member, document).is_refused("trash.revokes-general-access", codes=REFUSALS)
    listed = document["id"] in accessible_ids(api.member, **_EITHER)
    api.equals("trash.leaves-lists-of-others", "in the member's lists", listed, False)

    api.require(untrash(api.owner, document).status == 200, "the document could not be restored")
    read(api.member, document).is_refused("trash.restore-keeps-general-access-revoked", codes=CLOSED)
    level = api.owner.call("getGeneralAccess", document_id=document["id"]).body["general_access_level"]
    api.equals("trash.restore-general-access-restricted", "general access", level, "restricted")


@story(suite=_SUITE, title="Trashing takes a document from everybody", needs=("owner", "outsider"))
def taken_from_everybody(api: Api) -> None:
    """A document open to whoever has its link is lost to a stranger, and stays lost."""
    document = api.new_document(access_level="public")
    api.require(read(api.outsider, document).status == 200, "the stranger could not read the document")
    api.require(trash(api.owner, document).status == 200, "the document could not be trashed")
    read(api.outsider, document).is_refused("trash.revokes-link-access", codes=REFUSALS)

    api.require(untrash(api.owner, document).status == 200, "the document could not be restored")
    read(api.outsider, document).is_refused("trash.revokes-link-access", codes=CLOSED)


@story(suite=_SUITE, title="A restored document is as it was before", needs=("owner",), smoke=True)
def restored(api: Api) -> None:
    """Title, description, creator, time, versions and the owner's rights come back; trashed_at goes."""
    made = api.new_document(description="Kept in the trash for a while.", access_level="private")
    newest = upload_version(api, api.owner, made).body.get("id")
    before = read(api.owner, made).body["document"]
    api.equals("documents.trashed-at-only-in-trash", "trashed_at", before.get("trashed_at"), None)
    versions_before = versions(api.owner, made)
    api.require(trash(api.owner, made).status == 200, "the document could not be trashed")

    answer = untrash(api.owner, made).succeeds("trash.restore-answers-empty")
    api.equals("trash.restore-answers-empty", "answer", answer, {})
    after = read(api.owner, made).succeeds("trash.restore-lists-again")["document"]
    api.equals("trash.restore-clears-trashed-at", "trashed_at", after.get("trashed_at"), None)
    for field in ("title", "description", "created_by"):
        api.equals("trash.restore-keeps-content", field, after.get(field), before.get(field))
    api.equals("documents.creation-time-fixed", "created_at", after["created_at"], before["created_at"])
    had = (before.get("current_version") or {}).get("id")
    current = (after.get("current_version") or {}).get("id")
    if had:
        # A service that promotes a version only when it is processed may have done so meanwhile.
        expected = newest if current == newest else had
        api.equals("trash.restore-keeps-versions", "current version", current, expected)
    api.equals("trash.restore-keeps-versions", "versions", versions(api.owner, made), versions_before)
    rights: dict[str, Any] = before.get("permission_set") or {}
    lost = [name for name, may in rights.items() if may and not (after.get("permission_set") or {}).get(name)]
    api.equals("trash.restore-owner-keeps-rights", "rights that the owner lost", lost, [])

    listed = is_listed(api.owner, made)
    api.equals("trash.restore-lists-again", "in the list without trash_state", listed is not None, True)
    binned = is_listed(api.owner, made, **_TRASHED)
    api.equals("trash.restore-leaves-trash", "in the list of trashed ones", binned is not None, False)
    again = trash(api.owner, made)
    again.succeeds("trash.again-after-restore")


@story(
    suite=_SUITE,
    title="Restoring does not bring sharing back",
    needs=("owner", "member", "outsider"),
    smoke=True,
)
def sharing_stays_revoked(api: Api) -> None:
    """Who lost a document in the trash has to be given it anew."""
    document = shared_document(api, [api.member, api.outsider])
    had_it = readers(document, [api.member, api.outsider])
    api.require(trash(api.owner, document).status == 200, "the document could not be trashed")
    api.require(untrash(api.owner, document).status == 200, "the document could not be restored")

    for person in had_it:
        read(person, document).is_refused("trash.restore-keeps-grants-revoked", codes=CLOSED)
    access = api.owner.call("listDocumentAccess", document_id=document["id"])
    others = other_recipients(access.succeeds("trash.restore-keeps-access-list-empty"), api.owner)
    api.equals("trash.restore-keeps-access-list-empty", "recipients besides the owner", others, [])

    given = grant(api.owner, document, api.member, "viewer")
    api.require(given.status == 200, f"nothing could be granted: {given.exchange.line}")
    read(api.member, document).succeeds("trash.restore-then-share")
    read(api.outsider, document).is_refused("trash.restore-keeps-grants-revoked", codes=CLOSED)


@story(
    suite=_SUITE,
    title="Only the owner trashes a document",
    needs=("owner", "admin", "member", "outsider"),
)
def closed_to_others(api: Api) -> None:
    """Somebody without access is refused; so are a viewer and an admin of the document."""
    document = shared_document(api, [api.member], role="viewer")
    readers(document, [api.member])
    trash(api.outsider, document).is_refused("trash.outsider-refused", codes=CLOSED)
    trash(api.member, document).is_refused("trash.viewer-refused", codes=REFUSALS)
    present = is_listed(api.owner, document) is not None
    api.equals("trash.refused-changes-nothing", "in the list without trash_state", present, True)
    seen = read(api.member, document).status
    api.equals("trash.refused-changes-nothing", "status for the viewer", seen, 200)

    administered = shared_document(api, [api.admin], role="admin")
    readers(administered, [api.admin])
    trash(api.admin, administered).is_refused("trash.owner-only", codes=REFUSALS)

    api.require(trash(api.owner, document).status == 200, "the document could not be trashed")
    untrash(api.outsider, document).is_refused("trash.outsider-refused", codes=CLOSED)
    still = is_listed(api.owner, document, **_TRASHED) is not None
    api.equals("trash.outsider-refused", "still in the trash", still, True)


@story(suite=_SUITE, title="Trashing touches one document only", needs=("owner", "member"))
def others_are_untouched(api: Api) -> None:
    """Of two shared documents one is trashed."""
    gone, kept = shared_document(api, [api.member]), shared_document(api, [api.member])
    readers(kept, [api.member])
    api.require(trash(api.owner, gone).status == 200, "the document could not be trashed")

    present = is_listed(api.owner, kept) is not None
    api.equals("trash.others-untouched", "the other one is listed", present, True)
    read(api.member, kept).succeeds("trash.others-untouched")


@story(suite=_SUITE, title="A document in the trash still counts", needs=("owner",))
def still_counts(api: Api) -> None:
    """The document quota before and after creating, trashing and restoring."""

    def used() -> int:
        answer = api.owner.call("getDocumentQuota")
        return int(answer.succeeds("document-quota.used-grows").get("used", 0))

    before = used()
    document = api.new_document()
    created = used()
    api.equals("document-quota.used-grows", "documents used", created, before + 1)
    api.require(trash(api.owner, document).status == 200, "the document could not be trashed")
    api.equals("trash.still-counts", "documents used", used(), created)
    api.equals("document-quota.trashed-counts", "documents used", used(), created)
    api.require(untrash(api.owner, document).status == 200, "the document could not be restored")
    api.equals("document-quota.restore-counts-once", "documents used", used(), created)


@story(suite=_SUITE, title="Ids that lead to no document", needs=("owner",))
def nothing_to_trash(api: Api) -> None:
    """Unknown and malformed ids are refused, for trashing as for restoring."""
    document = api.new_document()
    for operation_id in ("trashDocument", "untrashDocument"):
        missing = api.owner.call(operation_id, document_id=unknown_id(document["id"]))
        if missing.is_refused("identifiers.unknown-refused", codes=CLOSED):
            missing.is_refused("identifiers.unknown-is-not-found", codes=("not_found",))
        for malformed in (
            document["id"].removeprefix("doc_"),
            document["id"].replace("doc_", "ver_"),
            "doc_short",
        ):
            wrong = api.owner.call(operation_id, document_id=malformed)
            refuses_malformed(wrong)
