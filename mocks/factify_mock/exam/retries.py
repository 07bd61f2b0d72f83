"""Rules about trying again: when, how often, and what had better not be tried again."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from factify_contract.spec import Document
from factify_mock.exam.rule import Finding, Rule, Severity, Slip
from factify_mock.exam.seen import Seen

# Less is no back-off: it is how long an answer takes anyway.
_LEAST_SECONDS = 0.1
_TEMPORARY = frozenset({429, 500, 502, 503, 504})
# So many refusals for the same quota in a row are no way to find out whether there is some again.
_HAMMERING = 3
# So many calls of one caller are refused while it should wait.
_PRESSING = 3
# Creates that a second call of makes a second thing. Inviting an address again is documented to send the
# same invitation again.
_IDEMPOTENT_CREATES = frozenset({"createOrganizationInvite"})


def _repeats(calls: Sequence[Seen]) -> Iterator[tuple[Seen, Seen]]:
    """A call and the next one of the same caller that asks for the same."""
    latest: dict[tuple[object, ...], Seen] = {}
    for call in calls:
        earlier = latest.get(call.same_call)
        if earlier is not None:
            yield earlier, call
        latest[call.same_call] = call


def _told_when(call: Seen) -> bool:
    return call.entry.notes.retry_after is not None and call.entry.status in (429, 503)


def _too_early(calls: Sequence[Seen], document: Document) -> Finding:
    slips, occasions = [], 0
    for first, again in _repeats(calls):
        if _told_when(first) and first.reason != "quota_exceeded":
            occasions += 1
            waited, told = first.seconds_until(again), first.entry.notes.retry_after or 0
            if waited < told:
                slips.append(Slip(again, f"after {waited:.2f} s, where Retry-After said {told} s"))
    return Finding(occasions, slips)


def _without_back_off(calls: Sequence[Seen], document: Document) -> Finding:
    slips, occasions = [], 0
    lost: set[int] = set()
    for first, again in _repeats(calls):
        status = first.entry.status
        if _told_when(first) or (status is not None and status not in _TEMPORARY):
            continue
        if status is None and first.entry.ordinal not in lost:
            # A kept connection may end at any time: the first repetition may be immediate.
            lost.add(again.entry.ordinal)
            continue
        occasions += 1
        waited = first.seconds_until(again)
        if waited < _LEAST_SECONDS:
            was = "a dropped connection" if status is None else status
            slips.append(Slip(again, f"{waited * 1000:.0f} ms after {was}"))
    return Finding(occasions, slips)


def _hammered(calls: Sequence[Seen], document: Document) -> Finding:
    runs: dict[tuple[object, ...], int] = defaultdict(int)
    slips, occasions = [], 0
    for call in calls:
        if call.entry.status == 429 and call.reason == "quota_exceeded":
            runs[call.same_call] += 1
            occasions += 1
            if runs[call.same_call] == _HAMMERING:
                slips.append(Slip(call, f"{_HAMMERING} times in a row against a used-up quota"))
        else:
            runs[call.same_call] = 0
    return Finding(occasions, slips)


def _pressed_on(calls: Sequence[Seen], document: Document) -> Finding:
    waiting: dict[str | None, tuple[Seen, int]] = {}
    slips, occasions = [], 0
    for call in calls:
        if call.entry.status != 429 or not _told_when(call) or call.reason == "quota_exceeded":
            continue
        first, refused = waiting.get(call.entry.actor_id, (call, 0))
        if first is call or first.seconds_until(call) >= (first.entry.notes.retry_after or 0):
            occasions += 1
            waiting[call.entry.actor_id] = (call, 0)
            continue
        waiting[call.entry.actor_id] = (first, refused + 1)
        if refused + 1 == _PRESSING:
            slips.append(Slip(call, f"{_PRESSING} more calls were refused while the client should wait"))
    return Finding(occasions, slips)


def _is_create(call: Seen) -> bool:
    operation = call.operation
    if operation is None or operation.method != "POST" or operation.id in _IDEMPOTENT_CREATES:
        return False
    return operation.id.lower().startswith("create")


def _is_in_doubt(call: Seen) -> bool:
    """Whether the client can't know if the call took effect."""
    status = call.entry.status
    return status is None or status >= 500 or call.entry.notes.hides_success


def _create_repeated(calls: Sequence[Seen], document: Document) -> Finding:
    in_doubt = [
        (first, again) for first, again in _repeats(calls) if _is_create(first) and _is_in_doubt(first)
    ]
    slips = [
        Slip(
            again, f"the same {again.entry.operation_id} after {first.entry.status or 'a dropped connection'}"
        )
        for first, again in in_doubt
    ]
    return Finding(sum(1 for call in calls if _is_create(call) and _is_in_doubt(call)), slips)


def _create_doubled(calls: Sequence[Seen], document: Document) -> Finding:
    slips = [
        Slip(again, f"{again.entry.operation_id} had taken effect, and did so again")
        for first, again in _repeats(calls)
        if _is_create(first) and first.entry.notes.hides_success and again.entry.status == 200
    ]
    return Finding(sum(1 for call in calls if _is_create(call) and call.entry.notes.hides_success), slips)


RULES = (
    Rule(
        "retries.too-early",
        Severity.SERIOUS,
        "A client that is told when to come back does not come back earlier.",
        "Wait as many seconds as Retry-After says before the call is made again.",
        _too_early,
    ),
    Rule(
        "retries.without-back-off",
        Severity.WARNING,
        "Between a failure and the next try is a pause that grows.",
        "Back off: half a second, then longer, with some randomness, and give up after a while.",
        _without_back_off,
    ),
    Rule(
        "retries.used-up-quota",
        Severity.WARNING,
        "A quota that is used up is not tried again and again.",
        "Look at the reason: quota_exceeded lasts until the quota's reset, which may be weeks away.",
        _hammered,
    ),
    Rule(
        "retries.pressed-on",
        Severity.WARNING,
        "A client that was told to slow down slows down in all its calls.",
        "Let all calls of one key wait for the same Retry-After.",
        _pressed_on,
    ),
    Rule(
        "retries.create-repeated",
        Severity.WARNING,
        "A create whose outcome is unknown is not simply repeated.",
        "The API knows no idempotency key: look first whether the thing is there, then create it again.",
        _create_repeated,
    ),
    Rule(
        "retries.create-doubled",
        Severity.SERIOUS,
        "No create takes effect twice because its first answer was lost.",
        "Look for what the lost answer would have told, for instance in the list, before creating again.",
        _create_doubled,
    ),
)
