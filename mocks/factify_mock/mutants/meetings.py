"""Defects of calls that meet, of what surrounds the API, and of finer points."""

from typing import TYPE_CHECKING

from factify_mock.model.processing import settle, version_of
from factify_mock.mutants.bends import OTHER_ORGANIZATION, edits, open_to_strangers, puts, refuses
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _listed_twice(call: "Call", body: Json) -> Json:
    """Who accepted an invitation is in the list once for himself and once for the invitation."""
    sent = call.world.tables.invites.get(call.path["organization_id"], {}).values()
    accepted = {each.accepted_by for each in sent if each.accepted_by}
    items = body.get("items") or []
    return {**body, "items": items + [each for each in items if each["user"]["id"] in accepted]}


def _id_of_the_like(call: "Call", body: Json) -> Json:
    """Of documents with one title all are answered with the id of the first."""
    document = body["document"]
    alike = [each for each in call.world.tables.documents.values() if each.title == document["title"]]
    return {"document": {**document, "id": min(alike, key=lambda each: each.id).id}}


def _without_mail(call: "Call", body: Json) -> Json:
    call.world.tables.outbox.pop()
    return body


def _until_ready(call: "Call") -> "Call":
    document = call.world.tables.documents.get(call.path["document_id"])
    if document is not None and call.body.get("async"):
        version = version_of(call.world, document, call.body.get("version_id"))
        settle(call.world, call.now, version_id=version.id, outcome="ready")
    return call


def _nothing_for_the_named(call: "Call", body: Json) -> Json:
    return {**body, "quotas": []} if call.query.get("organization_id") else body


def _is_no_png(call: "Call") -> bool:
    return not str(call.body.get("image_data", "")).startswith("iVBOR")


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "invites.accepted-listed-twice",
        "invites.accept-at-once-joins-once",
        "Who accepted an invitation is twice in the list of members.",
        edits("listOrganizationMembers", by=_listed_twice),
    ),
    Mutant(
        "invites.colleagues-unnoticed",
        "invites.repeat-at-once-one-pending",
        "An invitation that a colleague sent to the same address is not noticed.",
    ),
    Mutant(
        "quota.last-document-twice",
        "document-quota.last-one-at-once",
        "One document more than the limit can be created.",
    ),
    Mutant(
        "documents.alike-are-one",
        "identifiers.unique-at-once",
        "Documents with one title are answered with one id.",
        edits("createDocument", by=_id_of_the_like),
    ),
    Mutant(
        "trash.readable-by-strangers",
        "trash.at-once-revokes",
        "Anybody reads a document by its id, also after it was trashed and restored.",
        open_to_strangers("getDocument"),
    ),
    Mutant(
        "quota.demos-count",
        "document-quota.demo-excluded",
        "Demo documents count in the document quota.",
    ),
    Mutant(
        "invites.resend-mails-nothing",
        "invites.resend-mails",
        "Sending an invitation again sends no mail.",
        edits("resendOrganizationInvite", by=_without_mail),
    ),
    Mutant(
        "processing.async-waits",
        "processing.async-returns-at-once",
        "With async the answer comes when processing is over.",
        Bend(("processDocument",), question=_until_ready),
    ),
    Mutant(
        "rates.called-a-quota",
        "rate-limits.refusal",
        "A refusal for the rate gives the reason quota_exceeded.",
    ),
    Mutant(
        "rates.half-the-requests",
        "rate-limits.reads",
        "A key makes 500 requests in a minute.",
    ),
    Mutant(
        "rates.half-the-creations",
        "rate-limits.creations",
        "A key makes 50 creations in a minute.",
    ),
    Mutant(
        "rates.silent-refusal",
        "rate-limits.headers-on-refusal",
        "A refusal for the rate has no headers about it.",
    ),
    Mutant(
        "documents.all-are-demos",
        "documents.not-demo",
        "Every document calls itself a demo.",
        puts("getDocument", "document.is_demo", True),
    ),
    Mutant(
        "documents.of-another-organization",
        "documents.owner-organization",
        "A document names an organization that nobody knows as its own.",
        puts("getDocument", "document.owner_organization_id", OTHER_ORGANIZATION),
    ),
    Mutant(
        "documents.viewed-by-all",
        "documents.last-viewed-personal",
        "Documents in a list were viewed, whoever lists them.",
        puts("listDocuments", "items[].last_viewed_at", "2026-01-05T09:00:00Z"),
    ),
    Mutant(
        "access-requests.foreign-address",
        "access-requests.subject-email",
        "A request tells the address of somebody else.",
        puts("createAccessRequest", "access_request.subject_email", "somebody@else.example"),
    ),
    Mutant(
        "organizations.png-only",
        "organizations.logo-formats-accepted",
        "A logo in another format than PNG is refused.",
        refuses(
            "uploadOrganizationLogo", "invalid_argument", "invalid_field_value", "A logo is PNG",
            where=_is_no_png,
        ),
    ),
    Mutant(
        "quota.named-organization-empty",
        "request-quota.key-organization-named",
        "The key quotas of an organization that is named are not listed.",
        edits("listAPIKeyQuotas", by=_nothing_for_the_named),
    ),
    Mutant(
        "quota.key-crowd-passes",
        "request-quota.key-enforced-at-once",
        "A key's usage is noticed twenty requests late.",
    ),
)  # fmt: skip
