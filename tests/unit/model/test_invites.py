"""An invitation is sent, renewed, accepted once by the person it was sent to, or revoked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from factify_mock.model import invites, members, organizations, roles

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)
PRECONDITION = ("failed_precondition", "precondition_failed", None)
EMAIL = "invitee@mailbox.example"


def invite(cast, actor=None, email=EMAIL, message=None):
    return invites.create(
        cast.world,
        actor or cast.owner,
        cast.now,
        organization_id=cast.organization_id,
        email=email,
        message=message,
    )


def resend(cast, actor, invite_id):
    return invites.resend(
        cast.world, actor, cast.now, organization_id=cast.organization_id, invite_id=invite_id
    )


def revoke(cast, actor, invite_id):
    return invites.revoke(
        cast.world, actor, cast.now, organization_id=cast.organization_id, invite_id=invite_id
    )


def accept(cast, actor, token, organization_id=None):
    return invites.accept(
        cast.world,
        actor,
        cast.now,
        organization_id=organization_id or cast.organization_id,
        token=token,
    )


def stored(cast, invite_id):
    return cast.world.tables.invites[cast.organization_id][invite_id]


def status(cast, invite_id):
    return invites.status_of(cast.world, cast.now, stored(cast, invite_id))


def last_mail(cast):
    return cast.world.tables.outbox[-1]


def test_new_invitation_is_pending_for_seven_days_and_mailed(cast):
    made = invite(cast, cast.admin, message="Welcome")

    assert status(cast, made.id) == "pending"
    assert made.expires_at - made.created_at == timedelta(days=7)
    assert (made.email, made.message, made.sender_id) == (EMAIL, "Welcome", cast.seeded.admin.id)
    assert (made.accepted_at, made.accepted_by) == (None, None)
    mail = last_mail(cast)
    assert (mail.to, mail.kind, mail.token) == (EMAIL, "organization_invite", made.token)
    assert (mail.invite_id, mail.organization_id) == (made.id, cast.organization_id)
    assert len(made.token) <= 128


def test_only_owner_admins_and_keys_invite(cast, refusal):
    for actor in (cast.owner, cast.admin, cast.key):
        invite(cast, actor, email=f"{actor.kind}-{actor.id[-6:]}@x.example")

    assert refusal(lambda: invite(cast, cast.member)) == FORBIDDEN
    assert refusal(lambda: invite(cast, cast.outsider)) == NOT_FOUND


def test_a_key_invites_in_the_name_of_the_user_who_made_it(cast):
    assert invite(cast, cast.key).sender_id == cast.seeded.owner.id


@pytest.mark.parametrize("email", ["member@northwind.example", "Owner@Northwind.Example"])
def test_address_of_a_member_is_not_invited(cast, refusal, email):
    assert refusal(lambda: invite(cast, email=email)) == PRECONDITION
    assert cast.world.tables.outbox == []


def test_message_is_measured_in_bytes(cast, refusal):
    assert invite(cast, message="é" * 1000).message == "é" * 1000
    assert refusal(lambda: invite(cast, message="é" * 1000 + "x")) == (
        "invalid_argument",
        "invalid_field_value",
        "message",
    )


def test_inviting_again_renews_the_pending_invitation(cast):
    first = invite(cast, message="Hello")
    cast.passes(days=5)

    again = invite(cast, cast.admin, email=EMAIL.upper())

    assert again == replace(first, token=again.token, expires_at=cast.now + timedelta(days=7))
    assert again.token != first.token
    assert list(cast.world.tables.invites[cast.organization_id]) == [first.id]
    assert [each.token for each in cast.world.tables.outbox] == [first.token, again.token]
    assert invite(cast, message="Hello again").message == "Hello again"


def test_token_of_an_earlier_mail_opens_nothing(cast, refusal):
    first = invite(cast)
    second = invite(cast)
    third = resend(cast, cast.owner, first.id)

    assert refusal(lambda: accept(cast, cast.invitee, first.token)) == NOT_FOUND
    assert refusal(lambda: accept(cast, cast.invitee, second.token)) == NOT_FOUND
    assert accept(cast, cast.invitee, third.token).id == cast.organization_id


def test_expired_and_revoked_invitations_do_not_stand_in_the_way_of_a_new_one(cast):
    expired = invite(cast)
    cast.passes(days=7)
    second = invite(cast)
    revoke(cast, cast.owner, second.id)
    third = invite(cast)

    ids = [expired.id, second.id, third.id]
    assert len(set(ids)) == 3
    assert [status(cast, each) for each in ids] == ["expired", "revoked", "pending"]


def test_invitation_expires_at_the_instant_it_says(cast, refusal):
    made = invite(cast)

    cast.passes(days=7, microseconds=-1)
    assert status(cast, made.id) == "pending"
    cast.passes(microseconds=1)

    assert status(cast, made.id) == "expired"
    assert refusal(lambda: accept(cast, cast.invitee, made.token)) == NOT_FOUND


def test_recipient_joins_as_member_and_the_invitation_tells_when_and_who(cast):
    made = invite(cast)
    cast.passes(days=6)

    joined = accept(cast, cast.invitee, made.token)

    assert joined.id == cast.organization_id
    assert roles.role_of(cast.world, cast.invitee, joined.id) == "member"
    found = stored(cast, made.id)
    assert (found.status, found.accepted_at, found.accepted_by) == (
        "accepted",
        cast.now,
        cast.seeded.invitee.id,
    )


def test_address_is_compared_without_regard_to_case(cast):
    made = invite(cast, email="Invitee@MAILBOX.example")

    assert accept(cast, cast.invitee, made.token).id == cast.organization_id
    assert stored(cast, made.id).email == "Invitee@MAILBOX.example"


def test_token_works_for_nobody_else(cast, refusal):
    made = invite(cast)

    assert refusal(lambda: accept(cast, cast.outsider, made.token)) == FORBIDDEN
    assert refusal(lambda: accept(cast, cast.key, made.token)) == FORBIDDEN
    assert status(cast, made.id) == "pending"
    assert roles.role_of(cast.world, cast.outsider, cast.organization_id) is None
    assert accept(cast, cast.invitee, made.token).id == cast.organization_id


def test_token_works_once(cast, refusal):
    made = invite(cast)
    accept(cast, cast.invitee, made.token)
    before = cast.world.tables.copy()

    assert refusal(lambda: accept(cast, cast.invitee, made.token)) == NOT_FOUND
    members.remove(cast.world, cast.invitee, organization_id=cast.organization_id, user_id=cast.invitee.id)
    assert refusal(lambda: accept(cast, cast.invitee, made.token)) == NOT_FOUND
    assert cast.world.tables.invites == before.invites


def test_member_cannot_accept(cast, refusal):
    made = invite(cast)
    members.add(
        cast.world,
        cast.owner,
        cast.now,
        organization_id=cast.organization_id,
        user_id=cast.seeded.invitee.id,
        role="admin",
    )

    assert refusal(lambda: accept(cast, cast.invitee, made.token)) == PRECONDITION
    assert roles.role_of(cast.world, cast.invitee, cast.organization_id) == "admin"


def test_unknown_revoked_and_foreign_tokens_are_not_found(cast, refusal):
    made = invite(cast)
    other = cast.seeded.other_organization_id

    assert refusal(lambda: accept(cast, cast.invitee, "nonsense")) == NOT_FOUND
    assert refusal(lambda: accept(cast, cast.invitee, "")) == NOT_FOUND
    assert refusal(lambda: accept(cast, cast.invitee, made.token, other)) == NOT_FOUND
    revoke(cast, cast.owner, made.id)
    assert refusal(lambda: accept(cast, cast.invitee, made.token)) == NOT_FOUND


def test_who_left_can_be_invited_and_join_again(cast):
    accept(cast, cast.invitee, invite(cast).token)
    members.leave(cast.world, organization_id=cast.organization_id, user_id=cast.invitee.id)

    accept(cast, cast.invitee, invite(cast).token)

    assert roles.role_of(cast.world, cast.invitee, cast.organization_id) == "member"


def test_resending_renews_pending_and_expired_invitations(cast):
    made = invite(cast, message="Hello")
    cast.passes(days=30)
    assert status(cast, made.id) == "expired"

    sent = resend(cast, cast.admin, made.id)

    assert sent == replace(made, token=sent.token, expires_at=cast.now + timedelta(days=7))
    assert status(cast, made.id) == "pending"
    assert (last_mail(cast).token, last_mail(cast).to) == (sent.token, EMAIL)
    assert invite(cast).id == made.id


def test_settled_invitations_are_not_sent_again(cast, refusal):
    revoked = invite(cast)
    revoke(cast, cast.owner, revoked.id)
    accepted = invite(cast)
    accept(cast, cast.invitee, accepted.token)

    assert refusal(lambda: resend(cast, cast.owner, revoked.id)) == PRECONDITION
    assert refusal(lambda: resend(cast, cast.owner, accepted.id)) == PRECONDITION


def test_an_address_never_has_two_pending_invitations(cast, refusal):
    old = invite(cast)
    cast.passes(days=8)
    invite(cast)

    assert refusal(lambda: resend(cast, cast.owner, old.id)) == PRECONDITION


def test_invitation_of_somebody_who_joined_otherwise_is_not_sent_again(cast, refusal):
    made = invite(cast)
    members.join(
        cast.world,
        cast.now,
        organization_id=cast.organization_id,
        user_id=cast.seeded.invitee.id,
        role="member",
    )

    assert refusal(lambda: resend(cast, cast.owner, made.id)) == PRECONDITION


def test_only_a_pending_invitation_is_revoked(cast, refusal):
    made = invite(cast)
    assert revoke(cast, cast.admin, made.id).status == "revoked"
    assert refusal(lambda: revoke(cast, cast.owner, made.id)) == PRECONDITION

    expired = invite(cast)
    cast.passes(days=7)
    assert refusal(lambda: revoke(cast, cast.owner, expired.id)) == PRECONDITION

    accepted = invite(cast)
    accept(cast, cast.invitee, accepted.token)
    assert refusal(lambda: revoke(cast, cast.owner, accepted.id)) == PRECONDITION
    assert status(cast, accepted.id) == "accepted"


@pytest.mark.parametrize("act", [resend, revoke])
def test_plain_member_and_outsiders_touch_no_invitation(cast, refusal, act):
    made = invite(cast)

    assert refusal(lambda: act(cast, cast.member, made.id)) == FORBIDDEN
    assert refusal(lambda: act(cast, cast.outsider, made.id)) == NOT_FOUND
    assert refusal(lambda: act(cast, cast.owner, "inv_00000000000000000000000000")) == NOT_FOUND
    assert stored(cast, made.id) == made


def test_invitation_belongs_to_its_own_organization_only(cast, refusal):
    made = invite(cast)
    other = organizations.create(cast.world, cast.owner, cast.now, name="Other")
    twin = invites.create(cast.world, cast.owner, cast.now, organization_id=other.id, email=EMAIL)

    def revoke_there():
        return invites.revoke(cast.world, cast.owner, cast.now, organization_id=other.id, invite_id=made.id)

    assert twin.id != made.id
    assert refusal(revoke_there) == NOT_FOUND
    assert accept(cast, cast.invitee, twin.token, other.id).id == other.id
    assert status(cast, made.id) == "pending"


def test_inviting_looks_at_no_other_invitation(cast):
    class Untouched(dict):
        def __iter__(self):
            raise AssertionError("all invitations were gone through")

        values = items = keys = __iter__

    for number in range(50):
        invite(cast, email=f"person{number}@x.example")
    tables = cast.world.tables
    tables.invites[cast.organization_id] = Untouched(tables.invites[cast.organization_id])

    renewed = invite(cast, email="person7@x.example")

    assert accept(cast, cast.invitee, invite(cast).token).id == cast.organization_id
    assert renewed.email == "person7@x.example"
