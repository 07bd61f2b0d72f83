"""Judges every single exchange against the document; pure, one file per topic."""

from collections.abc import Callable, Iterator

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document

__all__ = ["CHECKS", "Check", "judge"]

Check = Callable[[Exchange, Document], Iterator[Verdict]]

CHECKS: tuple[Check, ...] = ()


def judge(exchange: Exchange, document: Document) -> list[Verdict]:
    """What all checks say about the exchange: one verdict for each clause that it exercised."""
    return [verdict for check in CHECKS for verdict in check(exchange, document)]
