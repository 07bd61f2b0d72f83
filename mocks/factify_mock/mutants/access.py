"""Defects of what else is decided about a document: requests for access, its owner, policies, timeline."""

from typing import TYPE_CHECKING

from factify_mock.mutants.bends import edits, ignores, open_to_strangers, overlooks, puts
from factify_mock.mutants.mutant import Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _caller_as_owner(call: "Call", body: Json) -> Json:
    return {**body, "new_owner_id": call.caller.id}


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "transfer.to-anyone",
        "transfer.inside-organization",
        "A document can be transferred to any user.",
    ),
    Mutant(
        "access-requests.approve-grants-nothing",
        "access-requests.approve-gives-access",
        "Approving a request for access gives none.",
    ),
    Mutant(
        "access-requests.deny-grants",
        "access-requests.deny-gives-nothing",
        "Denying a request for access gives it.",
    ),
    Mutant(
        "timeline.shows-everything",
        "timeline.viewer-sees-own",
        "Everybody who sees a document sees its whole timeline.",
    ),
    Mutant(
        "access-requests.approved-at-once",
        "access-requests.create-pending",
        "A request for access counts as approved when it is made.",
    ),
    Mutant(
        "access-requests.status-of-anybody",
        "access-requests.own-status",
        "The status tells whether anybody has a pending request.",
    ),
    Mutant(
        "access-requests.status-never-pending",
        "access-requests.own-status",
        "The status never tells of a pending request.",
        puts("checkAccessRequestStatus", "has_pending_request", False),
    ),
    Mutant(
        "access-requests.decided-stay-listed",
        "access-requests.list-pending",
        "Requests that were decided stay in the list.",
    ),
    Mutant(
        "access-requests.approved-stays-pending",
        "access-requests.approve",
        "An approved request stays pending, though its access was given.",
    ),
    Mutant(
        "access-requests.denied-stays-pending",
        "access-requests.deny",
        "A denied request stays pending.",
    ),
    Mutant(
        "access-requests.asker-sees-all",
        "access-requests.decide-outsider-refused",
        "Who asks for access sees who else does.",
        open_to_strangers("listAccessRequests"),
    ),
    Mutant(
        "access-requests.asker-may-approve",
        "access-requests.decide-outsider-refused",
        "Who asks for access may give it to himself.",
        open_to_strangers("approveAccessRequest"),
    ),
    Mutant(
        "access-requests.asker-may-deny",
        "access-requests.decide-outsider-refused",
        "Who asks for access may deny it.",
        open_to_strangers("denyAccessRequest"),
    ),
    Mutant(
        "transfer.forgotten",
        "transfer.changes-owner",
        "A transfer is answered and forgotten.",
    ),
    Mutant(
        "transfer.answers-former-owner",
        "transfer.answers",
        "A transfer answers with the former owner.",
        edits("transferDocumentOwnership", by=_caller_as_owner),
    ),
    Mutant(
        "transfer.to-bots",
        "transfer.users-only",
        "A document can be transferred to a bot.",
        overlooks("transferDocumentOwnership", "new_owner_id"),
    ),
    Mutant(
        "transfer.stranger-may-transfer",
        "transfer.outsider-refused",
        "Whoever knows a document's id may give it away.",
        open_to_strangers("transferDocumentOwnership"),
    ),
    Mutant(
        "policies.attach-does-nothing",
        "policies.attach",
        "Attaching a policy answers success and attaches nothing.",
    ),
    Mutant(
        "policies.detach-does-nothing",
        "policies.detach",
        "Detaching a policy answers success and leaves it attached.",
    ),
    Mutant(
        "policies.unknown-attached",
        "policies.unknown-refused",
        "A policy that does not exist is taken for one that does.",
    ),
    Mutant(
        "policies.stranger-sees",
        "policies.outsider-refused",
        "Whoever knows a document's id sees its policies.",
        open_to_strangers("listDocumentPolicies"),
    ),
    Mutant(
        "policies.stranger-may-attach",
        "policies.outsider-refused",
        "Whoever knows a document's id may attach policies to it.",
        open_to_strangers("attachDocumentPolicy"),
    ),
    Mutant(
        "policies.stranger-may-detach",
        "policies.outsider-refused",
        "Whoever knows a document's id may detach its policies.",
        open_to_strangers("detachDocumentPolicy"),
    ),
    Mutant(
        "timeline.own-events-only",
        "timeline.admin-sees-all",
        "Even who administers a document sees only what he did himself.",
    ),
    Mutant(
        "timeline.cursor-ignored",
        "timeline.cursor-continues",
        "Every page of a timeline is the first one.",
        ignores("getDocumentTimeline", "cursor"),
    ),
    Mutant(
        "timeline.stranger-sees",
        "timeline.outsider-refused",
        "Whoever knows a document's id sees what was done with it.",
        open_to_strangers("getDocumentTimeline"),
    ),
)
