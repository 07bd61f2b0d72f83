"""API keys: a secret shown once, a year at most, revoked for ever."""

import re
from datetime import timedelta

import pytest

from factify_mock.model import api_keys

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)
YEAR = timedelta(hours=8760)


def create(cast, actor=None, name="Sync", expires_at=None):
    return api_keys.create(
        cast.world,
        actor or cast.owner,
        cast.now,
        organization_id=cast.organization_id,
        name=name,
        expires_at=expires_at,
    )


def revoke(cast, actor, key_id, reason=None):
    return api_keys.revoke(cast.world, actor, cast.now, key_id=key_id, reason=reason)


def listed(cast, actor=None, **options):
    found = api_keys.all_of(cast.world, actor or cast.owner, cast.organization_id, **options)
    return [each.id for each in found]


def authenticate(cast, secret):
    return api_keys.authenticate(cast.world, cast.now, secret=secret)


def test_secret_has_the_documented_form_and_the_prefix_is_its_beginning(cast):
    made = create(cast)

    assert re.fullmatch("ffy_test_[0-9a-hjkmnp-tv-z]{26}[0-9A-Za-z]{43}", made.secret)
    assert api_keys.prefix(made) == f"{made.secret[:16]}..."


def test_key_acts_as_a_bot_of_its_organization(cast):
    made = create(cast, name="Nightly import")

    actor = authenticate(cast, made.secret)

    assert (actor.id, actor.kind, actor.name) == (made.bot_id, "bot", "Nightly import")
    assert (actor.organization_id, actor.api_key_id) == (cast.organization_id, made.id)
    assert made.bot_id != create(cast).bot_id


def test_unknown_and_revoked_secrets_are_invalid_and_old_ones_expired(cast, refusal):
    revoked = create(cast)
    revoke(cast, cast.owner, revoked.id)
    expiring = create(cast, expires_at=cast.now + timedelta(hours=1))
    invalid = ("unauthenticated", "invalid_api_key", None)

    assert refusal(lambda: authenticate(cast, "ffy_test_nobody")) == invalid
    assert refusal(lambda: authenticate(cast, revoked.secret)) == invalid
    assert authenticate(cast, expiring.secret).api_key_id == expiring.id
    cast.passes(hours=1)
    expired = ("unauthenticated", "expired_api_key", None)
    assert refusal(lambda: authenticate(cast, expiring.secret)) == expired
    revoke(cast, cast.owner, expiring.id)
    assert refusal(lambda: authenticate(cast, expiring.secret)) == invalid


@pytest.mark.parametrize("span", [timedelta(microseconds=1), YEAR])
def test_key_expires_within_a_year(cast, span):
    made = create(cast, expires_at=cast.now + span)

    assert api_keys.is_active(made, cast.now)
    assert not api_keys.is_active(made, cast.now + span)


@pytest.mark.parametrize("span", [timedelta(), -timedelta(days=1), YEAR + timedelta(microseconds=1)])
def test_key_can_expire_neither_in_the_past_nor_in_more_than_a_year(cast, refusal, span):
    assert refusal(lambda: create(cast, expires_at=cast.now + span)) == (
        "invalid_argument",
        "invalid_field_value",
        "expires_at",
    )


def test_keys_are_the_affair_of_managers_and_keys(cast, refusal):
    made = create(cast, cast.key)

    assert made.created_by == cast.seeded.owner.id
    assert made.id in listed(cast, cast.key)
    for call in (create, listed, lambda *who: revoke(*who, made.id)):
        assert refusal(lambda call=call: call(cast, cast.member)) == FORBIDDEN
        assert refusal(lambda call=call: call(cast, cast.outsider)) == NOT_FOUND
    assert refusal(lambda: revoke(cast, cast.owner, "key_00000000000000000000000000")) == NOT_FOUND


def test_list_is_newest_first_hides_revoked_and_shows_expired_keys(cast):
    seeded = cast.seeded.api_key_id
    cast.passes(minutes=1)
    expired = create(cast, expires_at=cast.now + timedelta(hours=1)).id
    cast.passes(days=1)
    revoked = create(cast).id
    revoke(cast, cast.owner, revoked)

    assert listed(cast) == [expired, seeded]
    assert listed(cast, include_revoked=True) == [revoked, expired, seeded]


def test_revocation_is_for_ever_and_the_first_one_counts(cast):
    made = create(cast)

    first = revoke(cast, cast.admin, made.id, reason="Leaked")
    cast.passes(days=1)
    again = revoke(cast, cast.owner, made.id, reason="Again")

    assert first.revoked_at == cast.now - timedelta(days=1)
    assert again == first
    assert not api_keys.is_active(again, cast.now)


def test_a_key_may_revoke_itself_and_leaves_the_others_working(cast, refusal):
    other = create(cast)

    revoke(cast, cast.key, cast.seeded.api_key_id)

    assert refusal(lambda: authenticate(cast, cast.seeded.api_key_secret))[1] == "invalid_api_key"
    assert authenticate(cast, other.secret).api_key_id == other.id
