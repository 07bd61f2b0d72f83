"""Ranges of time as lists filter by them: closed at both ends, open where an end is not given."""

from dataclasses import dataclass
from datetime import datetime

from factify_mock.model.errors import invalid


@dataclass(frozen=True, slots=True)
class TimeRange:
    """All instants from `after` to `before`, both included."""

    after: datetime | None = None
    before: datetime | None = None

    def __contains__(self, at: datetime) -> bool:
        return (self.after is None or at >= self.after) and (self.before is None or at <= self.before)


ALWAYS = TimeRange()


def time_range(name: str, after: datetime | None, before: datetime | None) -> TimeRange:
    """The range between two instants; invalid as `name`.after unless that lies before the other end."""
    if after is not None and before is not None and after >= before:
        raise invalid(f"{name}.after", f"{name}.after must be earlier than {name}.before")
    return TimeRange(after, before)
