"""Users, organizations and their members."""

import hashlib
from base64 import b64decode
from typing import Any

from contrary.call import Call, Route
from contrary.estate import Organization, User
from contrary.intake import PAGE, Field
from contrary.wire import Refusal, forbidden, invalid

_IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF", b"<svg", b"<?xml")
_MOST_IMAGE = 2 * 1024 * 1024


def show_user(user: User) -> dict[str, Any]:
    """The user as answers name it."""
    return {
        "id": user.id,
        "name": user.name,
        "email": user.email,
        "given_name": None,
        "family_name": None,
        "profile_image_url": None,
    }


def show_organization(organization: Organization) -> dict[str, Any]:
    """The organization as answers name it."""
    return {
        "id": organization.id,
        "name": organization.name,
        "created_at": organization.created_at,
        "logo_image_url": organization.logo,
    }


def show_member(call: Call, organization: Organization, user_id: str) -> dict[str, Any]:
    """The member as answers name it."""
    role, joined_at = organization.members[user_id]
    return {"user": show_user(call.estate.users[user_id]), "role": role, "joined_at": joined_at}


def scrambled(identifier: str) -> str:
    """Something to sort by that has to do with nothing."""
    return hashlib.sha256(identifier.encode()).hexdigest()


def _user_only(call: Call) -> User:
    if call.actor.key is not None:
        raise Refusal(call.choices.user_only, "Only people have this.")
    return call.estate.users[call.actor.id]


def _mine(call: Call) -> list[Organization]:
    mine = [each for each in call.estate.organizations.values() if call.estate.org_role(call.actor, each)]
    if call.choices.order == "scrambled":
        return sorted(mine, key=lambda each: scrambled(each.id))
    return sorted(mine, key=lambda each: each.name)


def me(call: Call) -> dict[str, Any]:
    """getMe"""
    user = _user_only(call)
    return {"user": show_user(user), "organizations": [show_organization(each) for each in _mine(call)]}


def preferences(call: Call) -> dict[str, Any]:
    """getUserPreferences"""
    _user_only(call)
    return {"has_completed_document_tour": False, "has_completed_hub_onboarding": True}


def list_organizations(call: Call) -> dict[str, Any]:
    """listOrganizations"""
    if call.actor.key is not None and not call.choices.keys_list_organizations:
        raise forbidden("A key knows its organization.")
    roles = call.input.query.get("role")
    found = [each for each in _mine(call) if not roles or call.estate.org_role(call.actor, each) in roles]
    return call.listing(found, show_organization)


def create_organization(call: Call) -> dict[str, Any]:
    """createOrganization"""
    wanted = call.input.body.get("owner_user_id")
    if call.actor.id not in call.estate.users:
        raise forbidden("Only people own organizations.")
    owner = call.estate.users[call.actor.id]
    if wanted is not None and wanted != owner.id:
        raise forbidden("Only the makers of this service name other owners.")
    return {"organization": show_organization(call.estate.add_organization(call.input.body["name"], owner))}


def get_organization(call: Call) -> dict[str, Any]:
    """getOrganization"""
    return {"organization": show_organization(call.organization())}


def update_organization(call: Call) -> dict[str, Any]:
    """updateOrganization"""
    organization = call.organization(least="admin")
    if not any(call.input.body.values()) and not call.choices.lenient:
        raise Refusal("failed_precondition", "Nothing is to be changed.")
    organization.name = call.input.body.get("name") or organization.name
    organization.logo = call.input.body.get("logo_image_url") or organization.logo
    return {"organization": show_organization(organization)}


def public_profile(call: Call) -> dict[str, Any]:
    """getOrganizationPublicProfile"""
    organization = call.estate.organizations.get(call.input.path["organization_id"])
    if organization is None:
        raise call.unknown("organization")
    return {"display_name": organization.name, "logo_image_url": organization.logo}


def upload_logo(call: Call) -> dict[str, Any]:
    """uploadOrganizationLogo"""
    organization = call.organization(least="admin")
    try:
        image = b64decode(call.input.body.get("image_data") or "", validate=True)
    except ValueError:
        raise invalid("image_data", "is no base64") from None
    accepted = _IMAGES[1:2] if "png-only" in call.faults else _IMAGES
    if len(image) > _MOST_IMAGE or not image.lstrip().startswith(accepted):
        raise invalid("image_data", "is no image of at most 2 MB")
    name = hashlib.sha256(image).hexdigest()[:20]
    return {"logo_url": f"https://images.contrary.example/{organization.id}/{name}"}


def list_members(call: Call) -> dict[str, Any]:
    """listOrganizationMembers"""
    organization = call.organization()

    def place(user_id: str) -> Any:
        if call.choices.order == "scrambled":
            return scrambled(user_id)
        return call.estate.users[user_id].email

    everybody = sorted(organization.members, key=place)
    return call.listing(
        everybody, lambda user_id: show_member(call, organization, user_id), bound=organization.id
    )


def add_member(call: Call) -> dict[str, Any]:
    """addOrganizationMember"""
    organization = call.organization(least="admin")
    user_id, role = call.input.body["user_id"], call.input.body.get("role") or "member"
    if role == "owner":
        raise invalid("role", "an organization has one owner already")
    if user_id not in call.estate.users:
        raise call.unknown("user")
    if user_id in organization.members:
        raise Refusal(call.choices.duplicate, "This user is a member already.")
    organization.members[user_id] = (role, call.estate.now())
    return {"member": show_member(call, organization, user_id)}


def _membership(call: Call, organization: Organization) -> str:
    user_id = call.input.path["user_id"]
    if user_id not in organization.members:
        raise call.unknown("member")
    return user_id


def update_member(call: Call) -> dict[str, Any]:
    """updateOrganizationMember"""
    organization = call.organization(least="admin")
    user_id = _membership(call, organization)
    role = call.input.body.get("role") or "member"
    if role == "owner":
        raise invalid("role", "an organization keeps its owner")
    if organization.members[user_id][0] == "owner":
        raise forbidden("The owner stays the owner.")
    organization.members[user_id] = (role, organization.members[user_id][1])
    return {"member": show_member(call, organization, user_id)}


def remove_member(call: Call) -> dict[str, Any]:
    """removeOrganizationMember"""
    is_self = call.input.path["user_id"] == call.actor.id
    organization = call.organization(least="member" if is_self else "admin")
    user_id = _membership(call, organization)
    if organization.members[user_id][0] == "owner":
        raise Refusal("failed_precondition", "The owner stays.")
    del organization.members[user_id]
    return {}


_ROLE = Field("one_of", among="owner|admin|member", required=True, spared=True)
_USER = Field("id", among="user", required=True)
_NAME = Field(least=1, most=255, required=True)
_ONE = "/organizations/{organization_id}"

ROUTES = (
    Route("getMe", "GET", "/me", me, core=True),
    Route("getUserPreferences", "GET", "/user-preferences", preferences),
    Route(
        "listOrganizations", "GET", "/organizations", list_organizations,
        query={**PAGE, "role": Field("one_of", among="owner|admin|member", many=True)}, core=True,
    ),
    Route(
        "createOrganization", "POST", "/organizations", create_organization,
        body={"name": _NAME, "owner_user_id": Field("id", among="user", nullable=True)},
    ),
    Route("getOrganization", "GET", _ONE, get_organization, core=True),
    Route(
        "updateOrganization", "PATCH", _ONE, update_organization,
        body={"name": Field(least=1, nullable=True), "logo_image_url": Field(most=1024, nullable=True)},
    ),
    Route("getOrganizationPublicProfile", "GET", f"{_ONE}/public-profile", public_profile),
    Route(
        "uploadOrganizationLogo", "POST", f"{_ONE}/logo", upload_logo,
        body={"image_data": Field(least=1, most=2097152), "content_type": Field()},
    ),
    Route("listOrganizationMembers", "GET", f"{_ONE}/members", list_members, query=PAGE, core=True),
    Route(
        "addOrganizationMember", "POST", f"{_ONE}/members", add_member,
        body={"user_id": _USER, "role": _ROLE}, core=True,
    ),
    Route(
        "updateOrganizationMember", "PATCH", f"{_ONE}/members/{{user_id}}", update_member,
        body={"role": _ROLE},
    ),
    Route(
        "removeOrganizationMember", "DELETE", f"{_ONE}/members/{{user_id}}", remove_member, core=True
    ),
)  # fmt: skip
