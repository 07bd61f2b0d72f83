"""Handlers of an organization's members."""

from typing import Any

from factify_mock.api.arguments import listing
from factify_mock.api.call import Call, Handler
from factify_mock.api.render import people
from factify_mock.model import members
from factify_mock.model.pages import moment


def list_members(call: Call) -> dict[str, Any]:
    """A page of the organization's members."""
    return listing(
        call,
        members.all_of(call.world, call.caller, call.path["organization_id"]),
        position=lambda each: (moment(each.joined_at), each.user_id),
        descending=False,
        render=lambda each: people.member(call.world, each),
    )


def add_member(call: Call) -> dict[str, Any]:
    """The new member."""
    member = members.add(
        call.world,
        call.caller,
        call.now,
        organization_id=call.path["organization_id"],
        user_id=call.body["user_id"],
        role=call.body["role"],
    )
    return {"member": people.member(call.world, member)}


def update_member(call: Call) -> dict[str, Any]:
    """The member with the new role."""
    member = members.change_role(
        call.world,
        call.caller,
        organization_id=call.path["organization_id"],
        user_id=call.path["user_id"],
        role=call.body["role"],
    )
    return {"member": people.member(call.world, member)}


def remove_member(call: Call) -> dict[str, Any]:
    """Nothing: the user is no member any more."""
    members.remove(
        call.world,
        call.caller,
        organization_id=call.path["organization_id"],
        user_id=call.path["user_id"],
    )
    return {}


HANDLERS: dict[str, Handler] = {
    "listOrganizationMembers": list_members,
    "addOrganizationMember": add_member,
    "updateOrganizationMember": update_member,
    "removeOrganizationMember": remove_member,
}
