"""Plays scripts from fresh data, and tells what each performance showed."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from factify_contract.clauses import Catalogue
from factify_contract.machine.acts import looks, perform
from factify_contract.machine.knowledge import ADMIN, INVITEE, MEMBER, OUT, OWNER, PEOPLE, ROLES, Knowledge
from factify_contract.machine.play import Play
from factify_contract.machine.script import Script, Step
from factify_contract.scenarios.story import (
    AdapterFailed,
    Api,
    Inconclusive,
    NotExercised,
    Outcome,
    StoryRecord,
    StoryStopped,
)
from factify_contract.spec import Document
from factify_contract.target import Target

# A clause with the operation that broke it: what two findings share when one fault is behind both.
Cause = tuple[str, str | None]
_NO_END = 1_000_000
# What a play takes, clearing up included; few take more.
_REQUESTS, _OBJECTS = 160, 10


@dataclass(slots=True, frozen=False)
class Performance:
    """What was done, looks included, and what it showed. Mutable: it grows while it is played.

    `first` has for each broken clause the number of steps after which it was broken, `unclear` the first
    answer after which nobody knows what it did, `unaided` why an adapter of the profile cut it short.
    """

    record: StoryRecord = field(default_factory=StoryRecord)
    steps: list[Step] = field(default_factory=list)
    first: dict[Cause, int] = field(default_factory=dict)
    unclear: str = ""
    unaided: str = ""

    def note(self) -> None:
        """Takes note of what the last step broke."""
        for outcome in self.record.broken:
            self.first.setdefault(cause_of(outcome), len(self.steps))

    def until(self, cause: Cause) -> Script:
        """The steps up to the one that broke the clause."""
        return tuple(self.steps[: self.first[cause]])

    def outcome(self, cause: Cause) -> Outcome:
        """The first outcome that is against the API for this cause."""
        return next(outcome for outcome in self.record.broken if cause_of(outcome) == cause)


def cause_of(outcome: Outcome) -> Cause:
    """What the outcome is about."""
    return (outcome.verdict.clause, outcome.operation)


class Stage:
    """Where scripts are played: each in a fresh sandbox, or all on the one target there is. Mutable.

    `prefix` begins every text that is made unique. Where nothing can be thrown away, `documents` is how
    many may be created in all, and what was made is put away after each play as far as that is possible.
    """

    def __init__(
        self, target: Target, document: Document, catalogue: Catalogue, *, prefix: str, documents: int
    ) -> None:
        self.is_fresh = target.has_sandboxes
        self._target = target
        self._document = document
        self._catalogue = catalogue
        self._prefix = prefix
        self._documents_left = documents
        self._plays = 0

    def why_too_dear(self) -> str | None:
        """Why the budget is too small for one more play; None when it is not."""
        guard = self._target.transport.guard
        return guard.refusal(requests=_REQUESTS, objects=_OBJECTS) if guard else None

    def play(self, script: Iterable[Step], *, looking: bool) -> Performance:
        """The script as the target's people perform it; when `looking`, everybody looks after each step."""
        self._plays += 1
        target = self._target.fresh()
        shown = Performance()
        play = self._begin(target, shown.record)
        try:
            for step in script:
                _take(play, shown, step)
                for look in list(looks(play.known, step)) if looking else ():
                    _take(play, shown, look)
        except (StoryStopped, Inconclusive, NotExercised):
            shown.note()
        except AdapterFailed as failure:
            shown.note()
            shown.unaided = str(failure)
        shown.unclear = play.unclear
        if not self.is_fresh:
            self._documents_left = play.documents_left
            self._put_away(play, target)
        return shown

    def _begin(self, target: Target, record: StoryRecord) -> Play:
        members: dict[str, str | None] = dict.fromkeys(PEOPLE)
        if self.is_fresh:
            members = {name: name if name in ROLES else OUT for name in PEOPLE}
        play = Play(
            self._api(target, record),
            Knowledge(members),
            documents=_NO_END if self.is_fresh else self._documents_left,
            is_alone=self.is_fresh,
        )
        if not self.is_fresh:
            perform(play, Step(act="list members", by=OWNER))
        return play

    def _api(self, target: Target, record: StoryRecord) -> Api:
        return Api(target, self._document, self._catalogue, record, prefix=f"{self._prefix}-{self._plays}")

    def _put_away(self, play: Play, target: Target) -> None:
        cleaner = Play(self._api(target, StoryRecord()), play.known, documents=0, is_alone=False)
        cleaner.ids = play.ids
        cleaner.is_clearing = True
        for step in list(_clearing(play.known)):
            with suppress(StoryStopped, Inconclusive, NotExercised, AdapterFailed):
                perform(cleaner, step)


def _take(play: Play, shown: Performance, step: Step) -> None:
    if play.can(step):
        shown.steps.append(step)
        perform(play, step)
        shown.note()


def _clearing(known: Knowledge) -> Iterator[Step]:
    """What ends or hides all that a play has made."""
    for name, document in known.documents.items():
        if not document.is_trashed:
            yield Step(act="trash document", by=document.creator, on=name)
    for name, invite in known.invites.items():
        if invite.state in ("pending", None):
            yield Step(act="revoke invite", by=OWNER, on=name)
    for name, key in known.keys.items():
        if not key.is_revoked:
            yield Step(act="revoke key", by=OWNER, on=name)
    if known.members.get(INVITEE) != OUT:
        yield Step(act="remove member", by=OWNER, whom=INVITEE)
    for name in (ADMIN, MEMBER):
        if known.members.get(name) == OUT:
            yield Step(act="add member", by=OWNER, whom=name, value=name)
