"""Which clauses a certificate requires, and that nobody gets around them."""

import pytest

from factify_contract.capabilities import CAPABILITIES
from factify_contract.certification.requirements import (
    CertificateLevel,
    required_clauses,
    rules_digest,
    ways_of,
)
from factify_contract.clauses import Level, catalogue

CORE, FULL = CertificateLevel
OPTIONAL = [one.name for one in CAPABILITIES.values() if one.operations and not one.essential]


@pytest.fixture
def required(shipped):
    def names(level, *absent, operations=shipped.operations):
        return set(required_clauses(operations, level, absent))

    return names


def test_full_is_every_documented_clause_that_has_to_show(required):
    assert required(FULL) == {
        clause.id
        for clause in catalogue().values()
        if clause.level is Level.DOCUMENTED and clause.exercised != "not yet" and not clause.conditional
    }


SWITCHES = {
    "clock", "quota", "document_quota", "rate_limits", "processing", "demo_document", "mail_count", "sandbox",
}  # fmt: skip


def test_core_leaves_out_what_needs_more_than_people_and_a_mailbox(required):
    beyond = required(FULL) - required(CORE)

    assert required(CORE) < required(FULL)
    assert {"invites.accept-expired", "request-quota.org-enforced", "document-quota.full-refused"} < beyond
    for clause in beyond:
        for way in ways_of(clause):
            assert SWITCHES.intersection(way.needs)


def test_core_cannot_be_emptied(required):
    rest = required(CORE, *CAPABILITIES)

    assert rest == required(CORE, *OPTIONAL)
    assert len(rest) > 200
    for name in ("invites.accept-joins", "api-keys.revoke-at-once", "policies.attach", "members.remove",
                 "access-requests.approve", "transfer.changes-owner", "trash.revokes-grants"):  # fmt: skip
        assert name in rest


@pytest.mark.parametrize("name", OPTIONAL)
def test_absence_excuses_its_own_clauses_and_few_others(required, name):
    own = {
        clause.id
        for clause in catalogue().values()
        if clause.operations and set(clause.operations) <= set(CAPABILITIES[name].operations)
    }
    excused = required(CORE) - required(CORE, name)

    assert own.isdisjoint(required(CORE, name))
    assert len(excused - own) <= 15


def test_full_excuses_nothing(required):
    assert required(FULL, *CAPABILITIES) == required(FULL)


def test_document_requires_only_what_it_has(required, shipped):
    fewer = [name for name in shipped.operations if "Invite" not in name]

    assert not any(name.startswith("invites.") for name in required(FULL, operations=fewer))
    assert "trash.revokes-grants" in required(FULL, operations=fewer)


def test_rules_have_one_digest():
    assert rules_digest() == rules_digest()
    assert len(rules_digest()) == 64
