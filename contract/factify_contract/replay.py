"""Replays: what it takes to see a finding again, read from a file and tried on a target."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factify_contract.clauses import Catalogue
from factify_contract.errors import ProfileError, UsageError, advice_on
from factify_contract.machine.acts import ACTS
from factify_contract.machine.performance import Cause, Stage, cause_of
from factify_contract.machine.script import Script, Step
from factify_contract.preflight import why_untold
from factify_contract.scenarios import STORIES
from factify_contract.scenarios.story import (
    AdapterFailed,
    Api,
    Inconclusive,
    NotExercised,
    Story,
    StoryRecord,
    StoryStopped,
)
from factify_contract.spec import Document
from factify_contract.target import Target

_FORMAT = 1
_NUMBERED = frozenset({"pass days", "limit key"})
_NEEDED_ADAPTERS = {"accept invite": "mailbox", "pass days": "clock"}


@dataclass(frozen=True, slots=True)
class Replay:
    """A finding's cause, and the script or the story that shows it."""

    clause: str
    operation: str | None
    steps: Script | Story

    @property
    def cause(self) -> Cause:
        """What a finding has to be about to be the same one."""
        return (self.clause, self.operation)

    @classmethod
    def load(cls, path: Path, catalogue: Catalogue) -> "Replay":
        """The replay in a file; UsageError tells what is wrong with it."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls._read(raw, catalogue)
        except OSError as error:
            raise UsageError(f"the replay {str(path)!r} cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise UsageError(f"{str(path)!r} is no replay of factify-contract: {error}") from error

    @classmethod
    def _read(cls, raw: Any, catalogue: Catalogue) -> "Replay":
        if not isinstance(raw, dict) or raw.get("format") != _FORMAT:
            raise ValueError(f"it is no object with format {_FORMAT}")
        clause, operation = raw.get("clause"), raw.get("operation")
        if not isinstance(clause, str) or clause not in catalogue:
            raise ValueError(f"there is no clause {clause!r}")
        return cls(clause, None if operation is None else str(operation), _steps(raw))


def _steps(raw: dict[str, Any]) -> Script | Story:
    if isinstance(script := raw.get("script"), list) and script:
        return tuple(_step(each) for each in script)
    found = next((story for story in STORIES if story.id == raw.get("story")), None)
    if found is None:
        raise ValueError(f"it has no script, and there is no story {raw.get('story')!r}")
    return found


def _step(raw: Any) -> Step:
    step = Step.from_json(raw)
    if step.act not in ACTS:
        raise ValueError(f"there is no act {step.act!r}; {advice_on(step.act, sorted(ACTS))}")
    if step.act in _NUMBERED and not step.value.isdecimal():
        raise ValueError(f"the value of {step.act!r} is no number: {step.value!r}")
    return step


@dataclass(frozen=True, slots=True)
class Seen:
    """What a replay showed.

    `shows` is None where it cannot be said, for the reason in `why`. `lines` are the requests, `others`
    further clauses that were broken.
    """

    shows: bool | None
    lines: tuple[str, ...]
    expected: str = ""
    actual: str = ""
    why: str = ""
    others: tuple[str, ...] = ()


def seen_again(
    replay: Replay, target: Target, document: Document, catalogue: Catalogue, *, prefix: str
) -> Seen:
    """Plays or tells what showed the finding once, from fresh data where the target has sandboxes.

    ProfileError when the profile has not what it takes. Raises TargetUnreachable and AdapterError.
    """
    if isinstance(replay.steps, Story):
        record, why = _told(replay.steps, target, document, catalogue, prefix)
    else:
        _require(replay.steps, target)
        stage = Stage(target, document, catalogue, prefix=prefix, documents=len(replay.steps))
        shown = stage.play(replay.steps, looking=False)
        record, why = shown.record, shown.unclear or shown.unaided
    broken = {cause_of(outcome): outcome for outcome in reversed(record.broken)}
    lines = tuple(exchange.line for exchange in record.exchanges)
    others = tuple(dict.fromkeys(clause for clause, _ in broken if clause != replay.clause))
    outcome = broken.get(replay.cause)
    if outcome is None:
        return Seen(None if why else False, lines, why=why, others=others)
    return Seen(True, lines, outcome.verdict.expected, outcome.verdict.actual, others=others)


def _require(script: Script, target: Target) -> None:
    for step in script:
        for name in (step.by, step.whom):
            if name and name not in target.identities:
                raise ProfileError(f"the replay needs identity {name!r}, which the profile does not have")
        adapter = _NEEDED_ADAPTERS.get(step.act)
        if adapter is not None and not target.profile.usable(adapter):
            raise ProfileError(f"the replay needs the adapter {adapter!r}, which the profile does not have")
        if adapter == "clock" and not target.has_sandboxes:
            raise ProfileError("the replay moves time, for which the profile needs an adapter 'sandbox'")


def _told(
    story: Story, target: Target, document: Document, catalogue: Catalogue, prefix: str
) -> tuple[StoryRecord, str]:
    """What the story showed, and why it ended early if that was nobody's fault."""
    if reason := why_untold(story, target):
        raise ProfileError(f"the replay is the story {story.id}, but {reason}")
    record = StoryRecord()
    try:
        story.tell(Api(target.fresh(), document, catalogue, record, prefix=prefix))
    except StoryStopped:
        return record, ""
    except (NotExercised, Inconclusive, AdapterFailed) as stop:
        return record, str(stop)
    return record, ""
