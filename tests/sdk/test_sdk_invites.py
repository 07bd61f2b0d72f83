"""Invitations with the Python SDK; their tokens come by mail only."""

from datetime import timedelta


def test_invited_user_joins_the_organization(owner, sdk, factify, refusal):
    invitee = sdk(factify.invitee.token)
    invite = owner.organizations.invites.create(
        organization_id=factify.organization_id, email=factify.invitee.email, message="Welcome"
    ).result.invite
    assert invite.status == "pending"
    assert invite.expires_at - invite.created_at == timedelta(days=7)
    token = factify.outbox.latest(to=factify.invitee.email)["token"]

    joined = invitee.organizations.invites.accept(organization_id=factify.organization_id, token=token)

    assert joined.result.organization.id == factify.organization_id
    me = invitee.users.get_me().result
    assert [organization.id for organization in me.organizations] == [factify.organization_id]
    (accepted,) = owner.organizations.invites.list(
        organization_id=factify.organization_id, status=["accepted"]
    ).result.items
    assert accepted.accepted_by.id == factify.invitee.user_id
    again = refusal(
        owner.organizations.invites.create,
        organization_id=factify.organization_id,
        email=factify.invitee.email.upper(),
    )
    assert again == ("failed_precondition", "precondition_failed")


def test_expired_invitation_is_sent_again_and_then_accepted(frozen, sdk, refusal):
    owner, invitee = sdk(frozen.owner.token), sdk(frozen.invitee.token)
    home = {"organization_id": frozen.organization_id}
    invite = owner.organizations.invites.create(**home, email=frozen.invitee.email).result.invite
    lost = frozen.outbox.latest(to=frozen.invitee.email)["token"]
    frozen.clock.advance(days=8)
    assert [
        each.id for each in owner.organizations.invites.list(**home, status=["expired"]).result.items
    ] == [invite.id]
    assert refusal(invitee.organizations.invites.accept, **home, token=lost)[0] == "not_found"

    resent = owner.organizations.invites.resend(**home, invite_id=invite.id, body={}).result.invite

    assert (resent.id, resent.status) == (invite.id, "pending")
    assert resent.expires_at == frozen.clock.now() + timedelta(days=7)
    fresh = frozen.outbox.latest(to=frozen.invitee.email)["token"]
    invitee.organizations.invites.accept(**home, token=fresh)


def test_revoked_invitation_opens_nothing(owner, sdk, factify, refusal):
    invitee = sdk(factify.invitee.token)
    home = {"organization_id": factify.organization_id}
    invite = owner.organizations.invites.create(**home, email=factify.invitee.email).result.invite
    token = factify.outbox.latest(to=factify.invitee.email)["token"]

    revoked = owner.organizations.invites.revoke(**home, invite_id=invite.id, body={}).result.invite

    assert revoked.status == "revoked"
    assert refusal(invitee.organizations.invites.accept, **home, token=token) == (
        "not_found",
        "resource_not_found",
    )
    twice = refusal(owner.organizations.invites.revoke, **home, invite_id=invite.id, body={})
    assert twice == ("failed_precondition", "precondition_failed")


def test_invitations_are_searched_by_address_sender_and_time(owner, sdk, factify):
    admin = sdk(factify.admin.token)
    home = {"organization_id": factify.organization_id}
    first = owner.organizations.invites.create(**home, email="Ada@analytics.example").result.invite
    second = admin.organizations.invites.create(**home, email="grace@compilers.example").result.invite

    def found(**filters):
        return [each.id for each in owner.organizations.invites.list(**home, **filters).result.items]

    assert found() == [second.id, first.id]
    assert found(email_contains="ANALYTICS") == [first.id]
    assert found(email_exact="ada@analytics.example") == []
    assert found(sender_id=factify.admin.user_id) == [second.id]
    assert found(created_after=second.created_at + timedelta(seconds=1)) == []
    assert len(owner.organizations.invites.list(**home, page_size=1).next().result.items) == 1


def test_second_invitation_of_an_address_renews_the_first(owner, factify):
    home = {"organization_id": factify.organization_id}
    first = owner.organizations.invites.create(**home, email="ada@analytics.example").result.invite
    old = factify.outbox.latest(to="ada@analytics.example")["token"]

    second = owner.organizations.invites.create(**home, email="ADA@analytics.example").result.invite

    assert second.id == first.id
    assert factify.outbox.latest(to="ada@analytics.example")["token"] != old
