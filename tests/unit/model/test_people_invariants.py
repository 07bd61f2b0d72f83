"""Whatever anybody does in whatever order, the tables agree with each other and refusals change nothing."""

import random
from datetime import timedelta

import pytest

from factify_mock.model import api_keys, invites, members, organizations, quotas
from factify_mock.model.errors import DomainError

# Some stand here more than once, so that most sequences get somewhere.
WHO = ("owner", "owner", "admin", "key", "member", "outsider", "invitee", "invitee")
KINDS = (
    "invite",
    "invite",
    "accept",
    "accept",
    "resend",
    "revoke",
    "add",
    "change",
    "remove",
    "found",
    "key",
)
EMAILS = ("invitee@mailbox.example", "Invitee@Mailbox.example", "new@x.example", "member@northwind.example")


def act(cast, kind, actor, number):
    world, now, tables = cast.world, cast.now, cast.world.tables
    where = {"organization_id": list(tables.organizations)[number // 4]}
    user_id = list(tables.users)[number % len(tables.users)]
    role = ("owner", "admin", "member")[number % 3]
    sent = list(tables.invites[where["organization_id"]]) or ["inv_none"]
    invite_id = sent[number % len(sent)]
    if kind == "invite":
        invites.create(world, actor, now, email=EMAILS[number % len(EMAILS)], **where)
    elif kind == "resend":
        invites.resend(world, actor, now, invite_id=invite_id, **where)
    elif kind == "revoke":
        invites.revoke(world, actor, now, invite_id=invite_id, **where)
    elif kind == "accept":
        token = tables.outbox[-1 - number % 3 :][0].token if tables.outbox else "none"
        invites.accept(world, actor, now, token=token, **where)
    elif kind == "add":
        members.add(world, actor, now, user_id=user_id, role=role, **where)
    elif kind == "change":
        members.change_role(world, actor, user_id=user_id, role=role, **where)
    elif kind == "remove":
        members.remove(world, actor, user_id=user_id, **where)
    elif kind == "found":
        organizations.create(world, actor, now, name="Another")
    elif kind == "key":
        api_keys.create(world, actor, now, name="Another", **where)
    elif kind == "limit":
        key_id = list(tables.api_keys)[number % len(tables.api_keys)]
        quotas.set_key_limit(world, actor, now, key_id=key_id, limit=number, **where)


def assert_consistent(cast):
    tables, now = cast.world.tables, cast.now
    for organization_id, table in tables.members.items():
        assert [each.role for each in table.values()].count("owner") == 1
        assert all(organization_id in tables.organizations_of[user_id] for user_id in table)
        pending = [
            each.email.lower()
            for each in tables.invites[organization_id].values()
            if invites.status_of(cast.world, now, each) == "pending"
        ]
        assert len(pending) == len(set(pending))
        assert set(pending) <= set(tables.open_invites.get(organization_id, ()))
    for user_id, joined in tables.organizations_of.items():
        assert all(user_id in tables.members[organization_id] for organization_id in joined)
    for table in tables.invites.values():
        for each in table.values():
            assert tables.invite_by_token[each.token] == (each.organization_id, each.id)
            assert (each.status == "accepted") == (each.accepted_at is not None)
            assert (each.accepted_at is None) == (each.accepted_by is None)
    for key in tables.api_keys.values():
        assert tables.key_by_secret[key.secret] == tables.api_keys[key.id].id
    assert set(tables.key_limits) <= set(tables.api_keys)


@pytest.mark.parametrize("seed", range(30))
def test_tables_agree_after_any_calls_and_refusals_change_nothing(cast, seed):
    rng = random.Random(seed)
    for _ in range(60):
        kind, who, number = rng.choice((*KINDS, "limit", "wait")), rng.choice(WHO), rng.randrange(6)
        if kind == "wait":
            cast.world.clock.advance(timedelta(days=number))
            continue
        before = cast.world.tables.copy()
        try:
            act(cast, kind, getattr(cast, who), number)
        except DomainError:
            assert cast.world.tables == before
        assert_consistent(cast)
