"""Ways through a body, shared by the checks that look at every object in it."""

from collections.abc import Iterator
from typing import Any

from factify_contract.findings import Verdict


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in the value, without recursion, since answers may be deep."""
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting.extend(current.values())
        elif isinstance(current, list):
            waiting.extend(current)


def worse(first: Verdict | None, second: Verdict | None) -> Verdict | None:
    """The broken one of two verdicts on one clause, or whichever there is."""
    return first if second is None or (first is not None and first.broken) else second
