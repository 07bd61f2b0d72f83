"""Do the parts of a page agree with each other and with what was asked?"""

from collections.abc import Iterator
from typing import Any

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document

_SHAPE = "pagination.shape"
_SIZE = "pagination.page-size-respected"
_PREVIOUS = "pagination.first-page-has-no-previous"
_NEXT = "pagination.next-token-agrees-with-has-more"
_DEFAULT_SIZE = 50


def check_pagination(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """Paged lists have a `pagination` object; its tokens, has_more and the number of items agree."""
    body = exchange.json
    if exchange.status != 200 or not isinstance(body, dict):
        return
    page = body.get("pagination")
    if _is_paged(exchange):
        yield Verdict.on(
            _SHAPE,
            isinstance(page, dict),
            message="The list has no pagination",
            expected="a pagination object",
            actual=page,
        )
    if not isinstance(page, dict):
        return
    yield from _size(exchange, body.get("items"))
    if exchange.query.get("page_token") in (None, ""):
        yield _previous(page)
    if isinstance(page.get("has_more"), bool):
        yield _next(page)


def _is_paged(exchange: Exchange) -> bool:
    parameters = exchange.operation.query_parameters if exchange.operation else ()
    return any(parameter.name == "page_token" for parameter in parameters)


def _size(exchange: Exchange, items: Any) -> Iterator[Verdict]:
    wanted = _asked_size(exchange.query.get("page_size"))
    if wanted is None:
        return
    count = len(items) if isinstance(items, list) else 0
    yield Verdict.on(
        _SIZE,
        count <= wanted,
        message="The page holds too many entries",
        expected=f"at most {wanted} entries",
        actual=f"{count} entries",
    )


def _asked_size(given: Any) -> int | None:
    """The size asked for; None when it is not one the document allows, so that nothing can be expected."""
    if given is None:
        return _DEFAULT_SIZE
    try:
        size = int(str(given))
    except ValueError:
        return None
    return size if 1 <= size <= 100 else None


def _previous(page: dict[str, Any]) -> Verdict:
    token = page.get("prev_page_token")
    return Verdict.on(
        _PREVIOUS,
        not token,
        message="The first page has a token for a previous one",
        expected="prev_page_token empty or absent on the first page",
        actual=f"prev_page_token {token!r}",
    )


def _next(page: dict[str, Any]) -> Verdict:
    token, has_more = page.get("next_page_token"), page["has_more"]
    return Verdict.on(
        _NEXT,
        bool(token) == has_more,
        message="has_more and next_page_token contradict each other",
        expected="a next_page_token exactly when has_more is true",
        actual=f"has_more {has_more}, next_page_token {token!r}",
    )
