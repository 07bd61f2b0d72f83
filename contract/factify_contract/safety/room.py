"""Whether the organization's own quotas have room for what a run costs."""

from factify_contract.safety.costs import Cost
from factify_contract.safety.errands import MANAGERS, Errands, field
from factify_contract.spec import Document
from factify_contract.target import Target


def scarcities(target: Target, document: Document, cost: Cost) -> list[str]:
    """A sentence for each quota of the organization that the cost exceeds, as far as they can be read."""
    errands = Errands(target, document)
    said = []
    answer = errands.call("getDocumentQuota", MANAGERS)
    quota = answer.json if answer is not None and answer.status == 200 else None
    if isinstance(quota, dict) and quota.get("limit"):
        available = quota.get("available", 0)
        if isinstance(available, int) and available < cost.documents:
            said.append(
                f"the organization may make {available} more documents, and {cost.documents} are needed;"
                " what comes after the last is not exercised"
            )
    requests = field(errands.call("getOrganizationQuota", MANAGERS), "quota")
    if requests is not None and requests.get("effective_limit"):
        remaining = requests.get("remaining", 0)
        if isinstance(remaining, int) and remaining < cost.requests:
            said.append(
                f"the organization may send {remaining} more requests this month, and {cost.requests} are"
                " needed; what comes after the last is not exercised"
            )
    return said
