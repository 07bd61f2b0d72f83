"""Makes the calls of a story: fits them to the document, sends them, passes the answers to the checks."""

from collections.abc import Callable, Mapping
from typing import Any

from factify_contract.checks import judge
from factify_contract.errors import Unfit, Withheld
from factify_contract.exchange import Exchange
from factify_contract.familiarity import path_for, why_unfit
from factify_contract.scenarios.answer import Answer
from factify_contract.scenarios.claims import Claims
from factify_contract.scenarios.people import Person, Planned
from factify_contract.scenarios.record import Inconclusive, NotExercised, Recorder, StoryStopped
from factify_contract.spec import Document, Operation
from factify_contract.target import Target
from factify_contract.transport import NoAnswer

# A connection that breaks off instead of an answer is a fault of the server, like a 500.
_FAULTLESS = "transport.no-internal-error"


class Calls:
    """The way from a story to the target."""

    def __init__(self, target: Target, document: Document, claims: Claims, recorder: Recorder) -> None:
        self._target = target
        self._document = document
        self._claims = claims
        self._recorder = recorder

    def may_have_expired(self, name: str) -> bool:
        """Whether the token of an identity may have expired because a story moved the target's time."""
        return self._target.time_moved and name in self._target.identities

    def probe(
        self,
        owner: Person,
        operation: Operation,
        *,
        path: Mapping[str, str],
        query: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        """How an operation that may not be there answers the owner; no check judges the answer."""
        self._claims.operation = operation.id
        takes_json = operation.body is not None and content is None
        headers = {"content-type": "application/json"} if content is not None else None
        try:
            exchange = self._target.transport.send(
                operation, owner.name, owner.token, path=path, query=query, content=content,
                headers=headers, json={} if takes_json else None,
            )  # fmt: skip
        except Withheld as reason:
            raise NotExercised(str(reason)) from reason
        except NoAnswer as silence:
            raise Inconclusive(str(silence)) from silence
        self._recorder.exchanged(exchange)
        answer = self._answer(exchange)
        answer.must_say_something()
        return answer

    def call(self, planned: Planned) -> Answer:
        """Makes a person's call, passes the answer through the checks, and returns it."""
        send = self._sending(planned)
        try:
            return self._noted(send())
        except NoAnswer as silence:
            raise self._silenced(planned, silence) from silence
        except Withheld as reason:
            raise NotExercised(str(reason)) from reason

    def at_once(self, *planned: Planned) -> list[Answer]:
        """The answers to calls that are all made at the same time, in the order in which they are given."""
        sends = [self._sending(each) for each in planned]
        try:
            exchanges = self._target.transport.together(sends)
        except NoAnswer as silence:
            raise self._silenced(planned[0], silence) from silence
        except Withheld as reason:
            raise NotExercised(str(reason)) from reason
        return [self._noted(exchange) for exchange in exchanges]

    def _sending(self, planned: Planned) -> Callable[[], Exchange]:
        """What sends the call and returns what came back."""
        operation = self._document.operations.get(planned.operation_id)
        if operation is None:
            raise NotExercised(f"the document has no operation {planned.operation_id}")
        if absent := self._target.profile.absent(planned.operation_id):
            raise NotExercised(f"the profile declares {absent} absent")
        media = operation.body.media if operation.body else {}
        is_form = planned.files is not None or "multipart/form-data" in media
        body = planned.body
        if body is None and planned.content is None and "application/json" in media:
            body = {}
        self._claims.operation = planned.operation_id
        path = self._fitting(operation, planned, body, is_form=is_form)
        return lambda: self._target.transport.send(
            operation,
            planned.person.name,
            planned.person.token,
            path=path,
            query=planned.query,
            content=planned.content,
            headers=planned.headers,
            json=None if is_form else body,
            data=body if is_form and planned.content is None else None,
            files=planned.files,
            patient=planned.patient,
        )

    def _fitting(
        self, operation: Operation, planned: Planned, body: Any, *, is_form: bool
    ) -> Mapping[str, Any]:
        """The path for the document; the story ends where a newer one asks for what no story knows."""
        is_json = body is not None and not is_form
        why = None
        try:
            path = path_for(operation, planned.path)
        except Unfit as reason:
            raise NotExercised(str(reason)) from reason
        if planned.content is None:
            why = why_unfit(
                self._document,
                operation,
                path=path,
                query=planned.query or {},
                body={**(body or {}), **dict.fromkeys(planned.files or {}, "a file")} if is_form else body,
                media_type="multipart/form-data" if is_form else "application/json" if is_json else "",
                is_anonymous=planned.person.token is None,
            )
        if why:
            raise NotExercised(why)
        return path

    def _noted(self, exchange: Exchange) -> Answer:
        self._recorder.exchanged(exchange)
        for verdict in judge(exchange, self._document):
            self._recorder.judged(verdict, exchange.operation_id)
        if exchange.is_sample:
            raise NotExercised(f"a mock answered {exchange.operation_id} from a sample, not from its state")
        return self._answer(exchange)

    def _silenced(self, planned: Planned, silence: NoAnswer) -> StoryStopped:
        said = "an answer, if only a refusal"
        self._claims.record(_FAULTLESS, kept=False, expected=said, actual=str(silence), operation=None)
        return StoryStopped(f"{planned.person.name} {silence}")

    def _answer(self, exchange: Exchange) -> Answer:
        return Answer(self._claims, exchange, may_have_expired=self.may_have_expired(exchange.actor))
