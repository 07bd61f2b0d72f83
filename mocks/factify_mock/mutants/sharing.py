"""Defects of sharing: grants, roles, general access and links."""

from typing import TYPE_CHECKING

from factify_mock.model.sharing import GENERAL_ACCESS
from factify_mock.mutants.bends import OTHER_USER, changes, edits, open_to_strangers, puts
from factify_mock.mutants.mutant import Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _total_of_successes(call: "Call", body: Json) -> Json:
    return {**body, "total": body["successful"]}


def _first_level(call: "Call", body: Json) -> Json:
    document = call.world.tables.documents[body["document_id"]]
    level = document.first_access_level or document.access_level
    return {**body, "general_access_level": GENERAL_ACCESS[level]}


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "sharing.revoke-does-nothing",
        "sharing.revoke-takes-access",
        "Revoking access answers success and takes nothing away.",
    ),
    Mutant(
        "sharing.role-ceiling-missing",
        "sharing.role-ceiling",
        "Anybody who may grant gives away any role.",
    ),
    Mutant(
        "sharing.grant-does-nothing",
        "sharing.grant-gives-access",
        "Granting access answers success and gives nothing.",
    ),
    Mutant(
        "sharing.grants-viewers-only",
        "sharing.grant-listed",
        "Whoever is granted access becomes a viewer, whatever role was granted.",
    ),
    Mutant(
        "sharing.one-result",
        "sharing.grant-result-per-recipient",
        "The answer to a grant has the result of the first recipient only.",
        changes("grantDocumentAccess", "results", lambda results: results[:1]),
    ),
    Mutant(
        "sharing.total-of-successes",
        "sharing.grant-counts-agree",
        "The total of a grant leaves out the recipients that failed.",
        edits("grantDocumentAccess", by=_total_of_successes),
    ),
    Mutant(
        "sharing.all-or-nothing",
        "sharing.grant-partial-failure",
        "One recipient that fails undoes the grants to the others.",
    ),
    Mutant(
        "sharing.recipients-by-id-only",
        "sharing.grant-by-email",
        "A recipient is known by his id only.",
    ),
    Mutant(
        "sharing.role-change-forgotten",
        "sharing.update-changes-role",
        "A changed role is answered and forgotten.",
    ),
    Mutant(
        "sharing.revoked-stays-listed",
        "sharing.revoke-unlisted",
        "Who lost access is still in the list of recipients.",
    ),
    Mutant(
        "sharing.list-shows-first-level",
        "sharing.list-general-access",
        "The list of recipients shows the general access that the document was made with.",
        edits("listDocumentAccess", by=_first_level),
    ),
    Mutant(
        "sharing.stranger-sees-recipients",
        "sharing.outsider-refused",
        "Whoever knows a document's id sees with whom it is shared.",
        open_to_strangers("listDocumentAccess"),
    ),
    Mutant(
        "sharing.stranger-may-grant",
        "sharing.outsider-refused",
        "Whoever knows a document's id may share it, even with himself.",
        open_to_strangers("grantDocumentAccess"),
    ),
    Mutant(
        "sharing.stranger-may-change-roles",
        "sharing.outsider-refused",
        "Whoever knows a document's id may change the roles on it.",
        open_to_strangers("updateDocumentAccess"),
    ),
    Mutant(
        "sharing.stranger-may-revoke",
        "sharing.outsider-refused",
        "Whoever knows a document's id may take away access to it.",
        open_to_strangers("revokeDocumentAccess"),
    ),
    Mutant(
        "sharing.capabilities-without-export",
        "sharing.capabilities-agree",
        "Nobody is told that he may export a document.",
        puts("inspectDocumentAccess", "permission_set.export", False),
    ),
    Mutant(
        "general-access.not-kept",
        "general-access.set-then-get",
        "A new general access is answered and forgotten.",
    ),
    Mutant(
        "general-access.organization-closed",
        "general-access.organization-opens",
        "General access for the organization gives nobody anything.",
    ),
    Mutant(
        "general-access.organization-means-everybody",
        "general-access.organization-closes-outside",
        "General access for the organization opens a document to other organizations too.",
    ),
    Mutant(
        "general-access.never-restricted",
        "general-access.restricted-closes",
        "Restricting a document leaves it as open as it was.",
    ),
    Mutant(
        "general-access.stranger-may-read",
        "general-access.outsider-refused",
        "Whoever knows a document's id sees its general access.",
        open_to_strangers("getGeneralAccess"),
    ),
    Mutant(
        "general-access.stranger-may-set",
        "general-access.outsider-refused",
        "Whoever knows a document's id may open it to everybody.",
        open_to_strangers("setGeneralAccess"),
    ),
    Mutant(
        "share-links.made-by-nobody",
        "share-links.create",
        "A share link names another creator than its caller.",
        puts("createShareLink", "share_link.creator_id", OTHER_USER),
    ),
    Mutant(
        "share-links.stranger-may-make",
        "share-links.outsider-refused",
        "Whoever knows a document's id may make links to it.",
        open_to_strangers("createShareLink"),
    ),
)
