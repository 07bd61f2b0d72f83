"""Defects of organizations, their members, and users."""

from typing import TYPE_CHECKING

from factify_mock.model.roles import role_of
from factify_mock.mutants.bends import (
    changes,
    ignores,
    open_to_insiders,
    open_to_strangers,
    overlooks,
    puts,
    refuses,
)
from factify_mock.mutants.mutant import Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _owner_for_admin(role: str) -> str:
    return "owner" if role == "admin" else role


def _is_plain_member(call: "Call") -> bool:
    return role_of(call.world, call.caller, call.path["organization_id"]) == "member"


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "members.managers-only-listed",
        "members.list",
        "The list of members leaves out plain members.",
    ),
    Mutant(
        "members.stranger-may-list",
        "members.list-outsider-refused",
        "Somebody from outside may list an organization's members.",
        open_to_strangers("listOrganizationMembers"),
    ),
    Mutant(
        "members.admins-are-owners",
        "members.one-owner",
        "Admins are listed as owners.",
        changes("listOrganizationMembers", "items[].role", _owner_for_admin),
    ),
    Mutant(
        "members.added-as-admin",
        "members.add",
        "Whoever is added becomes an admin, whatever role was asked for.",
    ),
    Mutant(
        "members.members-may-add",
        "members.add-needs-manage",
        "A plain member may add members.",
        open_to_insiders("addOrganizationMember"),
    ),
    Mutant(
        "members.owner-added",
        "members.add-owner-refused",
        "A second owner can be added.",
        overlooks("addOrganizationMember", "role"),
    ),
    Mutant(
        "members.role-change-forgotten",
        "members.update-role",
        "A changed role is answered and forgotten.",
    ),
    Mutant(
        "members.members-may-promote",
        "members.update-needs-manage",
        "A plain member may change roles, even his own.",
        open_to_insiders("updateOrganizationMember"),
    ),
    Mutant(
        "members.owner-demoted",
        "members.update-owner-refused",
        "The owner's role can be changed.",
    ),
    Mutant(
        "members.owner-made",
        "members.update-to-owner-refused",
        "A member can be made owner.",
        overlooks("updateOrganizationMember", "role"),
    ),
    Mutant(
        "members.removed-stays-listed",
        "members.remove",
        "Who was removed is still in the list of members.",
    ),
    Mutant(
        "members.nobody-may-leave",
        "members.remove-self",
        "A plain member may not leave of his own accord.",
    ),
    Mutant(
        "members.members-may-remove",
        "members.remove-needs-manage",
        "A plain member may remove others.",
        open_to_insiders("removeOrganizationMember"),
    ),
    Mutant(
        "members.owner-removed",
        "members.remove-owner-refused",
        "The owner can be removed.",
    ),
    Mutant(
        "members.stranger-may-add",
        "members.outsider-refused",
        "Somebody from outside may add members.",
        open_to_strangers("addOrganizationMember"),
    ),
    Mutant(
        "members.stranger-may-promote",
        "members.outsider-refused",
        "Somebody from outside may change roles.",
        open_to_strangers("updateOrganizationMember"),
    ),
    Mutant(
        "members.stranger-may-remove",
        "members.outsider-refused",
        "Somebody from outside may remove members.",
        open_to_strangers("removeOrganizationMember"),
    ),
    Mutant(
        "organizations.hidden-from-members",
        "organizations.get",
        "Only owner and admins may read their organization.",
        refuses(
            "getOrganization",
            "permission_denied",
            "insufficient_permissions",
            "This takes an admin",
            where=_is_plain_member,
        ),
    ),
    Mutant(
        "organizations.stranger-may-rename",
        "organizations.outsider-refused",
        "Somebody from outside may change an organization.",
        open_to_strangers("updateOrganization"),
    ),
    Mutant(
        "organizations.update-not-persisted",
        "organizations.update-name",
        "A new name is answered and forgotten.",
    ),
    Mutant(
        "organizations.omitted-name-cleared",
        "organizations.update-omitted-keeps",
        "An update without a name makes the organization nameless.",
    ),
    Mutant(
        "organizations.members-may-rename",
        "organizations.update-needs-admin",
        "A plain member may change the organization.",
        open_to_insiders("updateOrganization"),
    ),
    Mutant(
        "organizations.none-listed",
        "organizations.list-mine",
        "The list leaves out the organization that the caller owns.",
    ),
    Mutant(
        "organizations.role-filter-ignored",
        "organizations.list-role-filter",
        "The list of organizations ignores the filter by role.",
        ignores("listOrganizations", "role"),
    ),
    Mutant(
        "organizations.founder-is-admin",
        "organizations.create-makes-owner",
        "Who creates an organization is an admin of it, and nobody the owner.",
    ),
    Mutant(
        "organizations.anybody-made-owner",
        "organizations.create-for-other-refused",
        "Anybody may found an organization in somebody else's name.",
    ),
    Mutant(
        "organizations.profile-needs-credentials",
        "organizations.public-profile",
        "The public profile is not shown without credentials.",
        refuses(
            "getOrganizationPublicProfile",
            "unauthenticated",
            "authentication_required",
            "Authentication is required",
            where=lambda call: call.actor is None,
        ),
    ),
    Mutant(
        "organizations.logo-without-address",
        "organizations.logo-upload",
        "An uploaded logo is answered without its address.",
        puts("uploadOrganizationLogo", "logo_url", ""),
    ),
    Mutant(
        "organizations.logo-set-by-upload",
        "organizations.logo-not-set-by-upload",
        "An uploaded logo is the organization's at once.",
    ),
    Mutant(
        "organizations.logo-of-anything",
        "organizations.logo-formats",
        "Any file is taken as a logo.",
    ),
    Mutant(
        "organizations.logo-unlimited",
        "organizations.logo-size",
        "A logo may have any size.",
        overlooks("uploadOrganizationLogo", "image_data"),
    ),
    Mutant(
        "organizations.logo-forgotten",
        "organizations.logo-set",
        "An update that sets a logo changes nothing.",
    ),
    Mutant(
        "users.somebody-else",
        "users.me",
        "Everybody is answered the profile of the user who came first.",
    ),
    Mutant(
        "users.without-organizations",
        "users.me-organizations",
        "The profile lists no organizations.",
        puts("getMe", "organizations", []),
    ),
    Mutant(
        "users.no-preferences-yet",
        "users.preferences",
        "The preferences of a user who never set any are not found.",
        refuses("getUserPreferences", "not_found", "resource_not_found", "Preferences not found"),
    ),
)
