"""Organizations and their members with the Python SDK."""

from factify import models


def test_organization_is_found_by_role_and_renamed(owner, member, factify, refusal):
    (found,) = owner.organizations.list(role=["owner"], page_size=1).result.items
    assert found.id == factify.organization_id
    assert owner.organizations.list(role=["member"]).result.items == []

    renamed = owner.organizations.update(organization_id=found.id, name="Northwind & Daughters")

    assert renamed.result.organization.name == "Northwind & Daughters"
    seen = member.organizations.get(organization_id=found.id).result.organization
    assert seen.name == "Northwind & Daughters"
    refused = refusal(member.organizations.update, organization_id=found.id, name="Mine")
    assert refused == ("permission_denied", "insufficient_permissions")


def test_member_is_added_promoted_and_removed(owner, sdk, factify, refusal):
    invitee = sdk(factify.invitee.token)
    organization = {"organization_id": factify.organization_id}
    someone = {**organization, "user_id": factify.invitee.user_id}

    added = owner.organizations.members.add(**someone, role="member").result.member

    assert (added.user.email, added.role) == (factify.invitee.email, "member")
    assert len(invitee.organizations.members.list(**organization).result.items) == 4
    promoted = owner.organizations.members.update(**someone, role="admin").result.member
    assert promoted.role == "admin"
    invitee.organizations.update(**organization, name="Renamed by a new admin")

    removed = owner.organizations.members.remove(**someone).result

    assert removed == models.RemoveOrganizationMemberResponse()
    assert refusal(invitee.organizations.members.list, **organization)[0] == "not_found"


def test_members_come_by_pages_with_their_roles(owner, factify):
    roles, page = [], owner.organizations.members.list(organization_id=factify.organization_id, page_size=2)
    while page is not None:
        roles.extend(each.role for each in page.result.items)
        page = page.next()

    assert sorted(roles) == ["admin", "member", "owner"]


def test_owner_stays_owner_whatever_an_admin_tries(sdk, factify, refusal):
    admin = sdk(factify.admin.token)
    the_owner = {"organization_id": factify.organization_id, "user_id": factify.owner.user_id}

    assert refusal(admin.organizations.members.remove, **the_owner)[0] == "failed_precondition"
    assert refusal(admin.organizations.members.update, **the_owner, role="member")[0] == "failed_precondition"
