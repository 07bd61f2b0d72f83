"""How the stories of one suite went, in one line, and in one more for each reason not to tell some."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from factify_contract.events import StoryFinished
from factify_contract.findings import Status, merge

# Nobody has to read these one by one.
_QUIET = frozenset({Status.PASS, Status.NOT_EXERCISED})


def speaks_for_itself(event: StoryFinished) -> bool:
    """Whether the story is shown by itself: it did not simply pass, or stay untold."""
    return event.status not in _QUIET


@dataclass(slots=True, frozen=False)
class SuiteSoFar:
    """The stories of a suite that are over. Mutable: it grows while they are told.

    `is_more` says that others of the suite have been told before, and something else since.
    """

    name: str
    is_more: bool = False
    statuses: Counter[Status] = field(default_factory=Counter)
    untold: Counter[str] = field(default_factory=Counter)

    def take(self, event: StoryFinished) -> None:
        """Counts one more story."""
        self.statuses[event.status] += 1
        if event.status is Status.NOT_EXERCISED:
            self.untold[event.reason] += 1

    @property
    def status(self) -> Status:
        """What the suite came to: the worst of its stories, where those that were not told hide no other."""
        return merge(self.statuses)

    @property
    def counted(self) -> str:
        """How many stories there were, and of which status where not all passed."""
        count = self.statuses.total()
        more = "more " if self.is_more else ""
        total = f"{count} {more}{'story' if count == 1 else 'stories'}"
        if len(self.statuses) == 1:
            return total
        parts = (f"{self.statuses[one]} {one.word}" for one in sorted(self.statuses, reverse=True))
        return f"{total}: {', '.join(parts)}"

    def reasons(self) -> Iterator[str]:
        """Why stories were not told, with their number."""
        for reason, count in self.untold.items():
            if reason:
                yield f"{count} not told: {reason}"
