"""The list of documents: whose documents it shows, by which filters, and in which order."""

import pytest

from factify_mock.model import documents, listing, sharing
from factify_mock.model.pages import paginate
from factify_mock.model.ranges import TimeRange

CSV = (b"a,b\n", "table.csv")


@pytest.fixture
def titles(cast):
    """The titles in an actor's list, with these filters and sort."""

    def select(actor, sort=listing.NEWEST_FIRST, **filters):
        order = listing.order(cast.world, actor, sort)
        found = listing.select(
            cast.world, actor, cast.now, filters=listing.Filters(**filters), sorted_by=order
        )
        return [each.title for each in found]

    return select


@pytest.fixture
def make_spaced(cast, make_document):
    """Creates documents a minute apart."""

    def make(actor, *titles, **fields):
        made = []
        for title in titles:
            made.append(make_document(actor, title, **fields))
            cast.passes(minutes=1)
        return made

    return make


def share(cast, document, recipient, actor=None):
    sharing.grant(
        cast.world,
        actor or cast.owner,
        cast.now,
        document_id=document.id,
        wishes=[sharing.Wish(recipient, "viewer")],
    )


def test_newest_document_comes_first(cast, make_spaced, titles):
    make_spaced(cast.owner, "first", "second", "third")

    assert titles(cast.owner) == ["third", "second", "first"]


def test_documents_of_one_instant_are_listed_by_the_order_of_creation(cast, make_document, titles):
    for title in ("first", "second", "third"):
        make_document(cast.owner, title)

    assert titles(cast.owner) == ["third", "second", "first"]


def test_list_shows_what_is_owned_shared_or_open_to_the_organization(cast, make_spaced, titles):
    (private,) = make_spaced(cast.owner, "private", access_level="private")
    make_spaced(cast.owner, "open", "public", access_level="public")
    make_spaced(cast.owner, "internal")
    (foreign,) = make_spaced(cast.outsider, "foreign", access_level="private")

    assert titles(cast.member) == ["internal", "public", "open"]
    assert titles(cast.key) == ["internal", "public", "open"]
    assert titles(cast.outsider) == ["foreign"]
    assert titles(cast.invitee) == []

    share(cast, private, cast.invitee.id)
    share(cast, private, cast.organization_id)
    share(cast, foreign, cast.member.id, cast.outsider)

    assert titles(cast.invitee) == ["private"]
    assert titles(cast.member) == ["foreign", "internal", "public", "open", "private"]


def test_list_follows_every_change_at_once(cast, make_document, titles):
    document = make_document(cast.owner, "Lease")
    assert titles(cast.member) == ["Lease"]

    documents.update(cast.world, cast.owner, cast.now, document_id=document.id, changes={"title": "Sale"})
    assert titles(cast.member) == ["Sale"]

    documents.trash(cast.world, cast.owner, cast.now, document_id=document.id)
    assert titles(cast.member) == []

    documents.untrash(cast.world, cast.owner, cast.now, document_id=document.id)
    assert titles(cast.owner) == ["Sale"]


def test_list_follows_a_reset_of_the_tables(cast, make_document, titles):
    start = cast.world.tables.copy()
    make_document(cast.owner, "before")
    assert titles(cast.owner) == ["before"]

    cast.world.tables = start
    make_document(cast.owner, "after")

    assert titles(cast.owner) == ["after"]


def test_query_looks_into_title_and_description_whatever_the_case(cast, make_spaced, titles):
    make_spaced(cast.owner, "Budget 2026")
    make_spaced(cast.owner, "Letter", description="About the BUDGET")
    make_spaced(cast.owner, "Invoice", description="Paid")

    assert titles(cast.owner, query="budGET") == ["Letter", "Budget 2026"]
    assert titles(cast.owner, query="") == ["Invoice", "Letter", "Budget 2026"]
    assert titles(cast.owner, title_contains="BUDGET") == ["Budget 2026"]
    assert titles(cast.owner, description_contains="budget") == ["Letter"]
    assert titles(cast.owner, description_contains="") == ["Invoice", "Letter"]


def test_created_range_includes_both_ends(cast, make_spaced, titles):
    first, second, third = make_spaced(cast.owner, "first", "second", "third")

    both = TimeRange(first.created_at, second.created_at)
    assert titles(cast.owner, created=both) == ["second", "first"]
    assert titles(cast.owner, created=TimeRange(after=third.created_at)) == ["third"]
    assert titles(cast.owner, created=TimeRange(before=first.created_at)) == ["first"]


def test_values_of_one_filter_are_alternatives_and_filters_combine(cast, make_spaced, make_upload, titles):
    make_spaced(cast.owner, "a", access_level="private")
    make_spaced(cast.owner, "b", access_level="public")
    make_spaced(cast.member, "c", access_level="public", upload=make_upload(*CSV))
    make_spaced(cast.member, "d")

    assert titles(cast.owner, access_levels=frozenset({"private", "public"})) == ["c", "b", "a"]
    assert titles(cast.owner, source_formats=frozenset({"csv", "docx"})) == ["c"]
    assert titles(cast.owner, ownership=frozenset({"owned"})) == ["b", "a"]
    assert titles(cast.owner, ownership=frozenset({"not_owned"})) == ["d", "c"]
    assert titles(cast.owner, ownership=frozenset({"owned", "not_owned"})) == ["d", "c", "b", "a"]
    makers = frozenset({cast.member.id})
    assert titles(cast.owner, created_by_ids=makers) == ["d", "c"]
    public = frozenset({"public"})
    assert titles(cast.owner, created_by_ids=makers, access_levels=public) == ["c"]


def test_organization_scope_leaves_out_documents_of_others(cast, make_spaced, titles):
    make_spaced(cast.owner, "ours")
    (foreign,) = make_spaced(cast.outsider, "foreign")
    share(cast, foreign, cast.owner.id, cast.outsider)
    share(cast, foreign, cast.invitee.id, cast.outsider)

    assert titles(cast.owner) == ["foreign", "ours"]
    assert titles(cast.owner, organization_scope=True) == ["ours"]
    assert titles(cast.invitee, organization_scope=True) == []


def test_processing_status_is_filtered_by_the_time_of_asking(cast, make_document, slow_processing, titles):
    slow_processing(60)
    make_document(cast.owner, "Lease")
    processing, ready = frozenset({"processing"}), frozenset({"ready"})

    assert titles(cast.owner, processing_statuses=processing) == ["Lease"]
    cast.passes(minutes=1)
    assert titles(cast.owner, processing_statuses=processing) == []
    assert titles(cast.owner, processing_statuses=ready | processing) == ["Lease"]


def test_sort_by_name_ignores_case(cast, make_document, titles):
    for title in ("beta", "Alpha", "gamma"):
        make_document(cast.owner, title)

    assert titles(cast.owner, "name") == ["Alpha", "beta", "gamma"]
    assert titles(cast.owner, "-name") == ["gamma", "beta", "Alpha"]


def test_sort_by_times_of_change(cast, make_spaced, titles):
    first, _, _ = make_spaced(cast.owner, "first", "second", "third")
    documents.update(cast.world, cast.owner, cast.now, document_id=first.id, changes={"description": "x"})

    assert titles(cast.owner, "created_at") == ["first", "second", "third"]
    assert titles(cast.owner, "updated_at") == ["second", "third", "first"]
    assert titles(cast.owner, "-updated_at") == ["first", "third", "second"]


def test_documents_without_the_sorted_time_come_last_either_way(cast, make_spaced, titles):
    made = make_spaced(cast.owner, "first", "second", "third", "fourth")
    for document in (made[2], made[0]):
        share(cast, document, cast.member.id)
        documents.view(cast.world, cast.member, cast.now, document_id=document.id)
        cast.passes(minutes=1)

    for key in ("last_shared_at", "last_viewed_at"):
        assert titles(cast.member, key) == ["third", "first", "second", "fourth"]
        assert titles(cast.member, f"-{key}") == ["first", "third", "fourth", "second"]


@pytest.mark.parametrize("sort", ["title", "-", "--name", "name ", "created_at,name", "x" * 5000])
def test_unknown_sort_is_refused(cast, refusal, sort):
    refused = refusal(lambda: listing.order(cast.world, cast.owner, sort))

    assert refused == ("invalid_argument", "invalid_enum_value", "sort")


@pytest.mark.parametrize("key", listing.SORT_KEYS)
@pytest.mark.parametrize("minus", ["", "-"])
def test_position_and_sorting_agree_for_every_sort(cast, make_spaced, key, minus):
    made = make_spaced(cast.owner, "b", "B", "a", "c", "c")
    for document in (made[3], made[1]):
        share(cast, document, cast.member.id)
        documents.view(cast.world, cast.member, cast.now, document_id=document.id)
    order = listing.order(cast.world, cast.member, minus + key)

    found = listing.select(cast.world, cast.member, cast.now, filters=listing.Filters(), sorted_by=order)

    positions = [order.position(each) for each in found]
    assert positions == sorted(set(positions), reverse=order.descending)
    assert len(positions) == 5


def test_page_token_survives_the_trashing_of_the_document_it_points_at(cast, make_spaced, titles):
    made = make_spaced(cast.owner, "first", "second", "third", "fourth")
    order = listing.order(cast.world, cast.owner, listing.NEWEST_FIRST)

    def page(token):
        found = listing.select(cast.world, cast.owner, cast.now, filters=listing.Filters(), sorted_by=order)
        return paginate(found, token=token, size=2, position=order.position, descending=True, binding={})

    first = page(None)
    documents.trash(cast.world, cast.owner, cast.now, document_id=made[2].id)

    assert [each.title for each in page(first.next_token).items] == ["second", "first"]
