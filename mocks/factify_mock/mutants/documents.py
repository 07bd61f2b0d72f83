"""Defects in how documents are made, read and changed."""

from typing import TYPE_CHECKING

from factify_mock.model.permissions import PERMISSION_SETS
from factify_mock.mutants.bends import changes, edits, lacks, open_to_strangers, overlooks, puts
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _preset_id(call: "Call", body: Json) -> Json:
    body["document"]["id"] = call.body.get("document_id", body["document"]["id"])
    return body


def _trashed_when_made(call: "Call", body: Json) -> Json:
    body["document"].setdefault("trashed_at", body["document"]["created_at"])
    return body


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "documents.update-not-persisted",
        "documents.update-title",
        "An update is answered and forgotten.",
    ),
    Mutant(
        "documents.viewer-may-write",
        "sharing.viewer-cannot-change",
        "Whoever sees a document may change and share it.",
    ),
    Mutant(
        "documents.cross-tenant-read",
        "documents.outsider-refused",
        "Anybody reads any document by its id.",
    ),
    Mutant(
        "documents.default-access-private",
        "documents.default-access-level",
        "Without an access level a document is private, whoever makes it.",
    ),
    Mutant(
        "documents.description-lost",
        "documents.create-returns-document",
        "A new document forgets the description that it was given.",
    ),
    Mutant(
        "documents.created-by-owner",
        "documents.create-by-caller",
        "The owner of the organization counts as the creator of every document in it.",
    ),
    Mutant(
        "documents.file-optional",
        "documents.create-needs-payload",
        "A document can be made without a file.",
        overlooks("createDocument", "payload"),
    ),
    Mutant(
        "documents.title-optional",
        "documents.create-needs-title",
        "A document without a title is called Untitled.",
        overlooks("createDocument", "title required", title="Untitled"),
    ),
    Mutant(
        "documents.new-title-unlimited",
        "documents.title-limit",
        "A new document's title may have any length.",
        overlooks("createDocument", "title maxLength"),
    ),
    Mutant(
        "documents.changed-title-unlimited",
        "documents.title-limit",
        "A document's title may be changed to one of any length.",
        overlooks("updateDocument", "title maxLength"),
    ),
    Mutant(
        "documents.description-unlimited",
        "documents.description-limit",
        "A document's description may be changed to one of any length.",
        overlooks("updateDocument", "description maxLength"),
    ),
    Mutant(
        "documents.access-level-ignored",
        "documents.access-level-kept",
        "Every document is made with the default access level.",
    ),
    Mutant(
        "documents.takes-preset-ids",
        "documents.server-fields-ignored",
        "A new document has the id that the client sent.",
        Bend(("createDocument",), answer=_preset_id, overlooked=frozenset({"document_id"})),
    ),
    Mutant(
        "documents.title-cut-off",
        "documents.get-returns-document",
        "Read by its id, a document shows no more than eight characters of its title.",
        changes("getDocument", "document.title", lambda title: title[:8]),
    ),
    Mutant(
        "documents.always-trashed-at",
        "documents.trashed-at-only-in-trash",
        "An active document says that it was trashed when it was made.",
        edits("getDocument", by=_trashed_when_made),
    ),
    Mutant(
        "documents.permissions-hidden",
        "documents.permission-set-present",
        "Who reads a document is not told what he may do with it.",
        lacks("getDocument", "document.permission_set"),
    ),
    Mutant(
        "documents.permissions-of-a-viewer",
        "documents.permission-set-personal",
        "Everybody is shown the permissions of a viewer.",
        puts("getDocument", "document.permission_set", PERMISSION_SETS["viewer"]),
    ),
    Mutant(
        "documents.description-not-updated",
        "documents.update-description",
        "An update changes the title alone, whatever else it names.",
    ),
    Mutant(
        "documents.update-makes-version",
        "documents.update-makes-no-version",
        "Every change of a title makes a version.",
    ),
    Mutant(
        "documents.stranger-may-rename",
        "documents.outsider-refused",
        "Whoever knows a document's id may rename it.",
        open_to_strangers("updateDocument"),
    ),
    Mutant(
        "documents.shared-at-of-anybody",
        "documents.shared-at-personal",
        "Everybody sees when a document was last shared with anybody.",
    ),
    Mutant(
        "documents.format-guessed",
        "documents.source-format",
        "Every file is taken for a Word document.",
        puts("getDocument", "document.source_format", "docx"),
    ),
)
