"""Sending invitations: what they say, sending them again, and who may do it."""

from factify_contract.scenarios.invitations import (
    accept,
    as_listed,
    guest,
    invitations,
    invite,
    mailed_token,
    resend,
    revoke,
    stranger,
    try_to_invite,
)
from factify_contract.scenarios.steps import (
    CLOSED,
    REFUSALS,
    ids,
    instant,
    members,
    own_organization,
    refuses_malformed,
    unknown_id,
)
from factify_contract.scenarios.story import Api, story

_SUITE = "invite-accept"


@story(suite=_SUITE, title="A new invitation is pending for seven days", needs=("owner",))
def sent_and_pending(api: Api) -> None:
    """What the sender sees of an invitation, in the answer and in the list."""
    # The tag belongs to the address.
    email = guest(api).replace("@", "+audit@")
    answer = try_to_invite(api, api.owner, email, message="Join us for the audit.")
    sent = answer.succeeds("invites.create-pending")["invite"]

    api.equals("invites.create-pending", "status", sent["status"], "pending")
    api.equals("invites.create-names", "organization", sent["organization_id"], api.organization_id)
    api.equals("invites.create-names", "address", sent["email"].lower(), email)
    api.equals("invites.create-names", "message", sent.get("message"), "Join us for the audit.")
    api.equals("invites.sender-is-caller", "sender", sent["sender"]["id"], api.owner.user_id)
    api.equals("invites.unaccepted-has-no-acceptance", "accepted_at", sent.get("accepted_at"), None)
    api.equals("invites.unaccepted-has-no-acceptance", "accepted_by", sent.get("accepted_by"), None)

    lifetime = (instant(sent["expires_at"]) - instant(sent["created_at"])).total_seconds()
    api.holds(
        "invites.expires-in-seven-days",
        abs(lifetime - 7 * 86400) <= 600,
        expected="expires_at seven days after created_at",
        actual=f"created_at {sent['created_at']}, expires_at {sent['expires_at']}",
    )
    listed = sent["id"] in ids(invitations(api))
    api.equals("invites.list-shows", "in the list of invitations", listed, True)
    others = invite(api, guest(api))
    api.equals("identifiers.unique", "the id of the invitation before", others["id"] == sent["id"], False)


@story(suite=_SUITE, title="The token is in the mail and nowhere else", needs=("owner", "mailbox"))
def mailed(api: Api) -> None:
    """The invited address gets a mail with a token that no answer of the API tells."""
    answer = try_to_invite(api, api.owner, guest(api))
    sent = answer.succeeds("invites.create-pending")["invite"]
    token = api.mailbox.find_token(sent["email"], sent["id"])
    api.equals("invites.create-sends-mail", "a mail with a token came", token is not None, True)
    api.require(token, "without a token nothing can leak")
    listing = api.owner.call("listOrganizationInvites", organization_id=api.organization_id)
    again = resend(api, api.owner, sent)
    newest = mailed_token(api, sent)
    gone = revoke(api, api.owner, sent)
    for shown in (answer, listing, again, gone):
        text = shown.exchange.content.decode("utf-8", "replace")
        is_told = str(token) in text or newest in text
        api.equals("invites.token-only-in-mail", "the token is in the answer", is_told, False)


@story(suite=_SUITE, title="Members are not invited", needs=("owner", "admin", "member"))
def members_are_not_invited(api: Api) -> None:
    """An address that belongs to a member is refused."""
    for somebody in (api.member, api.admin):
        answer = try_to_invite(api, api.owner, somebody.email)
        answer.is_refused("invites.member-refused", codes=("failed_precondition",))


@story(
    suite=_SUITE,
    title="Inviting again renews the invitation",
    needs=("owner", "invitee", "mailbox"),
)
def invited_again(api: Api) -> None:
    """One address has one pending invitation, with one token that works: the last."""
    invitee = stranger(api)
    first = invite(api, invitee.email)
    first_token = mailed_token(api, first)
    second = invite(api, invitee.email)

    api.equals("invites.repeat-same-invite", "invitation", second["id"], first["id"])
    api.equals("invites.repeat-stays-pending", "status", second["status"], "pending")
    pending = [
        each["id"]
        for each in invitations(api)
        if each["status"] == "pending" and each["email"].lower() == invitee.email.lower()
    ]
    api.equals("invites.repeat-same-invite", "pending invitations of the address", len(pending), 1)

    second_token = api.mailbox.find_token(second["email"], second["id"], other_than=first_token)
    api.equals("invites.repeat-new-token", "a new token came", second_token is not None, True)
    api.require(second_token, "without a new token there is no old one")
    late = accept(api, invitee, first_token)
    if late.is_refused("invites.repeat-ends-old-token", codes=REFUSALS):
        accept(api, invitee, str(second_token)).succeeds("invites.repeat-token-works")


@story(
    suite=_SUITE,
    title="Inviting again gives a new seven days",
    needs=("owner", "invitee", "mailbox", "clock"),
)
def invited_again_days_later(api: Api) -> None:
    """Invited on one day and again five days later, the person accepts on the ninth day."""
    invitee = stranger(api)
    first = invite(api, invitee.email)
    token = mailed_token(api, first)
    api.clock.advance(days=5)

    second = invite(api, invitee.email)
    gained = (instant(second["expires_at"]) - instant(first["expires_at"])).total_seconds()
    api.holds(
        "invites.repeat-refreshes-expiry",
        gained >= 5 * 86400 - 600,
        expected="expires_at five days later than before",
        actual=f"{first['expires_at']} became {second['expires_at']}",
    )
    newest = mailed_token(api, second, other_than=token)
    api.clock.advance(days=4)
    accept(api, invitee, newest).succeeds("invites.repeat-refreshes-expiry")


@story(suite=_SUITE, title="The idempotency key has no effect", needs=("owner",))
def idempotency_key_is_reserved(api: Api) -> None:
    """Only the address decides whether an invitation is new."""
    key = api.unique("key")
    first, other = guest(api), guest(api)
    original = invite(api, first, idempotency_key=key)

    elsewhere = try_to_invite(api, api.owner, other, idempotency_key=key)
    sent = elsewhere.succeeds("invites.idempotency-key-reserved")["invite"]
    api.equals("invites.idempotency-key-reserved", "address invited", sent["email"].lower(), other)
    repeated = invite(api, first, idempotency_key=api.unique("key"))
    api.equals("invites.idempotency-key-reserved", "invitation", repeated["id"], original["id"])


@story(suite=_SUITE, title="Sending again is another mail", needs=("owner", "mail_count"))
def mailed_again(api: Api) -> None:
    """Whatever stands in it, a second mail arrives."""
    sent = invite(api, guest(api))
    before = api.mailbox.count(sent["email"], more_than=0)
    api.require(before, "no mail came for the invitation")
    again = resend(api, api.owner, sent)
    api.require(again.status == 200, f"the invitation could not be sent again: {again.exchange.line}")
    after = api.mailbox.count(sent["email"], more_than=before)
    api.holds(
        "invites.resend-mails", after > before, expected=f"more than {before} mails", actual=f"{after} mails"
    )


@story(suite=_SUITE, title="An invitation is sent again", needs=("owner", "invitee", "mailbox"), smoke=True)
def sent_again(api: Api) -> None:
    """The mail was lost; the next one opens the door."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)

    again = resend(api, api.owner, sent).succeeds("invites.resend-same-invite")["invite"]
    api.equals("invites.resend-same-invite", "invitation", again["id"], sent["id"])
    is_member = invitee.user_id in members(api)
    api.equals("invites.resend-adds-no-member", "listed as a member", is_member, False)
    accept(api, invitee, mailed_token(api, again)).succeeds("invites.resend-token-works")


@story(
    suite=_SUITE,
    title="An expired invitation is sent again",
    needs=("owner", "invitee", "mailbox", "clock"),
)
def sent_again_after_expiry(api: Api) -> None:
    """The mail was read too late; sending it again gives another chance."""
    invitee = stranger(api)
    sent = invite(api, invitee.email)
    lifetime = instant(sent["expires_at"]) - instant(sent["created_at"])
    api.clock.advance(seconds=lifetime.total_seconds() + 60)

    again = resend(api, api.owner, sent).succeeds("invites.resend-after-expiry")["invite"]
    api.equals("invites.resend-revives", "status", again["status"], "pending")
    accept(api, invitee, mailed_token(api, again)).succeeds("invites.resend-revives")


@story(
    suite=_SUITE,
    title="Strangers have no hand in an organization's invitations",
    needs=("owner", "outsider"),
)
def closed_to_outsiders(api: Api) -> None:
    """The owner of another organization neither invites, lists, resends nor revokes."""
    email = guest(api)
    sent = invite(api, email)
    before = as_listed(api, sent)
    outsider = api.outsider

    tried = try_to_invite(api, outsider, guest(api))
    tried.is_refused("invites.outsider-refused", codes=CLOSED)
    looked = outsider.call("listOrganizationInvites", organization_id=api.organization_id)
    looked.is_refused("invites.outsider-refused", codes=CLOSED)
    resend(api, outsider, sent).is_refused("invites.outsider-refused", codes=CLOSED)
    revoke(api, outsider, sent).is_refused("invites.outsider-refused", codes=CLOSED)

    seen = as_listed(api, sent)
    api.equals("invites.outsider-changes-nothing", "status", seen["status"], "pending")
    api.equals("invites.outsider-changes-nothing", "expires_at", seen["expires_at"], before["expires_at"])


@story(
    suite=_SUITE,
    title="A plain member does not revoke invitations",
    needs=("owner", "member"),
)
def closed_to_plain_members(api: Api) -> None:
    """Revoking is for those who manage members."""
    sent = invite(api, guest(api))
    revoke(api, api.member, sent).is_refused("invites.revoke-needs-manage", codes=CLOSED)
    api.equals("invites.revoke-needs-manage", "status", as_listed(api, sent)["status"], "pending")
    resent = revoke(api, api.admin, sent)
    resent.succeeds("invites.revoke-needs-manage")


@story(
    suite=_SUITE,
    title="Two organizations invite the same person",
    needs=("owner", "outsider"),
)
def organizations_apart(api: Api) -> None:
    """Each has an invitation of its own, and cannot reach the other's."""
    email = guest(api)
    sent = invite(api, email)
    elsewhere = own_organization(api.outsider)
    answer = api.outsider.call("createOrganizationInvite", organization_id=elsewhere, body={"email": email})
    theirs = answer.succeeds("invites.organizations-apart")["invite"]
    api.equals("invites.organizations-apart", "the same invitation", theirs["id"] == sent["id"], False)

    homes = {each["organization_id"] for each in invitations(api)}
    api.equals("invites.organizations-apart", "organizations listed", sorted(homes), [api.organization_id])
    misplaced = api.outsider.call("revokeOrganizationInvite", organization_id=elsewhere, invite_id=sent["id"])
    misplaced.is_refused("invites.other-path-refused", codes=CLOSED)
    api.equals("invites.other-path-refused", "status", as_listed(api, sent)["status"], "pending")


@story(suite=_SUITE, title="What makes no invitation", needs=("owner",))
def bad_invitations(api: Api) -> None:
    """No address, no real address, too long a message, and ids that lead nowhere."""
    owner, organization_id = api.owner, api.organization_id
    nobody = owner.call("createOrganizationInvite", organization_id=organization_id, body={})
    nobody.is_refused("invites.email-required", codes=("invalid_argument",))
    garbled = try_to_invite(api, owner, "not an address")
    garbled.is_refused("invites.email-form", codes=("invalid_argument",))
    verbose = try_to_invite(api, owner, guest(api), message="m" * 2001)
    verbose.is_refused("invites.message-limit", codes=("invalid_argument",))

    sent = invite(api, guest(api))
    for operation_id in ("resendOrganizationInvite", "revokeOrganizationInvite"):
        missing = owner.call(operation_id, organization_id=organization_id, invite_id=unknown_id(sent["id"]))
        if missing.is_refused("identifiers.unknown-refused", codes=CLOSED):
            missing.is_refused("identifiers.unknown-is-not-found", codes=("not_found",))
        for malformed in (sent["id"].removeprefix("inv_"), sent["id"].replace("inv_", "doc_"), "inv_short"):
            wrong = owner.call(operation_id, organization_id=organization_id, invite_id=malformed)
            refuses_malformed(wrong)
