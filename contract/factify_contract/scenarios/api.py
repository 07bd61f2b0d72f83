"""The API as a story meets it."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from factify_contract.clauses import Catalogue
from factify_contract.exchange import ANONYMOUS
from factify_contract.scenarios.answer import Answer
from factify_contract.scenarios.calls import Calls
from factify_contract.scenarios.claims import Claims
from factify_contract.scenarios.pdf import pdf
from factify_contract.scenarios.people import Person, Planned
from factify_contract.scenarios.record import NotExercised, Recorder
from factify_contract.scenarios.surroundings import (
    StoryClock,
    StoryMailbox,
    StoryProcessing,
    StoryQuota,
    enforced,
    mark_demo,
)
from factify_contract.spec import Document, Operation
from factify_contract.target import AdapterError, Target


class Api:
    """The API as a story meets it: its people, what surrounds it, and a place to state what must hold."""

    def __init__(
        self, target: Target, document: Document, catalogue: Catalogue, recorder: Recorder, *, prefix: str
    ) -> None:
        """`prefix` begins every text made by `unique`, so that runs on one target do not meet."""
        self._target = target
        self._document = document
        self._prefix = prefix
        self._made = 0
        self._claims = Claims(catalogue, recorder)
        self._calls = Calls(target, document, self._claims, recorder)
        self.mailbox = StoryMailbox(target.mailbox, target.mail_count)
        self.clock = StoryClock(target.clock)
        self.quota = StoryQuota(target.quota)
        self.processing = StoryProcessing(target.processing)

    @property
    def owner(self) -> Person:
        """The owner of the organization."""
        return self.person("owner")

    @property
    def admin(self) -> Person:
        """An admin of the organization."""
        return self.person("admin")

    @property
    def member(self) -> Person:
        """A plain member of the organization."""
        return self.person("member")

    @property
    def outsider(self) -> Person:
        """The owner of another organization."""
        return self.person("outsider")

    @property
    def invitee(self) -> Person:
        """A user in no organization."""
        return self.person("invitee")

    @property
    def key(self) -> Person:
        """An API key of the organization."""
        return self.person("api_key")

    @property
    def anonymous(self) -> Person:
        """A caller without any token."""
        return Person(self._calls, ANONYMOUS, None)

    def as_token(self, name: str, token: str) -> Person:
        """A caller with a token that the story came by; reports call it `name`."""
        self._target.transport.redactor.learn(token, f"<token of {name}>")
        return Person(self._calls, name, token)

    def person(self, name: str) -> Person:
        """The identity of that name in the profile."""
        identity = self._target.identities.get(name)
        if identity is None:
            raise NotExercised(f"the profile has no [identities.{name}]")
        return Person(self._calls, name, identity.token, identity)

    @property
    def organization_id(self) -> str:
        """The organization of owner, admin, member and key."""
        if not self._target.organization_id:
            raise NotExercised("the organization's id is not known")
        return self._target.organization_id

    @property
    def is_disposable(self) -> bool:
        """Whether the organization is nobody else's, so that nothing has to be put back afterwards."""
        return self._target.has_sandboxes

    @property
    def policy_ids(self) -> tuple[str, ...]:
        """Policies that can be attached to documents of the organization."""
        return self._target.policy_ids

    def declared(self, *, offered: bool) -> tuple[Operation, ...]:
        """The operations whose capability the profile declares with this value."""
        profile, known = self._target.profile, self._document.operations.values()
        if offered:
            return tuple(one for one in known if profile.is_declared(one.id))
        return tuple(one for one in known if profile.absent(one.id) is not None)

    def probe(
        self,
        operation: Operation,
        *,
        path: Mapping[str, str],
        query: Mapping[str, str],
        content: bytes | None = None,
    ) -> Answer:
        """How an operation that may not be there answers the owner; no check judges the answer."""
        return self._calls.probe(self.owner, operation, path=path, query=query, content=content)

    def may_have_expired(self, name: str) -> bool:
        """Whether the token of an identity may have expired because a story moved the target's time."""
        return self._calls.may_have_expired(name)

    def holds(self, clause: str, condition: bool, *, expected: str, actual: object) -> bool:
        """Records whether the clause was kept, and goes on either way."""
        return self._claims.holds(clause, condition, expected=expected, actual=actual)

    def equals(self, clause: str, what: str, actual: object, expected: object) -> bool:
        """Records whether the clause was kept by `what` being as expected, and goes on either way."""
        return self._claims.equals(clause, what, actual, expected)

    def download(self, url: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """Status and content at an address that the API gave out, asked without credentials."""
        try:
            return self._target.download(url, headers or {})
        except AdapterError as error:
            raise NotExercised(str(error)) from error

    def require(self, condition: object, why: str) -> None:
        """Ends the story, without blame, when something that nobody promised is not there."""
        if not condition:
            raise NotExercised(why)

    def unique(self, word: str) -> str:
        """The word made unlike any other text of this run."""
        self._made += 1
        return f"{self._prefix}-{self._made}-{word}"

    def pdf(self, text: str | None = None, *, is_dark: bool = False) -> bytes:
        """A valid one-page PDF; without a text, unlike any other of this run."""
        return pdf(text if text is not None else self.unique("page"), is_dark=is_dark)

    def new_document(
        self,
        *,
        title: str | None = None,
        owner: Person | None = None,
        content: bytes | None = None,
        **fields: str,
    ) -> dict[str, Any]:
        """A new PDF document of the owner, as createDocument returned it; the story ends without one."""
        name = title if title is not None else self.unique("document")
        answer = (owner or self.owner).call(
            "createDocument",
            body={"title": name, **fields},
            files={"payload": ("document.pdf", content or self.pdf(), "application/pdf")},
        )
        self.require(answer.status == 200, f"no document could be made: {answer.exchange.line}")
        document: dict[str, Any] = answer.body["document"]
        return document

    def record(self, clause: str, kept: bool, *, expected: str, actual: str, operation: str | None) -> None:
        """Notes one judgement; KeyError for a clause that is not in the catalogue."""
        self._claims.record(clause, kept, expected=expected, actual=actual, operation=operation)

    def mark_demo(self, document: Mapping[str, Any]) -> None:
        """The document is one of those that the service gives to new users."""
        mark_demo(self._target.demo, document["id"])

    def rate_limits_enforced(self) -> AbstractContextManager[None]:
        """The documented rate limits are in force in the block."""
        return enforced(self._target.rate_limits)

    def at_once(self, *planned: Planned) -> list[Answer]:
        """The answers to calls that are all made at the same time, in the order in which they are given."""
        return self._calls.at_once(*planned)
