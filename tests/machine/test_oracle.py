"""The oracle alone: what it expects of everybody, and where it does not know."""

from dataclasses import astuple

import pytest

from factify_contract.machine.knowledge import OUT, UNSURE, Knowledge, KnownDocument, KnownKey
from factify_contract.machine.oracle import (
    EITHER,
    accepting,
    adding,
    handling,
    inviting,
    listed,
    promoting,
    reading,
    removing,
    resending,
    using,
    viewing_members,
    withdrawing,
)

DOCUMENT = "document 1"


@pytest.fixture
def known() -> Knowledge:
    """An organization of three, with a private document of its owner."""
    knowledge = Knowledge(
        {"owner": "owner", "admin": "admin", "member": "member", "outsider": OUT, "invitee": OUT}
    )
    knowledge.made(DOCUMENT, KnownDocument("owner", is_ours=True, title="A title", level="restricted"))
    return knowledge


def readers(known: Knowledge) -> dict[str, bool | None]:
    people = ("owner", "admin", "member", "outsider", "api_key")
    return {who: reading(known, who, DOCUMENT).done for who in people}


def test_private_document_is_its_creators_and_no_strangers(known):
    # Whether admins and keys of the organization may read it is written nowhere.
    assert readers(known) == {
        "owner": True, "admin": None, "member": False, "outsider": False, "api_key": None,
    }  # fmt: skip


def test_who_was_given_a_role_reads_until_it_is_taken_away(known):
    known.shared(DOCUMENT, "member", "viewer", "sharing.grant-listed")
    assert reading(known, "member", DOCUMENT).clause == "sharing.grant-gives-access"

    known.unshared(DOCUMENT, "member")
    gone = reading(known, "member", DOCUMENT)
    assert (gone.done, gone.clause) == (False, "sharing.revoke-takes-access")


@pytest.mark.parametrize(
    ("level", "member", "outsider"),
    [("organization", True, False), ("anyone_with_link", None, None), ("restricted", False, False)],
)
def test_general_access_opens_and_closes(known, level, member, outsider):
    known.opened(DOCUMENT, "organization")
    known.opened(DOCUMENT, level)

    found = readers(known)
    assert (found["member"], found["outsider"]) == (member, outsider)


def test_trash_takes_the_document_from_everybody_and_restoring_does_not_give_it_back(known):
    known.shared(DOCUMENT, "outsider", "viewer", "sharing.grant-listed")
    known.opened(DOCUMENT, "organization")
    known.trashed(DOCUMENT)
    assert readers(known) == {
        "owner": None, "admin": None, "member": False, "outsider": False, "api_key": None,
    }  # fmt: skip
    assert reading(known, "outsider", DOCUMENT).clause == "trash.revokes-grants"
    assert reading(known, "member", DOCUMENT).clause == "trash.revokes-general-access"

    known.restored(DOCUMENT)
    assert reading(known, "owner", DOCUMENT).done
    assert reading(known, "outsider", DOCUMENT).clause == "trash.restore-keeps-grants-revoked"
    assert reading(known, "member", DOCUMENT).clause == "trash.restore-keeps-general-access-revoked"


def test_what_is_done_to_a_document_in_the_trash_is_not_known(known):
    known.trashed(DOCUMENT)
    known.shared(DOCUMENT, "member", "viewer", "sharing.grant-listed")
    assert known.documents[DOCUMENT].roles["member"] == UNSURE
    assert reading(known, "member", DOCUMENT) == EITHER

    known.opened(DOCUMENT, "organization")
    assert reading(known, "outsider", DOCUMENT) == EITHER
    assert handling(known, "owner", "rename document", DOCUMENT) == EITHER


def test_restoring_an_active_document_leaves_open_who_reads_it(known):
    known.shared(DOCUMENT, "member", "viewer", "sharing.grant-listed")
    known.restored(DOCUMENT)
    assert reading(known, "member", DOCUMENT) == EITHER
    assert reading(known, "owner", DOCUMENT).done


def test_acts_on_a_document_are_promised_to_its_creator_and_refused_to_strangers(known):
    for act in ("rename document", "share document", "set level", "trash document", "list recipients"):
        assert handling(known, "owner", act, DOCUMENT).done is True
        assert handling(known, "outsider", act, DOCUMENT).done is False
        assert handling(known, "admin", act, DOCUMENT) == EITHER
    assert handling(known, "owner", "restore document", DOCUMENT) == EITHER


def test_viewers_only_view_and_collaborators_may_do_more_than_is_written(known):
    known.shared(DOCUMENT, "member", "viewer", "sharing.grant-listed")
    assert handling(known, "member", "rename document", DOCUMENT).clause == "sharing.viewer-cannot-change"
    assert handling(known, "member", "trash document", DOCUMENT).clause == "trash.viewer-refused"

    known.shared(DOCUMENT, "member", "collaborator", "sharing.update-changes-role")
    assert handling(known, "member", "rename document", DOCUMENT) == EITHER
    assert handling(known, "member", "trash document", DOCUMENT).clause == "trash.owner-only"


@pytest.mark.parametrize(
    ("state", "active", "trashed"),
    [("", True, False), ("active", True, False), ("trashed", False, True), ("either", True, True)],
)
def test_lists_show_the_creator_his_documents_by_trash_state(known, state, active, trashed):
    assert listed(known, "owner", DOCUMENT, state).done is active
    assert listed(known, "outsider", DOCUMENT, state).done is False

    known.trashed(DOCUMENT)
    assert listed(known, "owner", DOCUMENT, state).done is trashed
    assert listed(known, "outsider", DOCUMENT, state).clause == "trash.leaves-lists-of-others"


def test_documents_used_are_counted_in_the_trash_too(known):
    known.used = 5
    known.made("document 2", KnownDocument("member", is_ours=True, title="Ours", level="restricted"))
    known.made("document 3", KnownDocument("outsider", is_ours=False, title="Theirs", level="restricted"))
    known.trashed("document 2")
    assert (known.used, known.counted) == (6, "document-quota.trashed-counts")


def test_managing_members_is_for_owner_and_admins(known):
    assert adding(known, "owner", "invitee", "admin").clause == "members.add"
    assert adding(known, "admin", "invitee", "member").done is True
    assert adding(known, "member", "invitee", "member").clause == "members.add-needs-manage"
    assert adding(known, "outsider", "invitee", "member").clause == "members.outsider-refused"
    assert adding(known, "api_key", "invitee", "member") == EITHER
    assert adding(known, "owner", "invitee", "owner").clause == "members.add-owner-refused"
    assert promoting(known, "owner", "member", "admin").clause == "members.update-role"
    assert promoting(known, "admin", "owner", "member").clause == "members.update-owner-refused"
    assert removing(known, "member", "member").clause == "members.remove-self"
    assert removing(known, "member", "admin").clause == "members.remove-needs-manage"
    assert removing(known, "owner", "owner").clause == "members.remove-owner-refused"


def test_what_becomes_of_roles_and_invitations_when_somebody_joins_or_leaves_is_not_known(known):
    known.sent("invite 1")
    known.became("invitee", "member", "members.add")
    assert known.state("invite 1") is None
    assert accepting(known, "invitee", "invite 1", newest=True).clause == "invites.accept-member-refused"

    known.shared(DOCUMENT, "invitee", "viewer", "sharing.grant-listed")
    known.became("invitee", OUT, "members.remove")
    assert reading(known, "invitee", DOCUMENT) == EITHER
    assert viewing_members(known, "invitee").clause == "members.remove-ends-access"


def test_invitation_is_pending_for_seven_days(known):
    known.sent("invite 1")
    states = []
    for day in (0, 6, 7, 8):
        known.day = day
        states.append(known.state("invite 1"))
    # On the seventh day it depends on the hour.
    assert states == ["pending", "pending", None, "expired"]


def test_inviting_again_renews_the_seven_days_and_resending_may(known):
    known.sent("invite 1")
    known.passed(5)
    known.resent("invite 1")
    known.passed(5)
    assert known.state("invite 1") is None

    known.sent("invite 1")
    known.passed(6)
    assert known.state("invite 1") == "pending"


def test_invitation_is_accepted_once_in_time_by_the_invited(known):
    known.sent("invite 1")
    assert accepting(known, "invitee", "invite 1", newest=True).clause == "invites.accept-joins"
    assert accepting(known, "invitee", "invite 1", newest=False) == EITHER
    wrong = accepting(known, "outsider", "invite 1", newest=True)
    assert astuple(wrong) == (False, "invites.accept-wrong-person", ("permission_denied",))

    for state, clause in (
        ("accepted", "invites.accept-once"),
        ("revoked", "invites.accept-revoked"),
        ("expired", "invites.accept-expired"),
    ):
        known.invites["invite 1"].state = state
        late = accepting(known, "invitee", "invite 1", newest=True)
        assert (late.done, late.clause) == (False, clause)


def test_token_that_nobody_is_sure_of_may_work_or_not(known):
    known.sent("invite 1")
    known.invites["invite 1"].is_token_sure = False
    assert accepting(known, "invitee", "invite 1", newest=True) == EITHER


def test_sending_an_expired_invitation_again_is_promised_unless_another_is_pending(known):
    known.sent("invite 1")
    known.passed(8)
    assert resending(known, "owner", "invite 1").clause == "invites.resend-after-expiry"

    known.sent("invite 2")
    assert resending(known, "owner", "invite 1") == EITHER
    assert resending(known, "outsider", "invite 1").done is False
    assert withdrawing(known, "member", "invite 2").clause == "invites.revoke-needs-manage"
    assert inviting(known, "member") == EITHER


def test_key_is_stopped_when_certainly_nothing_is_left_and_not_before(known):
    known.keys["key 1"] = KnownKey()
    assert using(known, "key 1").clause == "api-keys.secret-works"

    known.limited("key 1", 2, 2)
    assert using(known, "key 1").clause == "request-quota.key-not-early"
    known.used_key("key 1", was_answered=True)
    assert using(known, "key 1").done is True
    known.used_key("key 1", was_answered=True)
    # What counts as a request is not written, so something may be left until it was read.
    assert using(known, "key 1") == EITHER

    known.limited("key 1", 2, 0)
    assert using(known, "key 1").clause == "request-quota.key-enforced"
    known.passed(8)
    assert using(known, "key 1") == EITHER

    known.limited("key 1", None, None)
    assert using(known, "key 1").clause == "request-quota.key-delete-works-again"
    known.keys["key 1"].is_revoked = True
    assert using(known, "key 1").clause == "api-keys.revoke-at-once"
