"""Defects in what is made of texts, times and orders that are a little unlike the usual ones."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.model.errors import invalid
from factify_mock.mutants.bends import edits
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call

_MOST_BYTES = 255
_OFFSET = re.compile(r"[+-]\d\d:\d\d$")


def _without_first(call: "Call", body: Json) -> Json:
    if call.query.get("page_token"):
        del body["items"][:1]
    return body


def _by_creation(call: "Call") -> "Call":
    sort = str(call.query.get("sort") or "")
    return (
        replace(call, query={**call.query, "sort": sort.replace("updated_at", "created_at")})
        if sort
        else call
    )


def _in_ascii(call: "Call") -> "Call":
    title = str(call.body["title"]).encode("ascii", "replace").decode()
    return replace(call, body={**call.body, "title": title})


def _measured_in_bytes(call: "Call") -> "Call":
    if len(str(call.body.get("title") or "").encode()) > _MOST_BYTES:
        raise invalid("title", f"title is longer than {_MOST_BYTES} bytes")
    return call


def _without_zone(call: "Call") -> "Call":
    query = dict(call.query)
    for name in ("created.after", "created.before"):
        if name in query:
            query[name] = _OFFSET.sub("Z", query[name])
    return replace(call, query=query)


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "documents.title-in-ascii",
        "documents.create-returns-document",
        "Question marks take the place of letters outside ASCII in the title of a new document.",
        Bend(("createDocument",), question=_in_ascii),
    ),
    Mutant(
        "documents.title-measured-in-bytes",
        "documents.update-title",
        "A title of 255 characters is refused if they take more than 255 bytes.",
        Bend(("updateDocument",), question=_measured_in_bytes),
    ),
    Mutant(
        "documents.title-filter-has-wildcards",
        "documents.list-title-contains",
        "For title_contains an underscore stands for any character, and a percent sign for any text.",
    ),
    Mutant(
        "documents.zone-ignored",
        "documents.list-created-range",
        "The zone of created.after and created.before is taken for UTC, whatever it is.",
        Bend(("listDocuments",), question=_without_zone),
    ),
    Mutant(
        "pagination.equal-ones-lost",
        "pagination.pages-make-whole",
        "A page of sorted documents begins after all that are equal to the last one of the page before.",
    ),
    Mutant(
        "members.page-drops-item",
        "pagination.pages-make-whole",
        "Every page of members but the first lacks its first item.",
        edits("listOrganizationMembers", by=_without_first),
    ),
    Mutant(
        "organizations.page-drops-item",
        "pagination.pages-make-whole",
        "Every page of organizations but the first lacks its first item.",
        edits("listOrganizations", by=_without_first),
    ),
    Mutant(
        "policies.page-drops-item",
        "pagination.pages-make-whole",
        "Every page of a document's policies but the first lacks its first item.",
        edits("listDocumentPolicies", by=_without_first),
    ),
    Mutant(
        "api-keys.page-drops-item",
        "pagination.pages-make-whole",
        "Every page of API keys but the first lacks its first item.",
        edits("listApiKeys", by=_without_first),
    ),
    Mutant(
        "documents.updated-means-created",
        "documents.list-sort",
        "Sorted by updated_at, documents come in the order of their creation.",
        Bend(("listDocuments",), question=_by_creation),
    ),
    Mutant(
        "pagination.filters-forgotten",
        "pagination.pages-make-whole",
        "Every page of documents but the first heeds no filter but the trash state.",
    ),
)
