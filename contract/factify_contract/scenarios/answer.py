"""What a call brought back, and what it proves."""

import json
from collections.abc import Collection
from typing import Any

from factify_contract.checks.status import CODE_STATUS
from factify_contract.exchange import Exchange
from factify_contract.findings import describe
from factify_contract.scenarios.claims import Claims
from factify_contract.scenarios.record import Inconclusive, NotExercised, StoryStopped
from factify_contract.transport import is_rate_limited

# Codes that say nothing about the rule in question: the target could not answer just now.
_TRANSIENT = frozenset({"unavailable", "deadline_exceeded"})
# A quota may be used up by others, or by earlier runs; only where it is what a promise is about it says more.
_USED_UP = "resource_exhausted"
_ABOUT_QUOTAS = ("request-quota.", "document-quota.", "usage.", "rate-limits.")


class Body(dict[str, Any]):
    """An object in an answer; asking for a field it lacks ends the story instead of breaking the tool."""

    def __missing__(self, key: str) -> Any:
        raise NotExercised(f"the answer has no field {key!r}")


class Answer:
    """What one call brought back.

    `claims` is told what it says about clauses; `may_have_expired` whether the caller's token may have
    expired because a story moved the target's time.
    """

    def __init__(self, claims: Claims, exchange: Exchange, *, may_have_expired: bool) -> None:
        self._claims = claims
        self._may_have_expired = may_have_expired
        self.exchange = exchange

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.exchange.status

    @property
    def body(self) -> dict[str, Any]:
        """The object in the answer; empty when there is none."""
        if not self.exchange.is_json:
            return Body()
        value = json.loads(self.exchange.content, object_hook=Body)
        return value if isinstance(value, dict) else Body()

    @property
    def refused(self) -> tuple[str, str | None] | None:
        """Code and first reason of a refusal; None when the call succeeded."""
        if self.status < 400:
            return None
        body = self.exchange.json
        if not isinstance(body, dict):
            return ("", None)
        details = body.get("details")
        reasons = (
            [item.get("reason") for item in details if isinstance(item, dict)]
            if isinstance(details, list)
            else []
        )
        return (str(body.get("code", "")), next((str(reason) for reason in reasons if reason), None))

    @property
    def param(self) -> str | None:
        """The input that a refusal blames, when it names one."""
        details = self.body.get("details")
        names = (
            [item.get("param") for item in details if isinstance(item, dict)]
            if isinstance(details, list)
            else []
        )
        return next((str(name) for name in names if name), None)

    def succeeds(self, clause: str) -> dict[str, Any]:
        """The body of a successful answer; otherwise the clause is broken and the story ends."""
        self._must_be_conclusive(clause, ())
        kept = 200 <= self.status < 300
        self._judge(clause, kept, "success (200)")
        if not kept:
            raise StoryStopped(f"{self.exchange.line} did not succeed")
        return self.body

    def is_refused(
        self, clause: str, *, codes: Collection[str], reasons: Collection[str] | None = None
    ) -> bool:
        """Whether the call was refused with one of the codes, and with one of the reasons if it gives any."""
        self._must_be_conclusive(clause, codes)
        refusal = self.refused
        kept = refusal is not None and self._says_one_of(codes)
        if kept and refusal and reasons is not None and refusal[1] is not None:
            kept = refusal[1] in reasons
        wanted = f"refused with {' or '.join(codes)}"
        if reasons is not None:
            wanted += f" for {' or '.join(reasons)}"
        self._judge(clause, kept, wanted)
        return kept

    def _says_one_of(self, codes: Collection[str]) -> bool:
        """Whether the refusal has one of the codes; its status stands in for a code that is none."""
        code = self.refused[0] if self.refused else ""
        if code in CODE_STATUS:
            return code in codes
        return any(self.status in CODE_STATUS[wanted] for wanted in codes)

    def _judge(self, clause: str, kept: bool, expected: str) -> None:
        self._claims.record(
            clause, kept, expected=expected, actual=self.summary, operation=self.exchange.operation_id
        )

    @property
    def summary(self) -> str:
        """How the call ended, in one line: success, or code, reason and message of the refusal."""
        refusal = self.refused
        if refusal is None:
            return f"success ({self.status})"
        reason = f"/{refusal[1]}" if refusal[1] else ""
        message = self.body.get("message")
        return f"{self.status} {refusal[0]}{reason}" + (f": {describe(message)}" if message else "")

    def _must_be_conclusive(self, clause: str, expected: Collection[str]) -> None:
        refusal = self.refused
        self.must_say_something()
        is_used_up = refusal is not None and refusal[0] == _USED_UP and _USED_UP not in expected
        if is_used_up and not clause.startswith(_ABOUT_QUOTAS):
            raise NotExercised(f"a quota of the organization is used up: {self.exchange.line}")
        if self.status == 501 and refusal is not None and refusal[0] == "unimplemented":
            raise NotExercised(f"the target does not offer this: {self.exchange.line}")
        if refusal is None or refusal[0] != "unauthenticated" or "unauthenticated" in expected:
            return
        if self._may_have_expired:
            raise Inconclusive(f"the token may have expired when time was moved: {self.exchange.line}")

    def must_say_something(self) -> None:
        """Ends the story, without blame, when the target could not answer just now."""
        if is_rate_limited(self.exchange) or (self.refused and self.refused[0] in _TRANSIENT):
            raise Inconclusive(f"the target could not answer: {self.exchange.line}")
