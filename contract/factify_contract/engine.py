"""Runs the phases against a target and emits what happens; knows no reporter and no command line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from factify_contract.clauses import Catalogue
from factify_contract.discretion import redacted
from factify_contract.errors import ContractError, ProfileError, TargetUnreachable, UsageError, Withheld
from factify_contract.events import (
    ClauseJudged,
    Emit,
    Event,
    ExchangeDone,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    StoryFinished,
    Terms,
    Warned,
)
from factify_contract.exchange import Exchange
from factify_contract.familiarity import lacking, unfamiliar
from factify_contract.findings import Status
from factify_contract.interrupts import undisturbed
from factify_contract.known_issues import KnownIssues
from factify_contract.preflight import applies, describe_missing, greeting, introduce, why_untold
from factify_contract.safety.costs import measured
from factify_contract.safety.standing import Misplaced, misplaced
from factify_contract.scenarios.story import Story
from factify_contract.spec import Document
from factify_contract.summary import Summary
from factify_contract.tally import Tally
from factify_contract.target import AdapterError, Target
from factify_contract.telling import Teller, blame

PREFLIGHT, SCENARIOS, PROPERTIES, MACHINE = "preflight", "scenarios", "properties", "machine"
PHASES = (PREFLIGHT, SCENARIOS, PROPERTIES, MACHINE)


class Properties(Protocol):
    """The properties phase: generates calls from the document and emits judgements and findings.

    Exchanges through `target.transport` are emitted by the engine, findings are redacted by it.
    """

    def __call__(
        self, target: Target, document: Document, *, seed: int, max_examples: int, emit: Emit, prefix: str
    ) -> None:
        """Runs the phase to its end; the names of what it makes begin with the prefix."""


class Machine(Protocol):
    """The machine phase: plays random life cycles, each from fresh data, and emits what they show."""

    def __call__(
        self,
        target: Target,
        document: Document,
        *,
        seed: int,
        examples: int,
        steps: int,
        emit: Emit,
        prefix: str,
    ) -> None:
        """Plays up to `examples` scripts of `steps` steps; what they make has names with the prefix."""


class Keeper(Protocol):
    """Keeps house where the data is not the run's own; what it returns are sentences for the reader."""

    def move_in(self, target: Target) -> list[str]:
        """Called before anything is written."""

    def tidy(self) -> None:
        """Called when a story or a phase is over."""

    def move_out(self) -> list[str]:
        """Called at the end, when the target still answers."""

    def remind(self) -> list[str]:
        """Called at the end instead, when it does not."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to run. `suites` empty means all; `run_tag` keeps runs apart on a target without sandboxes.

    A `tier` other than `full` says that the stories are not all there are.
    `name_prefix` and the run's own mark begin the name of everything that is made.
    """

    seed: int
    phases: Sequence[str] = PHASES
    suites: Sequence[str] = ()
    tier: str = "full"
    max_examples: int = 20
    machine_examples: int = 48
    machine_steps: int = 25
    run_tag: str = ""
    target_name: str = ""
    suite_version: str = ""
    name_prefix: str = ""


class Run:
    """One run over one target. Mutable: preflight improves what is known of the target."""

    def __init__(
        self,
        target: Target,
        document: Document,
        catalogue: Catalogue,
        stories: Sequence[Story],
        options: Options,
        *,
        emit: Emit,
        clock: Callable[[], float],
        properties: Properties | None = None,
        machine: Machine | None = None,
        keeper: Keeper | None = None,
        known: KnownIssues | None = None,
        advice: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self._target = target
        self._document = document
        self._catalogue = catalogue
        chosen = [one for one in stories if not options.suites or one.suite in options.suites]
        self._stories = [one for one in chosen if applies(one, target)]
        self._keeper = keeper
        self._known = known
        self._advice = advice
        self._is_whole = set(options.phases) >= set(PHASES) and not options.suites and options.tier == "full"
        self._options = options
        self._listener = emit
        self._clock = clock
        self._properties = properties
        self._machine = machine
        self._tally = Tally(catalogue)
        self._prefix = run_prefix(options)
        self._teller = Teller(document, catalogue, self._prefix, self._emit, clock)

    @property
    def target(self) -> Target:
        """What is judged, as far as it is known by now."""
        return self._target

    def execute(self) -> Summary:
        """Runs the phases in order and returns what they came to.

        When the target goes away or the user interrupts, the events end with what is known so far, and
        the exception goes on: TargetUnreachable, AdapterError or KeyboardInterrupt.
        """
        began = self._clock()
        # Without preflight nobody's id is known for certain, so it is part of every run.
        phases = tuple(one for one in PHASES if one == PREFLIGHT or one in self._options.phases)
        observers = self._target.transport.observers
        observers.append(self._observe)
        terms = _terms(self._options, self._target)
        self._emit(RunStarted(self._name, self._document.title, self._options.seed, phases, terms))
        try:
            for phase in phases:
                self._run_phase(phase)
            self.leave()
        except (TargetUnreachable, AdapterError) as error:
            self._tell_all(self._keeper.remind() if self._keeper else ())
            self._finish(began, self._target.transport.redactor.clean(str(error)))
            raise
        except KeyboardInterrupt:
            self.leave_quickly()
            # Whoever is impatient still learns what is left, and has a report.
            with undisturbed():
                self._finish(began, "interrupted by the user")
            raise
        finally:
            observers.remove(self._observe)
        return self._finish(began, "")

    def leave(self) -> None:
        """What the run made is taken back, as far as the API lets it."""
        if self._keeper is not None:
            self._tell_all(self._keeper.move_out())

    def remarks(self) -> list[str]:
        """What is to be said at the end; it is no part of the verdict."""
        advice = self._advice() if self._advice else ()
        return [*_delayed(self._target), *self._target.transport.hiccups.told(), *advice]

    def leave_quickly(self) -> None:
        """Leaves, unless that takes the user too long or the target has gone away."""
        try:
            self.leave()
        except (KeyboardInterrupt, ContractError):
            with undisturbed():
                self._tell_all(self._keeper.remind() if self._keeper else ())

    def _tell_all(self, sentences: Iterable[str]) -> None:
        for sentence in sentences:
            self._emit(Warned(sentence))

    def _finish(self, began: float, interrupted: str) -> Summary:
        self._tell_all(self.remarks())
        summary = self._tally.summary(
            seed=self._options.seed,
            target=self._name,
            document=self._document,
            suite_version=self._options.suite_version,
            interrupted=interrupted,
            elapsed=self._clock() - began,
        )
        if self._known is not None:
            summary = self._known.judged(summary, whole=self._is_whole)
        self._emit(RunFinished(summary))
        return summary

    @property
    def _name(self) -> str:
        return self._options.target_name or self._target.base_url

    def _run_phase(self, phase: str) -> None:
        began = self._clock()
        match phase:
            case "preflight":
                self._emit(PhaseStarted(phase, 1))
                self.look_round()
            case "scenarios":
                self._emit(PhaseStarted(phase, len(self._stories)))
                self._tell_stories()
            case "properties":
                self._emit(PhaseStarted(phase))
                self._guarded(phase, "Generated requests", self._run_properties)
            case _:
                self._emit(PhaseStarted(phase))
                self._guarded(phase, "Random life cycles", self._run_machine)
        self._emit(PhaseFinished(phase, self._clock() - began))

    def look_round(self) -> None:
        """Preflight: the run knows who is there, and the keeper how everything was.

        ProfileError when nothing can be judged; UsageError when the budget is too small even for this.
        """
        try:
            self._look_round()
        except Withheld as reason:
            raise UsageError(f"{reason} before anything could be judged") from reason

    def _look_round(self) -> None:
        answers: dict[str, Exchange] = {}
        target = self._target
        self._teller.tell(greeting(target, answers), 0, lambda: target)
        introduction = introduce(target, answers)
        self._target = introduction.target
        if not target.has_sandboxes:
            self._leave_out(misplaced(self._target, self._document))
        self._tell_all(unfamiliar(self._document, self._catalogue))
        self._tell_all((*introduction.warnings, *describe_missing(self._stories, self._target)))
        self._explain_absences()
        if self._keeper is not None:
            self._tell_all(self._keeper.move_in(self._target))

    def _leave_out(self, strangers: Iterable[Misplaced]) -> None:
        """Judges without identities that are not what their names say; nobody can replace the owner."""
        for name, what in ((one.name, one.what) for one in strangers):
            if name == "owner":
                raise ProfileError(f"identity 'owner' {what}; check its token and organization_id")
            self._target = self._target.without(name)
            self._emit(Warned(f"identity {name!r} {what}; it is left out"))

    def _explain_absences(self) -> None:
        """Says of every clause that is only about what profile or document lack why it stays open."""
        profile = self._target.profile
        for clause in self._catalogue.values():
            absent = [profile.absent(operation) for operation in clause.operations]
            if all(absent):
                reason = f"the profile declares {absent[0]} absent"
                self._emit(ClauseJudged(clause.id, Status.NOT_EXERCISED, PREFLIGHT, reason))
        for name, reason in lacking(self._document, self._catalogue).items():
            self._emit(ClauseJudged(name, Status.NOT_EXERCISED, PREFLIGHT, reason))

    def _tell_stories(self) -> None:
        stories = self._stories
        if not self._target.has_sandboxes:
            stories = time_movers_last(stories)
        for ordinal, story in enumerate(stories, start=1):
            self.tell(story, ordinal)

    def tell(self, story: Story, ordinal: int) -> None:
        """One story is told or skipped, and what it made is taken back; the ordinal keeps its texts apart.

        `look_round` comes first.
        """
        if reason := why_untold(story, self._target) or self._why_too_dear(story):
            self._teller.skip(story, reason)
        else:
            self._teller.tell(story, ordinal, self._target.fresh)
            self._tidy()

    def _why_too_dear(self, story: Story) -> str | None:
        guard = self._target.transport.guard
        if guard is None:
            return None
        cost = measured().of_story(story)
        return guard.refusal(requests=cost.requests + cost.undoing, objects=cost.objects)

    def _tidy(self) -> None:
        if self._keeper is not None:
            self._keeper.tidy()

    def _guarded(self, phase: str, title: str, run: Callable[[], None]) -> None:
        """Runs a phase that makes up its own requests; its defects do not take the other results with it."""
        if not self._still_known():
            what = "properties are" if phase == PROPERTIES else "the machine is"
            self._emit(Warned(f"the owner's token expired when time was moved; {what} not judged"))
            return
        try:
            run()
        except ContractError:
            raise
        except Exception as error:  # whatever breaks in there is ours, not the target's
            self._emit(StoryFinished(phase, phase, title, Status.ERROR, f"the phase broke ({blame(error)})"))
        self._tidy()

    def _run_properties(self) -> None:
        if self._properties is not None:
            self._properties(
                self._target.fresh(),
                self._document,
                seed=self._options.seed,
                max_examples=self._options.max_examples,
                emit=self._emit,
                prefix=f"{self._prefix}p",
            )

    def _run_machine(self) -> None:
        if self._machine is None:
            return
        if self._target.is_read_only:
            self._emit(Warned("with --read-only nothing is written, so no life cycles are played"))
            return
        self._machine(
            self._target,
            self._document,
            seed=self._options.seed,
            examples=self._options.machine_examples,
            steps=self._options.machine_steps,
            emit=self._emit,
            prefix=f"{self._prefix}m",
        )

    def _still_known(self) -> bool:
        """Whether the owner can still call, asked only where a story may have outlived the token."""
        if self._target.has_sandboxes or not self._target.time_moved:
            return True
        operation = self._document.operations.get("getMe")
        owner = self._target.identities["owner"]
        return (
            operation is None or self._target.transport.send(operation, owner.name, owner.token).status != 401
        )

    def _observe(self, exchange: Exchange) -> None:
        self._emit(ExchangeDone(exchange))

    def _emit(self, event: Event) -> None:
        clean = redacted(event, self._target.transport.redactor)
        self._tally.receive(clean)
        self._listener(clean)


def time_movers_last(stories: Iterable[Story]) -> list[Story]:
    """The stories in an order for where time moves for all: tokens may expire, so who moves it comes last."""
    return sorted(stories, key=lambda story: "clock" in story.needs)


def run_prefix(options: Options) -> str:
    """What begins the name of everything that a run with the options makes."""
    own = f"{options.name_prefix}-" if options.name_prefix else ""
    tag = f"-{options.run_tag}" if options.run_tag else ""
    return f"{own}fct-{options.seed}{tag}"


def _delayed(target: Target) -> list[str]:
    if not (seconds := target.profile.settle_seconds):
        return []
    return [
        f"after every write nothing was sent for {seconds:g} s (settle_seconds), so nobody knows whether"
        " writes are seen at once"
    ]


def _terms(options: Options, target: Target) -> Terms:
    budget = target.profile.budget
    return Terms(
        tier=options.tier,
        suites=tuple(options.suites),
        examples=options.max_examples if PROPERTIES in options.phases else 0,
        plays=options.machine_examples if MACHINE in options.phases else 0,
        steps=options.machine_steps if MACHINE in options.phases else 0,
        most_requests=budget.requests,
        most_objects=budget.objects,
        is_read_only=target.is_read_only,
        has_sandboxes=target.has_sandboxes,
        people=tuple(target.identities),
        adapters=tuple(target.profile.adapters),
    )
