"""One request in somebody's name with the way its answer is judged, and smaller requests of the same kind."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.properties.drafts import Draft, FormBody, JsonBody

Judge = Callable[[Draft, Exchange], Sequence[Verdict]]

# Below this a text is as good as short.
_SHORT = 8


@dataclass(frozen=True, slots=True)
class Trial:
    """A draft to be sent by an actor; `judge` tells what the answer says about the API.

    At most `cuts` smaller requests are tried when it shows a fault: none where a smaller request would
    be another question.
    """

    draft: Draft
    actor: str
    token: str | None
    judge: Judge
    cuts: int = 0

    def with_draft(self, draft: Draft) -> "Trial":
        """The same actor and judge with another request."""
        return replace(self, draft=draft)


def smaller(draft: Draft) -> Iterator[Draft]:
    """Requests that ask for less, the boldest cuts first; the caller decides which still show the fault."""
    for index in range(len(draft.query)):
        yield replace(draft, query=draft.query[:index] + draft.query[index + 1 :])
    match draft.body:
        case JsonBody(value):
            for less in _less(value):
                yield replace(draft, body=JsonBody(less))
        case FormBody(fields, file):
            for less in _less(dict(fields)):
                yield replace(draft, body=FormBody(less, file))
    for index, (name, text) in enumerate(draft.query):
        for less in _less(text):
            shorter = (*draft.query[:index], (name, less), *draft.query[index + 1 :])
            yield replace(draft, query=shorter)


def _less(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if len(value) > 2:
            yield dict(list(value.items())[: len(value) // 2])
        for name in value:
            yield {other: item for other, item in value.items() if other != name}
        for name, item in value.items():
            for less in _less(item):
                yield {**value, name: less}
    elif isinstance(value, list):
        if len(value) > 1:
            yield value[: len(value) // 2]
        for index in range(len(value)):
            yield value[:index] + value[index + 1 :]
        for index, item in enumerate(value):
            for less in _less(item):
                yield [*value[:index], less, *value[index + 1 :]]
    elif isinstance(value, str) and len(value) > _SHORT and "@" not in value:  # addresses stay reserved ones
        yield value[: len(value) // 2]
        yield value[:-1]
