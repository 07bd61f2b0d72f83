"""How quickly the API answered: a histogram of all answers, and percentiles for each operation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from factify_contract.report.html.observed import Observed
from factify_contract.spec import Document, Operation

# Bars end at 1, 2 and 5 of every decade.
_DECADE = (1.0, 2.0, 5.0)
_PERCENTILES = (50, 95, 99)


@dataclass(frozen=True, slots=True)
class Bar:
    """How many answers took less than the label says, and not less than the label before."""

    label: str
    count: int
    height: float


@dataclass(frozen=True, slots=True)
class Latency:
    """Durations of one operation in words, and as places on the common scale of 0 to 100.

    `values` are the median, 95 and 99 percent and the longest. `most` is how far it is from the median
    to the `high` of 95 percent, `rest` how far from there to the longest.
    """

    operation: Operation
    count: int
    values: tuple[str, ...]
    middle: float
    most: float
    high: float
    rest: float


@dataclass(frozen=True, slots=True)
class Timing:
    """All durations of a run; `rows` has the slowest operation first."""

    total: str
    bars: tuple[Bar, ...]
    rows: tuple[Latency, ...]
    ticks: tuple[tuple[float, str], ...]


def timing(observed: Observed, document: Document) -> Timing:
    """The figures for everything that was measured; no rows and bars when nothing was."""
    measured = {
        operation: sorted(observed.seconds[operation.id])
        for operation in document.operations.values()
        if observed.seconds.get(operation.id)
    }
    everything = sorted(seconds for one in observed.seconds.values() for seconds in one)
    if not everything:
        return Timing("0", (), (), ())
    edges = _edges(everything[0], everything[-1])
    rows = [_latency(operation, seconds, edges) for operation, seconds in measured.items()]
    rows.sort(key=lambda row: -row.high)
    ticks = tuple((_place(edge, edges), in_words(edge)) for edge in edges if _is_decade(edge))
    return Timing(f"{len(everything):,}", _histogram(everything, edges), tuple(rows), ticks)


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent of the values do not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(percent / 100 * len(ordered)) - 1)]


def in_words(seconds: float) -> str:
    """A duration with two or more significant digits and its unit."""
    units = ((1, "s"), (1e3, "ms"), (1e6, "µs"))
    factor, unit = next((one for one in units if seconds * one[0] >= 0.995), units[-1])
    value = seconds * factor
    return f"{value:.0f} {unit}" if value >= 9.95 else f"{value:.1f} {unit}".replace(".0 ", " ")


def _edges(least: float, most: float) -> list[float]:
    """Round durations, the first not above the least and the last above the most."""
    least = max(least, 1e-6)
    decade = math.floor(math.log10(least))
    edges: list[float] = []
    while not edges or edges[-1] <= most:
        edges += [digit * 10.0**decade for digit in _DECADE]
        decade += 1
    first = max(number for number, edge in enumerate(edges) if edge <= least or number == 0)
    last = next(number for number, edge in enumerate(edges) if edge > most)
    return edges[first : last + 1]


def _histogram(ordered: Sequence[float], edges: list[float]) -> tuple[Bar, ...]:
    counts = [0] * (len(edges) - 1)
    number = 0
    for seconds in ordered:
        while number < len(counts) - 1 and seconds >= edges[number + 1]:
            number += 1
        counts[number] += 1
    highest = max(counts)
    return tuple(
        Bar(in_words(high), count, round(100 * count / highest, 1))
        for high, count in zip(edges[1:], counts, strict=True)
    )


def _latency(operation: Operation, ordered: Sequence[float], edges: list[float]) -> Latency:
    values = [*(percentile(ordered, percent) for percent in _PERCENTILES), ordered[-1]]
    middle, high, _, top = (_place(value, edges) for value in values)
    return Latency(
        operation=operation,
        count=len(ordered),
        values=tuple(map(in_words, values)),
        middle=middle,
        most=round(high - middle, 1),
        high=high,
        rest=round(top - high, 1),
    )


def _place(seconds: float, edges: list[float]) -> float:
    low, high = math.log10(edges[0]), math.log10(edges[-1])
    return round(100 * (math.log10(max(seconds, edges[0])) - low) / (high - low), 1)


def _is_decade(edge: float) -> bool:
    return math.isclose(math.log10(edge) % 1, 0, abs_tol=1e-6) or math.isclose(
        math.log10(edge) % 1, 1, abs_tol=1e-6
    )
