"""The list of invitations: newest first, filtered by status, address, sender and time."""

from datetime import timedelta

import pytest

from factify_mock.model import invites
from factify_mock.model.invites import InviteFilter
from factify_mock.model.ranges import TimeRange, time_range


@pytest.fixture
def invited(cast):
    """A day between each: Ada by the owner, bob by the admin, then cy by the owner."""
    made = {}
    for email, sender in (("Ada@x.example", "owner"), ("bob@x.example", "admin"), ("cy@y.example", "owner")):
        made[email] = invites.create(
            cast.world,
            getattr(cast, sender),
            cast.now,
            organization_id=cast.organization_id,
            email=email,
        )
        cast.passes(days=1)
    return made


def found(cast, actor=None, **wanted):
    return [
        each.email
        for each in invites.search(
            cast.world,
            actor or cast.owner,
            cast.now,
            organization_id=cast.organization_id,
            wanted=InviteFilter(**wanted),
        )
    ]


@pytest.mark.usefixtures("invited")
def test_list_is_newest_first(cast):
    assert found(cast) == ["cy@y.example", "bob@x.example", "Ada@x.example"]


@pytest.mark.usefixtures("invited")
def test_list_is_for_managers_only(cast, refusal):
    assert len(found(cast, cast.key)) == len(found(cast, cast.admin)) == 3
    assert refusal(lambda: found(cast, cast.member))[0] == "permission_denied"
    assert refusal(lambda: found(cast, cast.outsider))[0] == "not_found"


def test_several_statuses_are_any_of_them(cast, invited):
    invites.revoke(
        cast.world,
        cast.owner,
        cast.now,
        organization_id=cast.organization_id,
        invite_id=invited["bob@x.example"].id,
    )
    cast.passes(days=5, hours=1)

    assert found(cast, statuses={"revoked"}) == ["bob@x.example"]
    assert found(cast, statuses={"expired"}) == ["Ada@x.example"]
    assert found(cast, statuses={"pending"}) == ["cy@y.example"]
    assert found(cast, statuses={"expired", "pending"}) == ["cy@y.example", "Ada@x.example"]
    assert found(cast, statuses={"accepted"}) == []


@pytest.mark.usefixtures("invited")
def test_part_of_an_address_ignores_case_and_a_whole_one_heeds_it(cast):
    assert found(cast, email_contains="ADA@") == ["Ada@x.example"]
    assert found(cast, email_contains="x.example") == ["bob@x.example", "Ada@x.example"]
    assert found(cast, email_contains="") == found(cast)
    assert found(cast, email_exact="Ada@x.example") == ["Ada@x.example"]
    assert found(cast, email_exact="ada@x.example") == []
    assert found(cast, email_exact="x.example") == []


def test_part_and_whole_of_an_address_exclude_each_other(cast, refusal):
    assert refusal(lambda: found(cast, email_contains="a", email_exact="a")) == (
        "invalid_argument",
        "invalid_field_value",
        "email.exact",
    )


@pytest.mark.usefixtures("invited")
def test_filters_must_all_hold(cast):
    owner_id = cast.seeded.owner.id

    assert found(cast, sender_id=owner_id) == ["cy@y.example", "Ada@x.example"]
    assert found(cast, sender_id=owner_id, email_contains="x.example") == ["Ada@x.example"]
    assert found(cast, sender_id=cast.seeded.member.id) == []


def test_range_of_creation_includes_both_ends(cast, invited):
    first, last = invited["Ada@x.example"].created_at, invited["cy@y.example"].created_at
    a_bit = timedelta(microseconds=1)

    assert found(cast, created=TimeRange(first, last)) == found(cast)
    assert found(cast, created=TimeRange(first + a_bit, last - a_bit)) == ["bob@x.example"]
    assert found(cast, created=TimeRange(after=last)) == ["cy@y.example"]
    assert found(cast, created=TimeRange(before=first)) == ["Ada@x.example"]


@pytest.mark.parametrize("later", [timedelta(), timedelta(seconds=1)])
def test_range_must_begin_before_it_ends(cast, refusal, later):
    assert refusal(lambda: time_range("created", cast.now + later, cast.now)) == (
        "invalid_argument",
        "invalid_field_value",
        "created.after",
    )
