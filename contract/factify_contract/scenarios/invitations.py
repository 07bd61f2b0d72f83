"""Moves around invitations that several stories make: invite, accept, look up."""

from typing import Any

from factify_contract.scenarios.steps import every, find
from factify_contract.scenarios.story import Answer, Api, Person


def try_to_invite(api: Api, person: Person, email: str, **fields: Any) -> Answer:
    """What happens when the person invites the address into the organization."""
    return person.call(
        "createOrganizationInvite", organization_id=api.organization_id, body={"email": email, **fields}
    )


def invite(api: Api, email: str, **fields: Any) -> dict[str, Any]:
    """The invitation that the owner sends to the address; the story ends where there is none."""
    answer = try_to_invite(api, api.owner, email, **fields)
    api.require(answer.status == 200, f"nobody could be invited: {answer.exchange.line}")
    sent: dict[str, Any] = answer.body["invite"]
    return sent


def mailed_token(api: Api, sent: dict[str, Any], *, other_than: str | None = None) -> str:
    """The token in the newest mail about the invitation."""
    return api.mailbox.token_for(sent["email"], sent["id"], other_than=other_than)


def accept(api: Api, person: Person, token: str) -> Answer:
    """What happens when the person accepts with the token."""
    return person.call("acceptOrganizationInvite", organization_id=api.organization_id, body={"token": token})


def revoke(api: Api, person: Person, sent: dict[str, Any]) -> Answer:
    """What happens when the person revokes the invitation."""
    return person.call("revokeOrganizationInvite", organization_id=api.organization_id, invite_id=sent["id"])


def resend(api: Api, person: Person, sent: dict[str, Any]) -> Answer:
    """What happens when the person has the invitation sent again."""
    return person.call("resendOrganizationInvite", organization_id=api.organization_id, invite_id=sent["id"])


def invitations(api: Api, **query: Any) -> list[dict[str, Any]]:
    """The organization's invitations as the owner sees them; `a__b` asks for the query parameter `a.b`."""
    asked = {name.replace("__", "."): value for name, value in query.items()}
    return every(api.owner, "listOrganizationInvites", query=asked, organization_id=api.organization_id)


def as_listed(api: Api, sent: dict[str, Any]) -> dict[str, Any]:
    """The invitation as the owner's list shows it now; the story ends where the list is without it."""
    found = find(api.owner, "listOrganizationInvites", sent["id"], organization_id=api.organization_id)
    api.require(found, f"the invitation {sent['id']} is not in the list")
    return found or {}


def guest(api: Api) -> str:
    """An address that nobody was invited by before."""
    return f"{api.unique('guest')}@example.com".lower()


def stranger(api: Api) -> Person:
    """The invitee, who is neither a member of the organization nor has a pending invitation to it."""
    person = api.invitee
    removed = api.owner.call(
        "removeOrganizationMember", organization_id=api.organization_id, user_id=person.user_id
    )
    # Who is no member is refused in one way or another.
    api.require(removed.status < 429, f"nobody knows whether {person.name} is out: {removed.exchange.line}")
    for sent in invitations(api):
        if sent["status"] == "pending" and sent["email"].lower() == person.email.lower():
            revoke(api, api.owner, sent)
    return person
