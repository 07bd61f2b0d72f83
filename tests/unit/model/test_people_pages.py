"""Pages join to the whole list, lead back, and stand changes between two calls."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factify_mock.model.errors import DomainError
from factify_mock.model.pages import Page, moment, paginate

Item = tuple[int, str]
deterministic = settings(max_examples=60, derandomize=True, deadline=None)
items_and_order = st.tuples(
    st.sets(st.tuples(st.integers(0, 5), st.text("abc", min_size=1, max_size=4)), max_size=30), st.booleans()
)


def page(
    items: set[Item] | list[Item],
    token: str | None,
    size: int,
    *,
    descending: bool = False,
    **binding: object,
) -> Page[Item]:
    ordered = sorted(items, reverse=descending)
    return paginate(
        ordered, token=token, size=size, position=lambda item: item, descending=descending, binding=binding
    )


def all_pages(items: set[Item], size: int, *, descending: bool) -> list[Page[Item]]:
    pages = [page(items, None, size, descending=descending)]
    while pages[-1].next_token:
        pages.append(page(items, pages[-1].next_token, size, descending=descending))
    return pages


@deterministic
@given(items_and_order, st.integers(1, 7))
def test_pages_concatenate_to_the_whole_list(given_items: tuple[set[Item], bool], size: int) -> None:
    items, descending = given_items

    pages = all_pages(items, size, descending=descending)

    assert [item for each in pages for item in each.items] == sorted(items, reverse=descending)
    assert [each.has_more for each in pages] == [True] * (len(pages) - 1) + [False]
    assert all(len(each.items) == size for each in pages[:-1])


@deterministic
@given(items_and_order, st.integers(1, 7))
def test_previous_token_leads_back_to_exactly_the_previous_page(
    given_items: tuple[set[Item], bool], size: int
) -> None:
    items, descending = given_items
    pages = all_pages(items, size, descending=descending)

    assert pages[0].prev_token == ""
    for earlier, later in pairwise(pages):
        assert page(items, later.prev_token, size, descending=descending) == earlier


@deterministic
@given(
    items_and_order,
    st.integers(1, 7),
    st.lists(st.tuples(st.integers(0, 5), st.text("abcd", min_size=1, max_size=4)), max_size=12),
    st.data(),
)
def test_what_stays_is_met_exactly_once_whatever_comes_and_goes_between_two_calls(
    given_items: tuple[set[Item], bool], size: int, newcomers: list[Item], data: st.DataObject
) -> None:
    items, descending = given_items
    lasting = set(items)
    met: list[Item] = []
    token: str | None = None
    while token != "":
        current = page(items, token, size, descending=descending)
        met += current.items
        token = current.next_token
        if newcomers:
            items = items | {newcomers.pop()}
        if items and data.draw(st.booleans()):
            leaving = data.draw(st.sampled_from(sorted(items)))
            items = items - {leaving}
            lasting.discard(leaving)

    assert len(met) == len(set(met))
    assert lasting <= set(met)


def test_token_outlives_the_item_it_was_made_at() -> None:
    items = [(n, "x") for n in range(6)]
    first = page(items, None, 2)

    items.remove((1, "x"))

    assert page(items, first.next_token, 2).items == [(2, "x"), (3, "x")]


def test_page_that_became_empty_still_leads_back() -> None:
    first = page([(1, "a"), (2, "b")], None, 1)

    emptied = page([(1, "a")], first.next_token, 1)

    assert (emptied.items, emptied.has_more, emptied.next_token) == ([], False, "")
    assert page([(1, "a")], emptied.prev_token, 1).items == [(1, "a")]


def test_empty_token_is_the_first_page() -> None:
    assert page([(1, "a"), (2, "b")], "", 1).items == [(1, "a")]


def test_tokens_need_no_escaping_in_a_url() -> None:
    token = page([(1, "a"), (2, "b")], None, 1).next_token

    assert token.replace("-", "").replace("_", "").isalnum()


def encoded(cursor: object) -> str:
    return urlsafe_b64encode(json.dumps(cursor).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "not base64!",
        "ümlaut",
        "AAAA",
        "A" * 10_000,
        encoded("text"),
        encoded({"at": [1, "a"], "d": "next"}),
        encoded({"at": [1, "a"], "d": "sideways", "f": ""}),
        urlsafe_b64encode(b"[" * 1500).rstrip(b"=").decode(),
    ],
)
def test_garbage_is_refused_as_an_invalid_cursor(token: str) -> None:
    with pytest.raises(DomainError) as refused:
        page([(1, "a"), (2, "b")], token, 1)

    error = refused.value
    assert (error.code, error.reason, error.param) == ("invalid_argument", "invalid_cursor", "page_token")


def test_token_of_another_list_or_filter_is_refused() -> None:
    token = page([(1, "a"), (2, "b")], None, 1, list="a", status=["pending"]).next_token

    with pytest.raises(DomainError, match="page_token"):
        page([(1, "a"), (2, "b")], token, 1, list="a", status=["revoked"])


def test_well_sealed_token_with_a_foreign_position_is_refused() -> None:
    token = page([(1, "a"), (2, "b")], None, 1).next_token

    with pytest.raises(DomainError) as refused:
        paginate(["a", "b"], token=token, size=1, position=lambda item: (item,), descending=False, binding={})

    assert refused.value.reason == "invalid_cursor"


def test_moments_order_like_the_instants_they_stand_for() -> None:
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)

    assert moment(at + timedelta(microseconds=1)) == moment(at) + 1
