"""What is known so far of the request that is being answered, and what of it goes on record."""

from dataclasses import dataclass
from datetime import datetime

from factify_contract.spec import Operation
from factify_mock.api.auth import Caller
from factify_mock.api.call import Call
from factify_mock.api.download import Download
from factify_mock.api.fields import Fields
from factify_mock.api.request import Request
from factify_mock.api.response import Response
from factify_mock.faults.plan import Fault
from factify_mock.faults.wire import Mishap
from factify_mock.journal import KEPT_BYTES, NOTHING_SPECIAL, Entry, Notes, cut_off_page_token, kept
from factify_mock.model.rates import Allowance

Answer = Response | Download | Mishap

# The refusals that may say when to come back.
_MAY_SAY_WHEN = (429, 503)


@dataclass(frozen=False, slots=True)
class Visit:
    """A request on its way through the application."""

    arrived: datetime
    caller: Caller | None = None
    operation: Operation | None = None
    allowance: Allowance | None = None  # where the caller's rate is limited
    charged: Caller | None = None  # for whose request quota the call counts
    fault: Fault | None = None  # what strikes the call
    is_handled: bool = False
    unread: tuple[str, ...] = ()

    def is_struck(self, operation_id: str) -> bool:
        """Whether a fault plan is due that lets the call take no effect; any plan that is due is noted."""
        if self.caller is None or self.caller.sandbox.faults is None:
            return False
        self.fault = self.caller.sandbox.faults.due(operation_id, self.caller.actor)
        return self.fault is not None and not self.fault.plan.takes_effect

    def handled(self, call: Call, caller: Caller) -> None:
        """The call was carried out; what its handler did not look at is noted."""
        self.is_handled = True
        if isinstance(call.query, Fields) and isinstance(call.body, Fields):
            known, operation_id = caller.sandbox.fields_read, call.operation.id
            read = call.query.read | call.body.read
            known[operation_id] = known.get(operation_id, frozenset()) | read
            self.unread = (*call.query.unread, *call.body.unread)

    def entry(self, request: Request, caller: Caller, ordinal: int, answer: Answer) -> Entry:
        """The request and its answer for the journal."""
        is_notable = (
            self.fault is not None
            or self.unread
            or answer.status in _MAY_SAY_WHEN
            or len(answer.body) > KEPT_BYTES
        )
        return Entry(
            ordinal=ordinal,
            at=caller.now,
            method=request.method,
            path=request.path,
            query_string=request.query_string,
            operation_id=self.operation.id if self.operation else None,
            actor_id=caller.actor.id if caller.actor else None,
            status=answer.status,
            request_headers=request.headers,
            request_body=kept(request.body),
            response_body=kept(answer.body),
            arrived=self.arrived,
            is_handled=self.is_handled,
            notes=self._notes(answer) if is_notable else NOTHING_SPECIAL,
        )

    def _notes(self, answer: Answer) -> Notes:
        fault = self.fault
        seen = answer.answer if isinstance(answer, Mishap) else answer
        seconds = dict(seen.headers).get(b"retry-after", b"") if seen is not None else b""
        return Notes(
            fault_id=fault.id if fault is not None else None,
            hides_success=self.is_handled and fault is not None and fault.plan.hides_success,
            retry_after=int(seconds) if seconds.isdigit() else None,
            next_page_token=cut_off_page_token(answer.body),
            unread=self.unread,
        )
