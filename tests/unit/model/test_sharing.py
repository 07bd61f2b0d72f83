"""Grants go one by one, to people, bots and organizations; nobody gives more than he has."""

import pytest

from factify_mock.model import api_keys, documents, permissions, sharing
from factify_mock.model.sharing import Wish

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)
PRECONDITION = ("failed_precondition", "precondition_failed", None)


def grant(cast, actor, document, *wishes, notify=True):
    outcomes = sharing.grant(
        cast.world,
        actor,
        cast.now,
        document_id=document.id,
        wishes=[Wish(*wish) for wish in wishes],
        notify=notify,
    )
    return [each.error for each in outcomes]


def update(cast, actor, document, recipient_id, role):
    return sharing.update(
        cast.world, actor, cast.now, document_id=document.id, recipient_id=recipient_id, role=role
    )


def revoke(cast, actor, document, recipient_id):
    return sharing.revoke(cast.world, actor, cast.now, document_id=document.id, recipient_id=recipient_id)


def recipients(cast, actor, document):
    found = sharing.recipients(cast.world, actor, document_id=document.id)
    return [(each.recipient_id, each.role) for each in found]


def role_of(cast, actor, document):
    return permissions.role_on(cast.world, actor, cast.world.tables.documents[document.id])


@pytest.fixture
def private(cast, make_document):
    return make_document(cast.owner, access_level="private")


def test_permission_sets_rise_with_the_role():
    sets = permissions.PERMISSION_SETS
    granted = {role: {name for name, given in sets[role].items() if given} for role in permissions.ROLES}

    assert granted["viewer"] == {"view", "open", "comment_private"}
    assert granted["commenter"] - granted["viewer"] == {"comment_public"}
    assert granted["collaborator"] - granted["commenter"] == {
        "create_version",
        "list_versions",
        "copy_content",
        "screenshot",
        "view_analytics",
        "view_leads",
        "grant_access",
    }
    assert granted["admin"] - granted["collaborator"] == {
        "manage_access",
        "view_timeline",
        "export",
        "attach_policy",
    }
    assert granted["owner"] - granted["admin"] == {"trash"}
    assert {len(each) for each in sets.values()} == {16}


def test_grant_gives_the_role_and_is_listed_after_the_owner(cast, private):
    errors = grant(
        cast,
        cast.owner,
        private,
        (cast.outsider.id, "commenter"),
        (cast.key.id, "collaborator"),
        (cast.organization_id, "viewer"),
    )

    assert errors == [None, None, None]
    assert recipients(cast, cast.outsider, private) == [
        (cast.owner.id, "owner"),
        (cast.outsider.id, "commenter"),
        (cast.key.id, "collaborator"),
        (cast.organization_id, "viewer"),
    ]
    assert role_of(cast, cast.outsider, private) == "commenter"
    assert role_of(cast, cast.member, private) == "viewer"
    assert role_of(cast, cast.key, private) == "collaborator"


def test_email_addresses_name_users_whatever_their_case(cast, private):
    assert grant(cast, cast.owner, private, ("OUTSIDER@Southgate.Example", "viewer")) == [None]

    assert role_of(cast, cast.outsider, private) == "viewer"


def test_unknown_email_address_becomes_a_user_who_gets_a_mail(cast, private):
    assert grant(cast, cast.owner, private, ("New.Person@elsewhere.example", "viewer")) == [None]

    user_id = cast.world.tables.user_by_email["new.person@elsewhere.example"]
    assert cast.world.tables.users[user_id].name == "New.Person@elsewhere.example"
    assert recipients(cast, cast.owner, private)[1] == (user_id, "viewer")
    mail = cast.world.tables.outbox[-1]
    assert (mail.kind, mail.to, mail.document_id) == (
        "document_shared",
        "New.Person@elsewhere.example",
        private.id,
    )


def test_only_users_get_a_mail_and_only_if_it_is_wanted(cast, private):
    grant(
        cast, cast.owner, private, (cast.key.id, "viewer"), (cast.organization_id, "viewer"), ("x", "viewer")
    )
    grant(cast, cast.owner, private, (cast.outsider.id, "viewer"), notify=False)
    assert cast.world.tables.outbox == []

    grant(cast, cast.owner, private, (cast.invitee.id, "viewer"))

    assert [mail.to for mail in cast.world.tables.outbox] == ["invitee@mailbox.example"]


@pytest.mark.parametrize(
    "recipient",
    [
        "user_" + "0" * 26,
        "bot_" + "0" * 26,
        "org_" + "0" * 26,
        "user_short",
        "somebody",
        "@example.com",
        "two@@example.com",
        "two words@example.com",
        "nodomain@",
        "a@b",
        "new\nline@example.com",
        "nul\0@example.com",
    ],
)
def test_recipient_that_is_nobody_fails_alone(cast, private, recipient):
    errors = grant(
        cast, cast.owner, private, (recipient, "viewer"), (cast.outsider.id, "viewer"), notify=False
    )

    assert errors[0] is not None
    assert errors[1] is None
    assert len(recipients(cast, cast.owner, private)) == 2


def test_organization_of_others_cannot_be_found(cast, private):
    other = cast.seeded.other_organization_id

    assert grant(cast, cast.owner, private, (other, "viewer")) == [f"{other} not found"]


def test_second_grant_to_the_same_person_fails_and_changes_nothing(cast, private):
    errors = grant(
        cast,
        cast.owner,
        private,
        (cast.outsider.id, "viewer"),
        ("outsider@southgate.example", "admin"),
        (cast.owner.id, "viewer"),
    )

    assert [error is None for error in errors] == [True, False, False]
    assert recipients(cast, cast.owner, private) == [
        (cast.owner.id, "owner"),
        (cast.outsider.id, "viewer"),
    ]


def test_owner_is_no_role_to_give(cast, private):
    assert grant(cast, cast.owner, private, (cast.outsider.id, "owner")) != [None]
    grant(cast, cast.owner, private, (cast.outsider.id, "viewer"))
    assert update(cast, cast.owner, private, cast.outsider.id, "owner") is not None
    assert role_of(cast, cast.outsider, private) == "viewer"


@pytest.mark.parametrize("own", ["viewer", "commenter", "collaborator", "admin"])
def test_nobody_gives_a_role_above_their_own(cast, private, refusal, own):
    grant(cast, cast.owner, private, (cast.member.id, own))
    given = ("viewer", "commenter", "collaborator", "admin")
    wishes = [(f"{role}@elsewhere.example", role) for role in given]

    if own in ("viewer", "commenter"):
        assert refusal(lambda: grant(cast, cast.member, private, *wishes)) == FORBIDDEN
        return
    errors = grant(cast, cast.member, private, *wishes)

    assert [error is None for error in errors] == [own == "admin" or role != "admin" for role in given]


def test_collaborator_grants_but_changes_and_revokes_nothing(cast, private, refusal):
    grant(cast, cast.owner, private, (cast.member.id, "collaborator"), (cast.outsider.id, "viewer"))

    assert refusal(lambda: update(cast, cast.member, private, cast.outsider.id, "commenter")) == FORBIDDEN
    assert refusal(lambda: revoke(cast, cast.member, private, cast.outsider.id)) == FORBIDDEN
    level = "organization"
    assert (
        refusal(
            lambda: sharing.set_general_access(
                cast.world, cast.member, cast.now, document_id=private.id, level=level
            )
        )
        == FORBIDDEN
    )


def test_update_changes_the_role_in_its_place(cast, private):
    grant(cast, cast.owner, private, (cast.outsider.id, "viewer"), (cast.invitee.id, "viewer"))

    assert update(cast, cast.owner, private, cast.outsider.id, "admin") is None

    assert recipients(cast, cast.owner, private) == [
        (cast.owner.id, "owner"),
        (cast.outsider.id, "admin"),
        (cast.invitee.id, "viewer"),
    ]


def test_revoke_takes_one_persons_access(cast, private):
    grant(cast, cast.owner, private, (cast.outsider.id, "viewer"), (cast.invitee.id, "viewer"))

    assert revoke(cast, cast.owner, private, cast.outsider.id) is None

    assert role_of(cast, cast.outsider, private) is None
    assert recipients(cast, cast.owner, private) == [(cast.owner.id, "owner"), (cast.invitee.id, "viewer")]


def test_access_that_is_not_there_is_neither_changed_nor_revoked(cast, private):
    assert update(cast, cast.owner, private, cast.outsider.id, "admin") is not None
    assert revoke(cast, cast.owner, private, cast.outsider.id) is not None
    assert revoke(cast, cast.owner, private, "user_" + "0" * 26) is not None


def test_owners_access_is_neither_changed_nor_revoked(cast, private):
    grant(cast, cast.owner, private, (cast.outsider.id, "admin"))

    for actor in (cast.owner, cast.outsider):
        assert update(cast, actor, private, cast.owner.id, "viewer") is not None
        assert revoke(cast, actor, private, cast.owner.id) is not None
    assert role_of(cast, cast.owner, private) == "owner"


def test_highest_of_several_roles_counts(cast, make_document):
    document = make_document(cast.owner, access_level="public")
    grant(cast, cast.owner, document, (cast.organization_id, "collaborator"))
    assert role_of(cast, cast.member, document) == "collaborator"

    grant(cast, cast.owner, document, (cast.member.id, "commenter"))
    assert role_of(cast, cast.member, document) == "collaborator"

    update(cast, cast.owner, document, cast.member.id, "admin")
    assert role_of(cast, cast.member, document) == "admin"


def test_general_access_opens_and_closes_without_touching_grants(cast, private):
    grant(cast, cast.owner, private, (cast.outsider.id, "commenter"))
    readers = {}

    for level in ("restricted", "organization", "anyone_with_link", "restricted"):
        sharing.set_general_access(cast.world, cast.owner, cast.now, document_id=private.id, level=level)
        assert sharing.general_access(cast.world, cast.owner, document_id=private.id) == level
        readers[level] = [role_of(cast, actor, private) for actor in (cast.member, cast.invitee)]
        assert role_of(cast, cast.outsider, private) == "commenter"

    assert readers == {
        "restricted": [None, None],
        "organization": ["viewer", None],
        "anyone_with_link": ["viewer", "viewer"],
    }


def test_organization_access_needs_an_organization(cast, make_document, refusal):
    document = make_document(cast.invitee)

    refused = refusal(
        lambda: sharing.set_general_access(
            cast.world, cast.invitee, cast.now, document_id=document.id, level="organization"
        )
    )

    assert refused == PRECONDITION


def test_outsider_sees_and_changes_nothing(cast, private, refusal):
    world, outsider, now = cast.world, cast.outsider, cast.now

    for call in (
        lambda: recipients(cast, outsider, private),
        lambda: grant(cast, outsider, private, (outsider.id, "admin")),
        lambda: update(cast, outsider, private, cast.owner.id, "viewer"),
        lambda: revoke(cast, outsider, private, cast.owner.id),
        lambda: sharing.general_access(world, outsider, document_id=private.id),
        lambda: sharing.set_general_access(
            world, outsider, now, document_id=private.id, level="anyone_with_link"
        ),
        lambda: sharing.create_link(world, outsider, now, document_id=private.id),
    ):
        assert refusal(call) == NOT_FOUND


def test_access_of_an_organizations_key_outlives_the_key(cast, private):
    grant(cast, cast.owner, private, (cast.key.id, "viewer"))
    api_keys.revoke(cast.world, cast.owner, cast.now, key_id=cast.seeded.api_key_id)

    assert (cast.key.id, "viewer") in recipients(cast, cast.owner, private)


def test_every_share_link_is_another_one(cast, private):
    first, second = (
        sharing.create_link(cast.world, cast.owner, cast.now, document_id=private.id) for _ in range(2)
    )

    assert (first.document_id, first.creator_id) == (private.id, cast.owner.id)
    assert first.id != second.id
    assert first.slug != second.slug


def test_share_link_opens_nothing(cast, private, refusal):
    sharing.create_link(cast.world, cast.owner, cast.now, document_id=private.id)

    assert refusal(lambda: documents.get(cast.world, cast.outsider, document_id=private.id)) == NOT_FOUND
