"""Quotas: every call counts for organization and key, the last one fits, the month begins anew."""

from datetime import UTC, datetime, timedelta

import pytest

from factify_mock.model import api_keys, members, organizations, quotas
from factify_mock.model.indexes import put_document
from factify_mock.model.ranges import TimeRange
from factify_mock.model.records import Document
from factify_mock.model.world import FREE_TIER_REQUESTS

EXCEEDED = ("resource_exhausted", "quota_exceeded", None)
NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)


def calls(cast, actor, count=1):
    for _ in range(count):
        quotas.charge(cast.world, actor, cast.now)


def standing(cast):
    return quotas.of_organization(cast.world, cast.now, cast.organization_id)


def key_standing(cast, key_id=None):
    key = cast.world.tables.api_keys[key_id or cast.seeded.api_key_id]
    return quotas.of_key(cast.world, cast.now, key)


def limit_key(cast, limit, actor=None, key_id=None, organization_id=None):
    return quotas.set_key_limit(
        cast.world,
        actor or cast.owner,
        cast.now,
        key_id=key_id or cast.seeded.api_key_id,
        limit=limit,
        organization_id=organization_id,
    )


def history(cast, actor=None, after=None, before=None, organization_id=None):
    return quotas.history(
        cast.world,
        actor or cast.owner,
        cast.now,
        organization_id=organization_id,
        period=TimeRange(after, before),
    )


def test_new_organization_has_the_free_tier_of_its_calendar_month(cast):
    quota = standing(cast)

    assert (quota.tier, quota.limit, quota.used) == ("free", FREE_TIER_REQUESTS, 0)
    assert (quota.remaining, quota.usage_percent) == (FREE_TIER_REQUESTS, 0)
    assert quota.period_start == datetime(2026, 3, 1, tzinfo=UTC)
    assert quota.reset_at == datetime(2026, 4, 1, tzinfo=UTC)
    assert not quota.is_exceeded


def test_month_after_december_is_january(cast):
    cast.world.clock.freeze(datetime(2026, 12, 31, 23, 59, tzinfo=UTC))

    assert standing(cast).reset_at == datetime(2027, 1, 1, tzinfo=UTC)


def test_everybody_counts_for_the_organization_and_keys_for_themselves_too(cast):
    calls(cast, cast.owner, 2)
    calls(cast, cast.member)
    calls(cast, cast.key, 4)
    calls(cast, cast.outsider)
    calls(cast, cast.invitee)

    assert standing(cast).used == 7
    assert key_standing(cast).used == 4
    other = quotas.of_organization(cast.world, cast.now, cast.seeded.other_organization_id)
    assert other.used == 1


def test_exactly_as_many_calls_as_the_limit_are_answered(cast, refusal):
    cast.world.tables.request_limits[cast.organization_id] = 3

    calls(cast, cast.member, 3)

    assert refusal(lambda: calls(cast, cast.owner)) == EXCEEDED
    assert refusal(lambda: calls(cast, cast.key)) == EXCEEDED
    quota = standing(cast)
    assert (quota.tier, quota.used, quota.remaining, quota.usage_percent) == ("custom", 3, 0, 100)
    assert quota.is_exceeded
    assert key_standing(cast).used == 0
    calls(cast, cast.outsider)


def test_lowered_limit_leaves_nothing_and_a_raised_one_opens_again(cast, refusal):
    calls(cast, cast.owner, 5)
    cast.world.tables.request_limits[cast.organization_id] = 2
    assert (standing(cast).remaining, standing(cast).usage_percent) == (0, 250)
    assert refusal(lambda: calls(cast, cast.owner)) == EXCEEDED

    cast.world.tables.request_limits[cast.organization_id] = 6
    calls(cast, cast.owner)

    assert standing(cast).remaining == 0


def test_limit_of_nothing_is_exceeded_from_the_start(cast, refusal):
    cast.world.tables.request_limits[cast.organization_id] = 0

    assert refusal(lambda: calls(cast, cast.owner)) == EXCEEDED
    assert (standing(cast).usage_percent, standing(cast).is_exceeded) == (100, True)


def test_new_month_counts_from_nothing_and_an_old_one_is_not_forgotten(cast, refusal):
    cast.world.tables.request_limits[cast.organization_id] = 2
    limit_key(cast, 1)
    calls(cast, cast.key)
    calls(cast, cast.owner)
    assert refusal(lambda: calls(cast, cast.owner)) == EXCEEDED
    present = cast.now

    cast.world.clock.freeze(datetime(2026, 4, 1, tzinfo=UTC))
    assert (standing(cast).used, key_standing(cast).used) == (0, 0)
    calls(cast, cast.key)
    assert (standing(cast).used, key_standing(cast).used) == (1, 1)

    cast.world.clock.freeze(present)
    assert (standing(cast).used, key_standing(cast).used) == (2, 1)
    assert refusal(lambda: calls(cast, cast.owner)) == EXCEEDED


def test_limit_of_a_key_stops_that_key_only(cast, refusal):
    other = api_keys.create(
        cast.world, cast.owner, cast.now, organization_id=cast.organization_id, name="Other"
    )
    assert limit_key(cast, 2).remaining == 2

    calls(cast, cast.owner, 5)
    calls(cast, cast.key, 2)

    assert refusal(lambda: calls(cast, cast.key)) == EXCEEDED
    assert (key_standing(cast).remaining, key_standing(cast).is_exceeded) == (0, True)
    calls(cast, cast.owner)
    calls(cast, api_keys.actor_of(other), 3)
    assert standing(cast).used == 11
    assert (key_standing(cast, other.id).limit, key_standing(cast, other.id).is_exceeded) == (None, False)


def test_limit_of_a_key_counts_what_it_made_before_and_can_be_changed_and_lifted(cast, refusal):
    calls(cast, cast.key, 3)
    assert limit_key(cast, 3).is_exceeded
    assert refusal(lambda: calls(cast, cast.key)) == EXCEEDED

    assert limit_key(cast, 4).remaining == 1
    calls(cast, cast.key)
    assert refusal(lambda: calls(cast, cast.key)) == EXCEEDED

    quotas.delete_key_limit(cast.world, cast.owner, key_id=cast.seeded.api_key_id)
    calls(cast, cast.key)
    quota = key_standing(cast)
    assert (quota.limit, quota.used, quota.is_exceeded) == (None, 5, False)


def test_lifting_a_limit_that_is_not_there_changes_nothing(cast):
    quotas.delete_key_limit(cast.world, cast.owner, key_id=cast.seeded.api_key_id)

    assert cast.world.tables.key_limits == {}


@pytest.mark.parametrize(
    ("limit", "reason"),
    [(None, "missing_required_field"), (0, "invalid_field_value"), (2**31, "invalid_field_value")],
)
def test_limit_is_a_positive_number(cast, refusal, limit, reason):
    assert refusal(lambda: limit_key(cast, limit)) == ("invalid_argument", reason, "limit")


def test_limits_of_keys_are_set_by_managers_and_keys(cast, refusal):
    def listed(actor, organization_id=None):
        return quotas.key_quotas(cast.world, actor, cast.now, organization_id=organization_id)

    assert limit_key(cast, 7, cast.admin).limit == 7
    assert limit_key(cast, 8, cast.key, organization_id=cast.organization_id).limit == 8
    assert [each.limit for each in listed(cast.key)] == [8]
    assert listed(cast.outsider) == []

    assert refusal(lambda: limit_key(cast, 1, cast.member)) == FORBIDDEN
    assert refusal(lambda: listed(cast.member)) == FORBIDDEN
    assert refusal(lambda: limit_key(cast, 1, cast.outsider)) == NOT_FOUND
    assert refusal(lambda: listed(cast.outsider, cast.organization_id)) == NOT_FOUND
    assert refusal(lambda: limit_key(cast, 1, key_id="key_00000000000000000000000000")) == NOT_FOUND
    foreign = cast.seeded.other_organization_id
    assert refusal(lambda: limit_key(cast, 1, organization_id=foreign)) == NOT_FOUND


def test_revoked_keys_have_no_quota(cast, refusal):
    api_keys.revoke(cast.world, cast.owner, cast.now, key_id=cast.seeded.api_key_id)

    assert quotas.key_quotas(cast.world, cast.owner, cast.now) == []
    assert refusal(lambda: limit_key(cast, 1))[0] == "failed_precondition"


def test_members_read_their_own_quota_and_admins_the_others_they_have(cast, refusal):
    second = organizations.create(cast.world, cast.owner, cast.now, name="Second")

    def read(actor, organization_id=None):
        quota = quotas.organization_quota(cast.world, actor, cast.now, organization_id=organization_id)
        return quota.organization_id

    assert read(cast.member) == read(cast.key) == cast.organization_id
    assert read(cast.owner, second.id) == second.id
    assert refusal(lambda: read(cast.outsider, cast.organization_id)) == NOT_FOUND
    assert refusal(lambda: read(cast.invitee)) == (
        "invalid_argument",
        "missing_required_field",
        "organization_id",
    )


def test_plain_member_reads_no_quota_of_a_second_organization(cast, refusal):
    second = organizations.create(cast.world, cast.outsider, cast.now, name="Second")
    members.join(
        cast.world, cast.now, organization_id=second.id, user_id=cast.seeded.member.id, role="member"
    )

    assert refusal(lambda: history(cast, cast.member, organization_id=second.id)) == FORBIDDEN


def test_history_tells_the_days_that_had_requests(cast):
    calls(cast, cast.owner, 2)
    cast.passes(days=2)
    calls(cast, cast.key)
    cast.passes(days=40)
    calls(cast, cast.member, 3)

    assert history(cast).days == (("2026-04-21", 3),)
    assert history(cast).total == 3
    everything = history(cast, after=datetime(2026, 1, 1, tzinfo=UTC))
    assert everything.days == (("2026-03-10", 2), ("2026-03-12", 1), ("2026-04-21", 3))
    assert everything.total == 6


def test_history_includes_the_days_of_both_ends(cast):
    for _ in range(4):
        calls(cast, cast.owner)
        cast.passes(days=1)
    last_moment = datetime(2026, 3, 11, 23, 59, 59, tzinfo=UTC)

    found = history(cast, after=last_moment, before=last_moment + timedelta(seconds=1))

    assert [day for day, _ in found.days] == ["2026-03-11", "2026-03-12"]
    assert history(cast, before=datetime(2026, 3, 10, tzinfo=UTC)).total == 1
    assert history(cast, after=datetime(2030, 1, 1, tzinfo=UTC)).days == ()
    assert history(cast, before=datetime.max.replace(tzinfo=UTC)).organization_id == cast.organization_id


def test_control_plane_can_set_what_was_used(cast, refusal):
    calls(cast, cast.owner, 3)
    cast.passes(days=1)

    quotas.set_requests(cast.world, cast.now, cast.organization_id, used=FREE_TIER_REQUESTS - 1)

    assert standing(cast).remaining == 1
    assert history(cast).total == FREE_TIER_REQUESTS - 1
    calls(cast, cast.owner)
    assert refusal(lambda: calls(cast, cast.owner)) == EXCEEDED
    quotas.set_requests(cast.world, cast.now, cast.organization_id, used=0)
    assert (standing(cast).used, history(cast).days) == (0, ())


def put(cast, number, **state):
    at = cast.now
    document = Document(
        f"doc_{number}",
        cast.organization_id,
        cast.seeded.member.id,
        cast.seeded.member.id,
        f"Title {number}",
        at,
        at,
        "private",
        f"ver_{number}",
        **state,
    )
    put_document(cast.world.tables, document)


def test_documents_are_unlimited_unless_said(cast):
    put(cast, 1)

    quota = quotas.document_quota(cast.world, cast.owner)

    assert (quota.used, quota.limit, quota.available) == (1, 0, 0)
    quotas.require_document_room(cast.world, cast.organization_id)
    quotas.require_document_room(cast.world, None)


def test_document_quota_counts_the_trash_and_not_the_demos(cast, refusal):
    cast.world.tables.document_limits[cast.organization_id] = 3
    put(cast, 1)
    put(cast, 2, trash_state="trashed", trashed_at=cast.now)
    put(cast, 3, is_demo=True)
    quota = quotas.document_quota(cast.world, cast.key)
    assert (quota.used, quota.limit, quota.available) == (2, 3, 1)
    quotas.require_document_room(cast.world, cast.organization_id)

    put(cast, 4)

    assert refusal(lambda: quotas.require_document_room(cast.world, cast.organization_id)) == EXCEEDED
    cast.world.tables.document_limits[cast.organization_id] = 1
    assert quotas.document_quota(cast.world, cast.owner).available == 0


def test_caller_without_an_organization_has_no_document_quota(cast, refusal):
    assert refusal(lambda: quotas.document_quota(cast.world, cast.invitee))[0] == "failed_precondition"
