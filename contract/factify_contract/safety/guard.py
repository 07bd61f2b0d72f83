"""Lets only those requests through that the user allowed, and keeps account of what they leave behind."""

import threading
from collections.abc import Mapping
from typing import Any

from factify_contract.errors import Withheld
from factify_contract.exchange import Exchange
from factify_contract.profile import Budget
from factify_contract.safety.effects import MAKES, UNDONE_BY, told
from factify_contract.safety.ledger import Ledger
from factify_contract.transport import Sending

# What cleaning up takes apart from one request for each thing: looking for what has gone unnoticed, and
# putting the organization and its people back.
CLEARANCE = 24
# With what it takes to find out who is there and how everything was.
LEAST_REQUESTS = CLEARANCE + 36
_READING = "GET"
# An adapter that only looks.
_HARMLESS = frozenset({"mailbox", "mail_count"})


class Guard:
    """Counts requests and things made, and writes down in the ledger what writes. Mutable, for any thread.

    With a ledger, so many requests of the budget are kept back as taking back what was made will need.
    """

    def __init__(self, budget: Budget, *, read_only: bool = False, sent: int = 0) -> None:
        """`sent` requests of the budget were sent before the guard was there."""
        self.read_only = read_only
        self._ledger: Ledger | None = None
        self.is_cleaning = False
        self._budget = budget
        self._sent = sent
        self._made = 0
        self._number = 0
        self._open: dict[int, Sending] = {}
        self._tokens: dict[str, str | None] = {}
        self._lock = threading.Lock()

    def keep(self, ledger: Ledger) -> None:
        """From now on what writes is noted in the ledger."""
        with self._lock:
            self._ledger = ledger
            self._number = max(self._number, ledger.calls)

    def admit(self, sending: Sending) -> int:
        """A number for the request; Withheld when it must not be sent."""
        with self._lock:
            if self.read_only and sending.method != _READING:
                raise Withheld("with --read-only nothing is written")
            makes = _operation(sending) in MAKES
            self._require_requests(sending)
            if makes and self._budget.objects is not None and self._made >= self._budget.objects:
                raise Withheld(f"the budget of {self._budget.objects} objects is used up")
            self._number += 1
            if self._ledger is not None and sending.method != _READING:
                self._ledger.note(_beginning(self._number, sending))
            self._sent += 1
            self._made += makes
            if sending.method != _READING:
                self._open[self._number] = sending
            return self._number

    def settle(self, number: int, exchange: Exchange) -> None:
        """The admitted request was answered."""
        with self._lock:
            sending = self._open.pop(number, None)
            if sending is None:
                return
            operation, status = _operation(sending), exchange.status
            if operation in MAKES and 300 <= status < 500:
                self._made -= 1
            if self._ledger is None:
                return
            made = told(operation, exchange.json) if 200 <= status < 300 else {}
            if "document" in made:
                self._tokens[made["document"]] = sending.token
            self._ledger.note({"call": number, "status": status} | ({"made": made} if made else {}))

    def cancel(self, number: int) -> None:
        """The admitted request could not be sent."""
        with self._lock:
            self._sent -= 1
            sending = self._open.pop(number, None)
            if sending is None:
                return
            self._made -= _operation(sending) in MAKES
            if self._ledger is not None:
                self._ledger.note({"call": number, "status": 0})

    def adapt(self, name: str, values: Mapping[str, Any]) -> None:
        """An adapter is about to be used; Withheld when it must not be."""
        with self._lock:
            if name in _HARMLESS:
                return
            if self.read_only:
                raise Withheld("with --read-only nothing is written")
            if self._ledger is not None:
                self._ledger.note({"adapter": name, "values": dict(values)})

    def maker_of(self, document_id: str) -> str | None:
        """The token that made the document in this process."""
        return self._tokens.get(document_id)

    def refusal(self, *, requests: int, objects: int) -> str | None:
        """Why so many requests, or things made, would be too many; None when they are not.

        `requests` are counted with those that take back what is made.
        """
        limits = self._budget
        if limits.requests is not None and self._sent + self._kept + requests > limits.requests:
            left = max(0, limits.requests - self._sent - self._kept)
            return f"it takes about {requests} requests, and the budget has {left} left"
        if limits.objects is not None and self._made + objects > limits.objects:
            left = limits.objects - self._made
            return f"it makes about {objects} things, and the budget has {left} left"
        return None

    @property
    def _kept(self) -> int:
        """How many requests are kept for cleaning up."""
        if self._ledger is None or self.is_cleaning:
            return 0
        return CLEARANCE + self._ledger.holdings.outstanding

    def _require_requests(self, sending: Sending) -> None:
        limit = self._budget.requests
        if limit is None:
            return
        later = not self.is_cleaning and self._ledger is not None and _operation(sending) in UNDONE_BY
        if self._sent + 1 + self._kept + later > limit:
            raise Withheld(f"the budget of {limit} requests is used up")


def _operation(sending: Sending) -> str:
    return sending.operation.id if sending.operation is not None else ""


def _beginning(number: int, sending: Sending) -> dict[str, Any]:
    operation = _operation(sending) or f"{sending.method} outside the document"
    entry: dict[str, Any] = {"call": number, "operation": operation, "actor": sending.actor}
    path = {name: value for name, value in sending.path.items() if isinstance(value, str)}
    undo = UNDONE_BY.get(operation)
    return entry | ({"path": path} if path else {}) | ({"undo": undo} if undo else {})
