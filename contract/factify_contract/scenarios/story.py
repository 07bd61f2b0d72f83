"""A story: a function that tells what people do with the API; and the words that stories are told with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from factify_contract.clauses import Catalogue
from factify_contract.scenarios.answer import Answer
from factify_contract.scenarios.api import Api
from factify_contract.scenarios.naming import clauses_named
from factify_contract.scenarios.people import Person
from factify_contract.scenarios.record import (
    AdapterFailed,
    Inconclusive,
    NotExercised,
    Outcome,
    Recorder,
    StoryRecord,
    StoryStopped,
)

__all__ = [
    "AdapterFailed",
    "Answer",
    "Api",
    "Inconclusive",
    "NotExercised",
    "Outcome",
    "Person",
    "Recorder",
    "Story",
    "StoryRecord",
    "StoryStopped",
    "stories_of",
    "story",
]


@dataclass(frozen=True, slots=True)
class Story:
    """A named sequence of calls that proves clauses; `needs` are identities and adapters it depends on.

    `smoke` stories are those of their suite that a short run tells.
    """

    suite: str
    title: str
    needs: tuple[str, ...]
    tell: Callable[[Api], None]
    smoke: bool = False

    @property
    def id(self) -> str:
        """`suite/function_name`: stable, and what reports call the story."""
        return f"{self.suite}/{self.tell.__name__}"

    def clauses(self, catalogue: Catalogue) -> tuple[str, ...]:
        """The clauses that the story's own text, or what it calls, names, in order."""
        return clauses_named(self.tell, catalogue)


def story(
    *, suite: str, title: str, needs: Sequence[str] = (), smoke: bool = False
) -> Callable[[Callable[[Api], None]], Story]:
    """Makes a function a story of the suite."""

    def decorate(tell: Callable[[Api], None]) -> Story:
        return Story(suite, title, tuple(needs), tell, smoke)

    return decorate


def stories_of(module: object) -> tuple[Story, ...]:
    """The stories that a module defines, in the order of its text."""
    return tuple(value for value in vars(module).values() if isinstance(value, Story))
