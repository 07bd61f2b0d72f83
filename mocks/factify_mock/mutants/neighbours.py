"""Defects by which what belongs to one document or organization is shown at its neighbours."""

from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.mutants.bends import in_charge
from factify_mock.mutants.mutant import Bend, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _open_to_keys(call: "Call") -> "Call":
    is_key = call.actor is not None and call.actor.api_key_id is not None
    return replace(call, actor=in_charge(call) or call.actor) if is_key else call


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "api-keys.of-every-organization",
        "api-keys.list",
        "The list of keys holds those of other organizations too.",
    ),
    Mutant(
        "api-keys.open-every-organization",
        "api-keys.outsider-refused",
        "A key may list the keys of any organization.",
        Bend(("listApiKeys",), question=_open_to_keys),
    ),
    Mutant(
        "access-requests.of-every-document",
        "access-requests.list-pending",
        "The list of requests for a document holds those for other documents too.",
    ),
    Mutant(
        "access-requests.status-of-every-document",
        "access-requests.own-status",
        "Who has a pending request for one document is told so of every document.",
    ),
    Mutant(
        "invites.of-every-organization",
        "invites.organizations-apart",
        "The list of invitations holds those of other organizations too.",
    ),
    Mutant(
        "policies.on-every-document",
        "policies.attach",
        "The list of a document's policies holds those of other documents too.",
    ),
)
