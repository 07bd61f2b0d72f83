"""How fast to ask, and when to ask again: below what the profile allows, and after a refusal or a hiccup."""

import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from factify_contract.exchange import Exchange

_MINUTE = 60.0
# A documented rate window lasts a minute; longer waits mean that the target will not let us work.
_LONGEST_WAIT = 65.0
_SHORTEST_WAIT = 0.5
# Clocks differ by more than this only where somebody has moved one.
_SLACK = 5.0
# What a gateway answers when it does not get through to the API, or is too busy to try.
_GATEWAY = frozenset({502, 503, 504})
# Asking what is there changes nothing, so it can be asked again.
_READING = frozenset({"GET", "HEAD"})
# A hiccup is over sooner.
_MOST_RESENT = 3


@dataclass(slots=True, frozen=False)
class Pacer:
    """Keeps each caller below so many requests in any minute, and so many of those that create. Mutable.

    0 means any number. For `settle` seconds after a write nobody sends anything. Times are in seconds;
    callers may come from several threads.
    """

    per_minute: float
    creations_per_minute: float
    sleep: Callable[[float], None]
    now: Callable[[], float]
    settle: float = 0.0
    _settled: float = 0.0
    _sent: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _created: defaultdict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wait(self, caller: str, *, is_creation: bool) -> None:
        """Returns when the caller may send the request."""
        with self._lock:
            now = self.now()
            at = max(now, self._settled)
            logs = [(self._sent[caller], self.per_minute)]
            if is_creation:
                logs.append((self._created[caller], self.creations_per_minute))
            for log, limit in logs:
                at = max(at, _free_at(log, limit))
            for log, limit in logs:
                if limit:
                    log.append(at)
        if at > now:
            self.sleep(at - now)

    def answered(self, method: str, status: int) -> None:
        """A request was answered so; what it may have changed gets time to be seen everywhere."""
        is_refused = 400 <= status < 500
        if self.settle and method not in _READING and not is_refused:
            with self._lock:
                self._settled = self.now() + self.settle


def _free_at(log: deque[float], limit: float) -> float:
    """When one more request is within the limit; forgets what no limit looks back to."""
    if not limit:
        return 0.0
    # Less than one a minute is one in so many minutes.
    most, span = max(1, int(limit)), _MINUTE * max(1.0, 1.0 / limit)
    while len(log) > most:
        log.popleft()
    return log[0] + span if len(log) == most else 0.0


def pause_after(exchange: Exchange, now: float, earlier: int) -> float:
    """How many seconds to wait after a refusal for speed, the `earlier`th before it being 0.

    Until X-RateLimit-Reset, else for Retry-After, else longer each time. A reset that no minute has is
    the target's own time, or nonsense.
    """
    reset = number(exchange.headers.get("x-ratelimit-reset"))
    for reference in (_date(exchange.headers), now):
        if reset is not None and reference is not None and -_SLACK <= reset - reference <= _LONGEST_WAIT:
            return _bounded(reset - reference if earlier == 0 else max(reset - reference, 2.0**earlier))
    return _as_asked(exchange, now, earlier)


def _as_asked(exchange: Exchange, now: float, earlier: int) -> float:
    """How many seconds Retry-After wants, else growing ones."""
    retry_after = exchange.headers.get("retry-after")
    seconds = number(retry_after)
    if seconds is None and retry_after:
        seconds = _seconds_until(retry_after, now)
    return _bounded(2.0**earlier if seconds is None else seconds)


@dataclass(slots=True, frozen=False)
class Hiccups:
    """Decides which reads to send again after the failure of a gateway. Mutable; callers may be threads.

    `resent` counts them by status. What goes on failing is no hiccup: as long as a read failed to the last,
    or nothing at all got through since, it is not sent again.
    """

    resent: Counter[int] = field(default_factory=Counter)
    _failing: set[str] = field(default_factory=set)
    _is_away: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pause(self, exchange: Exchange, now: float, earlier: int) -> float | None:
        """How many seconds to wait before the request is sent again, the `earlier`th time from 0.

        For Retry-After, else longer each time; None when its answer is to be taken as it is.
        """
        name = exchange.operation_id or exchange.url
        with self._lock:
            if exchange.status not in _GATEWAY:
                self._is_away = False
                self._failing.discard(name)
                return None
            if exchange.method not in _READING or self._is_away or name in self._failing:
                return None
            if earlier == _MOST_RESENT:
                self._is_away = True
                self._failing.add(name)
                return None
            self.resent[exchange.status] += 1
            return _as_asked(exchange, now, earlier)

    def told(self) -> list[str]:
        """A sentence about the reads that were sent again, if there were any."""
        count = self.resent.total()
        if not count:
            return []
        reads = "1 read was" if count == 1 else f"{count} reads were"
        return [f"{reads} sent again after {' or '.join(map(str, sorted(self.resent)))}"]


def is_rate_limited(exchange: Exchange) -> bool:
    """Whether the answer is a refusal for speed, not for a used-up quota.

    Without a reason in the body, a header that says when to come back decides, unless another one says
    that calls are left: some send these headers with every answer.
    """
    if exchange.status != 429:
        return False
    body = exchange.json
    details = body.get("details") if isinstance(body, dict) else None
    items = details if isinstance(details, list) else []
    reasons = {
        item["reason"] for item in items if isinstance(item, dict) and isinstance(item.get("reason"), str)
    }
    if reasons:
        return "rate_limit_exceeded" in reasons
    left = number(exchange.headers.get("x-ratelimit-remaining"))
    if left is not None:
        return left <= 0
    return "retry-after" in exchange.headers or "x-ratelimit-reset" in exchange.headers


def number(text: str | None) -> float | None:
    """The number in a header; None when there is none."""
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _date(headers: Mapping[str, str]) -> float | None:
    return _seconds_until(headers.get("date", ""), 0.0)


def _seconds_until(date: str, now: float) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - now
    except ValueError:
        return None


def _bounded(seconds: float) -> float:
    return min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT)
