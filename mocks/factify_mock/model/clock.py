"""A world's own time: follows the wall clock until it is frozen, set or advanced."""

from collections.abc import Callable
from datetime import datetime, timedelta


class SteppedTime:
    """Stands in for the wall clock: it moves by the same step whenever it is read, and not by itself.

    What asks the same questions in the same order is then told the same times.
    """

    def __init__(self, start: datetime, step: timedelta) -> None:
        self._at = start
        self._step = step

    def __call__(self) -> datetime:
        """One step later than at the last reading."""
        self._at += self._step
        return self._at


class Clock:
    """Time as one world sees it; `wall` supplies real time and is the only source of it."""

    def __init__(self, wall: Callable[[], datetime]) -> None:
        self._wall = wall
        self._offset = timedelta()
        self._frozen_at: datetime | None = None

    @property
    def is_frozen(self) -> bool:
        """Whether time stands still until it is advanced or resumed."""
        return self._frozen_at is not None

    def now(self) -> datetime:
        """The world's present, aware and in UTC."""
        return self._frozen_at if self._frozen_at is not None else self._wall() + self._offset

    def freeze(self, at: datetime | None = None) -> None:
        """Time stands still at `at`, or at the present moment."""
        self._frozen_at = at if at is not None else self.now()

    def set(self, at: datetime) -> None:
        """The present is `at`; a frozen clock stays frozen, a running one runs on from there."""
        if self._frozen_at is not None:
            self._frozen_at = at
        else:
            self._offset = at - self._wall()

    def advance(self, by: timedelta) -> None:
        """The present is `by` later; a frozen clock stays frozen."""
        if self._frozen_at is not None:
            self._frozen_at += by
        else:
            self._offset += by

    def resume(self) -> None:
        """Time runs on from the present moment."""
        if self._frozen_at is not None:
            self._offset = self._frozen_at - self._wall()
            self._frozen_at = None

    def follow_wall(self) -> None:
        """The present is real time again."""
        self._offset = timedelta()
        self._frozen_at = None
