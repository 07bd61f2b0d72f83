"""The list of documents: what an actor sees there, filtered, and in order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from factify_mock.model.errors import invalid
from factify_mock.model.pages import Position, moment
from factify_mock.model.permissions import organizations_of
from factify_mock.model.processing import status_of
from factify_mock.model.ranges import TimeRange
from factify_mock.model.records import Actor, Document
from factify_mock.model.sharing import access_level_of, lost_recipients
from factify_mock.model.world import World

SORT_KEYS = ("created_at", "updated_at", "name", "last_viewed_at", "last_shared_at")
NEWEST_FIRST = "-created_at"

# Enough selections for the pages that several clients read at once.
_KEPT = 32


@dataclass(frozen=True, slots=True)
class Filters:
    """Which documents are wanted: one that passes every filter given; None and an empty set pass all."""

    created: TimeRange = field(default_factory=TimeRange)
    created_by_ids: frozenset[str] = frozenset()
    access_levels: frozenset[str] = frozenset()
    processing_statuses: frozenset[str] = frozenset()
    ownership: frozenset[str] = frozenset()  # owned, not_owned
    trash_states: frozenset[str] = frozenset({"active"})
    organization_scope: bool = False
    query: str | None = None  # in the title or the description, whatever the letters' case
    title_contains: str | None = None
    description_contains: str | None = None
    source_formats: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: by `position`, which is different for every document."""

    sort: str
    position: Callable[[Document], Position]
    descending: bool
    key: Callable[[Document], Any]  # sorts as `position` does, and is cheap enough for long lists


def order(world: World, actor: Actor, sort: str) -> Order:
    """The order that a `sort` parameter asks for; documents without the key come last in both directions."""
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORT_KEYS and "documents.unknown-sort-accepted" in world.settings.mutants:
        name = "created_at"
    if name not in SORT_KEYS:
        allowed = ", ".join(SORT_KEYS)
        message = f"sort {sort[:40]!r} is none of {allowed}, each also with a leading -"
        raise invalid("sort", message, reason="invalid_enum_value")
    if "documents.sort-ignored" in world.settings.mutants:
        name, descending = "created_at", True
    absent: Position = (0 if descending else 2,)

    def position(document: Document) -> Position:
        value = _sort_value(world, actor, document, name)
        if "pagination.equal-ones-lost" in world.settings.mutants:
            return absent if value is None else (1, value)
        return (*absent, document.id) if value is None else (1, value, document.id)

    return Order(sort, position, descending, _QUICK_KEYS.get(name, position))


_QUICK_KEYS = {name: attrgetter(name, "id") for name in ("created_at", "updated_at")}


def _sort_value(world: World, actor: Actor, document: Document, key: str) -> str | int | None:
    if key == "created_at":
        return moment(document.created_at)
    if key == "updated_at":
        return moment(document.updated_at)
    if key == "name":
        return document.title.casefold()
    at = (last_viewed_at if key == "last_viewed_at" else shared_at)(world, actor, document)
    return None if at is None else moment(at)


def shared_at(world: World, actor: Actor, document: Document) -> datetime | None:
    """When the actor was last given a role on the document by name; None for the owner and the others."""
    grants = world.tables.grants[document.id]
    grant = grants.get(actor.id)
    if "documents.shared-at-of-anybody" in world.settings.mutants:
        grant = next((each for each in grants.values() if each.role != "owner"), grant)
    return None if grant is None or grant.role == "owner" else grant.granted_at


def last_viewed_at(world: World, actor: Actor, document: Document) -> datetime | None:
    """When the actor last opened the document in the app."""
    views = world.tables.views.get(document.id)
    return None if views is None else views.get(actor.id)


def select(
    world: World, actor: Actor, now: datetime, *, filters: Filters, sorted_by: Order
) -> Sequence[Document]:
    """The documents that the actor finds in its list, in order.

    They are those that the actor owns or was granted, and those open to an organization of the actor's.
    Somebody else's public document can be got by its id but does not turn up here.
    """
    if filters.processing_statuses:
        return _selected(world, actor, now, filters, sorted_by)  # time alone changes it: not for keeping
    kept = world.kept_lists
    if kept.tables is not world.tables or kept.revision != world.tables.revision or len(kept.lists) > _KEPT:
        kept.tables, kept.revision, kept.lists = world.tables, world.tables.revision, {}
    key = (actor.id, organizations_of(world, actor), filters, sorted_by.sort, world.settings.mutants)
    found = kept.lists.get(key)
    if found is None:
        found = kept.lists[key] = _selected(world, actor, now, filters, sorted_by)
    return found


def _selected(
    world: World, actor: Actor, now: datetime, filters: Filters, sorted_by: Order
) -> list[Document]:
    found = _visible(world, actor)
    for holds in _conditions(world, actor, now, filters):
        found = [document for document in found if holds(document)]
    found.sort(key=sorted_by.key, reverse=sorted_by.descending)
    return found


def _visible(world: World, actor: Actor) -> list[Document]:
    documents, access_of = world.tables.documents, world.tables.access_of
    organizations = organizations_of(world, actor)
    ids = dict.fromkeys(access_of.get(actor.id, ()))
    for organization_id in organizations:
        ids.update(dict.fromkeys(access_of.get(organization_id, ())))
    found = [documents[document_id] for document_id in ids]
    for organization_id in organizations:
        found.extend(
            documents[document_id]
            for document_id in world.tables.documents_of.get(organization_id, ())
            if document_id not in ids and documents[document_id].access_level != "private"
        )
    if world.settings.mutants:
        return _distorted(world, actor, found)
    return found


def _distorted(world: World, actor: Actor, found: list[Document]) -> list[Document]:
    """What deliberate defects show instead of what the actor may see."""
    mutants = world.settings.mutants
    if "documents.list-lags-behind" in mutants:
        since = world.clock.now() - timedelta(minutes=1)
        found = [each for each in found if each.created_at < since]
    states = {state for state, defect in _LISTED_STILL.items() if defect in mutants}
    if states:
        ids = {each.id for each in found}
        others = (each for each in world.tables.documents.values() if each.id not in ids)
        lost = [each for each in others if actor.id in lost_recipients(world, each)]
        found += [each for each in lost if each.trash_state in states]
    return found


# The defects by which lists show documents to those who lost them, by the state that these are in.
_LISTED_STILL = {
    "active": "sharing.revoked-finds-it",
    "trashed": "trash.listed-for-former-recipients",
}


def _conditions(
    world: World, actor: Actor, now: datetime, filters: Filters
) -> Iterable[Callable[[Document], bool]]:
    """One predicate for each filter that is given, cheapest first."""
    states = filters.trash_states
    if "trash.still-listed" in world.settings.mutants:
        states = states | {"trashed"}
    yield lambda document: document.trash_state in states
    if "documents.filter-ignored" in world.settings.mutants:
        return
    if filters.organization_scope:
        yield lambda document: document.organization_id == actor.organization_id is not None
    if filters.access_levels:
        yield lambda document: access_level_of(world, document) in filters.access_levels
    if filters.created_by_ids:
        yield lambda document: document.created_by in filters.created_by_ids
    if filters.ownership:
        wrong = "documents.ownership-swapped" in world.settings.mutants
        owner = _creator if "documents.owned-means-created" in world.settings.mutants else _owner
        yield lambda document: (_ownership(actor, owner(document)) in filters.ownership) is not wrong
    if filters.created != TimeRange():
        yield lambda document: document.created_at in filters.created
    versions = world.tables.versions
    if filters.source_formats:
        formats = filters.source_formats
        yield lambda document: versions[document.current_version_id].source_format in formats
    if filters.processing_statuses:
        wanted = filters.processing_statuses
        yield lambda document: status_of(versions[document.current_version_id], now) in wanted
    if world.settings.mutants:
        yield from _wrong_text_conditions(world.settings.mutants, filters)
        return
    yield from _text_conditions(filters)


def _ownership(actor: Actor, owner_id: str) -> str:
    return "owned" if owner_id == actor.id else "not_owned"


def _owner(document: Document) -> str:
    return document.owner_id


def _creator(document: Document) -> str:
    return document.created_by


def _text_conditions(filters: Filters) -> Iterable[Callable[[Document], bool]]:
    if filters.title_contains:
        title = filters.title_contains.casefold()
        yield lambda document: title in document.title.casefold()
    if filters.description_contains is not None:
        description = filters.description_contains.casefold()
        yield lambda document: _contains(document.description, description)
    if filters.query:
        query = filters.query.casefold()
        yield lambda document: query in document.title.casefold() or _contains(document.description, query)


def _wrong_text_conditions(mutants: frozenset[str], filters: Filters) -> Iterable[Callable[[Document], bool]]:
    """The conditions on texts as deliberate defects have them."""
    title, description = filters.title_contains, filters.description_contains
    if title and "documents.title-filter-heeds-case" in mutants:
        filters = replace(filters, title_contains=None)
        yield lambda document: title in document.title
    if title and "documents.title-filter-has-wildcards" in mutants:
        wildcards = {"%": ".*", "_": "."}
        pattern = re.compile("".join(wildcards.get(each, re.escape(each)) for each in title.casefold()))
        filters = replace(filters, title_contains=None)
        yield lambda document: pattern.search(document.title.casefold()) is not None
    if description is not None and "documents.description-filter-lets-empty-pass" in mutants:
        part = description.casefold()
        filters = replace(filters, description_contains=None)
        yield lambda document: document.description is None or _contains(document.description, part)
    yield from _text_conditions(filters)


def _contains(text: str | None, part: str) -> bool:
    return text is not None and part in text.casefold()
