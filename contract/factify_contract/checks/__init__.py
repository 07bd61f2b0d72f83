"""Judges every single exchange against the document; pure, one file per topic."""

from collections.abc import Callable, Iterator

from factify_contract.checks.agreement import check_agreement
from factify_contract.checks.body import check_body
from factify_contract.checks.errors import check_errors
from factify_contract.checks.identifiers import check_identifiers
from factify_contract.checks.media_type import check_media_type
from factify_contract.checks.pagination import check_pagination
from factify_contract.checks.quotas import check_quotas
from factify_contract.checks.rate_limits import check_rate_limits
from factify_contract.checks.status import check_status
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document

__all__ = ["CHECKS", "Check", "judge"]

Check = Callable[[Exchange, Document], Iterator[Verdict]]

# What can be asked of an answer that a mock has made up.
_OF_SHAPE: tuple[Check, ...] = (check_status, check_media_type, check_body)
CHECKS: tuple[Check, ...] = (
    *_OF_SHAPE,
    check_errors,
    check_identifiers,
    check_rate_limits,
    check_pagination,
    check_quotas,
    check_agreement,
)


def judge(exchange: Exchange, document: Document) -> list[Verdict]:
    """What all checks say about the exchange: verdicts on the clauses that it exercised."""
    checks = _OF_SHAPE if exchange.is_sample else CHECKS
    return [verdict for check in checks for verdict in check(exchange, document)]
