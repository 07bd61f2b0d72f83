"""The list of documents: its order and its pages."""

from factify_contract.scenarios.documents import grant, readers
from factify_contract.scenarios.paging import comes_in_pages, joined, paged
from factify_contract.scenarios.steps import every, ids, instant
from factify_contract.scenarios.story import Api, story

_SUITE = "documents"


@story(suite=_SUITE, title="Documents are sorted", needs=("owner",))
def sorted_as_asked(api: Api) -> None:
    """By name and by time of creation, up and down; by nothing else than is documented."""
    word = api.unique("sorted")
    made = {letter: api.new_document(title=f"{word} {letter}") for letter in ("b", "a", "c")}
    by_name = [made[letter]["id"] for letter in ("a", "b", "c")]

    for minus, order in (("", by_name), ("-", by_name[::-1])):
        asked = {"title_contains": word, "sort": f"{minus}name"}
        found = ids(every(api.owner, "listDocuments", query=asked))
        api.equals("documents.list-sort", f"sorted by {minus}name", found, order)
        asked = {"title_contains": word, "sort": f"{minus}created_at"}
        times = [instant(each["created_at"]) for each in every(api.owner, "listDocuments", query=asked)]
        in_order = times == sorted(times, reverse=bool(minus))
        api.equals("documents.list-sort", f"in order of {minus}created_at", in_order, True)
    body = {"description": "Changed after all the others were made."}
    changed = api.owner.call("updateDocument", document_id=made["b"]["id"], body=body)
    changed.succeeds("documents.update-description")
    for minus in ("", "-"):
        asked = {"title_contains": word, "sort": f"{minus}updated_at"}
        given = [each.get("updated_at") for each in every(api.owner, "listDocuments", query=asked)]
        times = [instant(each) for each in given if each]
        in_order = times == sorted(times, reverse=bool(minus))
        api.equals("documents.list-sort", f"in order of {minus}updated_at", in_order, True)
    for sort in ("updated_at", "last_viewed_at", "last_shared_at"):
        answer = api.owner.call("listDocuments", query={"title_contains": word, "sort": sort})
        found = ids(answer.succeeds("documents.list-sort").get("items") or [])
        api.equals("documents.list-sort", f"documents sorted by {sort}", sorted(found), sorted(by_name))
    unknown = api.owner.call("listDocuments", query={"sort": "colour"})
    unknown.is_refused("documents.list-sort-unknown-refused", codes=("invalid_argument",))


@story(suite=_SUITE, title="Documents are sorted by when they were shared", needs=("owner", "member"))
def sorted_by_sharing(api: Api) -> None:
    """The older one of two is shared last, and the recipient lists them."""
    word = api.unique("lent")
    older, newer = (api.new_document(title=f"{word} {number}", access_level="private") for number in "12")
    for document in (newer, older):
        given = grant(api.owner, document, api.member, "viewer")
        api.require(given.status == 200, f"nothing could be granted: {given.exchange.line}")
    readers(older, [api.member])
    for minus in ("", "-"):
        asked = {"title_contains": word, "sort": f"{minus}last_shared_at"}
        told = [each.get("shared_at") for each in every(api.member, "listDocuments", query=asked)]
        times = [instant(each) for each in told if each]
        in_order = times == sorted(times, reverse=bool(minus))
        api.equals("documents.list-sort", f"in order of {minus}last_shared_at", in_order, True)


@story(suite=_SUITE, title="Documents come in pages", needs=("owner",))
def listed_in_pages(api: Api) -> None:
    """Five documents, two to a page, there and back again."""
    word = api.unique("paged")
    made = [api.new_document(title=f"{word} {number}")["id"] for number in range(3)]
    # One that the filter leaves out, wherever it comes in the order.
    api.new_document()
    made += [api.new_document(title=f"{word} {number}")["id"] for number in range(3, 5)]
    listed = paged(api.owner, "listDocuments", query={"title_contains": word})

    first = listed.follow("pagination.empty-token-is-first", "")
    api.equals("pagination.empty-token-is-first", "page of the empty token", first.ids, listed.page().ids)
    comes_in_pages(api, listed, made)


@story(suite=_SUITE, title="Documents of one name come in pages", needs=("owner",))
def equals_in_pages(api: Api) -> None:
    """Five documents with the same title, sorted by it, two to a page."""
    title = api.unique("namesake")
    made = [api.new_document(title=title)["id"] for _ in range(5)]
    for sort in ("name", "-name"):
        pages = paged(api.owner, "listDocuments", query={"title_contains": title, "sort": sort}).forward()
        found = sorted(joined(pages))
        api.equals("pagination.pages-make-whole", f"items of all pages by {sort}", found, sorted(made))
