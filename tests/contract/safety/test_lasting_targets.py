"""A run over a target that lasts: it leaves the organization as it was, and says what it cannot take away."""

import pytest

from factify_contract.events import ExchangeDone, Warned
from factify_contract.safety.effects import MAKES
from factify_contract.safety.guard import LEAST_REQUESTS
from factify_contract.summary import Outcome

EXHAUSTION = {"request_quota_exhaustion": True, "document_quota_exhaustion": True}


def notes(events) -> list[str]:
    return [event.message for event in events if isinstance(event, Warned)]


def test_a_run_takes_back_everything_that_the_api_lets_it(judged, state):
    before = state.now()
    summary, events = judged("quota", "document_quota", capabilities=EXHAUSTION)

    assert (summary.outcome, summary.findings) == (Outcome.PASS, ())
    assert state.now() == before
    assert state.trashed()
    assert [note for note in notes(events) if "could not be taken back" in note] == []


def test_everything_that_is_made_has_the_name_of_the_run(judged, state, mock, ready):
    phases = ("preflight", "scenarios", "properties")
    judged(name_prefix="acme", request={"seed": 7, "phases": phases, "max_examples": 3})
    tables = mock.app.world.tables
    run = "acme-fct-7-"
    seeded = ready["api_key"]["id"]

    assert [one.title for one in tables.documents.values() if run not in one.title] == []
    assert [one.name for key, one in tables.api_keys.items() if run not in one.name and key != seeded] == []
    people = {ready[name]["email"] for name in ("owner", "admin", "member", "outsider", "invitee")}
    sent_to = {one.email.lower() for invites in tables.invites.values() for one in invites.values()} - people
    assert [email for email in sent_to if run not in email] == []


def test_the_cost_is_told_before_anything_is_written(judged):
    _, events = judged()
    told = next(number for number, event in enumerate(events) if "requests will be sent" in str(event))
    written = next(
        number
        for number, event in enumerate(events)
        if isinstance(event, ExchangeDone) and event.exchange.method != "GET"
    )

    assert told < written


def test_quotas_of_others_are_not_used_up_without_permission(judged):
    summary, events = judged("quota", "document_quota")

    assert summary.clauses["request-quota.org-enforced"].word == "not exercised"
    assert "request_quota_exhaustion" in summary.reasons["request-quota.org-enforced"]
    assert summary.clauses["document-quota.last-one-fits"].word == "not exercised"
    assert any("does not allow document_quota_exhaustion" in note for note in notes(events))


@pytest.mark.parametrize("allowed", [False, True])
def test_rate_limits_are_tried_where_that_is_allowed_and_then_relaxed(judged, state, allowed):
    before = state.now()
    capabilities = {"rate_limit_exhaustion": True} if allowed else {}
    summary, _ = judged("rate_limits", capabilities=capabilities, request={"suites": ("rate-limits",)})

    word = "pass" if allowed else "not exercised"
    assert summary.clauses["rate-limits.reads"].word == word
    assert summary.clauses["rate-limits.creations"].word == word
    assert state.now() == before


@pytest.mark.parametrize("requests", [LEAST_REQUESTS, 150, 400])
def test_the_budget_of_requests_is_never_exceeded(judged, state, mock, requests):
    before = state.now()
    mock.received.clear()
    judged(budget={"requests": requests})

    assert 20 < len(mock.received) <= requests
    assert state.now() == before


@pytest.mark.parametrize("objects", [0, 7, 60])
def test_the_budget_of_objects_is_never_exceeded(judged, mock, shipped, objects):
    phases = ("preflight", "scenarios", "properties")
    summary, _ = judged(budget={"objects": objects}, request={"phases": phases, "max_examples": 2})

    assert mock.made(shipped) <= objects
    assert summary.outcome is Outcome.PASS
    assert any("the budget" in reason for reason in summary.reasons.values())


def test_both_phases_share_one_budget(judged, state, mock):
    before = state.now()
    mock.received.clear()
    phases = ("preflight", "scenarios", "properties")
    summary, _ = judged(budget={"requests": 1200}, request={"phases": phases, "max_examples": 4})

    assert 1000 < len(mock.received) <= 1200
    assert state.now() == before
    assert any("the budget" in story.reason for story in summary.stories)


def test_reading_only_sends_nothing_but_reading(judged, mock):
    phases = ("preflight", "scenarios", "properties")
    wanted = {"phases": phases, "read_only": True, "ledger": None, "max_examples": 3}
    summary, _ = judged("quota", "document_quota", capabilities=EXHAUSTION, request=wanted)

    assert set(mock.methods) == {"GET"}
    assert summary.outcome is Outcome.PASS
    assert summary.clauses["users.me"].word == "pass"
    assert "with --read-only nothing is written" in summary.reasons.values()


def test_what_makes_something_is_known_to_the_document(shipped):
    assert set(MAKES) <= set(shipped.operations)
