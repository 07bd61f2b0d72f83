"""Follows the document's links from answers to the readings that they feed, one step each."""

from collections.abc import Iterator
from typing import Any

from factify_contract.checks.status import error_code
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.properties.drafts import Draft
from factify_contract.properties.oracle import is_accepted
from factify_contract.properties.trials import Trial
from factify_contract.spec import Document, Link, Operation

CLAUSE = "requests.answers-lead-on"

# Nobody says what may be read of a document in the trash, or by its former owner; a duplicate may be either.
_ENDINGS = frozenset({"trashDocument", "transferDocumentOwnership", "listDocumentDuplicates"})
# What these give may not be there yet, and nobody says how they tell.
_NOT_YET = frozenset({"getVersionRecord", "exportDocument"})


class LinkFollower:
    """Remembers the first answer that each operation gave to the actor, and follows its links.

    Only readings are followed: a link from a list to a removal may lead to things of other people. Mutable.
    """

    def __init__(self, document: Document, actor: str, token: str | None) -> None:
        self._document = document
        self._actor = actor
        self._token = token
        self._answers: dict[str, Exchange] = {}

    def notice(self, exchange: Exchange) -> None:
        """Remembers the exchange when it is the operation's first success for the actor."""
        is_telling = is_accepted(exchange) and not exchange.is_sample
        if exchange.operation_id and exchange.actor == self._actor and is_telling:
            self._answers.setdefault(exchange.operation_id, exchange)

    def trials(self, operation: Operation) -> Iterator[Trial]:
        """A reading for each link of the operation whose values are in the remembered answer."""
        exchange = self._answers.get(operation.id)
        if exchange is None or operation.id in _ENDINGS:
            return
        for link in operation.links:
            reading = self._document.operations.get(link.operation_id)
            if reading is None or reading.method != "GET" or reading.id in _NOT_YET:
                continue
            draft = _draft(reading, link, exchange)
            if draft is not None:
                yield Trial(draft, self._actor, self._token, _judge, cuts=0)


def _draft(reading: Operation, link: Link, exchange: Exchange) -> Draft | None:
    values = {name: _evaluate(expression, exchange) for name, expression in link.parameters.items()}
    if not all(values.values()) or not any("$response" in str(one) for one in link.parameters.values()):
        return None
    in_path = {parameter.name for parameter in reading.path_parameters}
    path = {name: value for name, value in values.items() if name in in_path}
    query = {name: value for name, value in values.items() if name not in in_path}
    if reading is exchange.operation:
        # A page token goes with the filters of the list that gave it.
        query = {**{name: sent[0] for name, sent in exchange.query.items() if len(sent) == 1}, **query}
    return Draft(reading, path, tuple(query.items()))


def _evaluate(expression: Any, exchange: Exchange) -> str:
    """The text that a runtime expression names in the exchange; empty when there is none."""
    value: Any = None
    match str(expression).partition("#") if "#" in str(expression) else str(expression).split(".", 2):
        case ("$response.body", _, pointer):
            value = exchange.json
            for part in pointer.split("/")[1:]:
                value = _step(value, part)
        case ["$request", "path", name]:
            value = exchange.path.get(name)
        case ["$request", "query", name]:
            sent = exchange.query.get(name)
            value = sent[0] if isinstance(sent, list) and sent else sent
    return value if isinstance(value, str) else ""


def _step(value: Any, part: str) -> Any:
    if isinstance(value, dict):
        return value.get(part)
    if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    return None


def _judge(draft: Draft, exchange: Exchange) -> list[Verdict]:
    """Kept by success; other refusals than for the value itself may have reasons of their own."""
    if is_accepted(exchange):
        return [Verdict(CLAUSE)]
    code = error_code(exchange)
    if code not in ("not_found", "invalid_argument"):
        return []
    values = ", ".join([*draft.path, *(name for name, _ in draft.query)])
    return [
        Verdict(
            CLAUSE,
            True,
            f"{draft.operation.id} does not know what an answer has just named",
            f"{draft.operation.id} takes {values} from the answer before",
            f"{exchange.status} {code}",
        )
    ]
