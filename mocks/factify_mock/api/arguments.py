"""What several operations have in common: ranges of time in a query, and pages of a list."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from factify_contract.spec.formats import parse_timestamp
from factify_mock.api.call import Call
from factify_mock.model.pages import Position, paginate
from factify_mock.model.ranges import TimeRange, time_range

T = TypeVar("T")

DEFAULT_PAGE_SIZE = 50


def instant(values: Mapping[str, Any], name: str) -> datetime | None:
    """The instant that a parameter or a field names, in UTC; None where it is absent or null."""
    text = values.get(name)
    return parse_timestamp(text) if text is not None else None


def range_of(query: Mapping[str, Any], name: str) -> TimeRange:
    """The range that the parameters `name`.after and `name`.before name."""
    return time_range(name, instant(query, f"{name}.after"), instant(query, f"{name}.before"))


def listing(
    call: Call,
    items: Sequence[T],
    *,
    position: Callable[[T], Position],
    descending: bool,
    render: Callable[[T], dict[str, Any]],
    is_order_documented: bool = False,
) -> dict[str, Any]:
    """The page of `items` that the call asks for, with the tokens of its neighbours.

    The tokens are bound to the operation, its path and every parameter but those of the page.
    """
    if call.world.settings.variants.lists_reversed and not is_order_documented:
        items, descending = items[::-1], not descending
    filters = {name: value for name, value in call.query.items() if name not in ("page_token", "page_size")}
    page = paginate(
        items,
        token=call.query.get("page_token"),
        size=call.query.get("page_size", DEFAULT_PAGE_SIZE),
        position=position,
        descending=descending,
        binding={"operation": call.operation.id, "path": call.path, "filters": filters},
    )
    return {
        "items": [render(item) for item in page.items],
        "pagination": {
            "has_more": page.has_more,
            "next_page_token": page.next_token,
            "prev_page_token": page.prev_token,
        },
    }
