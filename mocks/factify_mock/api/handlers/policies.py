"""Handlers of the policies attached to a document."""

from typing import Any

from factify_mock.api.arguments import listing
from factify_mock.api.call import Call, Handler
from factify_mock.api.render import documents as render
from factify_mock.model import policies


def list_policies(call: Call) -> dict[str, Any]:
    """A page of the document's policies."""
    return listing(
        call,
        policies.list_of(call.world, call.caller, document_id=call.path["document_id"]),
        position=policies.position,
        descending=False,
        render=lambda each: render.attachment(call.world, each),
    )


def attach_policy(call: Call) -> dict[str, Any]:
    """The attachment, new or as it was."""
    attachment = policies.attach(
        call.world,
        call.caller,
        call.now,
        document_id=call.path["document_id"],
        policy_id=call.body["policy_id"],
    )
    return render.attachment(call.world, attachment)


def detach_policy(call: Call) -> dict[str, Any]:
    """Nothing: the policy does not apply any more."""
    policies.detach(
        call.world,
        call.caller,
        document_id=call.path["document_id"],
        policy_id=call.path["policy_id"],
    )
    return {}


HANDLERS: dict[str, Handler] = {
    "listDocumentPolicies": list_policies,
    "attachDocumentPolicy": attach_policy,
    "detachDocumentPolicy": detach_policy,
}
