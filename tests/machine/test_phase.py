"""The phase: the mock passes it, its defects are found and made short, and other people's data is spared."""

import re
import sys

import pytest

from factify_contract.events import StoryFinished
from factify_contract.findings import Status
from factify_contract.machine.script import Step
from factify_contract.profile import CommandAdapter
from factify_contract.target import Target

# Ids, tokens and addresses differ from world to world.
OWN = re.compile(r'\b[a-z]+_[0-9a-hjkmnp-tv-z]{26}\b|"(token|email)": "[^"]*"')


def asked(run) -> list[tuple[str, str, str, str]]:
    """The requests: who, what, and with which body; without what is a world's own."""
    return [
        (
            one.actor,
            one.method,
            OWN.sub("#", one.url.removeprefix(one.base_url)),
            OWN.sub("#", one.request_body.decode("utf-8", "replace")),
        )
        for one in run.exchanges
    ]


def test_the_mock_keeps_its_promises_in_any_order(target_of, run_on):
    run = run_on(target_of())

    assert run.findings == {}
    assert run.warnings == []
    assert set(run.statuses.values()) == {Status.PASS}
    assert len(run.clauses(Status.PASS)) > 100


def test_the_same_seed_sends_the_same_requests(target_of, run_on):
    first, second, other = (run_on(target_of(), seed=seed, examples=4) for seed in (3, 3, 4))

    assert asked(first) == asked(second)
    assert asked(first) != asked(other)


@pytest.mark.parametrize(
    ("mutant", "clause", "most"),
    [
        ("trash.keeps-grants", "trash.revokes-grants", 4),
        ("invites.status-stays-pending", "invites.accept-marks-accepted", 3),
        ("quota.key-limit-not-enforced", "request-quota.key-enforced", 5),
    ],
)
def test_a_defect_is_found_and_shown_in_few_steps(target_of, run_on, mutant, clause, most):
    run = run_on(target_of(mutant))

    assert clause in run.findings
    assert len(run.findings[clause].steps) <= most
    assert Status.FAIL in run.statuses.values()


def test_a_failure_that_does_not_come_back_is_inconclusive(target_of, run_on):
    class Settling(Target):
        """Restores what was shared in its first worlds, and no longer afterwards."""

        left = 6

        def fresh(self) -> Target:
            self.left -= 1
            return super().fresh() if self.left >= 0 else correct.fresh()

    correct = target_of()
    run = run_on(target_of("invites.status-stays-pending", "trash.keeps-grants", kind=Settling))

    assert run.findings == {}
    assert "trash.revokes-grants" in run.clauses(Status.INCONCLUSIVE)
    assert any("not when played again" in warning for warning in run.warnings)
    assert Status.INCONCLUSIVE in run.statuses.values()


def test_where_data_lasts_little_is_made_and_everything_is_put_away(target_of, run_on, document):
    target = target_of(without=("sandbox",))
    run = run_on(target)

    made = [one for one in run.exchanges if one.operation_id == "createDocument" and one.status == 200]
    mine = {one.json["document"]["id"] for one in made}
    operations, token = document.operations, target.identities["owner"].token
    send = target.transport.send
    left = send(operations["listDocuments"], "owner", token, query={"page_size": 100})
    organization = {"organization_id": target.organization_id}
    members = send(operations["listOrganizationMembers"], "owner", token, path=organization)

    assert run.findings == {}
    assert 0 < len(made) <= 24
    assert mine.isdisjoint(item["id"] for item in left.json["items"])
    assert len(members.json["items"]) == 3
    assert target.time_moved is False


@pytest.mark.parametrize("people", [("owner",), ("owner", "member")])
def test_few_people_without_adapters_are_enough(target_of, run_on, people):
    target = target_of(without=("sandbox", "mailbox", "clock", "quota", "document_quota"), people=people)
    run = run_on(target, examples=8)

    assert run.findings == {}
    assert set(run.statuses.values()) == {Status.PASS}
    assert {one.actor for one in run.exchanges} <= {*people, "key-1", "key-2"}


def test_life_cycles_that_an_adapter_cuts_short_are_an_error(target_of, run_on):
    target = target_of(clock=CommandAdapter((sys.executable, "-c", "raise SystemExit('no clock')")))
    run = run_on(target, examples=8, steps=15)

    assert run.findings == {}
    assert Status.ERROR in run.statuses.values()
    [reason, *_] = [one.reason for one in run.events if isinstance(one, StoryFinished) and one.reason]
    assert re.fullmatch(
        r"\d+ of \d+ life cycles were cut short: the clock adapter failed: .*no clock", reason
    )


def test_steps_that_nobody_can_take_are_left_out(target_of, play):
    shown = play(
        target_of(without=("sandbox",), people=("owner", "member")),
        Step(act="create document", by="outsider", makes="document 1"),
        Step(act="read document", by="owner", on="document 1"),
        Step(act="create document", by="owner", makes="document 2"),
    )
    assert [step.makes for step in shown.steps] == ["document 2"]
