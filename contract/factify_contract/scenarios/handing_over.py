"""What else is done with a document: transferred, linked to, bound by policies, looked back upon."""

from collections.abc import Mapping
from typing import Any

from factify_contract.scenarios.documents import is_listed, read, readers, shared_document
from factify_contract.scenarios.paging import a_third_of, comes_in_pages, paged
from factify_contract.scenarios.steps import CLOSED, REFUSALS, every, ids, unknown_id
from factify_contract.scenarios.story import Answer, Api, Person, story

# Enough for three pages.
_MOST_POLICIES = 6


def _transfer(person: Person, document: Mapping[str, Any], to: str) -> Answer:
    """What happens when the person transfers the document."""
    return person.call("transferDocumentOwnership", document_id=document["id"], body={"new_owner_id": to})


@story(suite="transfer", title="A document gets another owner", needs=("owner", "member"), smoke=True)
def transferred(api: Api) -> None:
    """The member becomes the owner, with all that an owner may do."""
    document = api.new_document(access_level="private")
    answer = _transfer(api.owner, document, api.member.user_id).succeeds("transfer.answers")
    api.equals("transfer.answers", "document", answer.get("document_id"), document["id"])
    api.equals("transfer.answers", "new owner", answer.get("new_owner_id"), api.member.user_id)
    listing = api.member.call("listDocumentAccess", document_id=document["id"]).body
    recipients = listing.get("recipients") or []
    others = [each["id"] for each in recipients if each["document_role"] == "owner"]
    # Not every list of recipients names the owner.
    is_owner = others in ([], [api.member.user_id])
    api.equals("transfer.changes-owner", "nobody else is named as owner", is_owner, True)
    shown = read(api.member, document).succeeds("transfer.changes-owner")["document"]
    creator = shown["created_by"]["id"]
    api.equals("documents.create-by-caller", "creator after a transfer", creator, api.owner.user_id)
    for person, owns in ((api.member, True), (api.owner, False)):
        found = is_listed(person, document, ownership=["owned"]) is not None
        what = f"in the {person.name}'s list of owned ones"
        api.equals("documents.list-ownership", what, found, owns)
    api.member.call("trashDocument", document_id=document["id"]).succeeds("transfer.changes-owner")


@story(suite="transfer", title="A document stays in its organization", needs=("owner", "member", "outsider"))
def not_transferred(api: Api) -> None:
    """Not to a stranger, not to a bot, and not by anybody but the owner."""
    document = shared_document(api, [api.member], role="admin")
    readers(document, [api.member])
    bot = api.member.user_id.replace("user_", "bot_")
    abroad = _transfer(api.owner, document, api.outsider.user_id)
    abroad.is_refused("transfer.inside-organization", codes=REFUSALS)
    _transfer(api.owner, document, bot).is_refused("transfer.users-only", codes=REFUSALS)
    stolen = _transfer(api.outsider, document, api.member.user_id)
    stolen.is_refused("transfer.outsider-refused", codes=REFUSALS)
    taken = _transfer(api.member, document, api.member.user_id)
    taken.is_refused("transfer.owner-only", codes=REFUSALS)
    rights = read(api.owner, document).body["document"].get("permission_set") or {}
    api.equals("transfer.inside-organization", "the owner may still trash", bool(rights.get("trash")), True)


@story(suite="share-links", title="A link to a document is made", needs=("owner", "outsider"), smoke=True)
def linked(api: Api) -> None:
    """The link says what it leads to and who made it; strangers make none."""
    document = api.new_document(access_level="private")
    first = api.owner.call("createShareLink", document_id=document["id"])
    link = first.succeeds("share-links.create").get("share_link") or {}
    api.equals("share-links.create", "document", link.get("document_id"), document["id"])
    api.equals("share-links.create", "creator", link.get("creator_id"), api.owner.user_id)
    second = api.owner.call("createShareLink", document_id=document["id"]).body.get("share_link") or {}
    api.equals("share-links.unique", "the same link twice", second.get("id") == link.get("id"), False)
    stolen = api.outsider.call("createShareLink", document_id=document["id"])
    stolen.is_refused("share-links.outsider-refused", codes=CLOSED)


@story(
    suite="policies",
    title="A policy is attached and detached",
    needs=("owner", "outsider", "policies"),
    smoke=True,
)
def bound(api: Api) -> None:
    """It is in the document's list as long as it is attached; strangers have no say."""
    document, policy_id = api.new_document(access_level="private"), api.policy_ids[0]
    other = api.new_document(access_level="private")

    def attach(person: Person, policy: str, to: Mapping[str, Any] = document) -> Answer:
        return person.call("attachDocumentPolicy", document_id=to["id"], body={"policy_id": policy})

    def detach(person: Person) -> Answer:
        return person.call("detachDocumentPolicy", document_id=document["id"], policy_id=policy_id)

    def attached(to: Mapping[str, Any] = document) -> list[str]:
        listed = every(api.owner, "listDocumentPolicies", document_id=to["id"])
        return sorted(each["policy"]["id"] for each in listed)

    bare = attach(api.owner, policy_id).succeeds("policies.attach")
    api.equals("policies.attach", "answered document", bare["document_id"], document["id"])
    api.equals("policies.attach", "answered policy", bare["policy"]["id"], policy_id)
    api.equals("policies.attach", "policies of the document", attached(), [policy_id])
    api.equals("policies.attach", "policies of another document", attached(other), [])

    looked = api.outsider.call("listDocumentPolicies", document_id=document["id"])
    looked.is_refused("policies.outsider-refused", codes=CLOSED)
    attach(api.outsider, policy_id).is_refused("policies.outsider-refused", codes=CLOSED)
    detach(api.outsider).is_refused("policies.outsider-refused", codes=CLOSED)
    api.equals("policies.outsider-refused", "policies after the attempts", attached(), [policy_id])
    unknown = attach(api.owner, unknown_id(policy_id))
    unknown.is_refused("policies.unknown-refused", codes=CLOSED)

    further = list(api.policy_ids[1:2])
    for policy in further:
        attach(api.owner, policy).succeeds("policies.attach")
        api.equals("policies.attach", "policies of the document", attached(), sorted([policy_id, policy]))
    attach(api.owner, policy_id, other).succeeds("policies.attach")

    answer = detach(api.owner).succeeds("policies.detach")
    api.equals("policies.detach", "answer", answer, {})
    listed = attached()
    api.equals("policies.detach", "the policy is in the list", policy_id in listed, False)
    api.equals("policies.detach-leaves-others", "other policies of the document", listed, further)
    api.equals("policies.detach-leaves-others", "policies of another document", attached(other), [policy_id])


@story(suite="policies", title="A policy takes nothing from anybody", needs=("owner", "member", "policies"))
def bound_and_shared(api: Api) -> None:
    """Who has a role keeps it when a policy is attached."""
    document = shared_document(api, [api.member], role="commenter")
    readers(document, [api.member])
    body = {"policy_id": api.policy_ids[0]}
    answer = api.owner.call("attachDocumentPolicy", document_id=document["id"], body=body)
    api.require(answer.status == 200, f"no policy could be attached: {answer.exchange.line}")
    recipients = api.owner.call("listDocumentAccess", document_id=document["id"]).body.get("recipients") or []
    kept = api.member.user_id in ids(recipients)
    api.equals("policies.keep-grants", "the member is still a recipient", kept, True)


@story(suite="policies", title="Policies come in pages", needs=("owner", "policies"))
def policies_in_pages(api: Api) -> None:
    """A document's policies, a third of them to a page."""
    document = api.new_document(access_level="private")
    attached: list[str] = []
    for policy_id in api.policy_ids[:_MOST_POLICIES]:
        answer = api.owner.call(
            "attachDocumentPolicy", document_id=document["id"], body={"policy_id": policy_id}
        )
        attached += [policy_id] if answer.status == 200 else []
    api.require(len(attached) > 1, "the profile names no two policies that can be attached to a document")
    listed = paged(
        api.owner,
        "listDocumentPolicies",
        size=a_third_of(attached),
        identify=lambda item: str(item["policy"]["id"]),
        document_id=document["id"],
    )
    comes_in_pages(api, listed, attached)


@story(
    suite="timeline",
    title="A document remembers what was done to it",
    needs=("owner", "member", "outsider"),
    smoke=True,
)
def remembered(api: Api) -> None:
    """The owner sees everything, others only what they did themselves, a stranger nothing."""
    document = shared_document(api, [api.member], role="viewer")
    readers(document, [api.member])

    def seen(person: Person) -> Answer:
        return person.call("getDocumentTimeline", document_id=document["id"], query={"page_size": 100})

    events = seen(api.owner).succeeds("timeline.admin-sees-all").get("events") or []
    types = [each["event_type"] for each in events]
    api.equals("timeline.created-event", "the creation is there", "document_created" in types, True)
    seen(api.outsider).is_refused("timeline.outsider-refused", codes=CLOSED)

    viewed = seen(api.member)
    api.require(viewed.status == 200, f"a viewer has no view of the timeline: {viewed.exchange.line}")
    shown = viewed.body.get("events") or []
    of_the_owner = {"document_created", "document_user_access_granted"}
    foreign = sorted({each["event_type"] for each in shown} & of_the_owner)
    api.equals("timeline.viewer-sees-own", "the owner's doings shown to a viewer", foreign, [])

    promoted = api.owner.call(
        "updateDocumentAccess",
        document_id=document["id"],
        recipient_id=api.member.user_id,
        body={"document_role": "collaborator"},
    )
    renaming = {"title": api.unique("renamed")}
    renamed = api.member.call("updateDocument", document_id=document["id"], body=renaming)
    may_rename = promoted.status == renamed.status == 200
    api.require(may_rename, f"a collaborator could not do anything: {renamed.exchange.line}")
    own = seen(api.member).body.get("events") or []
    everything = seen(api.owner).body.get("events") or []
    hidden = {each["event_id"] for each in (*shown, *own)} - {each["event_id"] for each in everything}
    api.equals("timeline.admin-sees-all", "events that only another one sees", sorted(hidden), [])


@story(suite="timeline", title="Who administers a document sees all of its memory", needs=("owner", "admin"))
def remembered_for_administrators(api: Api) -> None:
    """An admin of the organization, and of the document, sees what its owner did."""
    document = shared_document(api, [api.admin], role="admin")
    readers(document, [api.admin])

    def seen(person: Person) -> list[str]:
        query = {"page_size": 100}
        answer = person.call("getDocumentTimeline", document_id=document["id"], query=query)
        return [each["event_id"] for each in answer.succeeds("timeline.admin-sees-all").get("events") or []]

    missing = sorted(set(seen(api.owner)) - set(seen(api.admin)))
    api.equals("timeline.admin-sees-all", "events that only the owner sees", missing, [])


@story(suite="timeline", title="A long memory comes in pages", needs=("owner",))
def remembered_in_pages(api: Api) -> None:
    """Event by event, the cursor leads to the end, and no event comes twice."""
    document = api.new_document(access_level="private")
    for number in range(2):
        title = api.unique(f"title-{number}")
        retitled = api.owner.call("updateDocument", document_id=document["id"], body={"title": title})
        api.require(retitled.status == 200, f"the title could not be changed: {retitled.exchange.line}")

    def page(**query: Any) -> dict[str, Any]:
        answer = api.owner.call("getDocumentTimeline", document_id=document["id"], query=query)
        return answer.succeeds("timeline.cursor-continues")

    whole = [each["event_id"] for each in page(page_size=100).get("events") or []]
    found: list[str] = []
    current = page(page_size=1)
    while True:
        found += [each["event_id"] for each in current.get("events") or []]
        cursor = current.get("next_cursor")
        if not cursor or len(found) > len(whole):
            break
        current = page(page_size=1, cursor=cursor)
    api.equals("timeline.cursor-continues", "events of all pages", found, whole)
