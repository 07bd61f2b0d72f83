"""Is the body what the schema for its status describes?"""

from collections.abc import Iterator

from factify_contract.checks.media_type import media_of
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict, describe
from factify_contract.spec import Document, Problem

_SCHEMA = "responses.body-matches-schema"
_IDENTIFIERS = "identifiers.well-formed"
_TIMESTAMPS = "timestamps.well-formed"
# More problems in one body have the same cause more often than not.
_MOST_PROBLEMS = 3


def check_body(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """The body is valid; malformed ids and timestamps are told apart from other violations."""
    response = exchange.operation.response_for(exchange.status) if exchange.operation else None
    media = response.media.get(media_of(exchange.headers.get("content-type", ""))) if response else None
    if media is None or not exchange.is_json:
        return
    if media.validator.is_valid(exchange.json):
        yield from (Verdict(_SCHEMA), Verdict(_IDENTIFIERS), Verdict(_TIMESTAMPS))
        return
    for problem in media.validator.problems(exchange.json, limit=_MOST_PROBLEMS):
        clause = _clause_of(problem)
        place = problem.param or "the root"
        yield Verdict(
            clause,
            True,
            f"The body of the answer does not match its schema at {place}",
            f"a body that satisfies the schema ({problem.rule} at {place})",
            describe(problem.message),
        )


def _clause_of(problem: Problem) -> str:
    if problem.rule == "format" and "date-time" in problem.message:
        return _TIMESTAMPS
    name = problem.param.rsplit(".", 1)[-1]
    if problem.rule == "pattern" and (name == "id" or name.endswith("_id")):
        return _IDENTIFIERS
    return _SCHEMA
