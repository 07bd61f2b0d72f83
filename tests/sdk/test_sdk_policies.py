"""Policies with the Python SDK: attached to documents and detached again."""

from factify import models


def test_policies_are_attached_listed_by_pages_and_detached(owner, factify, upload, refusal):
    document = upload(owner)

    attached = [
        owner.policies.attach(document_id=document.id, policy_id=policy_id).result
        for policy_id in factify.policy_ids
    ]

    assert [each.policy.id for each in attached] == list(factify.policy_ids)
    pages, page = [], owner.policies.list(document_id=document.id, page_size=1)
    while page is not None:
        pages.append([each.policy.id for each in page.result.items])
        page = page.next()
    assert sorted(policy_id for (policy_id,) in pages) == sorted(factify.policy_ids)

    gone = factify.policy_ids[0]
    assert owner.policies.detach(document_id=document.id, policy_id=gone).result == models.Empty()
    left = owner.policies.list(document_id=document.id).result.items
    assert gone not in [each.policy.id for each in left]
    again = refusal(owner.policies.detach, document_id=document.id, policy_id=gone)
    assert again == ("not_found", "resource_not_found")


def test_member_who_may_only_read_attaches_nothing(owner, member, factify, upload, refusal):
    document = upload(owner, access_level="organization")

    refused = refusal(member.policies.attach, document_id=document.id, policy_id=factify.policy_ids[0])

    assert refused == ("permission_denied", "insufficient_permissions")
    assert owner.policies.list(document_id=document.id).result.items == []
