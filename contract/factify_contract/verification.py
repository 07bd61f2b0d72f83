"""Puts a run together from what the user asked for: the target, the document, the reporters."""

import os
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

from factify_contract.ahead import Ahead, Drafts, Scripts, requests_of, scripts_of, writing_ahead
from factify_contract.clauses import catalogue
from factify_contract.engine import MACHINE, PROPERTIES, Keeper, Machine, Options, Properties, Run, run_prefix
from factify_contract.errors import UsageError
from factify_contract.events import Event
from factify_contract.interrupts import terminable
from factify_contract.known_issues import KnownIssues
from factify_contract.machine import run_machine
from factify_contract.planning import plan
from factify_contract.preflight import greet, introduce
from factify_contract.profile import Budget, Profile
from factify_contract.properties import run_properties
from factify_contract.replay import Replay, Seen, seen_again
from factify_contract.report.console import ConsoleReport
from factify_contract.report.har import HarReport
from factify_contract.reporting import HAR, Reporter, reporting
from factify_contract.request import Request, profile_for, require_sense, scope_of, target_words
from factify_contract.safety.guard import Guard
from factify_contract.safety.housekeeping import Housekeeper
from factify_contract.safety.ledger import Header, Ledger
from factify_contract.safety.room import scarcities
from factify_contract.scenarios import STORIES
from factify_contract.second_opinion import SecondOpinion, second_opinion
from factify_contract.spec import Document
from factify_contract.summary import Summary
from factify_contract.target import Target, transport_of
from factify_contract.terminal import TERMINAL

# Reports name the launched mock by this, since its port differs from run to run.
_LAUNCHED = "factify-mock, started for this run"


def run(request: Request, *, witness: Callable[[Target], Reporter] | None = None) -> Summary:
    """Judges what was asked for, and reports while doing so; UsageError for a request that makes no sense.

    `witness` makes one reporter more, when the target is open and nothing has been judged.
    """
    require_sense(request)
    with terminable(), ExitStack() as stack:
        document = Document.load(request.spec)
        reporters = reporting(
            request.output,
            stack,
            document=document,
            spec=request.spec,
            color=request.color,
            verbose=request.verbose,
            target=target_words(request),
        )
        opened = opening(request, emit=_to_all(reporters), ask=_between(reporters), document=document)
        prepared = stack.enter_context(opened)
        if request.output is not None:
            redactor = prepared.target.transport.redactor
            reporters.insert(0, HarReport(request.output / HAR, redactor, now=lambda: datetime.now(UTC)))
        if witness is not None:
            reporters.insert(0, witness(prepared.target))
        return prepared.execute()


@contextmanager
def opening(
    request: Request,
    *,
    emit: Callable[[Event], None],
    ask: Callable[[str, float], str] = TERMINAL.ask,
    sent: int = 0,
    document: Document | None = None,
) -> Iterator[Run]:
    """The run that was asked for, not yet begun; its target is given up at the end of the block.

    `sent` requests went to the target already; `document` is given where it has been read already.
    UsageError for a request that makes no sense, TargetUnreachable when nothing answers.
    """
    require_sense(request)
    read = document or Document.load(request.spec)
    with ExitStack() as stack:
        profile = profile_for(request, stack)
        opinion = _second_opinion(request, profile, read, stack)
        transport = transport_of(profile, through=opinion)
        target = stack.enter_context(Target(profile, transport, ask=ask))
        if opinion is not None:
            transport.observers.append(opinion.observe)
        advice = opinion.sentences if opinion else None
        ahead = _writing_ahead(request, profile, read, stack)
        # The address was tried once more.
        yield judging(request, target, read, emit=emit, sent=sent + 1, advice=advice, ahead=ahead)


def judging(
    request: Request,
    target: Target,
    document: Document,
    *,
    emit: Callable[[Event], None],
    sent: int = 0,
    advice: Callable[[], list[str]] | None = None,
    ahead: Ahead | None = None,
) -> Run:
    """The run that was asked for, over a target that is open already and got `sent` requests before.

    `ahead` is who has written the generated requests and scripts; without one, the phases do it.
    """
    options = _options(request, target.profile)
    guard = target.transport.guard = _guard(request, target.profile, sent)
    return Run(
        target,
        document,
        catalogue(),
        [story for story in STORIES if request.tier.has(story)],
        options,
        emit=emit,
        clock=time.perf_counter,
        properties=_properties(request, ahead),
        machine=_machine(request, ahead),
        keeper=_keeper(request, target.profile, options, document, guard),
        known=_known(request),
        advice=advice,
    )


def rehearse(request: Request) -> list[str]:
    """Lines about what a run would write and cost, as far as it can be known without writing anything."""
    require_sense(request)
    document = Document.load(request.spec)
    with ExitStack() as stack:
        profile = profile_for(request, stack)
        target = stack.enter_context(Target(profile))
        target.transport.guard = Guard(profile.budget, read_only=True)
        known = introduce(target, greet(target, document)).target
        planned = plan(known, document, scope_of(request))
    return [*planned.described(), *planned.foreseen(profile.budget)]


def replayed(request: Request, path: Path) -> Seen:
    """What the replay in the file shows on the target; UsageError for a file that is none.

    Where data lasts, what was made is taken back as after a run.
    """
    require_sense(request)
    replay = Replay.load(path, catalogue())
    document = Document.load(request.spec)
    with terminable(), ExitStack() as stack:
        target = stack.enter_context(Target(profile_for(request, stack), ask=_between(())))
        options = _options(request, target.profile)
        guard = target.transport.guard = _guard(request, target.profile, sent=1)
        known = introduce(target, greet(target, document)).target
        keeper = _keeper(request, target.profile, options, document, guard)
        if keeper is not None:
            keeper.move_in(known)
            stack.callback(keeper.move_out)
        seen = seen_again(replay, known, document, catalogue(), prefix=run_prefix(options))
        clean = target.transport.redactor.clean
        return replace(
            seen,
            lines=tuple(map(clean, seen.lines)),
            expected=clean(seen.expected),
            actual=clean(seen.actual),
            why=clean(seen.why),
        )


def _second_opinion(
    request: Request, profile: Profile, document: Document, stack: ExitStack
) -> SecondOpinion | None:
    if not request.through_prism:
        return None
    return stack.enter_context(second_opinion(profile.base_url, document, spec=request.spec))


def _options(request: Request, profile: Profile) -> Options:
    return Options(
        seed=request.seed,
        phases=request.phases,
        suites=request.suites,
        tier=request.tier.name,
        max_examples=request.max_examples,
        machine_examples=request.machine_examples,
        machine_steps=request.machine_steps,
        # What a run leaves behind on a lasting target must not meet what the next run makes.
        run_tag="" if profile.has_sandboxes else request.tag or secrets.token_hex(4),
        target_name=_LAUNCHED if request.launch_mock else "",
        suite_version=version("factify-contract"),
        name_prefix=profile.name_prefix,
    )


def _guard(request: Request, profile: Profile, sent: int) -> Guard | None:
    """Nobody has to be asked where everything is thrown away and nothing is limited."""
    if profile.has_sandboxes and profile.budget == Budget() and not request.read_only:
        return None
    return Guard(profile.budget, read_only=request.read_only, sent=sent)


def _keeper(
    request: Request, profile: Profile, options: Options, document: Document, guard: Guard | None
) -> Keeper | None:
    if guard is None or profile.has_sandboxes or request.read_only:
        if request.ledger is not None:
            raise UsageError(f"--ledger {str(request.ledger)!r} has no effect: nothing that lasts is written")
        return None
    prefix = run_prefix(options)
    path = request.ledger or (request.output or state_folder()) / f"ledger-{options.run_tag}.jsonl"

    def begin(target: Target) -> Ledger:
        began = datetime.now(UTC).isoformat(timespec="seconds")
        header = Header(options.run_tag, prefix, target.base_url, target.organization_id, began)
        return Ledger(path, header)

    def foresee(target: Target) -> list[str]:
        planned = plan(target, document, scope_of(request))
        return [*planned.foreseen(profile.budget), *scarcities(target, document, planned.cost)]

    return Housekeeper(document, guard, begin=begin, foresee=foresee)


def state_folder() -> Path:
    """Where ledgers go that were given no place: the user's folder for the state of programs."""
    base = os.environ.get("XDG_STATE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "state") / "factify-contract"


def _between(reporters: Sequence[Reporter]) -> Callable[[str, float], str]:
    """Asks a person after everybody who writes to the terminal has made room."""

    def ask(question: str, seconds: float) -> str:
        for reporter in reporters:
            if isinstance(reporter, ConsoleReport):
                reporter.close()
        return TERMINAL.ask(question, seconds)

    return ask


def _writing_ahead(request: Request, profile: Profile, document: Document, stack: ExitStack) -> Ahead | None:
    pieces: list[Drafts | Scripts] = []
    if PROPERTIES in request.phases:
        pieces += requests_of(document, examples=request.max_examples)
    if MACHINE in request.phases and not request.read_only:
        amount = {"examples": request.machine_examples, "steps": request.machine_steps}
        pieces += scripts_of(**amount, is_fresh=profile.has_sandboxes)
    if not pieces:
        return None
    return stack.enter_context(writing_ahead(request.spec, seed=request.seed, pieces=pieces))


def _properties(request: Request, ahead: Ahead | None) -> Properties | None:
    return partial(run_properties, inventor=ahead) if PROPERTIES in request.phases else None


def _known(request: Request) -> KnownIssues | None:
    if request.known_issues is None:
        return None
    return KnownIssues.load(request.known_issues, catalogue(), today=datetime.now(UTC).date())


def _machine(request: Request, ahead: Ahead | None) -> Machine | None:
    if MACHINE not in request.phases:
        return None
    return partial(run_machine, writing=ahead.scripts if ahead else None)


def _to_all(reporters: Sequence[Reporter]) -> Callable[[Event], None]:
    def tell(event: Event) -> None:
        for reporter in reporters:
            reporter.receive(event)

    return tell
