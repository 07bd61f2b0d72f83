"""Operations of people and their organizations: what a caller reads, always valid against the document."""

import base64
from datetime import timedelta

import pytest

from factify_mock.model.errors import DomainError
from factify_mock.model.invites import create as create_invite

EMAIL = "invitee@mailbox.example"


def home(api):
    return api.seeded.organization_id


def person(user):
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "given_name": user.given_name,
        "family_name": user.family_name,
    }


def test_profile_names_the_caller_and_the_organizations(api):
    assert api.call("member", "getMe") == {
        "user": person(api.seeded.member),
        "organizations": [
            {"id": home(api), "name": "Northwind Archive", "created_at": "2026-01-05T09:00:00Z"}
        ],
    }
    assert api.call("invitee", "getMe")["organizations"] == []


def test_preferences_are_two_flags(api):
    assert api.call("owner", "getUserPreferences") == {
        "has_completed_document_tour": False,
        "has_completed_hub_onboarding": False,
    }


def test_organization_is_created_listed_read_and_changed(api):
    made = api.call("invitee", "createOrganization", body={"name": "Inlet"})["organization"]
    listed = api.call("invitee", "listOrganizations", query=[("role", "owner"), ("role", "admin")])
    assert listed["items"] == [made]

    changed = api.call(
        "invitee",
        "updateOrganization",
        organization_id=made["id"],
        body={"name": "Outlet", "logo_image_url": "https://example.com/logo.svg"},
    )["organization"]

    assert changed == {**made, "name": "Outlet", "logo_image_url": "https://example.com/logo.svg"}
    assert api.call("invitee", "getOrganization", organization_id=made["id"]) == {"organization": changed}
    assert api.call(None, "getOrganizationPublicProfile", organization_id=made["id"]) == {
        "display_name": "Outlet",
        "logo_image_url": "https://example.com/logo.svg",
    }
    unchanged = {"name": None, "logo_image_url": None}
    assert api.call("invitee", "updateOrganization", organization_id=made["id"], body=unchanged) == {
        "organization": changed
    }


def test_logo_is_answered_with_an_address_that_the_update_takes(api):
    svg = base64.b64encode(b"<svg xmlns='http://www.w3.org/2000/svg'/>").decode()

    answer = api.call(
        "admin",
        "uploadOrganizationLogo",
        organization_id=home(api),
        body={"image_data": svg, "content_type": "image/gif"},
    )

    body = {"logo_image_url": answer["logo_url"]}
    changed = api.call("admin", "updateOrganization", organization_id=home(api), body=body)
    assert changed["organization"]["logo_image_url"] == answer["logo_url"]
    assert answer["logo_url"].rsplit("/", 1)[1].removesuffix(".svg") in api.world.tables.logos


def test_logo_without_an_image_is_refused(api):
    with pytest.raises(DomainError) as refused:
        api.call("admin", "uploadOrganizationLogo", organization_id=home(api), body={})

    assert (refused.value.reason, refused.value.param) == ("missing_required_field", "image_data")


def test_member_is_added_changed_and_removed(api):
    user = api.seeded.invitee
    added = api.call(
        "owner",
        "addOrganizationMember",
        organization_id=home(api),
        body={"user_id": user.id, "role": "member"},
    )
    assert added == {"member": {"user": person(user), "role": "member", "joined_at": "2026-03-10T12:30:00Z"}}

    where = {"organization_id": home(api), "user_id": user.id}
    changed = api.call("admin", "updateOrganizationMember", body={"role": "admin"}, **where)
    assert changed["member"]["role"] == "admin"
    listed = api.call("invitee", "listOrganizationMembers", organization_id=home(api))
    assert [each["role"] for each in listed["items"]] == ["owner", "admin", "member", "admin"]
    assert api.call("invitee", "removeOrganizationMember", **where) == {}


def test_members_are_paged_forth_and_back(api):
    where = {"organization_id": home(api)}
    first = api.call("owner", "listOrganizationMembers", query=[("page_size", "2")], **where)
    assert (first["pagination"]["has_more"], first["pagination"]["prev_page_token"]) == (True, "")

    def at(token):
        query = [("page_size", "2"), ("page_token", token)]
        return api.call("owner", "listOrganizationMembers", query=query, **where)

    last = at(first["pagination"]["next_page_token"])

    assert len(last["items"]) == 1
    assert (last["pagination"]["has_more"], last["pagination"]["next_page_token"]) == (False, "")
    assert at(last["pagination"]["prev_page_token"]) == first
    query = [("page_token", first["pagination"]["next_page_token"])]
    with pytest.raises(DomainError) as refused:
        api.call("owner", "listOrganizations", query=query)
    assert refused.value.reason == "invalid_cursor"


def test_invitation_shows_no_token_and_tells_who_accepted(api):
    where = {"organization_id": home(api)}
    body = {"email": EMAIL, "message": "Welcome", "idempotency_key": "once"}
    made = api.call("admin", "createOrganizationInvite", body=body, **where)["invite"]
    assert made == {
        "id": made["id"],
        "organization_id": home(api),
        "email": EMAIL,
        "status": "pending",
        "sender": person(api.seeded.admin),
        "created_at": "2026-03-10T12:30:00Z",
        "expires_at": "2026-03-17T12:30:00Z",
        "message": "Welcome",
    }

    token = api.world.tables.outbox[-1].token
    joined = api.call("invitee", "acceptOrganizationInvite", body={"token": token}, **where)

    assert joined["organization"]["id"] == home(api)
    query = [("status", "accepted"), ("created.after", "2026-03-10T14:30:00+02:00")]
    listed = api.call("owner", "listOrganizationInvites", query=query, **where)
    assert listed["items"] == [
        {
            **made,
            "status": "accepted",
            "accepted_at": "2026-03-10T12:30:00Z",
            "accepted_by": person(api.seeded.invitee),
        }
    ]


def test_invitation_is_resent_and_revoked(api):
    where = {"organization_id": home(api)}
    made = api.call("owner", "createOrganizationInvite", body={"email": EMAIL}, **where)["invite"]
    api.world.clock.advance(timedelta(days=8))
    listed = api.call("owner", "listOrganizationInvites", query=[("email.exact", EMAIL)], **where)
    assert [each["status"] for each in listed["items"]] == ["expired"]

    where["invite_id"] = made["id"]
    sent = api.call("owner", "resendOrganizationInvite", body={}, **where)["invite"]
    revoked = api.call("owner", "revokeOrganizationInvite", body={}, **where)["invite"]

    assert sent == {**made, "expires_at": "2026-03-25T12:30:00Z"}
    assert revoked == {**sent, "status": "revoked"}


@pytest.mark.parametrize("size", [1, 7, 100])
def test_pages_of_a_filtered_list_make_the_whole(api, size):
    for number in range(30):
        create_invite(
            api.world,
            api.actor("owner" if number % 3 else "admin"),
            api.world.clock.now(),
            organization_id=home(api),
            email=f"p{number}@x.example",
        )
    where = {"organization_id": home(api)}
    filters = [("sender_id", api.seeded.owner.id)]
    whole = api.call("owner", "listOrganizationInvites", query=filters, **where)["items"]

    found, token = [], ""
    while True:
        query = [*filters, ("page_size", str(size)), ("page_token", token)]
        page = api.call("owner", "listOrganizationInvites", query=query, **where)
        found += page["items"]
        token = page["pagination"]["next_page_token"]
        if not token:
            break

    assert found == whole
    assert len(found) == 20


def test_key_is_created_with_its_secret_listed_without_and_revoked(api):
    body = {"organization_id": home(api), "name": "Nightly", "expires_at": "2026-04-10T12:30:00.5Z"}
    made = api.call("owner", "createApiKey", body=body)
    key = made["api_key"]
    assert key == {
        **body,
        "id": key["id"],
        "created_at": "2026-03-10T12:30:00Z",
        "expires_at": "2026-04-10T12:30:00.500000Z",
        "is_active": True,
        "key_prefix": made["secret"][:16] + "...",
    }

    revoked = api.call("owner", "revokeApiKey", api_key_id=key["id"], body={"reason": "Done"})["api_key"]

    assert revoked == {**key, "is_active": False, "revoked_at": "2026-03-10T12:30:00Z"}
    where = [("organization_id", home(api))]
    assert key["id"] not in [each["id"] for each in api.call("key", "listApiKeys", query=where)["items"]]
    everything = api.call("key", "listApiKeys", query=[*where, ("include_revoked", "true")])
    assert everything["items"][0] == revoked


def test_quota_tells_where_the_month_stands(api):
    assert api.call("member", "getOrganizationQuota") == {
        "quota": {
            "organization_id": home(api),
            "tier": "free",
            "effective_limit": 10_000,
            "current_usage": 0,
            "remaining": 10_000,
            "usage_percent": 0,
            "is_exceeded": False,
            "period_start": "2026-03-01T00:00:00Z",
            "reset_at": "2026-04-01T00:00:00Z",
        }
    }


def test_key_quota_is_set_listed_and_deleted(api):
    key_id = api.seeded.api_key_id
    unlimited = {"api_key_id": key_id, "current_usage": 0, "remaining": 0, "is_exceeded": False}

    limited = api.call("key", "setAPIKeyQuota", api_key_id=key_id, body={"limit": 5})

    assert limited == {"quota": {**unlimited, "limit": 5, "remaining": 5}}
    assert api.call("owner", "listAPIKeyQuotas") == {"quotas": [limited["quota"]]}
    query = [("organization_id", home(api))]
    assert api.call("owner", "deleteAPIKeyQuota", api_key_id=key_id, query=query) == {}
    assert api.call("owner", "listAPIKeyQuotas", query=query) == {"quotas": [unlimited]}


@pytest.mark.parametrize("body", [{}, {"limit": None}])
def test_key_quota_needs_a_limit(api, body):
    with pytest.raises(DomainError) as refused:
        api.call("owner", "setAPIKeyQuota", api_key_id=api.seeded.api_key_id, body=body)

    assert (refused.value.reason, refused.value.param) == ("missing_required_field", "limit")


def test_history_and_document_quota_of_a_quiet_organization(api):
    query = [("date.after", "2026-01-01T00:00:00Z"), ("date.before", "2026-12-31T00:00:00Z")]

    assert api.call("owner", "getUsageHistory", query=query) == {
        "organization_id": home(api),
        "daily_usage": [],
        "total_requests": 0,
    }
    assert api.call("owner", "getDocumentQuota") == {"used": 0, "limit": 0, "available": 0}
