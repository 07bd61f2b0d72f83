"""API keys with the Python SDK."""

from datetime import UTC, datetime, timedelta


def test_api_key_works_until_it_is_revoked(owner, sdk, factify, upload, refusal):
    created = owner.api_keys.create(
        organization_id=factify.organization_id,
        name="Nightly import",
        expires_at=datetime.now(UTC) + timedelta(days=30),
    ).result
    key = sdk(created.secret)

    document = upload(key, "Imported")
    assert document.created_by.type == "bot"
    revoked = owner.api_keys.revoke(api_key_id=created.api_key.id, reason="rotated").result.api_key

    assert revoked.is_active is False
    assert revoked.revoked_at is not None
    assert refusal(key.documents.get, document_id=document.id) == ("unauthenticated", "invalid_api_key")
    active = owner.api_keys.list(organization_id=factify.organization_id).result.items
    assert created.api_key.id not in [item.id for item in active]


def test_expired_key_is_still_listed_and_revoked_ones_on_demand(frozen, sdk, refusal):
    owner = sdk(frozen.owner.token)
    home = {"organization_id": frozen.organization_id}
    soon = owner.api_keys.create(
        **home, name="Short", expires_at=frozen.clock.now() + timedelta(days=1)
    ).result
    revoked = owner.api_keys.create(**home, name="Leaked").result.api_key
    owner.api_keys.revoke(api_key_id=revoked.id)
    frozen.clock.advance(days=2)

    listed = {item.id: item.is_active for item in owner.api_keys.list(**home).result.items}
    everything = [item.id for item in owner.api_keys.list(**home, include_revoked=True).result.items]

    assert listed == {soon.api_key.id: False, frozen.api_key.id: True}
    assert set(everything) == {*listed, revoked.id}
    assert refusal(sdk(soon.secret).documents.list) == ("unauthenticated", "expired_api_key")


def test_secret_is_shown_once_and_recognised_by_its_prefix(owner, factify):
    home = {"organization_id": factify.organization_id}
    created = owner.api_keys.create(**home, name="Robot").result

    (listed,) = [item for item in owner.api_keys.list(**home).result.items if item.id == created.api_key.id]

    assert created.secret.startswith(listed.key_prefix.rstrip("."))
    assert created.secret not in listed.model_dump_json()
    pages = owner.api_keys.list(**home, page_size=1)
    assert pages.next().result.items[0].id == factify.api_key.id
