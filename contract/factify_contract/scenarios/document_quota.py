"""Using up what was allowed: the documents of an organization."""

from factify_contract.scenarios.documents import is_listed, read, trash
from factify_contract.scenarios.quotas import document_quota
from factify_contract.scenarios.steps import REFUSALS
from factify_contract.scenarios.story import Answer, Api, Person, story

_SUITE = "quota-exhaustion"


def _create(api: Api, person: Person, title: str) -> Answer:
    """What happens when the person creates a document."""
    return person.call(
        "createDocument",
        body={"title": title},
        files={"payload": ("document.pdf", api.pdf(), "application/pdf")},
    )


@story(
    suite=_SUITE,
    title="An organization stops when its documents are used up",
    needs=("owner", "document_quota"),
    smoke=True,
)
def documents_are_used_up(api: Api) -> None:
    """Two documents are left; the third is refused, and trashing makes no room for it."""
    original = document_quota(api)
    limit = original["used"] + 2
    api.quota.set_documents(limit)
    try:
        quota = document_quota(api)
        api.equals(
            "document-quota.available",
            "limit and available",
            (quota["limit"], quota["available"]),
            (limit, 2),
        )
        first = _create(api, api.owner, api.unique("first")).succeeds("document-quota.last-one-fits")
        _create(api, api.owner, api.unique("last")).succeeds("document-quota.last-one-fits")
        quota = document_quota(api)
        api.equals(
            "document-quota.available", "used and available", (quota["used"], quota["available"]), (limit, 0)
        )

        title = api.unique("too-many")
        refused = _create(api, api.owner, title)
        if refused.is_refused("document-quota.full-refused", codes=("resource_exhausted", *REFUSALS)):
            refused.is_refused("document-quota.full-code", codes=("resource_exhausted",))
            refused.is_refused(
                "document-quota.full-reason", codes=("resource_exhausted",), reasons=("quota_exceeded",)
            )
        used = document_quota(api)["used"]
        api.equals("document-quota.refused-creates-nothing", "documents used", used, limit)

        document = first["document"]
        version = api.owner.call(
            "createDocumentVersion",
            document_id=document["id"],
            files={"payload": ("document.pdf", api.pdf(), "application/pdf")},
        )
        version.succeeds("document-quota.versions-free")

        api.require(trash(api.owner, document).status == 200, "the document could not be trashed")
        binned = _create(api, api.owner, api.unique("after-trash"))
        binned.is_refused("document-quota.trashed-counts", codes=("resource_exhausted", *REFUSALS))

        api.quota.set_documents(limit + 1)
        _create(api, api.owner, api.unique("raised")).succeeds("document-quota.raised-works")
    finally:
        api.quota.set_documents(original["limit"])


@story(
    suite=_SUITE,
    title="A limit of nothing means no limit",
    needs=("owner", "document_quota"),
)
def documents_without_limit(api: Api) -> None:
    """With the limit 0 documents can be created, and nothing is given as available."""
    original = document_quota(api)
    api.quota.set_documents(0)
    try:
        api.equals("document-quota.unlimited", "limit", document_quota(api)["limit"], 0)
        created = _create(api, api.owner, api.unique("unlimited"))
        document = created.succeeds("document-quota.unlimited")["document"]
        listed = is_listed(api.owner, document) is not None
        api.equals("document-quota.unlimited", "the document is listed", listed, True)
    finally:
        api.quota.set_documents(original["limit"])


@story(suite=_SUITE, title="Demo documents do not count", needs=("owner", "demo_document"))
def demos_are_free(api: Api) -> None:
    """A document that becomes a demo gives its place in the quota back."""
    before = document_quota(api)["used"]
    document = api.new_document()
    api.require(document_quota(api)["used"] == before + 1, "the document did not count")
    api.mark_demo(document)
    shown = read(api.owner, document).body["document"].get("is_demo", False)
    api.require(shown, "the document could not be made a demo")
    api.equals("document-quota.demo-excluded", "documents used", document_quota(api)["used"], before)


@story(
    suite=_SUITE,
    title="Colleagues share a document quota, strangers do not",
    needs=("owner", "member", "outsider"),
)
def documents_of_whom(api: Api) -> None:
    """The owner's quota counts the member's document, and not the outsider's."""
    before = document_quota(api)["used"]
    theirs = _create(api, api.outsider, api.unique("foreign"))
    api.require(theirs.status == 200, f"the outsider could not create: {theirs.exchange.line}")
    used = document_quota(api)["used"]
    api.equals("document-quota.own-organization", "used after a stranger's document", used, before)

    ours = _create(api, api.member, api.unique("colleague"))
    api.require(ours.status == 200, f"the member could not create: {ours.exchange.line}")
    creator = ours.body["document"]["created_by"]["id"]
    api.equals("documents.create-by-caller", "created_by", creator, api.member.user_id)
    used = document_quota(api)["used"]
    api.equals("document-quota.own-organization", "used after a colleague's document", used, before + 1)
