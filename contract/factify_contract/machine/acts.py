"""All acts by their names, and what is worth looking at after each of them."""

from collections.abc import Callable, Iterator

from factify_contract.machine import documents, keys, people
from factify_contract.machine.knowledge import ORGANIZATION, OWNER, PEOPLE, Knowledge
from factify_contract.machine.oracle import reading, viewing_members
from factify_contract.machine.play import Play
from factify_contract.machine.script import Step
from factify_contract.scenarios.story import NotExercised

ACTS: dict[str, Callable[[Play, Step], None]] = {**documents.ACTS, **people.ACTS, **keys.ACTS}

_ABOUT_ACCESS = frozenset(
    {
        "create document",
        "share document",
        "unshare document",
        "set level",
        "trash document",
        "restore document",
    }
)
_ABOUT_ROLES = frozenset(
    {"share document", "change role", "unshare document", "trash document", "restore document"}
)
_ABOUT_TRASH = frozenset({"create document", "trash document", "restore document"})
_ABOUT_MEMBERS = frozenset({"accept invite", "add member", "change member", "remove member"})
_ABOUT_INVITES = frozenset({"invite", "resend invite", "revoke invite", "accept invite", "pass days"})
_ABOUT_LIMITS = frozenset({"limit key", "unlimit key", "use key"})


def perform(play: Play, step: Step) -> bool:
    """Performs the step; False when somebody or something in it is missing, and nothing was done."""
    if not play.can(step):
        return False
    try:
        ACTS[step.act](play, step)
    except NotExercised:
        # The answer lacked what the step is about, so nobody knows any more how things are.
        for name in step.things:
            play.known.forget(name)
        if step.whom in play.known.members:
            play.known.members[step.whom] = None
    return True


def looks(known: Knowledge, step: Step) -> Iterator[Step]:
    """What everybody should look at after the step, as far as it is known what they must see."""
    name = next(iter(step.things), "")
    if name in known.documents:
        yield from _at_document(known, step, name)
    if step.act in _ABOUT_MEMBERS:
        yield from _at_members(known, step)
    if step.act in _ABOUT_INVITES and known.invites:
        yield Step(act="list invites", by=OWNER)
    if name in known.keys:
        yield from _at_keys(step, name)


def _at_document(known: Knowledge, step: Step, name: str) -> Iterator[Step]:
    document = known.documents[name]
    creator = document.creator
    if step.act in ("rename document", "add version"):
        yield Step(act="list versions", by=creator, on=name)
        yield from (Step(act="read document", by=who, on=name) for who in (creator, *document.roles))
    if step.act in _ABOUT_ACCESS:
        yield from (
            Step(act="read document", by=who, on=name)
            for who in dict.fromkeys((creator, *PEOPLE))
            if reading(known, who, name).done is not None
        )
    if step.act in _ABOUT_ROLES:
        yield Step(act="list recipients", by=creator, on=name)
    if step.act in _ABOUT_TRASH:
        yield Step(act="list documents", by=creator)
        yield Step(act="list documents", by=creator, value="trashed")
        yield Step(act="list versions", by=creator, on=name)
        yield Step(act="count documents", by=OWNER)
    if step.act in ("set level", "create document", "restore document"):
        yield Step(act="read level", by=creator, on=name)


def _at_members(known: Knowledge, step: Step) -> Iterator[Step]:
    yield Step(act="list members", by=OWNER)
    who = step.whom or step.by
    if viewing_members(known, who).done is not None:
        yield Step(act="list members", by=who)
    for name, document in known.documents.items():
        if document.level == ORGANIZATION:
            yield Step(act="read document", by=who, on=name)


def _at_keys(step: Step, name: str) -> Iterator[Step]:
    if step.act in ("create key", "revoke key", "unlimit key"):
        yield Step(act="use key", by=OWNER, on=name)
        yield Step(act="list keys", by=OWNER)
    if step.act in _ABOUT_LIMITS:
        yield Step(act="read quotas", by=OWNER)
