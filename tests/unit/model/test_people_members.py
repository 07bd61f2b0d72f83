"""One owner for ever; admins and members come, change and go by the rules."""

import pytest

from factify_mock.model import members, organizations, roles, users

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)
PRECONDITION = ("failed_precondition", "precondition_failed", None)


def add(cast, actor, user_id, role="member"):
    return members.add(
        cast.world, actor, cast.now, organization_id=cast.organization_id, user_id=user_id, role=role
    )


def change(cast, actor, user_id, role):
    return members.change_role(
        cast.world, actor, organization_id=cast.organization_id, user_id=user_id, role=role
    )


def remove(cast, actor, user_id):
    members.remove(cast.world, actor, organization_id=cast.organization_id, user_id=user_id)


def listed(cast, actor):
    return [(each.user_id, each.role) for each in members.all_of(cast.world, actor, cast.organization_id)]


def test_members_are_listed_in_the_order_of_joining_to_members_and_keys(cast, refusal):
    seeded = cast.seeded
    expected = [(seeded.owner.id, "owner"), (seeded.admin.id, "admin"), (seeded.member.id, "member")]

    assert listed(cast, cast.member) == expected
    assert listed(cast, cast.key) == expected
    assert refusal(lambda: listed(cast, cast.outsider)) == NOT_FOUND


@pytest.mark.parametrize("role", ["admin", "member"])
@pytest.mark.parametrize("by", ["owner", "admin", "key"])
def test_managers_add_members_and_admins(cast, by, role):
    added = add(cast, getattr(cast, by), cast.seeded.invitee.id, role)

    assert (added.role, added.joined_at) == (role, cast.now)
    assert listed(cast, cast.owner)[-1] == (cast.seeded.invitee.id, role)
    assert cast.invitee.organization_id == cast.organization_id


def test_plain_member_and_outsider_cannot_add(cast, refusal):
    user_id = cast.seeded.invitee.id

    assert refusal(lambda: add(cast, cast.member, user_id)) == FORBIDDEN
    assert refusal(lambda: add(cast, cast.outsider, user_id)) == NOT_FOUND
    assert refusal(lambda: add(cast, cast.invitee, user_id)) == NOT_FOUND


def test_nobody_becomes_owner(cast, refusal):
    as_owner = ("invalid_argument", "invalid_field_value", "role")

    assert refusal(lambda: add(cast, cast.owner, cast.seeded.invitee.id, "owner")) == as_owner
    assert refusal(lambda: change(cast, cast.owner, cast.seeded.admin.id, "owner")) == as_owner


def test_unknown_user_cannot_be_added_nor_a_member_twice(cast, refusal):
    unknown = "user_00000000000000000000000000"

    assert refusal(lambda: add(cast, cast.owner, unknown)) == NOT_FOUND
    assert refusal(lambda: add(cast, cast.owner, cast.seeded.member.id)) == (
        "already_exists",
        "resource_already_exists",
        None,
    )


def test_managers_change_roles_but_not_the_owners(cast, refusal):
    assert change(cast, cast.admin, cast.seeded.member.id, "admin").role == "admin"
    assert roles.role_of(cast.world, cast.member, cast.organization_id) == "admin"
    assert change(cast, cast.owner, cast.seeded.admin.id, "member").role == "member"

    assert refusal(lambda: change(cast, cast.admin, cast.seeded.member.id, "member")) == FORBIDDEN
    assert refusal(lambda: change(cast, cast.owner, cast.seeded.owner.id, "admin")) == PRECONDITION
    assert refusal(lambda: change(cast, cast.owner, cast.seeded.invitee.id, "admin")) == NOT_FOUND


def test_a_new_role_keeps_the_time_of_joining(cast):
    cast.passes(days=3)

    changed = change(cast, cast.owner, cast.seeded.member.id, "admin")

    assert changed.joined_at == members.all_of(cast.world, cast.owner, cast.organization_id)[0].joined_at


def test_removed_member_is_outside_at_once(cast, refusal):
    remove(cast, cast.admin, cast.seeded.member.id)

    assert cast.member.organization_id is None
    assert refusal(lambda: listed(cast, cast.member)) == NOT_FOUND
    assert refusal(lambda: remove(cast, cast.admin, cast.seeded.member.id)) == NOT_FOUND


def test_member_may_leave_but_not_remove_others(cast, refusal):
    assert refusal(lambda: remove(cast, cast.member, cast.seeded.admin.id)) == FORBIDDEN
    assert refusal(lambda: remove(cast, cast.member, cast.seeded.owner.id)) == FORBIDDEN
    assert refusal(lambda: remove(cast, cast.outsider, cast.seeded.member.id)) == NOT_FOUND

    remove(cast, cast.member, cast.seeded.member.id)

    assert (cast.seeded.member.id, "member") not in listed(cast, cast.owner)


@pytest.mark.parametrize("by", ["owner", "admin", "key"])
def test_owner_cannot_be_removed_not_even_by_leaving(cast, refusal, by):
    assert refusal(lambda: remove(cast, getattr(cast, by), cast.seeded.owner.id)) == PRECONDITION


def test_home_is_the_organization_joined_first_that_is_still_there(cast):
    second = organizations.found(cast.world, cast.now, name="Second", owner_id=cast.seeded.member.id)

    assert cast.member.organization_id == cast.organization_id
    remove(cast, cast.owner, cast.seeded.member.id)

    assert cast.member.organization_id == second.id
    assert users.organizations_of(cast.world, cast.seeded.member.id) == [second]


def test_an_api_key_ranks_as_admin_in_its_own_organization_only(cast):
    assert roles.role_of(cast.world, cast.key, cast.organization_id) == "admin"
    assert roles.role_of(cast.world, cast.key, cast.seeded.other_organization_id) is None
