"""Plays the recorded calls in their order and compares each answer with the recorded one."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from factify_contract.checks.media_type import media_of
from factify_contract.comparison.correspondence import Correspondence
from factify_contract.comparison.recording import Recorded, Recording
from factify_contract.comparison.requests import Translator, Unplayable
from factify_contract.comparison.shapes import ABSENT, Difference, differences
from factify_contract.errors import UsageError, Withheld
from factify_contract.exchange import Exchange
from factify_contract.spec import Document
from factify_contract.target import Target
from factify_contract.transport import NoAnswer

_OWNER = "owner"


@dataclass(slots=True)
class OperationComparison:
    """What was seen of one operation: reasons for skipping, and lines of the recording with a difference."""

    compared: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    differences: dict[Difference, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """All operations of a recording, in the order of their first calls."""

    operations: Mapping[str, OperationComparison]

    @property
    def compared(self) -> int:
        """How many exchanges were played and compared."""
        return sum(each.compared for each in self.operations.values())

    @property
    def skipped(self) -> int:
        """How many could not be played."""
        return sum(each.skipped.total() for each in self.operations.values())

    @property
    def count(self) -> int:
        """How many differences there are; the same one is counted once for each operation."""
        return sum(len(each.differences) for each in self.operations.values())

    @property
    def agrees(self) -> bool:
        """Whether something was compared and no difference seen."""
        return self.compared > 0 and self.count == 0


def compare(
    recording: Recording,
    target: Target,
    document: Document,
    *,
    callers: Mapping[str, str],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Comparison:
    """What the target answers to the recorded calls, beside what was recorded.

    `callers` are names of the target's identities by callers of the recording. UsageError for one that
    is none.
    """
    known = Correspondence()
    translator = Translator(target, known, _standing(recording, target, callers))
    operations: dict[str, OperationComparison] = {}
    for done, recorded in enumerate(recording.exchanges, start=1):
        seen = operations.setdefault(recorded.operation, OperationComparison())
        try:
            exchange = _played(recorded, translator, target, document)
        except (Unplayable, Withheld, NoAnswer) as reason:
            seen.skipped[str(reason)] += 1
        else:
            seen.compared += 1
            for difference in _differences(recorded, exchange, known):
                seen.differences.setdefault(difference, []).append(recorded.line)
        progress(done, len(recording.exchanges))
    return Comparison(operations)


def _standing(recording: Recording, target: Target, callers: Mapping[str, str]) -> Mapping[str, str]:
    """Who stands for whom: as told, and for a single stranger the owner, whom nobody else stands for."""
    heard = {each.caller for each in recording.exchanges}
    for caller, name in callers.items():
        if caller not in heard:
            raise UsageError(f"--caller {caller}={name}: nobody of that name calls in the recording")
        if name not in target.identities:
            known = ", ".join(target.identities)
            raise UsageError(f"--caller {caller}={name}: the target has no {name!r}, only {known}")
    strangers = [each for each in recording.strangers if each not in callers]
    taken = {*recording.callers, *callers.values()}
    if len(strangers) == 1 and _OWNER not in taken:
        return {**callers, strangers[0]: _OWNER}
    return callers


def _played(recorded: Recorded, translator: Translator, target: Target, document: Document) -> Exchange:
    operation = document.operations.get(recorded.operation)
    if operation is None:
        raise Unplayable("the document does not know the operation")
    asking = translator.asking(recorded)
    try:
        return target.transport.send(operation, asking.actor, asking.token, **asking.arguments)
    except ValueError as error:
        raise Unplayable(str(error)) from error


def _differences(recorded: Recorded, exchange: Exchange, known: Correspondence) -> Iterator[Difference]:
    """The differences of one exchange; what the answers name alike is learned before they are compared."""
    if recorded.status != exchange.status:
        yield Difference(
            "status", _status(recorded.status, _json(recorded)), _status(exchange.status, exchange.json)
        )
        return
    answered = exchange.headers.get("content-type", "")
    if recorded.media_type != media_of(answered):
        yield Difference("media type", recorded.media_type or ABSENT, media_of(answered) or ABSENT)
    body = _json(recorded)
    if recorded.is_refused and _reason(body) != _reason(exchange.json):
        yield Difference("refusal", _reason(body), _reason(exchange.json))
    elif not recorded.is_refused:
        known.learn_from(body, exchange.json)
    yield from differences(body, exchange.json, known)


def _json(recorded: Recorded) -> Any:
    return (recorded.answer or {}).get("json")


def _status(status: int, body: Any) -> str:
    return f"{status} {_reason(body)}".strip() if status >= 400 else str(status)


def _reason(body: Any) -> str:
    """Code and reasons of a refusal."""
    if not isinstance(body, Mapping):
        return ""
    details = body.get("details")
    reasons = [
        str(each["reason"])
        for each in (details if isinstance(details, list) else ())
        if isinstance(each, Mapping) and isinstance(each.get("reason"), str)
    ]
    return "/".join([str(body.get("code", "")), *sorted(set(reasons))])
