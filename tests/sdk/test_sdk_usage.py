"""Quotas and usage with the Python SDK."""

from datetime import timedelta

from factify import models


def test_quota_of_a_key_is_set_met_and_removed(owner, sdk, factify, refusal):
    key_id = factify.api_key.id
    key = sdk(factify.api_key.secret)
    set_to = owner.usage.set_key_quota(api_key_id=key_id, limit=3).result.quota
    assert (set_to.limit, set_to.is_exceeded) == (3, False)

    for _ in range(3):
        key.organizations.list()

    assert refusal(key.organizations.list) == ("resource_exhausted", "quota_exceeded")
    (quota,) = [item for item in owner.usage.list_key_quotas().result.quotas if item.api_key_id == key_id]
    assert (quota.limit, quota.current_usage, quota.remaining) == (3, 3, 0)
    deleted = owner.usage.delete_key_quota(api_key_id=key_id).result
    assert deleted == models.DeleteAPIKeyQuotaResponse()
    key.organizations.list()


def test_quota_of_the_organization_is_readable_when_it_is_exhausted(owner, factify, refusal):
    used = owner.usage.get(organization_id=factify.organization_id).result.quota.current_usage
    factify.quota.set(requests_limit=used + 1)

    owner.users.get_me()

    assert refusal(owner.users.get_me) == ("resource_exhausted", "quota_exceeded")
    quota = owner.usage.get(organization_id=factify.organization_id).result.quota
    assert (quota.remaining, quota.usage_percent) == (0, 100)
    assert quota.reset_at > quota.period_start


def test_history_counts_calls_by_day(frozen, sdk):
    owner = sdk(frozen.owner.token)
    first_day = frozen.clock.now()
    for _ in range(2):
        owner.users.get_me()
    second_day = frozen.clock.advance(days=1)
    owner.users.get_me()

    everything = owner.usage.get_history().result
    yesterday = owner.usage.get_history(
        organization_id=frozen.organization_id,
        date_after=first_day,
        date_before=second_day - timedelta(hours=13),
    ).result

    assert [(str(day.date_), day.request_count) for day in everything.daily_usage] == [
        ("2026-05-01", 2),
        ("2026-05-02", 1),
    ]
    assert (everything.total_requests, yesterday.total_requests) == (3, 2)
