"""What a run saw of the API, in counts: which operation answered whom with what, and how quickly."""

from array import array
from collections import Counter, defaultdict

from factify_contract.exchange import Exchange

# Stands for a request that is of no operation of the document.
NOWHERE = ""


class Observed:
    """Counts exchanges and keeps nothing of their content. Mutable; the memory it takes is small.

    `answers` counts by operation id and status, `received` by actor, operation id and status.
    `seconds` holds the durations of each operation in the order they were measured.
    """

    def __init__(self) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self.received: Counter[tuple[str, str, int]] = Counter()
        self.seconds: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))

    def note(self, exchange: Exchange) -> None:
        """Counts one exchange."""
        self.count(exchange.operation_id or NOWHERE, exchange.actor, exchange.status, exchange.elapsed)

    def count(self, operation: str, actor: str, status: int, seconds: float) -> None:
        """Counts one answer to the actor; `operation` is an id or NOWHERE."""
        self.answers[operation, status] += 1
        self.received[actor, operation, status] += 1
        self.seconds[operation].append(seconds)
