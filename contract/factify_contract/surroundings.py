"""What surrounds a target and is reached by the profile's adapters: mail, time, allowances, processing."""

from collections.abc import Callable
from dataclasses import dataclass

from factify_contract.adapters import AdapterError, Caller
from factify_contract.profile import Adapter, PythonAdapter


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Reads the secrets that the API sends by e-mail only."""

    caller: Caller
    adapter: Adapter
    learn: Callable[[str], None]

    def latest_token(
        self, to: str, invite_id: str | None = None, *, other_than: str | None = None
    ) -> str | None:
        """The token in the newest mail to the address, for the invite if one is named; None without one.

        Where mail takes time, waits for a token that differs from `other_than`.
        """
        found = self.caller.poll(
            "mailbox",
            self.adapter,
            lambda answer: bool(answer) and answer != other_than,
            to=to,
            invite_id=invite_id or "",
        )
        if not found or found == other_than:
            return None
        self.learn(str(found))
        return str(found)


@dataclass(frozen=True, slots=True)
class MailCount:
    """Counts the mails of somebody, for mails that hold nothing new."""

    caller: Caller
    adapter: Adapter

    def of(self, to: str, *, more_than: int = -1) -> int:
        """How many mails the address has got; where mail takes time, waits for more than so many."""
        found = self.caller.poll("mail_count", self.adapter, lambda answer: _count(answer) > more_than, to=to)
        return _count(found)


def _count(answer: object) -> int:
    """A number, as a number or in digits, or the length of a list."""
    if isinstance(answer, list):
        return len(answer)
    try:
        return int(str(answer))
    except ValueError as error:
        raise AdapterError(f"the mail_count adapter answered {answer!r}, no number and no list") from error


@dataclass(frozen=True, slots=True)
class Clock:
    """Moves the target's time forward; `moved` is told before it does."""

    caller: Caller
    adapter: Adapter
    moved: Callable[[], None]

    def advance(self, seconds: float) -> None:
        """The target's clock now shows `seconds` more, for everything that expires."""
        self.moved()
        self.caller.call("clock", self.adapter, seconds=seconds)


@dataclass(frozen=True, slots=True)
class Quota:
    """Sets how much an organization may use and how much of it is used."""

    caller: Caller
    requests: Adapter | None
    documents: Adapter | None

    def has(self, name: str) -> bool:
        """Whether the profile has the adapter `quota` or `document_quota`."""
        return (self.requests if name == "quota" else self.documents) is not None

    def set_requests(self, limit: int | None = None, used: int | None = None) -> None:
        """The organization's monthly request limit and usage are now these; None leaves one as it is."""
        if self.requests is None:
            raise AdapterError("the profile has no adapter 'quota'")
        self.caller.call("quota", self.requests, limit=limit, used=used)

    def set_documents(self, limit: int) -> None:
        """The organization may now hold `limit` documents; 0 means any number."""
        if self.documents is None:
            raise AdapterError("the profile has no adapter 'document_quota'")
        self.caller.call("document_quota", self.documents, limit=limit)


@dataclass(frozen=True, slots=True)
class Processing:
    """Holds and ends what the service does to a version after its upload."""

    caller: Caller
    adapter: Adapter

    def hold(self) -> None:
        """What is uploaded from now on stays in processing until it is ended."""
        self._call(None, None, "processing")

    def end(self, document_id: str, version_id: str, outcome: str) -> None:
        """The version's processing is over; `outcome` is `ready` or `failed`."""
        self._call(document_id, version_id, outcome)

    def release(self) -> None:
        """What is uploaded from now on is processed as ever."""
        self._call(None, None, "ready")

    def _call(self, document_id: str | None, version_id: str | None, outcome: str) -> None:
        self.caller.call(
            "processing", self.adapter, document_id=document_id, version_id=version_id, outcome=outcome
        )


@dataclass(frozen=True, slots=True)
class Demo:
    """Makes a document one of those that the service gives to new users."""

    caller: Caller
    adapter: Adapter

    def mark(self, document_id: str) -> None:
        """The document is a demo from now on."""
        self.caller.call("demo_document", self.adapter, document_id=document_id)


@dataclass(frozen=True, slots=True)
class RateLimits:
    """Puts the documented rate limits in force where they are not."""

    caller: Caller
    adapter: Adapter | None

    def enforce(self) -> None:
        """From now on the documented limits are in force; without an adapter they are at all times."""
        if self.adapter is not None:
            self.caller.call("rate_limits", self.adapter, enforced=True)

    def relax(self) -> None:
        """From now on the limits are as before, where the adapter can be told so: by `{enforced}`."""
        if self.adapter is None:
            return
        if isinstance(self.adapter, PythonAdapter) or "{enforced}" in str(self.adapter):
            self.caller.call("rate_limits", self.adapter, enforced=False)
