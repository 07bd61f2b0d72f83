"""The list of invitations: its filters and its pages."""

from factify_contract.scenarios.invitations import as_listed, guest, invitations, invite, revoke
from factify_contract.scenarios.paging import comes_in_pages, paged
from factify_contract.scenarios.steps import ids, shifted
from factify_contract.scenarios.story import Api, story

_SUITE = "invite-accept"


@story(suite=_SUITE, title="Invitations are listed by status", needs=("owner",))
def listed_by_status(api: Api) -> None:
    """One pending and one revoked invitation, asked for alone, together, and without a filter."""
    pending, revoked = invite(api, guest(api)), invite(api, guest(api))
    api.require(revoke(api, api.owner, revoked).status == 200, "nothing could be revoked")
    both = {pending["id"], revoked["id"]}

    asked = {
        "pending": {pending["id"]},
        "revoked": {revoked["id"]},
        "accepted": set(),
        "expired": set(),
    }
    for status, expected in asked.items():
        found = both & set(ids(invitations(api, status=[status])))
        api.equals("invites.list-status", f"listed as {status}", sorted(found), sorted(expected))
    found = both & set(ids(invitations(api, status=["pending", "revoked"])))
    api.equals("invites.list-status", "listed as pending or revoked", sorted(found), sorted(both))
    api.equals("transport.repeated-query-array", "found with a repeated key", sorted(found), sorted(both))
    found = both & set(ids(invitations(api)))
    api.equals("invites.list-shows", "listed without a filter", sorted(found), sorted(both))


@story(suite=_SUITE, title="Invitations are listed by address", needs=("owner",))
def listed_by_address(api: Api) -> None:
    """A part of the address in any case, or the whole address as it is."""
    email = invite(api, guest(api))["email"]
    other = invite(api, guest(api))["email"]
    part = email.partition("@")[0]

    for asked in (part, part.upper()):
        found = [each["email"] for each in invitations(api, email__contains=asked)]
        api.equals("invites.list-email-contains", f"found by {asked}", found, [email])
    found = [each["email"] for each in invitations(api, email__exact=email)]
    api.equals("invites.list-email-exact", "found by the whole address", found, [email])
    for asked in (part, email.swapcase()):
        found = [each["email"] for each in invitations(api, email__exact=asked)]
        api.equals("invites.list-email-exact", f"found by {asked} exactly", found, [])

    both = api.owner.call(
        "listOrganizationInvites",
        organization_id=api.organization_id,
        query={"email.contains": part, "email.exact": other},
    )
    both.is_refused("invites.list-email-either", codes=("invalid_argument",))


@story(suite=_SUITE, title="Invitations are listed by sender", needs=("owner", "admin"))
def listed_by_sender(api: Api) -> None:
    """The owner's and the admin's invitations, each asked for by their sender."""
    by_owner = invite(api, guest(api))
    answer = api.admin.call(
        "createOrganizationInvite", organization_id=api.organization_id, body={"email": guest(api)}
    )
    api.require(answer.status == 200, f"the admin could not invite: {answer.exchange.line}")
    by_admin = answer.body["invite"]
    both = {by_owner["id"], by_admin["id"]}

    for sender, expected in ((api.owner, by_owner), (api.admin, by_admin)):
        found = both & set(ids(invitations(api, sender_id=sender.user_id)))
        api.equals("invites.list-sender", f"sent by the {sender.name}", sorted(found), [expected["id"]])


@story(suite=_SUITE, title="Invitations are listed by their time", needs=("owner",))
def listed_by_time(api: Api) -> None:
    """A range holds both its ends, and nothing outside."""
    sent = invite(api, guest(api))
    # As it is listed: the answer to the creation may have been more exact than what was kept.
    moment = as_listed(api, sent)["created_at"]

    def is_found(**query: str) -> bool:
        return sent["id"] in ids(invitations(api, email__exact=sent["email"], **query))

    api.equals(
        "timestamps.range-inclusive", "found after its own time", is_found(created__after=moment), True
    )
    api.equals(
        "timestamps.range-inclusive", "found before its own time", is_found(created__before=moment), True
    )
    earlier, later = shifted(moment, minutes=-1), shifted(moment, minutes=1)
    api.equals("invites.list-created", "found after a later time", is_found(created__after=later), False)
    api.equals(
        "invites.list-created", "found before an earlier time", is_found(created__before=earlier), False
    )
    inside = is_found(created__after=earlier, created__before=later)
    api.equals("invites.list-created", "found in the minutes around it", inside, True)

    backwards = api.owner.call(
        "listOrganizationInvites",
        organization_id=api.organization_id,
        query={"created.after": later, "created.before": earlier},
    )
    backwards.is_refused("timestamps.range-order", codes=("invalid_argument",))


@story(suite=_SUITE, title="Invitations come in pages", needs=("owner",))
def listed_in_pages(api: Api) -> None:
    """Five invitations, two to a page, there and back again."""
    word = api.unique("page").lower()
    made = [invite(api, f"{word}-{number}@example.com")["id"] for number in range(5)]
    listed = paged(
        api.owner,
        "listOrganizationInvites",
        query={"email.contains": word},
        organization_id=api.organization_id,
    )
    comes_in_pages(api, listed, made)
