"""How fast one caller may call: so many requests a minute, and fewer of those that create something."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The documented limits, or those that a test asks for."""

    per_minute: int = 1000
    posts_per_minute: int = 100


@dataclass(frozen=False, slots=True)
class Window:
    """The minute of one caller that began with its first call, and the calls since."""

    began: datetime
    calls: int = 0
    creations: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where a caller stands after a call: `remaining` of `limit` until `resets_at`."""

    limit: int
    remaining: int
    resets_at: datetime
    is_exceeded: bool = False  # this call was one too many, and did not count


def admit(
    windows: dict[str, Window], limits: RateLimits, caller: str, now: datetime, *, is_creation: bool
) -> Allowance:
    """The call counts in the caller's minute, unless a limit of it is reached.

    A creation counts as a call as well. What is told is the limit that will stop such calls first. A clock
    that was set back begins a new minute, as one that has moved on does.
    """
    window = windows.get(caller)
    if window is None or not window.began <= now < window.began + MINUTE:
        window = windows[caller] = Window(now)
    limit, left = limits.per_minute, limits.per_minute - window.calls
    if is_creation and limits.posts_per_minute - window.creations < left:
        limit, left = limits.posts_per_minute, limits.posts_per_minute - window.creations
    resets_at = window.began + MINUTE
    if left <= 0:
        return Allowance(limit, 0, resets_at, is_exceeded=True)
    window.calls += 1
    window.creations += is_creation
    return Allowance(limit, left - 1, resets_at)
