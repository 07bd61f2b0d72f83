"""Ways in which an API can lie: what it is asked, or what it answers, is bent on the way."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from factify_contract.clauses import catalogue
from factify_contract.exchange import Exchange
from factify_contract.scenarios import STORIES
from factify_contract.scenarios.story import Story
from factify_contract.spec import Operation
from factify_contract.transport import Transport

CATALOGUE = catalogue()

# Where to look for what no story names, since every answer is checked for it: any suite with such answers.
_SUITES = {
    "api-keys": "api-keys",
    "document-quota": "quota-exhaustion",
    "invites": "invite-accept",
    "rate-limits": "organizations",
    "request-quota": "quota-exhaustion",
    "errors": "organizations",
    "usage": "organizations",
}


def stories_about(clause: str) -> list[Story]:
    """The stories that name the clause, or else a suite in which its check has something to see."""
    naming = [story for story in STORIES if clause in story.clauses(CATALOGUE)]
    suite = _SUITES.get(clause.split(".")[0], "documents")
    return naming or [story for story in STORIES if story.suite == suite]


Body = dict[str, Any]
Edit = Callable[[Body], object]


@dataclass(frozen=True, slots=True)
class Lie:
    """Bends the calls of one operation, of one actor or of all; `after` successes are left alone."""

    operation_id: str
    answer: Callable[[Exchange], Exchange] = lambda exchange: exchange
    query: Callable[[Mapping[str, Any]], Mapping[str, Any]] = lambda query: query
    pretends: Body | None = None
    actor: str | None = None
    after: int = 0
    _told: Counter[str | None] = field(default_factory=Counter)

    def concerns(self, operation_id: str | None, actor: str) -> bool:
        return operation_id == self.operation_id and self.actor in (None, actor)

    def is_pretended(self, token: str | None) -> bool:
        return self.pretends is not None and self._told[token] >= self.after

    def bent(self, exchange: Exchange, token: str | None) -> Exchange:
        if exchange.status == 200:
            self._told[token] += 1
            if self._told[token] <= self.after:
                return exchange
        return self.answer(exchange)


class LyingTransport(Transport):
    """A transport on which one lie is told."""

    def __init__(self, base_url: str, lie: Lie) -> None:
        super().__init__(base_url)
        self._lie = lie

    def send(
        self, operation: Operation, actor: str = "", token: str | None = None, **request: Any
    ) -> Exchange:
        if not self._lie.concerns(operation.id, actor):
            return super().send(operation, actor, token, **request)
        if self._lie.is_pretended(token):
            # Without credentials the call has no effect.
            return _answered(super().send(operation, actor, None, **request), 200, self._lie.pretends or {})
        asked = request.get("query") or {}
        request["query"] = self._lie.query(asked)
        exchange = super().send(operation, actor, token, **request)
        return self._lie.bent(replace(exchange, query=asked), token)


def _answered(exchange: Exchange, status: int, body: Body) -> Exchange:
    return replace(exchange, status=status, content=json.dumps(body).encode())


def edits(operation_id: str, edit: Edit, **scope: Any) -> Lie:
    """Successful answers are changed."""

    def answer(exchange: Exchange) -> Exchange:
        if exchange.status != 200:
            return exchange
        body = json.loads(exchange.content)
        edit(body)
        return _answered(exchange, 200, body)

    return Lie(operation_id, answer, **scope)


def puts(operation_id: str, path: str, value: Any, **scope: Any) -> Lie:
    """A field of successful answers, named by its path, has another value."""
    *parents, last = path.split(".")

    def edit(body: Body) -> None:
        for name in parents:
            body = body.get(name) or {}
        body[last] = value

    return edits(operation_id, edit, **scope)


def puts_in_items(operation_id: str, path: str, value: Any, *, items: str = "items", **scope: Any) -> Lie:
    """A field of every item of successful lists has another value."""
    *parents, last = path.split(".")

    def edit(body: Body) -> None:
        for item in body.get(items) or []:
            holder = item
            for name in parents:
                holder = holder.get(name) or {}
            holder[last] = value

    return edits(operation_id, edit, **scope)


def empties(operation_id: str, items: str = "items", **scope: Any) -> Lie:
    """Lists are empty."""
    return puts(operation_id, items, [], **scope)


def allows(operation_id: str, **scope: Any) -> Lie:
    """What is refused is answered as if it were done."""

    def answer(exchange: Exchange) -> Exchange:
        return _answered(exchange, 200, {}) if exchange.status >= 400 else exchange

    return Lie(operation_id, answer, **scope)


def refuses(operation_id: str, code: str = "failed_precondition", status: int = 400, **scope: Any) -> Lie:
    """What is done is answered as if it were refused."""

    def answer(exchange: Exchange) -> Exchange:
        refusal = {"code": code, "message": "No.", "details": []}
        return _answered(exchange, status, refusal) if exchange.status == 200 else exchange

    return Lie(operation_id, answer, **scope)


def blames(operation_id: str, **scope: Any) -> Lie:
    """Refusals name a parameter, whatever they are about."""

    def answer(exchange: Exchange) -> Exchange:
        if exchange.status == 200:
            return exchange
        return _answered(exchange, exchange.status, {**exchange.json, "details": [{"param": "something"}]})

    return Lie(operation_id, answer, **scope)


def heads(operation_id: str, **headers: str) -> Lie:
    """Answers have these headers; underscores in names stand for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Lie(operation_id, lambda exchange: replace(exchange, headers={**exchange.headers, **named}))


def takes_preset_ids(exchange: Exchange) -> Exchange:
    """A new document has the id that the client sent."""
    sent = json.loads(exchange.request_body)
    if exchange.status != 200 or "document_id" not in sent:
        return exchange
    body = json.loads(exchange.content)
    body["document"]["id"] = sent["document_id"]
    return _answered(exchange, 200, body)


def ignores(operation_id: str, *names: str, **scope: Any) -> Lie:
    """Parameters of the query have no effect."""

    def query(given: Mapping[str, Any]) -> Mapping[str, Any]:
        return {name: value for name, value in given.items() if name not in names}

    return Lie(operation_id, query=query, **scope)


def asks(operation_id: str, **given: Any) -> Lie:
    """Parameters of the query, where they are given or not, have these values."""
    return Lie(operation_id, query=lambda query: {**query, **given})


def turns_back(body: Body) -> None:
    """The last page leads on to the page before it."""
    tokens = body["pagination"]
    tokens["next_page_token"] = tokens.get("next_page_token") or tokens.get("prev_page_token") or ""


def pretends(operation_id: str, body: Body, **scope: Any) -> Lie:
    """The operation answers as if it had done something."""
    return Lie(operation_id, pretends=body, **scope)


def misreads(operation_id: str, name: str, as_name: str, **scope: Any) -> Lie:
    """A parameter of the query is taken for another one."""

    def query(given: Mapping[str, Any]) -> Mapping[str, Any]:
        return {as_name if each == name else each: value for each, value in given.items()}

    return Lie(operation_id, query=query, **scope)


def heeds_one(operation_id: str, name: str, **scope: Any) -> Lie:
    """Of a repeated parameter only the first value counts."""

    def query(given: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**given, name: list(given[name])[:1]} if name in given else given

    return Lie(operation_id, query=query, **scope)
