"""Each deliberate defect of invitations and quotas breaks its rule, and the rule holds without it."""

from datetime import timedelta

import pytest

from factify_mock.model import invites, members, quotas, roles
from factify_mock.model.errors import DomainError
from factify_mock.model.indexes import put_document
from factify_mock.model.invites import InviteFilter
from factify_mock.model.records import Document
from factify_mock.mutants import MUTANTS

EMAIL = "invitee@mailbox.example"


def refused(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except DomainError as error:
        return f"{error.code}/{error.reason}"
    return None


def invite(cast, email=EMAIL):
    return invites.create(cast.world, cast.owner, cast.now, organization_id=cast.organization_id, email=email)


def accept(cast, token, actor=None, organization_id=None):
    organization_id = organization_id or cast.organization_id
    who = actor or cast.invitee
    return refused(invites.accept, cast.world, who, cast.now, organization_id=organization_id, token=token)


def revoke(cast, invite_id):
    where = {"organization_id": cast.organization_id, "invite_id": invite_id}
    return refused(invites.revoke, cast.world, cast.owner, cast.now, **where)


def stored(cast, made):
    return cast.world.tables.invites[cast.organization_id][made.id]


def shown(cast, made):
    return invites.status_of(cast.world, cast.now, stored(cast, made))


def join(cast):
    who = {"organization_id": cast.organization_id, "user_id": cast.seeded.invitee.id}
    members.join(cast.world, cast.now, role="member", **who)


def accepted(cast):
    made = invite(cast)
    accept(cast, made.token)
    return made


def expired_token(cast):
    made = invite(cast)
    cast.passes(days=8)
    return accept(cast, made.token)


def revoked_token(cast):
    made = invite(cast)
    revoke(cast, made.id)
    return accept(cast, made.token)


def member_accepts(cast):
    made = invite(cast)
    join(cast)
    return accept(cast, made.token)


def old_token(cast):
    made = invite(cast)
    invite(cast)
    return accept(cast, made.token)


def expired_status(cast):
    made = invite(cast)
    cast.passes(days=8)
    return shown(cast, made)


def role_after_accepting(cast):
    accepted(cast)
    return roles.role_of(cast.world, cast.invitee, cast.organization_id)


def expiry_after_repeating(cast):
    invite(cast)
    cast.passes(days=2)
    return invite(cast).expires_at - cast.now


def found_by_status(cast, status):
    invite(cast)
    where = {"organization_id": cast.organization_id, "wanted": InviteFilter(statuses={status})}
    return len(invites.search(cast.world, cast.owner, cast.now, **where))


def charge(cast, actor, count=1):
    return [refused(quotas.charge, cast.world, actor, cast.now) for _ in range(count)]


def limit_key(cast, limit):
    quotas.set_key_limit(cast.world, cast.owner, cast.now, key_id=cast.seeded.api_key_id, limit=limit)


def limit_organization(cast, limit):
    cast.world.tables.request_limits[cast.organization_id] = limit


def answered_of_key_limit_2(cast):
    limit_key(cast, 2)
    return charge(cast, cast.key, 4).count(None)


def answered_of_organization_limit_2(cast):
    limit_organization(cast, 2)
    return charge(cast, cast.owner, 4).count(None)


def key_after_others_calls(cast):
    limit_key(cast, 2)
    charge(cast, cast.owner, 5)
    return charge(cast, cast.key)


def limited_key_of_exhausted_organization(cast):
    limit_organization(cast, 1)
    limit_key(cast, 5)
    charge(cast, cast.owner)
    return charge(cast, cast.key)


def refusal_over_quota(cast):
    limit_organization(cast, 0)
    return charge(cast, cast.owner)


def key_after_lifting(cast):
    limit_key(cast, 1)
    charge(cast, cast.key)
    quotas.delete_key_limit(cast.world, cast.owner, key_id=cast.seeded.api_key_id)
    return charge(cast, cast.key)


def remaining_after_a_call(cast):
    limit_organization(cast, 5)
    charge(cast, cast.owner)
    return quotas.of_organization(cast.world, cast.now, cast.organization_id).remaining


def next_month(cast):
    limit_organization(cast, 1)
    charge(cast, cast.owner)
    cast.passes(days=31)
    return charge(cast, cast.owner)


def document(cast, state="active"):
    author = cast.seeded.member.id
    put_document(
        cast.world.tables,
        Document(
            id="doc_1",
            organization_id=cast.organization_id,
            owner_id=author,
            created_by=author,
            title="Title",
            created_at=cast.now,
            updated_at=cast.now,
            access_level="private",
            current_version_id="ver_1",
            trash_state=state,
        ),
    )
    cast.world.tables.document_limits[cast.organization_id] = 1


def over_document_quota(cast):
    document(cast)
    return refused(quotas.require_document_room, cast.world, cast.organization_id)


def documents_used_in_trash(cast):
    document(cast, state="trashed")
    return quotas.document_quota(cast.world, cast.owner).used


FORBIDDEN = "permission_denied/insufficient_permissions"
NOT_FOUND = "not_found/resource_not_found"
PRECONDITION = "failed_precondition/precondition_failed"
EXCEEDED = "resource_exhausted/quota_exceeded"
WEEK = timedelta(days=7)

# Defect, what a caller sees, what the rule makes of it, what the defect makes of it.
CASES = [
    ("invites.accept-any-email", lambda it: accept(it, invite(it).token, it.outsider), FORBIDDEN, None),
    ("invites.token-reusable", lambda it: accept(it, accepted(it).token), NOT_FOUND, None),
    ("invites.expired-token-accepted", expired_token, NOT_FOUND, None),
    ("invites.resend-keeps-token", lambda it: invite(it).token == invite(it).token, False, True),
    ("invites.resend-keeps-expiry", expiry_after_repeating, WEEK, timedelta(days=5)),
    ("invites.old-token-accepted", old_token, NOT_FOUND, None),
    ("invites.already-member-accepted", member_accepts, PRECONDITION, None),
    (
        "invites.wrong-organization-accepted",
        lambda it: accept(it, invite(it).token, organization_id=it.seeded.other_organization_id),
        NOT_FOUND,
        None,
    ),
    ("invites.create-duplicates", lambda it: invite(it).id == invite(it).id, True, False),
    ("invites.revoked-token-accepted", revoked_token, NOT_FOUND, None),
    ("invites.status-stays-pending", lambda it: shown(it, accepted(it)), "accepted", "pending"),
    ("invites.joins-as-admin", role_after_accepting, "member", "admin"),
    (
        "invites.accept-heeds-case",
        lambda it: accept(it, invite(it, EMAIL.upper()).token),
        None,
        FORBIDDEN,
    ),
    (
        "invites.acceptance-unrecorded",
        lambda it: stored(it, accepted(it)).accepted_by is None,
        False,
        True,
    ),
    ("invites.expiry-not-shown", expired_status, "expired", "pending"),
    ("invites.accepted-revocable", lambda it: revoke(it, accepted(it).id), PRECONDITION, None),
    (
        "invites.member-invited",
        lambda it: refused(invite, it, "member@northwind.example"),
        PRECONDITION,
        None,
    ),
    ("invites.status-filter-ignored", lambda it: found_by_status(it, "revoked"), 0, 1),
    ("quota.key-limit-not-enforced", answered_of_key_limit_2, 2, 4),
    ("quota.organization-not-enforced", answered_of_organization_limit_2, 2, 4),
    ("quota.wrong-code", refusal_over_quota, [EXCEEDED], [PRECONDITION]),
    ("quota.wrong-reason", refusal_over_quota, [EXCEEDED], ["resource_exhausted/precondition_failed"]),
    ("quota.off-by-one", answered_of_key_limit_2, 2, 1),
    ("quota.off-by-one", answered_of_organization_limit_2, 2, 1),
    ("quota.one-too-many", answered_of_key_limit_2, 2, 3),
    ("quota.counts-other-keys", key_after_others_calls, [None], [EXCEEDED]),
    ("quota.key-escapes-organization", limited_key_of_exhausted_organization, [EXCEEDED], [None]),
    ("quota.delete-keeps-limit", key_after_lifting, [None], [EXCEEDED]),
    ("quota.remaining-wrong", remaining_after_a_call, 4, 5),
    ("quota.never-resets", next_month, [None], [EXCEEDED]),
    ("quota.documents-unlimited", over_document_quota, EXCEEDED, None),
    ("quota.trashed-documents-free", documents_used_in_trash, 1, 0),
]


@pytest.mark.parametrize(("mutant", "seen", "rule", "defect"), CASES, ids=[case[0] for case in CASES])
def test_defect_breaks_its_rule(make_cast, mutant, seen, rule, defect):
    assert mutant in MUTANTS
    assert seen(make_cast()) == rule
    assert seen(make_cast(mutant)) == defect
