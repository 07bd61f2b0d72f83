"""A call and the plan that is due for it: what becomes of the answer."""

from dataclasses import dataclass
from datetime import datetime

from factify_contract.spec import Operation
from factify_mock.api.download import Download
from factify_mock.api.request import Request
from factify_mock.api.response import Response
from factify_mock.faults.answers import gateway_page, malformed, refused
from factify_mock.faults.plan import Plan
from factify_mock.faults.wire import Mishap, Sleep, connection_of


@dataclass(frozen=True, slots=True)
class StruckCall:
    """The call that a plan strikes; without an operation it is about a file's address."""

    request: Request
    operation: Operation | None
    now: datetime
    request_id: str


def struck(
    plan: Plan, call: StruckCall, answer: Response | Download | None, sleep: Sleep
) -> Response | Mishap:
    """What the client gets instead of `answer`, which is None where the call takes no effect."""
    if plan.refusal is not None:
        method = call.request.method
        answer = refused(plan.refusal, call.operation, method, call.now, call.request_id)
    elif plan.gateway_status is not None:
        answer = gateway_page(plan.gateway_status, call.request_id, retry_after=plan.gateway_retry_after)
    elif plan.drop is not None:
        answer = None
    elif plan.is_malformed and isinstance(answer, Response):
        answer = malformed(answer)
    if isinstance(answer, Response) and plan.is_on_time_and_whole:
        return answer
    return Mishap(answer, plan, sleep, connection_of(call.request.scope), call.request.receive)
