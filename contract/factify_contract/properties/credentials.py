"""Requests without credentials, and with credentials that nobody issued."""

from collections.abc import Iterator
from random import Random

from factify_contract.checks.status import error_code
from factify_contract.exchange import ANONYMOUS, Exchange
from factify_contract.findings import Verdict, describe
from factify_contract.properties.drafts import Draft
from factify_contract.properties.oracle import details

_REASONS = frozenset(
    {
        "missing_api_key", "invalid_api_key", "expired_api_key", "invalid_token", "expired_token",
        "authentication_required",
    }
)  # fmt: skip
# Refusals that come before anybody looks at credentials; 501 gives away nothing, since nothing is there.
_BEFORE = frozenset({408, 429, 499, 501, 503})
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def strangers(rng: Random) -> tuple[tuple[str, str | None], ...]:
    """Names and tokens of callers whom no API knows: none, a key never issued, a token that is none."""
    secret = "".join(rng.choice(_LETTERS) for _ in range(68))
    return ((ANONYMOUS, None), ("unknown-key", f"ffy_test_0{secret}"), ("unknown-token", "not.a.token"))


def judge_refusal(draft: Draft, exchange: Exchange) -> Iterator[Verdict]:
    """The answer to a stranger has to be 401 unauthenticated, with a reason that belongs to it if any."""
    if exchange.status in _BEFORE:
        return
    clause = "authentication.unknown-token-refused"
    if exchange.actor == ANONYMOUS:
        clause = "authentication.required"
    reasons = [item["reason"] for item in details(exchange) if "reason" in item]
    code = error_code(exchange)
    if exchange.status == 401 and code == "unauthenticated" and all(one in _REASONS for one in reasons):
        yield Verdict(clause)
        return
    said = f"{exchange.status} {code or describe(exchange.content.decode('utf-8', 'replace'))}"
    yield Verdict(
        clause,
        True,
        f"{draft.operation.id} does not refuse a caller whom nobody knows as the document says",
        "401 unauthenticated with a reason about credentials",
        f"{said} for {', '.join(map(str, reasons))}" if reasons else said,
    )
