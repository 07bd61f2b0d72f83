"""Defects of versions."""

from factify_mock.mutants.bends import OTHER_DOCUMENT, edits, open_to_strangers, overlooks, puts
from factify_mock.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "versions.not-current",
        "versions.create-becomes-current",
        "A new version does not become the current one.",
    ),
    Mutant(
        "versions.first-not-listed",
        "documents.create-makes-version",
        "The first version of a document is not in its list of versions.",
    ),
    Mutant(
        "versions.answer-wrapped",
        "versions.create-returns-version",
        "A new version is answered under the name version.",
        edits("createDocumentVersion", by=lambda call, body: {"version": body}),
    ),
    Mutant(
        "versions.replaces-older",
        "versions.create-keeps-older",
        "A new version takes the place of the one before it.",
    ),
    Mutant(
        "versions.older-retitled",
        "versions.create-keeps-older",
        "A new version gives its title to the older ones.",
    ),
    Mutant(
        "versions.file-optional",
        "versions.create-needs-payload",
        "A version can be made without a file.",
        overlooks("createDocumentVersion", "payload"),
    ),
    Mutant(
        "versions.title-unlimited",
        "versions.title-limit",
        "A version's title may be changed to one of any length.",
        overlooks("updateVersion", "title maxLength"),
    ),
    Mutant(
        "versions.read-by-id-wrong",
        "versions.get-by-id",
        "A version that is read by its id names another document.",
        puts("getVersion", "document_id", OTHER_DOCUMENT),
    ),
    Mutant(
        "versions.update-not-persisted",
        "versions.update-title",
        "A change of a version's title is answered and forgotten.",
    ),
    Mutant(
        "versions.lists-other-documents",
        "versions.list-belongs",
        "The list of versions holds those of all documents that its reader made.",
    ),
    Mutant(
        "versions.update-makes-version",
        "versions.content-fixed",
        "A change of a version's title makes another version.",
    ),
    Mutant(
        "versions.stranger-may-read",
        "versions.outsider-refused",
        "Whoever knows a version's id may read it.",
        open_to_strangers("getVersion"),
    ),
    Mutant(
        "versions.stranger-may-list",
        "versions.outsider-refused",
        "Whoever knows a document's id may list its versions.",
        open_to_strangers("listDocumentVersions"),
    ),
    Mutant(
        "versions.stranger-may-rename",
        "versions.outsider-refused",
        "Whoever knows a version's id may rename it.",
        open_to_strangers("updateVersion"),
    ),
    Mutant(
        "versions.stranger-may-upload",
        "versions.outsider-refused",
        "Whoever knows a document's id may upload to it.",
        open_to_strangers("createDocumentVersion"),
    ),
)
