"""A play: a script performed by the people of a target, and judged by what the oracle expects."""

from collections.abc import Mapping
from typing import Any

from factify_contract.machine.knowledge import INVITEE, Knowledge
from factify_contract.machine.oracle import Expected
from factify_contract.machine.script import Step
from factify_contract.properties.oracle import is_accepted
from factify_contract.scenarios.story import Answer, Api, NotExercised, Person
from factify_contract.transport import Upload, is_rate_limited

# Codes of answers after which nobody knows whether the call was carried out.
_UNCLEAR = frozenset({"unavailable", "deadline_exceeded", "canceled", "internal", "unknown"})


class Play:
    """One performance. Mutable: it knows the ids behind the names and learns from every answer.

    At most `documents` are created. Only where `is_alone` says that nobody else is there is time moved,
    are things counted, and do others than the invitee become and cease to be members; except to put
    things back, when it `is_clearing`.
    """

    def __init__(self, api: Api, known: Knowledge, *, documents: int, is_alone: bool) -> None:
        self.api = api
        self.known = known
        self.documents_left = documents
        self.is_alone = is_alone
        self.is_clearing = False
        self.unclear = ""
        self.ids: dict[str, str] = {}
        self.callers: dict[str, Person] = {}
        self.tokens: dict[str, list[str]] = {}
        self.expiries: dict[str, tuple[int, str]] = {}

    def can(self, step: Step) -> bool:
        """Whether everybody and everything in the step is there."""
        if step.on and not self.known.knows(step.on):
            return False
        try:
            self.api.person(step.by)
            return not step.whom or bool(self.user_id(step.whom))
        except NotExercised:
            return False

    def user_id(self, name: str) -> str:
        """The id of a person."""
        return self.api.person(name).user_id

    def may_move(self, step: Step, expected: Expected) -> bool:
        """Whether the step may be tried, which is about somebody's place in the organization."""
        is_harmless = step.whom == INVITEE or expected.done is False
        return self.is_alone or self.is_clearing or is_harmless

    def call(
        self,
        step: Step,
        operation_id: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        files: Mapping[str, Upload] | None = None,
        **path: Any,
    ) -> Answer:
        """What comes back when the person of the step calls the operation."""
        return self.api.person(step.by).call(operation_id, body=body, query=query, files=files, **path)

    def pdf(self) -> Mapping[str, Upload]:
        """A file to upload."""
        return {"payload": ("document.pdf", self.api.pdf(), "application/pdf")}

    def came_to(self, answer: Answer, expected: Expected, *, is_about_quota: bool = False) -> bool | None:
        """Whether the call was carried out, None if nobody knows; says so where it is not as expected."""
        code = answer.refused[0] if answer.refused else ""
        if self._is_unclear(answer, code):
            self.unclear = self.unclear or answer.exchange.line
            return None
        done = is_accepted(answer.exchange)
        if expected.done is not None and self._is_telling(answer, code, is_about_quota=is_about_quota):
            self._judge(answer, expected, code, done=done)
        return done

    @staticmethod
    def _is_unclear(answer: Answer, code: str) -> bool:
        if code in _UNCLEAR or is_rate_limited(answer.exchange) or 300 <= answer.status < 400:
            return True
        return answer.status >= 500 and answer.status != 501

    def _is_telling(self, answer: Answer, code: str, *, is_about_quota: bool) -> bool:
        """Whether a refusal is about the rule in question, and not about something that surrounds it."""
        if code == "unimplemented" or (code == "resource_exhausted" and not is_about_quota):
            return False
        return code != "unauthenticated" or not self.api.may_have_expired(answer.exchange.actor)

    def _judge(self, answer: Answer, expected: Expected, code: str, *, done: bool) -> None:
        is_kept = done is expected.done
        if is_kept and not done and expected.codes and code:
            is_kept = code in expected.codes
        wanted = f"refused with {' or '.join(expected.codes)}" if expected.codes else "refused"
        self.api.record(
            expected.clause,
            is_kept,
            expected="success (200)" if expected.done else wanted,
            actual=answer.summary,
            operation=answer.exchange.operation_id,
        )

    def equals(self, clause: str, what: str, actual: object, expected: object) -> bool:
        """Records whether the clause was kept by `what` being as expected."""
        return self.api.equals(clause, what, actual, expected)

    def name_of(self, identifier: str) -> str | None:
        """The first name that was given to the thing with the id."""
        return next((name for name, known in self.ids.items() if known == identifier), None)

    def new_token(self, invite_id: str, *, is_certain: bool) -> str | None:
        """The token mailed last for the invitation; None without mailbox or mail.

        When it is certain that a new one was sent, waits for it; the last one again is None then.
        """
        if self.api.mailbox.mailbox is None:
            return None
        before = next(
            (token for tokens in reversed(self.tokens.values()) for token in reversed(tokens)), None
        )
        email = self.api.person(INVITEE).email
        other = before if is_certain else None
        token = self.api.mailbox.find_token(email, invite_id, other_than=other)
        known = self.tokens.setdefault(invite_id, [])
        if token is not None and token not in known:
            known.append(token)
        return token
