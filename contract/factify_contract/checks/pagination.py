"""Do the parts of a page agree with each other and with what was asked?"""

from collections.abc import Iterator
from typing import Any

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document

_SIZE = "pagination.page-size-respected"
_PREVIOUS = "pagination.first-page-has-no-previous"
_NEXT = "pagination.next-token-agrees-with-has-more"
_DEFAULT_SIZE = 50


def check_pagination(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """For answers with a `pagination` object: size, previous token, next token."""
    body = exchange.json if exchange.status == 200 else None
    page = body.get("pagination") if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(page, dict):
        return
    yield from _size(exchange, body.get("items"))
    if exchange.query.get("page_token") in (None, ""):
        yield _previous(page)
    if isinstance(page.get("has_more"), bool):
        yield _next(page)


def _size(exchange: Exchange, items: Any) -> Iterator[Verdict]:
    wanted = _asked_size(exchange.query.get("page_size"))
    if wanted is None:
        return
    count = len(items) if isinstance(items, list) else 0
    if count <= wanted:
        yield Verdict(_SIZE)
    else:
        yield Verdict(
            _SIZE, True, "The page holds too many entries", f"at most {wanted} entries", f"{count} entries"
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
    if not token:
        return Verdict(_PREVIOUS)
    return Verdict(
        _PREVIOUS,
        True,
        "The first page has a token for a previous one",
        "prev_page_token empty or absent on the first page",
        f"prev_page_token {token!r}",
    )


def _next(page: dict[str, Any]) -> Verdict:
    token, has_more = page.get("next_page_token"), page["has_more"]
    if bool(token) == has_more:
        return Verdict(_NEXT)
    return Verdict(
        _NEXT,
        True,
        "has_more and next_page_token contradict each other",
        "a next_page_token exactly when has_more is true",
        f"has_more {has_more}, next_page_token {token!r}",
    )
