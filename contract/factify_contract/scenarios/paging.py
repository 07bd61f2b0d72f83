"""Reading a list page by page, there and back, and the step in which every paged list is judged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from factify_contract.scenarios.steps import refuses_token
from factify_contract.scenarios.story import Answer, Api, NotExercised, Person

# A list that still goes on after so many pages of a few items each is taken to be endless.
_ENDLESS = 12
_LARGEST_PAGE = 100

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """The ids on one page, and the tokens of the pages around it; "" where there is none."""

    ids: list[str]
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class Paged:
    """A list as one person reads it, some items to a page.

    `ask` asks for one page, `identify` tells what an item of it is known by.
    """

    ask: Callable[[Mapping[str, Any]], Answer]
    identify: Callable[[Item], str]

    def whole(self) -> list[str]:
        """The ids of the list read in the largest pages there are."""
        pages = [self.page(page_size=_LARGEST_PAGE)]
        while pages[-1].next and len(pages) < _ENDLESS:
            pages.append(self.page(page_size=_LARGEST_PAGE, page_token=pages[-1].next))
        return joined(pages)

    def forward(self) -> list[Page]:
        """All pages from the first on, by the tokens for the next one; no more than a dozen."""
        pages = [self.page()]
        while pages[-1].next and len(pages) < _ENDLESS:
            pages.append(self.follow("pagination.pages-make-whole", pages[-1].next))
        return pages

    def follow(self, clause: str, token: str) -> Page:
        """The page that a token leads to; where it is refused the clause is broken and the story ends."""
        return self._page_of(self.answer(page_token=token).succeeds(clause))

    def page(self, **query: Any) -> Page:
        """One page; the story ends where it cannot be read."""
        answer = self.answer(**query)
        if answer.status != 200:
            raise NotExercised(f"the page could not be read: {answer.exchange.line}")
        return self._page_of(answer.body)

    def answer(self, **query: Any) -> Answer:
        """What the list answers when it is asked for one page."""
        return self.ask(query)

    def _page_of(self, body: Mapping[str, Any]) -> Page:
        tokens = body.get("pagination") or {}
        items = [self.identify(item) for item in body.get("items") or []]
        return Page(items, tokens.get("next_page_token") or "", tokens.get("prev_page_token") or "")


def paged(
    person: Person,
    operation_id: str,
    *,
    size: int = 2,
    identify: Callable[[Item], str] = lambda item: str(item["id"]),
    query: Mapping[str, Any] | None = None,
    **path: Any,
) -> Paged:
    """The list with so many items to a page."""
    asked = {"page_size": size, **(query or {})}
    return Paged(lambda more: person.call(operation_id, query={**asked, **more}, **path), identify)


def a_third_of(items: Sequence[str]) -> int:
    """How many items go to a page so that the list has three pages or four."""
    return min(_LARGEST_PAGE, max(1, len(items) // 3))


def comes_in_pages(api: Api, listed: Paged, whole: Sequence[str]) -> None:
    """The pages hold everything once, in order, and end; the third one leads back to the second.

    `whole` has the ids of all items, in any order. The story ends where there are not enough pages, or no
    tokens, for the way back.
    """
    pages = listed.forward()
    api.equals("pagination.pages-make-whole", "items of all pages", sorted(joined(pages)), sorted(whole))
    api.equals("pagination.keeps-order", "items in their order", joined(pages), listed.whole())
    api.equals("pagination.last-page", "token after the last page", pages[-1].next, "")
    refuses_token(listed.answer(page_token="no-token-of-any-list"))  # noqa: S106 - no secret

    api.require(len(pages) > 2 and pages[2].previous, "there are no tokens for the way back")
    back = listed.follow("pagination.goes-back", pages[2].previous)
    api.holds(
        "pagination.goes-back",
        _is_just_before(back, pages[:2]),
        expected=f"the page before the third: {pages[1].ids}",
        actual=back.ids,
    )


def joined(pages: Sequence[Page]) -> list[str]:
    """The ids of all pages, one page after the other."""
    return [each for page in pages for each in page.ids]


def _is_just_before(page: Page, earlier: Sequence[Page]) -> bool:
    """Whether the page holds what immediately precedes, when these are all the pages before."""
    preceding = joined(earlier)
    return bool(page.ids) and page.ids == preceding[-len(page.ids) :]
