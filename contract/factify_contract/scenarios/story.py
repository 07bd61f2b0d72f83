"""The language that stories are told in: who does what, and which promise each answer must keep."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from factify_contract.checks import judge
from factify_contract.checks.status import CODE_STATUS
from factify_contract.clauses import Catalogue
from factify_contract.errors import Unfit, Withheld
from factify_contract.exchange import ANONYMOUS, Exchange
from factify_contract.familiarity import path_for, why_unfit
from factify_contract.findings import Verdict, describe
from factify_contract.scenarios.naming import clauses_named
from factify_contract.scenarios.pdf import pdf
from factify_contract.scenarios.record import (
    Inconclusive,
    NotExercised,
    Outcome,
    Recorder,
    StoryRecord,
    StoryStopped,
)
from factify_contract.scenarios.surroundings import (
    StoryClock,
    StoryMailbox,
    StoryProcessing,
    StoryQuota,
    enforced,
    mark_demo,
)
from factify_contract.spec import Document, Operation
from factify_contract.target import AdapterError, Identity, Target
from factify_contract.transport import NoAnswer, Upload, is_rate_limited

__all__ = [
    "Answer",
    "Api",
    "Inconclusive",
    "NotExercised",
    "Outcome",
    "Person",
    "Recorder",
    "Story",
    "StoryRecord",
    "StoryStopped",
    "stories_of",
    "story",
]

# A connection that breaks off instead of an answer is a fault of the server, like a 500.
_FAULTLESS = "transport.no-internal-error"
# Codes that say nothing about the rule in question: the target could not answer just now.
_TRANSIENT = frozenset({"unavailable", "deadline_exceeded"})


@dataclass(frozen=True, slots=True)
class Story:
    """A named sequence of calls that proves clauses; `needs` are identities and adapters it depends on.

    `smoke` stories are those of their suite that a short run tells.
    """

    suite: str
    title: str
    needs: tuple[str, ...]
    tell: Callable[["Api"], None]
    smoke: bool = False

    @property
    def id(self) -> str:
        """`suite/function_name`: stable, and what reports call the story."""
        return f"{self.suite}/{self.tell.__name__}"

    def clauses(self, catalogue: Catalogue) -> tuple[str, ...]:
        """The clauses that the story's own text, or what it calls, names, in order."""
        return clauses_named(self.tell, catalogue)


def story(
    *, suite: str, title: str, needs: Sequence[str] = (), smoke: bool = False
) -> Callable[[Callable[["Api"], None]], Story]:
    """Makes a function a story of the suite."""

    def decorate(tell: Callable[["Api"], None]) -> Story:
        return Story(suite, title, tuple(needs), tell, smoke)

    return decorate


def stories_of(module: object) -> tuple[Story, ...]:
    """The stories that a module defines, in the order of its text."""
    return tuple(value for value in vars(module).values() if isinstance(value, Story))


class Body(dict[str, Any]):
    """An object in an answer; asking for a field it lacks ends the story instead of breaking the tool."""

    def __missing__(self, key: str) -> Any:
        raise NotExercised(f"the answer has no field {key!r}")


class Answer:
    """What one call brought back."""

    def __init__(self, api: "Api", exchange: Exchange) -> None:
        self._api = api
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
        self._must_be_conclusive(())
        kept = 200 <= self.status < 300
        self._judge(clause, kept, "success (200)")
        if not kept:
            raise StoryStopped(f"{self.exchange.line} did not succeed")
        return self.body

    def is_refused(
        self, clause: str, *, codes: Collection[str], reasons: Collection[str] | None = None
    ) -> bool:
        """Whether the call was refused with one of the codes, and with one of the reasons if it gives any."""
        self._must_be_conclusive(codes)
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
        self._api.record(
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

    def _must_be_conclusive(self, expected: Collection[str]) -> None:
        refusal = self.refused
        if is_rate_limited(self.exchange) or (refusal is not None and refusal[0] in _TRANSIENT):
            raise Inconclusive(f"the target could not answer: {self.exchange.line}")
        if self.status == 501 and refusal is not None and refusal[0] == "unimplemented":
            raise NotExercised(f"the target does not offer this: {self.exchange.line}")
        if refusal is None or refusal[0] != "unauthenticated" or "unauthenticated" in expected:
            return
        if self._api.may_have_expired(self.exchange.actor):
            raise Inconclusive(f"the token may have expired when time was moved: {self.exchange.line}")


class Person:
    """Somebody who calls the API."""

    def __init__(self, api: "Api", name: str, token: str | None, identity: Identity | None = None) -> None:
        self._api = api
        self.name = name
        self.token = token
        self._identity = identity

    @property
    def user_id(self) -> str:
        """The person's id; for an API key the key's id."""
        return self._known("user_id", self._identity.user_id if self._identity else "")

    @property
    def email(self) -> str:
        """The person's e-mail address."""
        return self._known("email", self._identity.email if self._identity else "")

    def _known(self, what: str, value: str) -> str:
        if not value:
            raise NotExercised(f"the {what} of {self.name} is not known")
        return value

    def call(
        self,
        operation_id: str,
        *,
        body: Any = None,
        query: Mapping[str, Any] | None = None,
        files: Mapping[str, Upload] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        patient: bool = True,
        **path: str,
    ) -> Answer:
        """Calls the operation; keyword names are its path parameters.

        Without a body, an operation that takes JSON gets `{}`. For uploads, `body` holds the text
        fields and `files` maps a field to (file name, content, media type). `content` is sent as it is.
        Every answer passes the checks; what they find counts for the story.
        """
        return self._api.call(
            self.planned(
                operation_id, body=body, query=query, files=files, content=content, headers=headers,
                patient=patient, **path,
            )
        )  # fmt: skip

    def planned(self, operation_id: str, **request: Any) -> "Planned":
        """The call with the words of `call`, not yet made."""
        parts = ("body", "query", "files", "content", "headers", "patient")
        given = {name: request.pop(name) for name in parts if name in request}
        return Planned(self, operation_id, request, **given)


@dataclass(frozen=True, slots=True)
class Planned:
    """A call that somebody is about to make; see `Person.call`."""

    person: Person
    operation_id: str
    path: Mapping[str, str]
    body: Any = None
    query: Mapping[str, Any] | None = None
    files: Mapping[str, Upload] | None = None
    content: bytes | None = None
    headers: Mapping[str, str] | None = None
    patient: bool = True


class Api:
    """The API as a story meets it: its people, what surrounds it, and a place to state what must hold."""

    def __init__(
        self, target: Target, document: Document, catalogue: Catalogue, recorder: Recorder, *, prefix: str
    ) -> None:
        """`prefix` begins every text made by `unique`, so that runs on one target do not meet."""
        self._target = target
        self._document = document
        self._catalogue = catalogue
        self._recorder = recorder
        self._prefix = prefix
        self._made = 0
        self._last_operation: str | None = None
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
        return Person(self, ANONYMOUS, None)

    def as_token(self, name: str, token: str) -> Person:
        """A caller with a token that the story came by; reports call it `name`."""
        self._target.transport.redactor.learn(token, f"<token of {name}>")
        return Person(self, name, token)

    def person(self, name: str) -> Person:
        """The identity of that name in the profile."""
        identity = self._target.identities.get(name)
        if identity is None:
            raise NotExercised(f"the profile has no identity {name!r}")
        return Person(self, name, identity.token, identity)

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
        self._last_operation = operation.id
        owner = self.owner
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
        answer = Answer(self, exchange)
        if is_rate_limited(exchange) or (answer.refused and answer.refused[0] in _TRANSIENT):
            raise Inconclusive(f"the target could not answer: {exchange.line}")
        return answer

    def may_have_expired(self, name: str) -> bool:
        """Whether the token of an identity may have expired because a story moved the target's time."""
        return self._target.time_moved and name in self._target.identities

    def holds(self, clause: str, condition: bool, *, expected: str, actual: object) -> bool:
        """Records whether the clause was kept, and goes on either way."""
        self.record(clause, condition, expected=expected, actual=describe(actual), operation=None)
        return condition

    def equals(self, clause: str, what: str, actual: object, expected: object) -> bool:
        """Records whether the clause was kept by `what` being as expected, and goes on either way."""
        return self.holds(
            clause,
            actual == expected,
            expected=f"{what}: {describe(expected)}",
            actual=f"{what}: {describe(actual)}",
        )

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
        sentence = self._catalogue[clause].sentence
        verdict = Verdict(clause) if kept else Verdict(clause, True, sentence, expected, actual)
        self._recorder.judged(verdict, operation or self._last_operation)

    def mark_demo(self, document: Mapping[str, Any]) -> None:
        """The document is one of those that the service gives to new users."""
        mark_demo(self._target.demo, document["id"])

    def rate_limits_enforced(self) -> AbstractContextManager[None]:
        """The documented rate limits are in force in the block."""
        return enforced(self._target.rate_limits)

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
        self._last_operation = planned.operation_id
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
        return Answer(self, exchange)

    def _silenced(self, planned: Planned, silence: NoAnswer) -> StoryStopped:
        said = "an answer, if only a refusal"
        self.record(_FAULTLESS, kept=False, expected=said, actual=str(silence), operation=None)
        return StoryStopped(f"{planned.person.name} {silence}")
