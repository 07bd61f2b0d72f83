"""Reading a list page by page, there and back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from factify_contract.scenarios.steps import ids
from factify_contract.scenarios.story import Answer, NotExercised, Person

# A list that still goes on after so many pages of a few items each is taken to be endless.
_ENDLESS = 12


@dataclass(frozen=True, slots=True)
class Page:
    """The ids on one page, and the tokens of the pages around it; "" where there is none."""

    ids: list[str]
    next: str
    previous: str


@dataclass(frozen=True, slots=True)
class Paged:
    """A list as one person reads it, some items to a page; `answer` asks for one page."""

    ask: Callable[[Mapping[str, Any]], Answer]

    def whole(self) -> list[str]:
        """The ids of the list read in the largest pages there are."""
        pages = [self.page(page_size=100)]
        while pages[-1].next and len(pages) < _ENDLESS:
            pages.append(self.page(page_size=100, page_token=pages[-1].next))
        return joined(pages)

    def forward(self) -> list[Page]:
        """All pages from the first on, by the tokens for the next one; no more than a dozen."""
        pages = [self.page()]
        while pages[-1].next and len(pages) < _ENDLESS:
            pages.append(self.follow("pagination.pages-make-whole", pages[-1].next))
        return pages

    def follow(self, clause: str, token: str) -> Page:
        """The page that a token leads to; where it is refused the clause is broken and the story ends."""
        return _page_of(self.answer(page_token=token).succeeds(clause))

    def page(self, **query: Any) -> Page:
        """One page; the story ends where it cannot be read."""
        answer = self.answer(**query)
        if answer.status != 200:
            raise NotExercised(f"the page could not be read: {answer.exchange.line}")
        return _page_of(answer.body)

    def answer(self, **query: Any) -> Answer:
        """What the list answers when it is asked for one page."""
        return self.ask(query)


def _page_of(body: Mapping[str, Any]) -> Page:
    tokens = body.get("pagination") or {}
    items = ids(body.get("items") or [])
    return Page(items, tokens.get("next_page_token") or "", tokens.get("prev_page_token") or "")


def by_twos(
    person: Person, operation_id: str, *, query: Mapping[str, Any] | None = None, **path: Any
) -> Paged:
    """The list with two items to a page."""
    asked = {"page_size": 2, **(query or {})}
    return Paged(lambda more: person.call(operation_id, query={**asked, **more}, **path))


def joined(pages: Sequence[Page]) -> list[str]:
    """The ids of all pages, one page after the other."""
    return [each for page in pages for each in page.ids]


def is_just_before(page: Page, earlier: Sequence[Page]) -> bool:
    """Whether the page holds what immediately precedes, when these are all the pages before."""
    preceding = joined(earlier)
    return bool(page.ids) and page.ids == preceding[-len(page.ids) :]
