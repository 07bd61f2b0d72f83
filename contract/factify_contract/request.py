"""What a user asks for, whether it makes sense, and who may call the target for it."""

import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from factify_contract.engine import PHASES
from factify_contract.errors import ProfileError, UsageError, advice_on
from factify_contract.launch import launched_mock
from factify_contract.planning import Scope
from factify_contract.profile import Profile
from factify_contract.safety.guard import LEAST_REQUESTS
from factify_contract.scenarios import STORIES, SUITES
from factify_contract.tiers import FULL, Tier
from factify_contract.transport import Transport, checked_url

# A mock's time that moves when it is read, and the options of a mock that have nothing to do with time.
_STEPPED = ("--now", "2026-06-01T09:00:00Z", "--step", "0.001")
_TIMELESS = frozenset({"--mutant", "--variant", "--strict", "--log-level"})


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for."""

    url: str | None = None
    launch_mock: bool = False
    mock_options: tuple[str, ...] = ()
    profile: Path | None = None
    seed: int = 0
    output: Path | None = None
    phases: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    tier: Tier = FULL
    max_examples: int = FULL.max_examples
    machine_examples: int = FULL.machine_examples
    machine_steps: int = FULL.machine_steps
    spec: Path | None = None
    color: bool = True
    verbose: bool = False
    ledger: Path | None = None
    read_only: bool = False
    known_issues: Path | None = None
    # What keeps this run apart from others on a target that lasts; made up where it is left empty.
    tag: str = ""
    through_prism: bool = False


def target_words(request: Request) -> list[str]:
    """The words of a command line that name the same target, to be judged by the same document."""
    words = [request.url] if request.url else []
    words += ["--launch-mock"] if request.launch_mock else []
    words += [f"--mock-option={shlex.join(request.mock_options)}"] if request.mock_options else []
    words += ["--profile", str(request.profile)] if request.profile else []
    return [*words, *(("--spec", str(request.spec)) if request.spec else ())]


def require_sense(request: Request) -> None:
    """Returns when something can be done; UsageError names the options that do not go together."""
    if request.launch_mock and (request.url or request.profile):
        given = request.url or str(request.profile)
        raise UsageError(f"--launch-mock brings its own target and people; leave out either it or {given!r}")
    if not request.launch_mock and not request.url and not request.profile:
        raise UsageError("nothing to judge; give --launch-mock, or a URL with --profile FILE")
    if request.mock_options and not request.launch_mock:
        raise UsageError(f"--mock-option {request.mock_options[0]!r} has no effect without --launch-mock")
    if unknown := [suite for suite in request.suites if suite not in SUITES]:
        raise UsageError(f"there is no suite {unknown[0]!r}; {advice_on(unknown[0], SUITES)}")


def scope_of(request: Request) -> Scope:
    """The run that was asked for, as far as its cost depends on it; without phases, it has all of them."""
    stories = [
        story
        for story in STORIES
        if request.tier.has(story) and (not request.suites or story.suite in request.suites)
    ]
    return Scope(
        stories,
        request.phases or PHASES,
        request.max_examples,
        request.machine_examples,
        read_only=request.read_only,
    )


def profile_for(request: Request, stack: ExitStack) -> Profile:
    """Who may call the target, which has answered once; a mock that is started ends with the stack."""
    if request.launch_mock:
        spec = ("--spec", str(request.spec)) if request.spec else ()
        words = (*spec, *_time_for(request.mock_options), *request.mock_options)
        return stack.enter_context(launched_mock(words, seed=request.seed))
    profile = Profile.load(request.profile) if request.profile else None
    if profile is not None and (limit := profile.budget.requests) is not None and limit < LEAST_REQUESTS:
        raise UsageError(
            f"a budget of {limit} requests is too small: looking round and cleaning up take {LEAST_REQUESTS}"
        )
    url = checked_url(request.url) if request.url else None
    address = url or (profile.base_url if profile else "")
    probe(address)
    if profile is None:
        raise ProfileError(
            f"{address} answers, but without a profile nobody may call it;"
            " make one with factify-contract init profile.toml and pass it with --profile profile.toml"
        )
    return replace(profile, base_url=address)


def _time_for(options: Sequence[str]) -> tuple[str, ...]:
    """Options by which a launched mock tells the same times in every run, where the user's leave it so.

    What lasts by the mock's clock, or begins with a time of its own, needs one that runs by itself.
    """
    names = {word.partition("=")[0] for word in options if word.startswith("--")}
    return _STEPPED if names <= _TIMELESS else ()


def probe(address: str) -> None:
    """Returns when anything that speaks HTTP answers one request; raises TargetUnreachable otherwise."""
    transport = Transport(address, timeout=10)
    try:
        transport.send_raw("GET", "/v1beta/me", patient=False)
    finally:
        transport.close()
