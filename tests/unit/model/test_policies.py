"""Policies of the document's organization are attached, once, and detached."""

from factify_mock.model import policies, sharing
from factify_mock.model.records import Policy

NOT_FOUND = ("not_found", "resource_not_found", None)
FORBIDDEN = ("permission_denied", "insufficient_permissions", None)


def attach(cast, actor, document, policy_id):
    return policies.attach(cast.world, actor, cast.now, document_id=document.id, policy_id=policy_id)


def detach(cast, actor, document, policy_id):
    policies.detach(cast.world, actor, document_id=document.id, policy_id=policy_id)


def attached(cast, actor, document):
    return [each.policy_id for each in policies.list_of(cast.world, actor, document_id=document.id)]


def test_attached_policies_are_listed_by_id_until_they_are_detached(cast, make_document):
    document = make_document(cast.owner)
    first, second, _ = cast.seeded.policy_ids

    attach(cast, cast.owner, document, second)
    attach(cast, cast.owner, document, first)
    assert attached(cast, cast.member, document) == [first, second]

    detach(cast, cast.owner, document, first)
    assert attached(cast, cast.owner, document) == [second]


def test_second_attachment_answers_with_the_first(cast, make_document):
    document = make_document(cast.owner)
    first = attach(cast, cast.owner, document, cast.seeded.policy_ids[0])
    cast.passes(hours=1)

    assert attach(cast, cast.owner, document, cast.seeded.policy_ids[0]) == first


def test_policy_leaves_grants_alone(cast, make_document):
    document = make_document(cast.owner)
    wishes = [sharing.Wish(cast.outsider.id, "viewer")]
    sharing.grant(cast.world, cast.owner, cast.now, document_id=document.id, wishes=wishes)
    before = dict(cast.world.tables.grants[document.id])

    attach(cast, cast.owner, document, cast.seeded.policy_ids[0])

    assert cast.world.tables.grants[document.id] == before


def test_unknown_and_foreign_policies_are_not_found(cast, make_document, refusal):
    document = make_document(cast.owner)
    foreign = Policy("pol_" + "1" * 26, cast.seeded.other_organization_id, "Theirs", cast.now)
    cast.world.tables.policies[foreign.id] = foreign
    homeless = make_document(cast.invitee)

    assert refusal(lambda: attach(cast, cast.owner, document, "pol_" + "0" * 26)) == NOT_FOUND
    assert refusal(lambda: attach(cast, cast.owner, document, foreign.id)) == NOT_FOUND
    assert refusal(lambda: attach(cast, cast.invitee, homeless, foreign.id)) == NOT_FOUND
    assert refusal(lambda: detach(cast, cast.owner, document, cast.seeded.policy_ids[0])) == NOT_FOUND


def test_attaching_takes_an_admin_of_the_document(cast, make_document, refusal):
    document = make_document(cast.owner)
    policy_id = cast.seeded.policy_ids[0]
    wishes = [sharing.Wish(cast.outsider.id, "collaborator"), sharing.Wish(cast.admin.id, "admin")]
    sharing.grant(cast.world, cast.owner, cast.now, document_id=document.id, wishes=wishes)

    assert refusal(lambda: attach(cast, cast.outsider, document, policy_id)) == FORBIDDEN
    assert refusal(lambda: detach(cast, cast.member, document, policy_id)) == FORBIDDEN
    assert refusal(lambda: attach(cast, cast.invitee, document, policy_id)) == NOT_FOUND
    assert attach(cast, cast.admin, document, policy_id).policy_id == policy_id
