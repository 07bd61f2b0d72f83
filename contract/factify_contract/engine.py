"""Runs the phases against a target and emits what happens; knows no reporter and no command line."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from factify_contract.clauses import Catalogue
from factify_contract.errors import ContractError, TargetUnreachable
from factify_contract.events import (
    ClauseJudged,
    Emit,
    Event,
    ExchangeDone,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    StoryFinished,
    Warned,
)
from factify_contract.exchange import Exchange
from factify_contract.findings import Finding, Status
from factify_contract.preflight import describe_missing, greeting, introduce, missing_needs
from factify_contract.redaction import Redactor
from factify_contract.scenarios.story import Story
from factify_contract.spec import Document
from factify_contract.summary import Summary
from factify_contract.tally import Tally
from factify_contract.target import AdapterError, Target
from factify_contract.telling import Teller, blame

PREFLIGHT, SCENARIOS, PROPERTIES = "preflight", "scenarios", "properties"
PHASES = (PREFLIGHT, SCENARIOS, PROPERTIES)


class Properties(Protocol):
    """The properties phase: generates calls from the document and emits judgements and findings.

    Exchanges through `target.transport` are emitted by the engine, findings are redacted by it.
    """

    def __call__(
        self, target: Target, document: Document, *, seed: int, max_examples: int, emit: Emit
    ) -> None:
        """Runs the phase to its end."""


@dataclass(frozen=True, slots=True)
class Options:
    """What to run. `suites` empty means all; `run_tag` keeps runs apart on a target without sandboxes."""

    seed: int
    phases: Sequence[str] = PHASES
    suites: Sequence[str] = ()
    max_examples: int = 20
    run_tag: str = ""
    target_name: str = ""
    suite_version: str = ""


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
    ) -> None:
        self._target = target
        self._document = document
        self._stories = [one for one in stories if not options.suites or one.suite in options.suites]
        self._options = options
        self._listener = emit
        self._clock = clock
        self._properties = properties
        self._tally = Tally(catalogue)
        tag = f"-{options.run_tag}" if options.run_tag else ""
        prefix = f"fct-{options.seed}{tag}"
        self._teller = Teller(document, catalogue, prefix, self._emit, clock)

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
        self._emit(RunStarted(self._name, self._document.title, self._options.seed, phases))
        try:
            for phase in phases:
                self._run_phase(phase)
        except (TargetUnreachable, AdapterError) as error:
            self._finish(began, str(error))
            raise
        except KeyboardInterrupt:
            self._finish(began, "interrupted by the user")
            raise
        finally:
            observers.remove(self._observe)
        return self._finish(began, "")

    def _finish(self, began: float, interrupted: str) -> Summary:
        summary = self._tally.summary(
            seed=self._options.seed,
            target=self._name,
            document=self._document,
            suite_version=self._options.suite_version,
            interrupted=interrupted,
            elapsed=self._clock() - began,
        )
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
                self._greet()
            case "scenarios":
                self._emit(PhaseStarted(phase, len(self._stories)))
                self._tell_stories()
            case _:
                self._emit(PhaseStarted(phase))
                self._run_properties()
        self._emit(PhaseFinished(phase, self._clock() - began))

    def _greet(self) -> None:
        answers: dict[str, Exchange] = {}
        target = self._target
        self._teller.tell(greeting(target, answers), 0, lambda: target)
        introduction = introduce(target, answers)
        self._target = introduction.target
        for warning in (*introduction.warnings, *describe_missing(self._stories, self._target)):
            self._emit(Warned(warning))

    def _tell_stories(self) -> None:
        stories = self._stories
        if not self._target.has_sandboxes:
            # Where time moves for all, tokens may expire, so whoever moves it comes last.
            stories = sorted(stories, key=lambda story: "clock" in story.needs)
        for ordinal, story in enumerate(stories, start=1):
            if missing := missing_needs(story, self._target):
                self._teller.skip(story, f"the profile has no {', '.join(missing)}")
            else:
                self._teller.tell(story, ordinal, self._target.fresh)

    def _run_properties(self) -> None:
        if self._properties is None:
            return
        if not self._still_known():
            self._emit(Warned("the owner's token expired when time was moved; properties are not judged"))
            return
        options, target = self._options, self._target.fresh()
        try:
            self._properties(
                target, self._document, seed=options.seed, max_examples=options.max_examples, emit=self._emit
            )
        except ContractError:
            raise
        except Exception as error:  # what generates requests must not take the other results with it
            self._emit(
                StoryFinished(
                    PROPERTIES,
                    PROPERTIES,
                    "Generated requests",
                    Status.ERROR,
                    f"the phase broke ({blame(error)})",
                )
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


def redacted(event: Event, redactor: Redactor) -> Event:
    """The event without any token, secret or e-mail address that the run has met."""
    clean = redactor.clean
    match event:
        case FindingMade(finding=finding):
            return dataclasses.replace(event, finding=_clean_finding(finding, redactor))
        case Warned(message=message):
            return dataclasses.replace(event, message=clean(message))
        case ClauseJudged(reason=reason) | StoryFinished(reason=reason) if reason:
            return dataclasses.replace(event, reason=clean(reason))
        case _:
            return event


def _clean_finding(finding: Finding, redactor: Redactor) -> Finding:
    clean = redactor.clean
    return dataclasses.replace(
        finding,
        message=clean(finding.message),
        expected=clean(finding.expected),
        actual=clean(finding.actual),
        steps=tuple(map(clean, finding.steps)),
        curl=tuple(map(clean, finding.curl)),
    )
