"""An implementation that chose differently wherever nothing is written passes; a broken one does not."""

import pytest
from contrary.choices import FAULTS, MODES

from factify_contract.clauses import Level, catalogue
from factify_contract.events import ClauseJudged, FindingMade
from factify_contract.machine import run_machine
from factify_contract.profile import Profile
from factify_contract.spec import Document
from factify_contract.target import Target

CATALOGUE = catalogue()
SCENARIOS = ("--phase", "scenarios")
# One generated request of each kind to each operation, since there are three modes to ask.
WHOLE = (*SCENARIOS, "--phase", "properties", "--max-examples", "1")
# Calls have to wait in this mode, so that only some stories are told.
HURRIED = (*SCENARIOS, "--suite", "trash-restore", "--suite", "quota-exhaustion")
RUNS = {"north": WHOLE, "south": WHOLE, "sparse": WHOLE, "brisk": HURRIED}
# How many clauses at least have to be kept, so that a run that judges nothing does not pass for a good one.
KEPT = {"north": 330, "south": 340, "sparse": 230, "brisk": 90}


def test_every_mode_is_judged() -> None:
    assert set(RUNS) == set(KEPT) == set(MODES)


@pytest.mark.parametrize("mode", RUNS)
def test_another_reading_passes(mode: str, judge) -> None:
    judgement = judge(mode, *RUNS[mode])

    assert judgement.findings("documented") == []
    assert (judgement.exit_code, judgement.report["verdict"]) == (0, "PASS"), judgement.console
    assert judgement.clauses("error") == set()
    assert len(judgement.clauses("pass")) >= KEPT[mode]


@pytest.mark.parametrize("mode", ["north", "south"])
def test_another_reading_passes_without_any_adapter(mode: str, judge) -> None:
    judgement = judge(mode, *SCENARIOS, bare=True)

    assert judgement.findings("documented") == []
    assert (judgement.exit_code, judgement.report["verdict"]) == (0, "PASS"), judgement.console
    for clause in ("invites.accept-joins", "invites.accept-expired", "request-quota.org-enforced"):
        assert judgement.report["clauses"][clause] == "not exercised"


@pytest.mark.parametrize("only", ["owner", "owner,outsider"])
def test_few_people_leave_clauses_open_and_break_none(only: str, judge) -> None:
    judgement = judge("north", *WHOLE, bare=True, only=only)

    assert judgement.findings("documented") == []
    assert (judgement.exit_code, judgement.report["verdict"]) == (0, "PASS"), judgement.console
    assert judgement.clauses("error") | judgement.clauses("inconclusive") == set()
    assert judgement.report["clauses"]["members.add"] == "not exercised"
    assert len(judgement.clauses("pass")) >= 150


@pytest.mark.parametrize("mode", ["north", "sparse"])
def test_random_life_cycles_hold_nothing_against_another_reading(mode: str, profile_of) -> None:
    events = []
    with Target(Profile.load(profile_of(mode))) as target:
        run_machine(target, Document.load(), seed=0, emit=events.append, examples=6)

    found = [event.finding for event in events if isinstance(event, FindingMade)]
    judged = {event.clause for event in events if isinstance(event, ClauseJudged)}
    assert [finding.clause for finding in found if finding.level == "documented"] == []
    assert len(judged) >= 50


def test_every_documented_clause_of_stories_and_checks_is_kept_in_some_mode(judge) -> None:
    kept = set().union(*(judge(mode, *words).clauses("pass") for mode, words in RUNS.items()))
    exercised = {
        clause.id
        for clause in CATALOGUE.values()
        if clause.level is Level.DOCUMENTED and clause.exercised in ("scenario", "check")
    }

    assert exercised - kept == set()


# By fault: the mode it is added to, and the suite that has to see it.
TOLD = {
    "untrash-restores-grants": ("north", "trash-restore"),
    "trash-leaks-into-lists": ("south", "trash-restore"),
    "trash-frees-quota": ("north", "trash-restore"),
    "old-error-body": ("south", "trash-restore"),
    "created-201": ("north", "trash-restore"),
    "trashed-without-zone": ("south", "trash-restore"),
    "anybody-accepts": ("north", "invite-accept"),
    "late-accept": ("south", "invite-accept"),
    "repeat-keeps-expiry": ("north", "invite-accept"),
    "shouting-status": ("south", "invite-accept"),
    "revoked-without-expiry": ("north", "invite-accept"),
    "page-repeats-item": ("south", "invite-accept"),
    "previous-page-is-first": ("north", "invite-accept"),
    "key-quota-ignored": ("south", "quota-exhaustion"),
    "period-never-ends": ("north", "quota-exhaustion"),
    "processing-goes-on": ("south", "processing"),
    "async-waits": ("north", "processing"),
    "demos-count": ("south", "quota-exhaustion"),
    "silent-resend": ("north", "invite-accept"),
    "half-a-minute": ("north", "rate-limits"),
    "no-rate-headers": ("north", "rate-limits"),
    "views-are-everybodys": ("north", "documents"),
    "png-only": ("north", "organizations"),
}
ASKED = ("unguarded-members", "title-crash", "long-titles")


def test_every_fault_is_looked_for() -> None:
    assert {*TOLD, *ASKED} == set(FAULTS)


@pytest.mark.parametrize("fault", TOLD)
def test_a_story_sees_the_fault(fault: str, judge) -> None:
    mode, suite = TOLD[fault]
    judgement = judge(f"{mode}+{fault}", *SCENARIOS, "--suite", suite)

    assert (judgement.exit_code, judgement.report["verdict"]) == (1, "FAIL")
    assert FAULTS[fault] in judgement.findings("documented")


def test_generated_requests_see_the_faults(judge) -> None:
    variant = "+".join(("north", *ASKED))
    judgement = judge(variant, "--phase", "properties", "--max-examples", "4")

    assert (judgement.exit_code, judgement.report["verdict"]) == (1, "FAIL")
    assert {FAULTS[fault] for fault in ASKED} <= set(judgement.findings("documented"))
