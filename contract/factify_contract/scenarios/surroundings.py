"""What surrounds the API, as stories use it: without an adapter, or with one that fails, a story ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from factify_contract.errors import Withheld
from factify_contract.scenarios.record import AdapterFailed, NotExercised
from factify_contract.surroundings import Clock, Demo, Mailbox, MailCount, Processing, Quota, RateLimits
from factify_contract.target import AdapterError

A = TypeVar("A")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StoryMailbox:
    """The mailbox as a story uses it."""

    mailbox: Mailbox | None
    counter: MailCount | None = None

    def count(self, email: str, *, more_than: int = -1) -> int:
        """How many mails the address has got; where mail takes time, waits for more than so many."""
        if self.counter is None:
            raise NotExercised("the profile has no [adapters.mail_count]")
        return _adapted(lambda counter: counter.of(email, more_than=more_than), self.counter)

    def token_for(self, email: str, invite_id: str | None = None, *, other_than: str | None = None) -> str:
        """The newest token sent to the address, for the invite if one is named; the story ends without."""
        token = self.find_token(email, invite_id, other_than=other_than)
        if token is None:
            raise NotExercised(f"no mail with a token came for {email}")
        return token

    def find_token(
        self, email: str, invite_id: str | None = None, *, other_than: str | None = None
    ) -> str | None:
        """The newest token sent to the address, for the invite if one is named; None when none came."""
        if self.mailbox is None:
            raise NotExercised("the profile has no [adapters.mailbox]")
        return _adapted(lambda box: box.latest_token(email, invite_id, other_than=other_than), self.mailbox)


@dataclass(frozen=True, slots=True)
class StoryClock:
    """The target's clock as a story uses it."""

    clock: Clock | None

    def advance(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """The target's clock now shows this much more."""
        if self.clock is None:
            raise NotExercised("the profile has no [adapters.clock]")
        total = seconds + 60 * (minutes + 60 * (hours + 24 * days))
        _adapted(lambda clock: clock.advance(total), self.clock)


@dataclass(frozen=True, slots=True)
class StoryQuota:
    """The quota switches as a story uses them."""

    quota: Quota | None

    def set_requests(self, limit: int | None = None, used: int | None = None) -> None:
        """The organization's request limit and usage are now these."""
        _adapted(lambda quota: quota.set_requests(limit, used), self._known("quota"))

    def set_documents(self, limit: int) -> None:
        """The organization may now hold this many documents; 0 means any number."""
        _adapted(lambda quota: quota.set_documents(limit), self._known("document_quota"))

    def _known(self, name: str) -> Quota:
        if self.quota is None or not self.quota.has(name):
            raise NotExercised(f"the profile has no [adapters.{name}]")
        return self.quota


@dataclass(frozen=True, slots=True)
class StoryProcessing:
    """The reins of processing as a story uses them."""

    processing: Processing | None

    def hold(self) -> None:
        """What is uploaded from now on stays in processing until it is ended."""
        _adapted(lambda reins: reins.hold(), self._known)

    def end(self, document_id: str, version_id: str, outcome: str) -> None:
        """The version's processing is over; `outcome` is `ready` or `failed`."""
        _adapted(lambda reins: reins.end(document_id, version_id, outcome), self._known)

    def release(self) -> None:
        """What is uploaded from now on is processed as ever."""
        _adapted(lambda reins: reins.release(), self._known)

    @property
    def _known(self) -> Processing:
        if self.processing is None:
            raise NotExercised("the profile has no [adapters.processing]")
        return self.processing


def mark_demo(demo: Demo | None, document_id: str) -> None:
    """The document is a demo from now on; the story ends where nobody can make it one."""
    if demo is None:
        raise NotExercised("the profile has no [adapters.demo_document]")
    _adapted(lambda maker: maker.mark(document_id), demo)


@contextmanager
def enforced(limits: RateLimits | None) -> Iterator[None]:
    """The documented rate limits are in force in the block; the story ends where nobody says so."""
    if limits is None:
        raise NotExercised("the profile has no [adapters.rate_limits]")
    _adapted(lambda known: known.enforce(), limits)
    try:
        yield
    finally:
        _adapted(lambda known: known.relax(), limits)


def _adapted(use: Callable[[A], T], adapter: A) -> T:
    try:
        return use(adapter)
    except AdapterError as error:
        raise AdapterFailed(str(error)) from error
    except Withheld as reason:
        raise NotExercised(str(reason)) from reason
