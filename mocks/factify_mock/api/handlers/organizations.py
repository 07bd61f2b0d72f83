"""Handlers of organizations and their logos."""

from base64 import b64decode
from typing import Any

from factify_mock.api.arguments import listing
from factify_mock.api.call import Call, Handler
from factify_mock.api.render import people
from factify_mock.model import logos, organizations, roles
from factify_mock.model.errors import invalid
from factify_mock.model.pages import moment


def list_organizations(call: Call) -> dict[str, Any]:
    """A page of the caller's organizations."""
    return listing(
        call,
        organizations.viewable(call.world, call.caller, roles_wanted=call.query.get("role", ())),
        position=lambda each: (moment(each.created_at), each.id),
        descending=False,
        render=people.organization,
    )


def create_organization(call: Call) -> dict[str, Any]:
    """The new organization."""
    organization = organizations.create(
        call.world,
        call.caller,
        call.now,
        name=call.body["name"],
        owner_user_id=call.body.get("owner_user_id"),
    )
    return {"organization": people.organization(organization)}


def get_organization(call: Call) -> dict[str, Any]:
    """One organization, for its members."""
    organization = roles.require_member(call.world, call.caller, call.path["organization_id"])
    return {"organization": people.organization(organization)}


def update_organization(call: Call) -> dict[str, Any]:
    """The organization as it is now."""
    organization = organizations.update(
        call.world,
        call.caller,
        organization_id=call.path["organization_id"],
        name=call.body.get("name"),
        logo_image_url=call.body.get("logo_image_url"),
    )
    return {"organization": people.organization(organization)}


def get_public_profile(call: Call) -> dict[str, Any]:
    """What anybody may know of an organization; needs no caller."""
    organization = organizations.public_profile(call.world, call.path["organization_id"])
    return people.public_profile(organization)


def upload_logo(call: Call) -> dict[str, Any]:
    """Where the uploaded image can be found; the type that the caller claims is not looked at."""
    try:
        content = b64decode(call.body.get("image_data", ""), validate=True)
    except ValueError:
        raise invalid("image_data", "image_data is not base64") from None
    logo = logos.upload(
        call.world, call.caller, organization_id=call.path["organization_id"], content=content
    )
    return {"logo_url": call.links.logo(call.world, logo)}


HANDLERS: dict[str, Handler] = {
    "listOrganizations": list_organizations,
    "createOrganization": create_organization,
    "getOrganization": get_organization,
    "updateOrganization": update_organization,
    "getOrganizationPublicProfile": get_public_profile,
    "uploadOrganizationLogo": upload_logo,
}
