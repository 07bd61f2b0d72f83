"""Rules about lists: a client that sees one page knows that it has not seen all."""

from collections import defaultdict
from collections.abc import Sequence

from factify_contract.spec import Document
from factify_mock.exam.rule import Finding, Rule, Severity, Slip
from factify_mock.exam.seen import PAGE_PARAMETERS, Seen


def _unfollowed(calls: Sequence[Seen], document: Document) -> Finding:
    lists: dict[tuple[object, ...], list[Seen]] = defaultdict(list)
    for call in calls:
        if call.operation is not None and call.entry.method == "GET":
            filters = tuple(
                sorted(
                    (name, value) for name, value in call.query if name not in ("page_size", *PAGE_PARAMETERS)
                )
            )
            lists[call.entry.actor_id, call.entry.path, filters].append(call)
    occasions, slips = 0, []
    for pages in lists.values():
        offered = {page.next_page_token for page in pages if page.next_page_token is not None}
        if not offered:
            continue
        occasions += 1
        if offered.isdisjoint(page.page_token for page in pages):
            first = next(page for page in pages if page.next_page_token is not None)
            slips.append(Slip(first, "there was a next page, and nobody asked for it"))
    return Finding(occasions, slips)


RULES = (
    Rule(
        "pagination.next-page",
        Severity.WARNING,
        "A client that lists goes on to the next page.",
        "Ask again with pagination.next_page_token until has_more is false; page_size is at most 100.",
        _unfollowed,
    ),
)
