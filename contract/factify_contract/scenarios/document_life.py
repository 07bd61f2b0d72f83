"""Documents: created, read and changed by those who may."""

from factify_contract.scenarios.documents import read, readers, shared_document, versions
from factify_contract.scenarios.steps import CLOSED, refuses_malformed, unknown_id
from factify_contract.scenarios.story import Api, story

_SUITE = "documents"
_LONGEST_TITLE = 255


@story(suite=_SUITE, title="A document is created from a PDF", needs=("owner",), smoke=True)
def created(api: Api) -> None:
    """The answer shows what was sent, who sent it, and the first version."""
    title = f"{api.unique('report')}: Größe, 報告 \N{BAR CHART}"
    description, file = "Figures of the first quarter.", api.pdf()
    answer = api.owner.call(
        "createDocument",
        body={"title": title, "description": description, "access_level": "private"},
        files={"payload": ("report.pdf", file, "application/pdf")},
    )
    document = answer.succeeds("documents.create-returns-document")["document"]
    api.equals("documents.create-returns-document", "title", document["title"], title)
    api.equals("documents.create-returns-document", "description", document.get("description"), description)
    api.equals("documents.create-by-caller", "created_by", document["created_by"]["id"], api.owner.user_id)
    api.equals("documents.access-level-kept", "access_level", document["access_level"], "private")

    seen = read(api.owner, document).succeeds("documents.get-returns-document")["document"]
    api.equals("documents.get-returns-document", "title", seen["title"], title)
    api.equals("documents.access-level-kept", "access_level", seen["access_level"], "private")
    api.equals("documents.trashed-at-only-in-trash", "trashed_at", seen.get("trashed_at"), None)
    api.equals("documents.not-demo", "is_demo", seen.get("is_demo", False), False)
    if owning := seen.get("owner_organization_id"):
        api.equals("documents.owner-organization", "organization", owning, api.organization_id)
    api.equals("documents.source-format", "source_format", seen.get("source_format", "pdf"), "pdf")
    made = versions(api.owner, document)
    api.equals("documents.create-makes-version", "versions", len(made), 1)
    # A service that promotes a version only when it is processed has no current one yet.
    current = (seen.get("current_version") or {}).get("id", made[0])
    api.equals("documents.create-makes-version", "current version", [current], made)

    preset = unknown_id(document["id"])
    other = api.new_document(title=title, document_id=preset)
    api.equals("documents.server-fields-ignored", "the id sent is taken", other["id"] == preset, False)
    api.equals("identifiers.unique", "the same id twice", other["id"] == document["id"], False)
    copy = api.new_document(content=file)
    api.equals("identifiers.unique", "the id of the same file", copy["id"] == document["id"], False)
    foreign = versions(api.owner, other)
    api.equals("versions.list-belongs", "versions of both documents", sorted(set(made) & set(foreign)), [])
    version = api.owner.call("getVersion", version_id=made[0])
    body = version.succeeds("versions.get-by-id")
    api.equals("versions.get-by-id", "document of the version", body["document_id"], document["id"])


@story(suite=_SUITE, title="A document is open to its creator's organization by default", needs=("owner",))
def default_access_in_an_organization(api: Api) -> None:
    """Without an access level the owner's document is the organization's."""
    level = api.new_document()["access_level"]
    api.equals("documents.default-access-level", "level for a member of one", level, "organization")


@story(suite=_SUITE, title="A document of somebody without organization is private", needs=("invitee",))
def default_access_without_organization(api: Api) -> None:
    """Without an access level, and without an organization to open to."""
    mine = api.invitee.call("listOrganizations")
    api.require(mine.status == 200 and not mine.body.get("items"), "the invitee has an organization")
    level = api.new_document(owner=api.invitee)["access_level"]
    api.equals("documents.default-access-level", "level without an organization", level, "private")


@story(suite=_SUITE, title="Title and description are changed", needs=("owner",), smoke=True)
def updated(api: Api) -> None:
    """One after the other; what is not named stays, and no version is made."""
    document = api.new_document(description="A first draft.")
    before = read(api.owner, document).body["document"]
    title = api.unique("renamed")
    api.owner.call("updateDocument", document_id=document["id"], body={"title": title}).succeeds(
        "documents.update-title"
    )
    seen = read(api.owner, document).body["document"]
    api.equals("documents.update-title", "title", seen["title"], title)
    # Lengths are measured in characters, and these take two bytes each.
    title = title.ljust(_LONGEST_TITLE, "ü")
    longest = api.owner.call("updateDocument", document_id=document["id"], body={"title": title})
    longest.succeeds("documents.update-title")
    seen = read(api.owner, document).body["document"]
    api.equals("documents.update-title", "the longest title", seen["title"], title)
    api.equals("documents.update-keeps-rest", "description", seen.get("description"), "A first draft.")

    text = "The final text,\nin two lines."
    answer = api.owner.call("updateDocument", document_id=document["id"], body={"description": text})
    answer.succeeds("documents.update-description")
    seen = read(api.owner, document).body["document"]
    api.equals("documents.update-description", "description", seen.get("description"), text)
    api.equals("documents.update-keeps-rest", "title", seen["title"], title)
    api.equals("documents.creation-time-fixed", "created_at", seen["created_at"], before["created_at"])
    count = len(versions(api.owner, document))
    api.equals("documents.update-makes-no-version", "versions", count, 1)


@story(suite=_SUITE, title="A private document is closed to strangers", needs=("owner", "outsider", "member"))
def closed_to_strangers(api: Api) -> None:
    """Neither somebody from outside nor a colleague reads, changes or finds it."""
    document = api.new_document(access_level="private")
    for person in (api.outsider, api.member):
        read(person, document).is_refused("documents.outsider-refused", codes=CLOSED)
        change = person.call("updateDocument", document_id=document["id"], body={"title": "Mine now"})
        change.is_refused("documents.outsider-refused", codes=CLOSED)
        looked = person.call("listDocumentVersions", document_id=document["id"])
        looked.is_refused("versions.outsider-refused", codes=CLOSED)
    seen = read(api.owner, document).body["document"]
    api.equals("documents.outsider-refused", "title", seen["title"], document["title"])
    peeked = api.outsider.call("getVersion", version_id=versions(api.owner, document)[0])
    peeked.is_refused("versions.outsider-refused", codes=CLOSED)


@story(suite=_SUITE, title="Everybody sees his own permissions", needs=("owner", "member"), smoke=True)
def own_permissions(api: Api) -> None:
    """The owner may trash; the viewer may view, and not more than is his."""
    document = shared_document(api, [api.member], role="viewer")
    readers(document, [api.member])
    for person, expected in ((api.owner, {"view": True, "trash": True}), (api.member, {"view": True})):
        shown = read(person, document).body["document"].get("permission_set")
        api.equals("documents.permission-set-present", "permission_set given", shown is not None, True)
        own = shown or {}
        may = {name: bool(own.get(name)) for name in expected}
        api.equals("documents.permission-set-personal", f"permissions of the {person.name}", may, expected)
        inspected = person.call("inspectDocumentAccess", document_id=document["id"])
        capabilities = inspected.succeeds("sharing.capabilities-agree").get("permission_set") or {}
        differing = sorted(
            name for name in {*own, *capabilities} if bool(own.get(name)) != bool(capabilities.get(name))
        )
        api.equals("sharing.capabilities-agree", "permissions that differ", differing, [])


@story(suite=_SUITE, title="Ids that lead to no document are refused", needs=("owner",))
def unknown_documents(api: Api) -> None:
    """Unknown and malformed ids, for reading and for changing."""
    document = api.new_document()
    for operation_id in ("getDocument", "listDocumentVersions", "listDocumentAccess", "getGeneralAccess"):
        missing = api.owner.call(operation_id, document_id=unknown_id(document["id"]))
        if missing.is_refused("identifiers.unknown-refused", codes=CLOSED):
            missing.is_refused("identifiers.unknown-is-not-found", codes=("not_found",))
        wrong = api.owner.call(operation_id, document_id=document["id"].removeprefix("doc_"))
        refuses_malformed(wrong)
