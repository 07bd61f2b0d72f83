"""Defects of answers as such, and of how requests are read: whatever the operation is about."""

from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.mutants.bends import OTHER_DOCUMENT, OTHER_INVITE, changes, overlooks, puts, refuses
from factify_mock.mutants.mutant import Bend, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _newest_for_unknown(call: "Call") -> "Call":
    documents = call.world.tables.documents
    document_id = call.path["document_id"]
    if document_id in documents or not documents:
        return call
    return replace(call, path={**call.path, "document_id": next(reversed(documents))})


def _crash_on_unknown(call: "Call") -> "Call":
    _ = call.world.tables.documents[call.path["document_id"]]
    return call


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "responses.created-201",
        "transport.success-is-200",
        "What was created is answered with status 201.",
    ),
    Mutant(
        "responses.text-for-json",
        "responses.media-type",
        "JSON is sent as text/plain.",
    ),
    Mutant(
        "responses.document-without-title",
        "responses.body-matches-schema",
        "A document is answered without its title.",
    ),
    Mutant(
        "errors.status-of-another-code",
        "errors.code-matches-status",
        "What is forbidden is answered with status 404.",
    ),
    Mutant(
        "errors.unknown-code",
        "errors.code-known",
        "Every refusal has a code of its own invention.",
    ),
    Mutant(
        "errors.unknown-reason",
        "errors.reason-known",
        "Every refusal has a reason of its own invention.",
    ),
    Mutant(
        "errors.older-envelope",
        "errors.envelope",
        "Errors have the shape that the API gave up in February 2026.",
    ),
    Mutant(
        "responses.gone",
        "responses.documented-status",
        "What is not found is answered with status 410.",
    ),
    Mutant(
        "errors.param-everywhere",
        "errors.param-only-for-validation",
        "Every refusal names a parameter, whatever it is about.",
    ),
    Mutant(
        "rate-limits.limit-in-words",
        "rate-limits.headers-are-integers",
        "The limit of calls is told in words.",
    ),
    Mutant(
        "identifiers.in-capitals",
        "identifiers.well-formed",
        "The id of a document is written in capital letters.",
        changes("getDocument", "document.id", str.upper),
    ),
    Mutant(
        "identifiers.of-another",
        "identifiers.matches-path",
        "Reading a document answers with the id of another one.",
        puts("getDocument", "document.id", OTHER_DOCUMENT),
    ),
    Mutant(
        "identifiers.same-again",
        "identifiers.unique",
        "All invitations have the same id.",
        puts("createOrganizationInvite", "invite.id", OTHER_INVITE),
    ),
    Mutant(
        "identifiers.unknown-is-newest",
        "identifiers.unknown-refused",
        "The id of no document is taken for that of the newest one.",
        Bend(("getDocument",), question=_newest_for_unknown),
    ),
    Mutant(
        "identifiers.users-are-bots",
        "identifiers.subject-prefix-matches-type",
        "The creator of a document is called a bot.",
        puts("getDocument", "document.created_by.type", "bot"),
    ),
    Mutant(
        "timestamps.without-zone",
        "timestamps.well-formed",
        "The time of a document's creation has no zone.",
        changes("getDocument", "document.created_at", lambda text: text.removesuffix("Z")),
    ),
    Mutant(
        "transport.crashes",
        "transport.no-internal-error",
        "Asked for a document that does not exist, the server breaks.",
        Bend(("getDocument",), question=_crash_on_unknown),
    ),
    Mutant(
        "transport.garbage-is-empty",
        "transport.malformed-json-refused",
        "A body that is not JSON counts as an empty object.",
        overlooks("updateDocument", "body"),
    ),
    Mutant(
        "requests.long-titles-only",
        "requests.valid-accepted",
        "A title of fewer than ten characters is refused.",
        refuses(
            "updateDocument",
            "invalid_argument",
            "invalid_field_value",
            "title must have at least 10 characters",
            where=lambda call: 0 < len(call.body.get("title") or "") < 10,
        ),
    ),
    Mutant(
        "requests.empty-title-accepted",
        "requests.empty-title-refused",
        "A document can be renamed to nothing.",
        overlooks("updateDocument", "title minLength"),
    ),
    Mutant(
        "requests.empty-name-accepted",
        "requests.empty-organization-name-refused",
        "An organization can be renamed to nothing.",
        overlooks("updateOrganization", "name minLength"),
    ),
    Mutant(
        "requests.any-number-of-recipients",
        "requests.recipient-count",
        "Access can be granted to nobody, and to any number of recipients.",
        overlooks("grantDocumentAccess", "recipients minItems", "recipients maxItems"),
    ),
    Mutant(
        "identifiers.malformed-is-newest",
        "identifiers.malformed-refused",
        "An id of the wrong form is taken for that of the newest document.",
        Bend(("getDocument",), question=_newest_for_unknown, overlooked=frozenset({"document_id"})),
    ),
)
