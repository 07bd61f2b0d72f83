"""The list of documents: who finds what in it, by which filters."""

from datetime import timedelta, timezone
from typing import Any

from factify_contract.scenarios.documents import (
    accessible_ids,
    grant,
    is_listed,
    readers,
    shared_document,
    trash,
)
from factify_contract.scenarios.steps import ids, instant, shifted
from factify_contract.scenarios.story import Api, story

_SUITE = "documents"


def _found(api: Api, made: list[dict[str, Any]], **query: Any) -> list[str]:
    """Which of the made documents the owner's list holds, by their titles; `a__b` asks for `a.b`."""
    asked = {name.replace("__", "."): value for name, value in query.items()}
    listed = set(accessible_ids(api.owner, **asked))
    return sorted(document["title"] for document in made if document["id"] in listed)


def _in_zone(text: str, *, hours: float) -> str:
    """The same point in time as a clock shows it that is so many hours ahead of UTC."""
    return instant(text).astimezone(timezone(timedelta(hours=hours))).isoformat()


@story(suite=_SUITE, title="A document is in its creator's list", needs=("owner", "member", "outsider"))
def listed(api: Api) -> None:
    """The owner finds what he just made; others do not find what is private."""
    first, second = api.new_document(access_level="private"), api.new_document(access_level="private")
    api.owner.call("listDocuments").succeeds("documents.list-shows-own")
    shown = is_listed(api.owner, first)
    api.equals("documents.list-shows-own", "in the owner's list", shown is not None, True)
    has_rights = shown is not None and shown.get("permission_set") is not None
    api.equals("documents.permission-set-present", "permission_set in the list", has_rights, True)
    for person in (api.member, api.outsider):
        seen = first["id"] in accessible_ids(person)
        api.equals("documents.list-hides-foreign", f"in the list of the {person.name}", seen, False)

    newest = api.owner.call("listDocuments").body.get("items") or []
    times = [instant(each["created_at"]) for each in newest]
    in_order = times == sorted(times, reverse=True)
    api.equals("documents.list-default-order", "newest first", in_order, True)
    order = [each for each in ids(newest) if each in (first["id"], second["id"])]
    if first["created_at"] != second["created_at"]:
        api.equals("documents.list-default-order", "order", order, [second["id"], first["id"]])


@story(suite=_SUITE, title="Documents are found by their text", needs=("owner",), smoke=True)
def found_by_text(api: Api) -> None:
    """A word in the title, a word in the description, in any case."""
    in_title, in_description = api.unique("title").lower(), api.unique("text").lower()
    # What has a meaning in addresses has none in a title.
    titled = api.new_document(title=f"About {in_title} %41+b")
    described = api.new_document(description=f"About {in_description}, at length.")
    both = [titled, described]

    for word in (in_title, in_title.upper()):
        found = _found(api, both, query=word)
        api.equals("documents.list-query", "found by a word of a title", found, [titled["title"]])
        found = _found(api, both, title_contains=word)
        api.equals("documents.list-title-contains", "found by a title", found, [titled["title"]])
        found = _found(api, both, description_contains=word)
        api.equals("documents.list-description-contains", "found by a title's word", found, [])
    for word in (in_description, in_description.upper()):
        found = _found(api, both, query=word)
        api.equals("documents.list-query", "found by a word of a description", found, [described["title"]])
        found = _found(api, both, description_contains=word)
        api.equals("documents.list-description-contains", "found by it", found, [described["title"]])
        found = _found(api, both, title_contains=word)
        api.equals("documents.list-title-contains", "found by a description's word", found, [])

    for pattern in (f"{in_title[:-1]}_", f"{in_title[:-3]}%{in_title[-1]}"):
        found = _found(api, both, title_contains=pattern)
        api.equals("documents.list-title-contains", f"found by {pattern}", found, [])
    body = {"description": f"{in_description} Ärger"}
    changed = api.owner.call("updateDocument", document_id=described["id"], body=body)
    changed.succeeds("documents.update-description")
    found = _found(api, both, description_contains=f"{in_description} ärger")
    api.equals("documents.list-case-of-all-letters", "found by it", found, [described["title"]])
    found = _found(api, both, title_contains=f"{in_title} %41+b")
    api.equals("documents.list-title-contains", "found with its signs", found, [titled["title"]])


@story(suite=_SUITE, title="Documents are found by their time", needs=("owner",))
def found_by_time(api: Api) -> None:
    """A range holds both its ends, and nothing outside."""
    document = api.new_document()
    title = document["title"]
    # As it is listed: the answer to the creation may have been more exact than what was kept.
    moment = (is_listed(api.owner, document) or document)["created_at"]
    earlier, later = shifted(moment, minutes=-1), shifted(moment, minutes=1)

    def found(**query: str) -> bool:
        return _found(api, [document], title_contains=title, **query) == [title]

    api.equals("timestamps.range-inclusive", "found after its own time", found(created__after=moment), True)
    api.equals("timestamps.range-inclusive", "found before its own time", found(created__before=moment), True)
    api.equals("documents.list-created-range", "found after a later time", found(created__after=later), False)
    before = found(created__before=earlier)
    api.equals("documents.list-created-range", "found before an earlier time", before, False)
    around = found(created__after=earlier, created__before=later)
    api.equals("documents.list-created-range", "found in the minutes around it", around, True)
    # The same minutes on clocks of other zones.
    ahead, behind = _in_zone(earlier, hours=5.5), _in_zone(later, hours=-8)
    api.equals("documents.list-created-range", f"found after {ahead}", found(created__after=ahead), True)
    api.equals("documents.list-created-range", f"found before {behind}", found(created__before=behind), True)
    backwards = api.owner.call("listDocuments", query={"created.after": later, "created.before": earlier})
    backwards.is_refused("timestamps.range-order", codes=("invalid_argument",))


@story(suite=_SUITE, title="Documents are found by what they are", needs=("owner", "member"))
def found_by_kind(api: Api) -> None:
    """By creator, owner, access level, state, format and place in the trash."""
    private = api.new_document(access_level="private")
    shared = api.new_document(access_level="organization")
    binned = api.new_document(access_level="private")
    api.require(trash(api.owner, binned).status == 200, "the document could not be trashed")
    made = [private, shared, binned]
    p, s, b = (document["title"] for document in made)

    found = _found(api, made, created_by_id=[api.owner.user_id])
    api.equals("documents.list-created-by", "made by the owner", found, sorted([p, s]))
    found = _found(api, made, created_by_id=[api.member.user_id])
    api.equals("documents.list-created-by", "made by the member", found, [])
    found = _found(api, made, created_by_id=[api.member.user_id, api.owner.user_id])
    api.equals("documents.list-created-by", "made by either", found, sorted([p, s]))
    found = _found(api, made, ownership=["owned"])
    api.equals("documents.list-ownership", "owned", found, sorted([p, s]))
    found = _found(api, made, ownership=["not_owned"])
    api.equals("documents.list-ownership", "not owned", found, [])
    for level, expected in (("private", [p]), ("organization", [s]), ("public", [])):
        found = _found(api, made, access_level=[level])
        api.equals("documents.list-access-level", f"listed as {level}", found, expected)
    found = _found(api, made, access_level=["private", "organization"])
    api.equals("documents.list-access-level", "private or organization", found, sorted([p, s]))
    for state, expected in ((["active"], [p, s]), (["trashed"], [b]), (["active", "trashed"], [p, s, b])):
        found = _found(api, made, trash_state=state)
        api.equals("documents.list-trash-state", " or ".join(state), found, sorted(expected))
    found = _found(api, made, source_format=["pdf", "csv"])
    api.equals("documents.list-source-format", "listed as pdf or csv", found, sorted([p, s]))
    found = _found(api, made, source_format=["docx"])
    api.equals("documents.list-source-format", "listed as docx", found, [])


@story(suite=_SUITE, title="Documents are found by the state of their processing", needs=("owner",))
def found_by_processing(api: Api) -> None:
    """Each state lists documents in that state only, and the states together list everything."""
    document = api.new_document()
    states = ("processing", "ready", "failed")
    for state in states:
        answer = api.owner.call("listDocuments", query={"processing_status": [state], "page_size": 100})
        items = answer.succeeds("documents.list-processing-status").get("items") or []
        others = sorted({each["processing_status"] for each in items} - {state})
        api.equals("documents.list-processing-status", f"other states listed as {state}", others, [])
    found = is_listed(api.owner, document, processing_status=list(states)) is not None
    api.equals("documents.list-processing-status", "listed in any state", found, True)


@story(suite=_SUITE, title="A shared document is listed for its recipient", needs=("owner", "member"))
def listed_for_the_recipient(api: Api) -> None:
    """The recipient finds it among what is not his, and sees since when he has it."""
    document = shared_document(api, [api.member])
    readers(document, [api.member])
    found = is_listed(api.member, document, ownership=["not_owned"])
    api.equals("sharing.listed-for-recipient", "in the list of not owned ones", found is not None, True)
    mine = is_listed(api.member, document, ownership=["owned"])
    api.equals("documents.list-ownership", "in the recipient's list of owned ones", mine is not None, False)

    seen = api.member.call("getDocument", document_id=document["id"]).body["document"]
    api.equals("documents.shared-at-personal", "shared_at for the recipient", "shared_at" in seen, True)
    own = api.owner.call("getDocument", document_id=document["id"]).body["document"]
    api.equals("documents.shared-at-personal", "shared_at for the owner", "shared_at" in own, False)


@story(suite=_SUITE, title="Who has never viewed a document sees no time of it", needs=("owner", "member"))
def viewed_by_nobody(api: Api) -> None:
    """The owner reads what he shared; the recipient has only seen it in his list."""
    document = shared_document(api, [api.member])
    viewed = api.owner.call("getDocument", document_id=document["id"])
    api.require(viewed.status == 200, f"the owner could not read it: {viewed.exchange.line}")
    found = is_listed(api.member, document)
    api.require(found, "the document is not in the recipient's list")
    time = (found or {}).get("last_viewed_at")
    api.equals("documents.last-viewed-personal", "last_viewed_at for the recipient", time, None)


@story(
    suite=_SUITE,
    title="The organization's documents are told from others",
    needs=("owner", "member", "outsider"),
)
def found_by_organization(api: Api) -> None:
    """A colleague's document and a stranger's, both shared with the member."""
    ours = shared_document(api, [api.member])
    theirs = api.new_document(owner=api.outsider, access_level="private")
    given = grant(api.outsider, theirs, api.member, "viewer")
    api.require(given.status == 200, f"nothing could be granted: {given.exchange.line}")
    readers(theirs, [api.member])
    scoped = accessible_ids(api.member, organization_scope=True)
    found = [ours["id"] in scoped, theirs["id"] in scoped]
    api.equals("documents.list-organization-scope", "ours and theirs with the scope", found, [True, False])
    usual = theirs["id"] in accessible_ids(api.member)
    found_unscoped = theirs["id"] in accessible_ids(api.member, organization_scope=False)
    api.equals("documents.list-organization-scope", "theirs with the scope false", found_unscoped, usual)
