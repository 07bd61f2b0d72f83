"""The calls on record as the rules of the exam look at them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec

from factify_contract.spec import Document, Operation
from factify_mock.api.parameters import query_pairs
from factify_mock.journal import Entry
from factify_mock.model.errors import DomainError

# The parameters that lead to another page.
PAGE_PARAMETERS = ("page_token", "cursor")


@dataclass(frozen=True, eq=False)
class Seen:
    """One call: its entry in the journal, and what the document says of it."""

    entry: Entry
    request_id: str
    operation: Operation | None

    @property
    def reason(self) -> str | None:
        """The reason that the call was refused with."""
        body = _json(self.entry.response_body)
        details = body.get("details") if isinstance(body, dict) else None
        first = details[0] if isinstance(details, list) and details else None
        return first.get("reason") if isinstance(first, dict) else None

    @cached_property
    def query(self) -> list[tuple[str, str]]:
        """The pairs of the query; none where it can't be read."""
        try:
            return query_pairs(self.entry.query_string)
        except DomainError:
            return []

    @cached_property
    def body(self) -> Any:
        """The JSON that was sent, or of a form its texts and names of files; None where it is neither."""
        return _json(self.entry.request_body)

    @cached_property
    def headers(self) -> Mapping[str, str]:
        """The headers by their lower-case names; of several the last one."""
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in self.entry.request_headers}

    @property
    def is_form(self) -> bool:
        """Whether the body was a form."""
        return self.headers.get("content-type", "").startswith("multipart/")

    @property
    def same_call(self) -> tuple[object, ...]:
        """What is equal for two calls of the same caller that ask for the same."""
        entry = self.entry
        return (entry.actor_id, entry.method, entry.path, entry.query_string, entry.request_body)

    @property
    def page_token(self) -> str | None:
        """The page that was asked for, other than the first one."""
        return next((value for name, value in self.query if name in PAGE_PARAMETERS and value), None)

    @cached_property
    def next_page_token(self) -> str | None:
        """The page that the answer offered next."""
        if self.entry.notes.next_page_token is not None:
            return self.entry.notes.next_page_token
        body = _json(self.entry.response_body) if self.entry.is_handled else None
        if not isinstance(body, dict):
            return None
        pagination = body.get("pagination")
        found = pagination.get("next_page_token") if isinstance(pagination, dict) else body.get("next_cursor")
        return found if isinstance(found, str) and found else None

    def seconds_until(self, other: "Seen") -> float:
        """How long the client waited before `other`: in real time, or in the world's if that is longer."""
        real = (other.entry.arrived - self.entry.arrived).total_seconds()
        return max(real, (other.entry.at - self.entry.at).total_seconds())


def seen(entries: Iterable[tuple[Entry, str]], document: Document) -> Iterator[Seen]:
    """The entries, each with the id of its request."""
    for entry, request_id in entries:
        yield Seen(entry, request_id, document.operations.get(entry.operation_id or ""))


def _json(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw) if raw else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
