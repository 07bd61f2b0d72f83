"""Rules about lists: a client that sees one page knows that it has not seen all."""

from collections import defaultdict
from collections.abc import Sequence

from factify_contract.spec import Document
from factify_mock.exam.rule import Finding, Rule, Severity, Slip
from factify_mock.exam.seen import PAGE_PARAMETERS, Seen


def _unfollowed(calls: Sequence[Seen], document: Document) -> Finding:
    lists: dict[tuple[object, ...], list[Seen]] = defaultdict(list)
    for call in calls:
        if _lists(call):
            lists[_list_asked_for(call)].append(call)
    occasions, slips = 0, []
    for pages in lists.values():
        offering = [page for page in pages if page.next_page_token is not None]
        if not offering:
            continue
        occasions += 1
        if {page.next_page_token for page in offering}.isdisjoint(page.page_token for page in pages):
            slips.append(Slip(offering[0], "there was a next page, and nobody asked for it"))
    return Finding(occasions, slips)


def _lists(call: Seen) -> bool:
    """Whether a call asks for a list; who asks for a page of one wants to know if there is anything."""
    return call.operation is not None and call.entry.method == "GET" and ("page_size", "1") not in call.query


def _list_asked_for(call: Seen) -> tuple[object, ...]:
    """What is equal for the pages of one list."""
    filters = [(name, value) for name, value in call.query if name not in ("page_size", *PAGE_PARAMETERS)]
    return (call.entry.actor_id, call.entry.path, *sorted(filters))


RULES = (
    Rule(
        "pagination.next-page",
        Severity.WARNING,
        "A client that lists goes on to the next page.",
        "Ask again with pagination.next_page_token until has_more is false; page_size is at most 100.",
        _unfollowed,
    ),
)
