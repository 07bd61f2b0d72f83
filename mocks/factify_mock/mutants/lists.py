"""Defects of the list of documents: its filters, its order and its pages."""

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from factify_contract.spec.formats import parse_timestamp
from factify_mock.mutants.bends import (
    assumes,
    edits,
    heeds_first,
    ignores,
    lacks,
    misreads,
    puts,
    refuses,
    turns_round,
)
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call

_INSTANT = timedelta(microseconds=1)


def _between_ends(call: "Call") -> "Call":
    query = dict(call.query)
    for name, inward in (("created.after", _INSTANT), ("created.before", -_INSTANT)):
        if name in query:
            query[name] = (parse_timestamp(query[name]) + inward).isoformat()
    return replace(call, query=query)


def _one_more(call: "Call") -> "Call":
    size = call.query.get("page_size")
    return call if size is None else replace(call, query={**call.query, "page_size": size + 1})


def _always_previous(call: "Call", body: Json) -> Json:
    pages = body["pagination"]
    pages["prev_page_token"] = pages["prev_page_token"] or pages["next_page_token"]
    return body


def _turn_back(call: "Call", body: Json) -> Json:
    pages = body["pagination"]
    pages["next_page_token"] = pages["next_page_token"] or pages["prev_page_token"]
    return body


def _reverse_when_going_back(call: "Call", body: Json) -> Json:
    token = call.query.get("page_token") or ""
    if b'"d":"prev"' in urlsafe_b64decode(token + "=" * (-len(token) % 4)):
        body["items"].reverse()
    return body


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "documents.filter-ignored",
        "documents.list-query",
        "The list of documents heeds no filter but the trash state.",
    ),
    Mutant(
        "documents.sort-ignored",
        "documents.list-sort",
        "The list of documents is always the newest first.",
    ),
    Mutant(
        "documents.page-drops-item",
        "pagination.pages-make-whole",
        "Every page of documents but the first lacks its first item.",
    ),
    Mutant(
        "documents.page-repeats-item",
        "pagination.pages-make-whole",
        "Every page of documents but the first repeats the item before it.",
    ),
    Mutant(
        "documents.list-lags-behind",
        "documents.list-shows-own",
        "A document is not in any list for a minute after it was made.",
    ),
    Mutant(
        "documents.oldest-first",
        "documents.list-default-order",
        "Without a sort the oldest document comes first.",
        assumes("listDocuments", sort="created_at"),
    ),
    Mutant(
        "documents.unknown-sort-accepted",
        "documents.list-sort-unknown-refused",
        "An unknown sort field is taken for the time of creation.",
    ),
    Mutant(
        "documents.title-filter-heeds-case",
        "documents.list-title-contains",
        "title_contains finds only what has the very same case.",
    ),
    Mutant(
        "documents.title-filter-searches-all",
        "documents.list-title-contains",
        "title_contains looks into descriptions too.",
        misreads("listDocuments", "title_contains", "query"),
    ),
    Mutant(
        "documents.description-filter-lets-empty-pass",
        "documents.list-description-contains",
        "description_contains lets documents without a description pass.",
    ),
    Mutant(
        "documents.query-searches-titles",
        "documents.list-query",
        "query looks into titles alone.",
        misreads("listDocuments", "query", "title_contains"),
    ),
    Mutant(
        "documents.created-after-ignored",
        "documents.list-created-range",
        "created.after has no effect on the list of documents.",
        ignores("listDocuments", "created.after"),
    ),
    Mutant(
        "documents.created-before-ignored",
        "documents.list-created-range",
        "created.before has no effect on the list of documents.",
        ignores("listDocuments", "created.before"),
    ),
    Mutant(
        "documents.one-creator",
        "documents.list-created-by",
        "Of several creators that are asked for the first one counts.",
        heeds_first("listDocuments", "created_by_id"),
    ),
    Mutant(
        "documents.access-level-filter-ignored",
        "documents.list-access-level",
        "The list of documents ignores the filter by access level.",
        ignores("listDocuments", "access_level"),
    ),
    Mutant(
        "documents.one-access-level",
        "documents.list-access-level",
        "Of several access levels that are asked for the first one counts.",
        heeds_first("listDocuments", "access_level"),
    ),
    Mutant(
        "documents.status-filter-ignored",
        "documents.list-processing-status",
        "The list of documents ignores the filter by processing status.",
        ignores("listDocuments", "processing_status"),
    ),
    Mutant(
        "documents.ownership-swapped",
        "documents.list-ownership",
        "Asked for documents of one's own, the list shows those of others, and the other way round.",
    ),
    Mutant(
        "documents.trash-state-ignored",
        "documents.list-trash-state",
        "The list of documents shows active ones whichever state is asked for.",
        ignores("listDocuments", "trash_state"),
    ),
    Mutant(
        "documents.scope-ignored",
        "documents.list-organization-scope",
        "Documents of other organizations stay in a list that is to have none.",
        ignores("listDocuments", "organization_scope"),
    ),
    Mutant(
        "documents.format-filter-ignored",
        "documents.list-source-format",
        "The list of documents ignores the filter by format.",
        ignores("listDocuments", "source_format"),
    ),
    Mutant(
        "documents.range-excludes-ends",
        "timestamps.range-inclusive",
        "What was created at either end of a range does not belong to it.",
        Bend(("listDocuments",), question=_between_ends),
    ),
    Mutant(
        "documents.range-turned-round",
        "timestamps.range-order",
        "A range of time that ends before it begins is turned round.",
        turns_round("listDocuments", "created"),
    ),
    Mutant(
        "pagination.left-out",
        "pagination.shape",
        "The list of documents comes without a pagination object.",
        lacks("listDocuments", "pagination"),
    ),
    Mutant(
        "pagination.one-too-many",
        "pagination.page-size-respected",
        "A page holds one document more than was asked for.",
        Bend(("listDocuments",), question=_one_more),
    ),
    Mutant(
        "pagination.previous-of-first",
        "pagination.first-page-has-no-previous",
        "The first page of documents leads on to itself as the page before.",
        edits("listDocuments", by=_always_previous),
    ),
    Mutant(
        "pagination.more-for-ever",
        "pagination.next-token-agrees-with-has-more",
        "Every page of documents says that more follow.",
        puts("listDocuments", "pagination.has_more", True),
    ),
    Mutant(
        "pagination.last-page-leads-back",
        "pagination.last-page",
        "The last page of documents leads on to the one before it.",
        edits("listDocuments", by=_turn_back),
    ),
    Mutant(
        "pagination.backwards",
        "pagination.goes-back",
        "A page that was reached backwards is in reverse order.",
        edits("listDocuments", by=_reverse_when_going_back),
    ),
    Mutant(
        "pagination.empty-token-refused",
        "pagination.empty-token-is-first",
        "An empty page_token is refused as invalid.",
        refuses(
            "listDocuments",
            "invalid_argument",
            "invalid_cursor",
            "page_token is not a token of this list",
            where=lambda call: call.query.get("page_token") == "",
        ),
    ),
)
