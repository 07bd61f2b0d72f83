"""Defects of the trash: what goes into it, what comes back, and for whom."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.mutants.bends import heeds_first, lacks, open_to_strangers, puts, refuses
from factify_mock.mutants.mutant import Bend, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _either_instead_of(state: str) -> Callable[["Call"], "Call"]:
    def question(call: "Call") -> "Call":
        if list(call.query.get("trash_state", ())) != [state]:
            return call
        return replace(call, query={**call.query, "trash_state": ["active", "trashed"]})

    return question


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "sharing.untrash-restores-grants",
        "trash.restore-keeps-grants-revoked",
        "Untrashing a document brings back the grants that trashing it revoked.",
    ),
    Mutant(
        "sharing.untrash-restores-general-access",
        "trash.restore-keeps-general-access-revoked",
        "Untrashing a document brings back the general access that trashing it closed.",
    ),
    Mutant(
        "trash.keeps-grants",
        "trash.revokes-grants",
        "Trashing a document leaves the grants on it in force.",
    ),
    Mutant(
        "trash.general-access-stays",
        "trash.revokes-general-access",
        "Trashing a document leaves its general access open.",
    ),
    Mutant(
        "trash.still-listed",
        "trash.leaves-default-list",
        "A document in the trash stays in the default list.",
    ),
    Mutant(
        "trash.deletes-document",
        "trash.listed-as-trashed",
        "Trashing a document deletes it.",
    ),
    Mutant(
        "trash.anyone-may-trash",
        "trash.viewer-refused",
        "Whoever sees a document may trash it.",
    ),
    Mutant(
        "trash.untrash-does-nothing",
        "trash.restore-lists-again",
        "Untrashing answers and leaves the document in the trash.",
    ),
    Mutant(
        "trash.untrash-keeps-trashed-at",
        "trash.restore-clears-trashed-at",
        "A document that was untrashed still says when it was trashed.",
    ),
    Mutant(
        "trash.answers-document",
        "trash.answers-empty",
        "Trashing answers with a document.",
        puts("trashDocument", "document", {}),
    ),
    Mutant(
        "trash.untrash-answers-document",
        "trash.restore-answers-empty",
        "Untrashing answers with a document.",
        puts("untrashDocument", "document", {}),
    ),
    Mutant(
        "trash.time-not-listed",
        "trash.sets-trashed-at",
        "The list of the trash does not say when a document was put there.",
        lacks("listDocuments", "items[].trashed_at"),
    ),
    Mutant(
        "trash.either-means-first",
        "trash.listed-in-either",
        "Asked for active and trashed documents, the list shows only the former.",
        heeds_first("listDocuments", "trash_state"),
    ),
    Mutant(
        "trash.listed-as-active",
        "trash.not-listed-as-active",
        "Asked for active documents, the list shows the trash as well.",
        Bend(("listDocuments",), question=_either_instead_of("active")),
    ),
    Mutant(
        "trash.lists-restored",
        "trash.restore-leaves-trash",
        "Asked for the trash, the list shows active documents as well.",
        Bend(("listDocuments",), question=_either_instead_of("trashed")),
    ),
    Mutant(
        "trash.listed-for-former-recipients",
        "trash.leaves-lists-of-others",
        "A trashed document is in the lists of those who lost it, if they ask for the trash.",
    ),
    Mutant(
        "trash.recipients-still-listed",
        "trash.access-list-empties",
        "The list of recipients of a trashed document goes on naming those who lost it.",
    ),
    Mutant(
        "trash.recipients-listed-again",
        "trash.restore-keeps-access-list-empty",
        "The list of recipients of a restored document names those who lost it once.",
    ),
    Mutant(
        "trash.one-is-free",
        "trash.still-counts",
        "The first document in the trash does not count in the document quota.",
    ),
    Mutant(
        "trash.stranger-may-trash",
        "trash.outsider-refused",
        "Whoever knows a document's id may trash it.",
        open_to_strangers("trashDocument"),
    ),
    Mutant(
        "trash.stranger-may-untrash",
        "trash.outsider-refused",
        "Whoever knows a document's id may restore it.",
        open_to_strangers("untrashDocument"),
    ),
    Mutant(
        "trash.former-recipient-restores",
        "trash.former-recipient-cannot-restore",
        "Who had access to a document before it was trashed may restore it.",
    ),
    Mutant(
        "trash.restore-loses-description",
        "trash.restore-keeps-content",
        "A restored document has lost its description.",
    ),
    Mutant(
        "trash.restore-loses-versions",
        "trash.restore-keeps-versions",
        "A restored document has its current version only.",
    ),
    Mutant(
        "trash.restore-goes-back-to-first",
        "trash.restore-keeps-versions",
        "The first version of a restored document is the current one.",
    ),
    Mutant(
        "trash.restore-demotes-owner",
        "trash.restore-owner-keeps-rights",
        "The owner of a restored document is an admin of it, and a colleague the owner.",
    ),
    Mutant(
        "trash.empty-body-refused",
        "transport.empty-object-accepted",
        "Trashing wants a body that says something.",
        refuses(
            "trashDocument",
            "invalid_argument",
            "missing_required_field",
            "The body is empty",
            where=lambda call: not call.body,
        ),
    ),
)
