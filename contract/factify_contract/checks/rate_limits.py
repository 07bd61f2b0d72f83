"""Are the rate-limit headers, where an answer has them, integers?"""

import re
from collections.abc import Iterator

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document

_HEADERS = ("x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")
_INTEGER = re.compile(r"-?[0-9]+")


def check_rate_limits(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """Each header that is there is an integer; none of them has to be there."""
    clause = "rate-limits.headers-are-integers"
    given = {name: exchange.headers[name] for name in _HEADERS if name in exchange.headers}
    odd = {name: value for name, value in given.items() if not _INTEGER.fullmatch(value.strip())}
    if odd:
        name, value = next(iter(odd.items()))
        yield Verdict(
            clause, True, f"The header {name} is not an integer", f"an integer in {name}", repr(value)
        )
    elif given:
        yield Verdict(clause)
