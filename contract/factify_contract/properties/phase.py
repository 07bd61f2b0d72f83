"""The properties phase: own objects are made, every operation is asked, and the objects are cleared away."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain

from factify_contract.clauses import Catalogue, catalogue
from factify_contract.errors import TargetUnreachable
from factify_contract.events import Emit, Warned
from factify_contract.properties.drafts import Inventor
from factify_contract.properties.filling import Filler
from factify_contract.properties.links import LinkFollower
from factify_contract.properties.planning import MAKING, Planner
from factify_contract.properties.session import Session
from factify_contract.properties.staging import CREATE_ORGANIZATION, FOUNDING, Stage, may_found
from factify_contract.properties.trials import Trial
from factify_contract.spec import Document, Operation
from factify_contract.target import Target

DEFAULT_EXAMPLES = 20
# The API deletes nothing for good, so a phase makes at most about this many of each thing.
_MOST_MADE = 5
_TITLE = "{id} answers generated requests as the document says"
# Reading comes first, and taking away last, so that what is asked for is there.
_RANKS = {"GET": 0, "DELETE": 2}


def run_properties(
    target: Target,
    document: Document,
    *,
    seed: int,
    emit: Emit,
    max_examples: int = DEFAULT_EXAMPLES,
    prefix: str = "",
    operations: Collection[str] = (),
    clauses: Catalogue | None = None,
    clock: Callable[[], float] = time.perf_counter,
    inventor: Inventor | None = None,
) -> None:
    """Asks every operation of the document up to `max_examples` valid and as many invalid requests.

    With `operations`, only those are asked. The target needs an identity `owner`. The requests depend on
    the seed, the ids in the target and what exists there, and on nothing else. Findings are confirmed and
    as small as they could be made. The names of what is made begin with the prefix. An `inventor` of the
    same document and seed spares making one here, which takes a second. Raises TargetUnreachable.
    """
    if inventor is None:
        from factify_contract.properties.generation import Generator  # noqa: PLC0415 - schemathesis is heavy

        inventor = Generator(document, seed=seed)
    prefix = prefix or f"fct-{seed}p"
    session = Session(target, document, clauses or catalogue(), emit, clock)
    stage = Stage(session, prefix)
    follower = LinkFollower(document, "owner", session.token("owner"))
    session.watchers.append(follower.notice)
    belongings = stage.set_up()
    session.counts.clear()
    session.watchers.append(stage.notice)
    planner = Planner(
        document=document,
        inventor=inventor,
        filler=Filler(belongings, prefix),
        tokens={name: identity.token for name, identity in target.identities.items()},
        seed=seed,
        examples=max_examples,
    )
    try:
        for operation in in_order(document):
            if operations and operation.id not in operations:
                continue
            title = _TITLE.format(id=operation.id)
            if reason := _why_unasked(operation, target):
                session.skip(operation.id, title, reason)
                continue
            trials = _within_budget(planner.trials(operation), session)
            links = follower.trials(operation)
            session.tell(operation.id, title, chain(trials, links))
    except TargetUnreachable:
        emit(Warned(f"objects named {prefix} may remain in the target"))
        raise
    stage.clear(belongings)


def in_order(document: Document) -> list[Operation]:
    """The operations as they are asked."""
    return sorted(document.operations.values(), key=lambda operation: _RANKS.get(operation.method, 1))


def _why_unasked(operation: Operation, target: Target) -> str | None:
    """Why nothing is asked of the operation; None when it is asked."""
    if absent := target.profile.absent(operation.id):
        return f"the profile declares {absent} absent"
    if operation.id == FOUNDING and not may_found(target):
        return f"organizations stay for good, and the profile does not declare {CREATE_ORGANIZATION}"
    if target.is_read_only and operation.method != "GET":
        return "with --read-only nothing is written"
    return None


def _within_budget(trials: Iterable[Trial], session: Session) -> Iterator[Trial]:
    """The trials, but no more valid ones of an operation that has made enough."""
    for trial in trials:
        count = session.counts.get(trial.draft.operation.id)
        is_enough = count is not None and count.accepted >= _MOST_MADE
        if trial.draft.operation.id in MAKING and is_enough and not trial.draft.problems():
            continue
        yield trial
