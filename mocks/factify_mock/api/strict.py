"""The mock held to the document: what it answers is checked before it leaves."""

import msgspec

from factify_contract.spec import Operation
from factify_mock.api.problems import Violation
from factify_mock.api.response import Response


def require_documented(operation: Operation, response: Response) -> None:
    """Return when the answer is what the document says of its status; Violation names the broken rule.

    Statuses that the document does not list for the operation (409, for one) pass: the mock uses only
    those of the error table, which every error body is made from.
    """
    documented = operation.response_for(response.status)
    if documented is None or not documented.media:
        return
    media = documented.media_for(response.content_type.decode("latin-1"))
    if media is None:
        raise Violation(f"{operation.id} {response.status}: undocumented type {response.content_type!r}")
    if not media.name.endswith("json"):
        return
    value = msgspec.json.decode(response.body)
    if not media.validator.is_valid(value):
        first = media.validator.problems(value)[0]
        raise Violation(f"{operation.id} {response.status}: {first.rule} at {first.param}: {first.message}")
