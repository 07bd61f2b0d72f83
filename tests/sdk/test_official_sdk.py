"""The published Python SDK, unmodified, through a whole working day against the mock."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from factify import Factify as Sdk
from factify import errors, models

LETTER = Path(__file__).parent / "letter.pdf"


@pytest.fixture
def sdk(factify):
    """Opens an SDK client with a token of the test's world; all are closed after the test."""
    clients = []

    def open_client(token):
        client = Sdk(bearer_auth=token, server_url=factify.url)
        clients.append(client)
        return client.__enter__()

    yield open_client
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def owner(sdk, factify):
    return sdk(factify.owner.token)


def upload(client, title="Lease", **fields):
    with LETTER.open("rb") as letter:
        created = client.documents.create(
            payload={"file_name": "letter.pdf", "content": letter}, title=title, **fields
        )
    return created.result.document


def refusal(call, *args, **kwargs):
    with pytest.raises(errors.ErrorResponse) as caught:
        call(*args, **kwargs)
    return caught.value.data.code, caught.value.data.details[0].reason


def test_uploaded_pdf_is_got_updated_and_listed(owner):
    document = upload(owner, "Lease of the north wing", description="Signed copy")

    owner.documents.update(document_id=document.id, title="Lease of the south wing")

    got = owner.documents.get(document_id=document.id).result.document
    assert got.title == "Lease of the south wing"
    assert got.description == "Signed copy"
    assert got.processing_status == "ready"
    assert got.created_by.type == "user"
    assert got.permission_set.trash is True
    assert [item.id for item in owner.documents.list(query="south WING").result.items] == [document.id]


def test_auto_pagination_walks_three_pages(owner):
    created = [upload(owner, f"Page test {number}").id for number in range(5)]

    pages, page = [], owner.documents.list(page_size=2)
    while page is not None:
        pages.append([item.id for item in page.result.items])
        page = page.next()

    assert [len(page) for page in pages] == [2, 2, 1]
    assert [item for page in pages for item in page] == created[::-1]


def test_new_version_becomes_the_current_one(owner):
    document = upload(owner)
    with LETTER.open("rb") as letter:
        version = owner.versions.create(
            document_id=document.id, payload={"file_name": "letter.pdf", "content": letter}, title="Second"
        ).result

    owner.versions.update(version_id=version.id, description="With the annex")

    assert owner.documents.get(document_id=document.id).result.document.current_version.id == version.id
    assert owner.versions.get(version_id=version.id).result.description == "With the annex"
    versions = owner.versions.list(document_id=document.id).result.items
    assert {item.id for item in versions} == {version.id, document.current_version.id}


def test_shared_document_is_lost_by_trash_and_not_regained_by_untrash(owner, sdk, factify):
    outsider = sdk(factify.outsider.token)
    document = upload(owner, access_level="private")
    assert refusal(outsider.documents.get, document_id=document.id) == ("not_found", "resource_not_found")

    granted = owner.sharing.grant(
        document_id=document.id,
        recipients=[
            {"recipient": factify.outsider.email, "role": "commenter"},
            {"recipient": factify.owner.user_id, "role": "viewer"},
        ],
    ).result
    assert (granted.total, granted.successful, granted.failed) == (2, 1, 1)
    assert outsider.documents.get(document_id=document.id).result.document.title == "Lease"
    owner.sharing.update(
        document_id=document.id, recipient_id=factify.outsider.user_id, document_role="collaborator"
    )
    roles = {
        item.id: item.document_role for item in owner.sharing.list(document_id=document.id).result.recipients
    }
    assert roles == {factify.owner.user_id: "owner", factify.outsider.user_id: "collaborator"}

    owner.documents.trash(document_id=document.id, body={})

    assert refusal(outsider.documents.get, document_id=document.id)[0] == "not_found"
    assert owner.documents.list().result.items == []
    trashed = owner.documents.list(trash_state=["trashed"]).result.items
    assert [item.id for item in trashed] == [document.id]
    assert trashed[0].trashed_at is not None

    owner.documents.untrash(document_id=document.id, body={})

    assert [item.id for item in owner.documents.list().result.items] == [document.id]
    assert refusal(outsider.documents.get, document_id=document.id)[0] == "not_found"


def test_invited_user_joins_the_organization(owner, sdk, factify):
    invitee = sdk(factify.invitee.token)
    invite = owner.organizations.invites.create(
        organization_id=factify.organization_id, email=factify.invitee.email, message="Welcome"
    ).result.invite
    assert invite.status == "pending"
    assert invite.expires_at - invite.created_at == timedelta(days=7)
    token = factify.outbox.latest(to=factify.invitee.email)["token"]

    joined = invitee.organizations.invites.accept(organization_id=factify.organization_id, token=token)

    assert joined.result.organization.id == factify.organization_id
    me = invitee.users.get_me().result
    assert [organization.id for organization in me.organizations] == [factify.organization_id]
    (accepted,) = owner.organizations.invites.list(
        organization_id=factify.organization_id, status=["accepted"]
    ).result.items
    assert accepted.accepted_by.id == factify.invitee.user_id
    again = refusal(
        owner.organizations.invites.create,
        organization_id=factify.organization_id,
        email=factify.invitee.email.upper(),
    )
    assert again == ("failed_precondition", "precondition_failed")


def test_api_key_works_until_it_is_revoked(owner, sdk, factify):
    created = owner.api_keys.create(
        organization_id=factify.organization_id,
        name="Nightly import",
        expires_at=datetime.now(UTC) + timedelta(days=30),
    ).result
    key = sdk(created.secret)

    document = upload(key, "Imported")
    assert document.created_by.type == "bot"
    owner.api_keys.revoke(api_key_id=created.api_key.id, reason="rotated")

    assert refusal(key.documents.get, document_id=document.id) == ("unauthenticated", "invalid_api_key")
    active = owner.api_keys.list(organization_id=factify.organization_id).result.items
    assert created.api_key.id not in [item.id for item in active]


def test_quotas_are_readable_until_they_are_exhausted(owner, sdk, factify):
    key_id = factify.api_key.id
    key = sdk(factify.api_key.secret)
    owner.usage.set_key_quota(api_key_id=key_id, limit=3)

    for _ in range(3):
        key.organizations.list()

    assert refusal(key.organizations.list) == ("resource_exhausted", "quota_exceeded")
    (quota,) = [item for item in owner.usage.list_key_quotas().result.quotas if item.api_key_id == key_id]
    assert (quota.limit, quota.current_usage, quota.remaining) == (3, 3, 0)
    owner.usage.delete_key_quota(api_key_id=key_id)
    key.organizations.list()

    organization = owner.usage.get(organization_id=factify.organization_id).result.quota
    assert organization.current_usage > 3
    factify.quota.set(requests_limit=organization.current_usage + 1)
    owner.users.get_me()
    assert refusal(owner.users.get_me) == ("resource_exhausted", "quota_exceeded")
    assert owner.usage.get(organization_id=factify.organization_id).result.quota.remaining == 0

    factify.quota.set(requests_limit=None, documents_limit=1)
    upload(owner)
    assert refusal(upload, owner) == ("resource_exhausted", "quota_exceeded")
    counted = owner.documents.get_quota().result
    assert (counted.used, counted.limit, counted.available) == (1, 1, 0)


def test_without_retry_configuration_a_refusal_is_one_request(owner, factify):
    factify.quota.set(requests_limit=0)

    refusal(owner.users.get_me)

    sent = factify.requests.sent(operation_id="getMe")
    assert [request["status"] for request in sent] == [429]


def test_refusals_carry_the_documented_body(owner):
    unknown = "doc_01h2xcejqtf2nbrexx3vqjhp41"

    assert refusal(owner.documents.get, document_id=unknown) == ("not_found", "resource_not_found")
    assert refusal(owner.documents.get, document_id="doc_short") == ("invalid_argument", "invalid_id_format")
    assert refusal(owner.documents.list, page_size=101) == ("invalid_argument", "invalid_field_value")
    assert refusal(owner.documents.list, page_token="garbage") == ("invalid_argument", "invalid_cursor")


def test_wrong_credentials_are_told_apart(sdk):
    assert refusal(sdk("ffy_test_" + "0" * 69).documents.list) == ("unauthenticated", "invalid_api_key")
    assert refusal(sdk("not.a.token").documents.list) == ("unauthenticated", "invalid_token")


def test_empty_answers_have_the_models_of_the_sdk(owner):
    document = upload(owner)

    assert owner.documents.trash(document_id=document.id, body={}).result == models.TrashDocumentResponse()
