"""A whole run: its order, what preflight learns, what a target that goes away leaves behind."""

import itertools
import signal
import subprocess
import sys

import pytest

from factify_contract.clauses import catalogue
from factify_contract.engine import Options, Run
from factify_contract.errors import ProfileError, TargetUnreachable
from factify_contract.events import (
    ClauseJudged,
    ExchangeDone,
    FindingMade,
    PhaseFinished,
    PhaseStarted,
    RunFinished,
    RunStarted,
    StoryFinished,
    Warned,
)
from factify_contract.findings import Finding, Status
from factify_contract.scenarios.story import Story
from factify_contract.summary import Outcome
from factify_contract.tally import Tally
from factify_contract.target import AdapterError, Target
from factify_contract.transport import NoAnswer

KEPT = "users.me"


@pytest.fixture
def run_of(shipped, target_of):
    """Makes a run of the stories over the toy; returns it with the list that will hold its events."""

    def make(*stories, target=None, properties=None, keeper=None, notice=None, **options):
        events = []

        def emit(event):
            events.append(event)
            if notice is not None:
                notice(event)

        options = {"seed": 7, "phases": ("preflight", "scenarios"), "target_name": "a toy", **options}
        opened = target or target_of()
        ticks = itertools.count()
        run = Run(
            opened,
            shipped,
            catalogue(),
            stories,
            Options(**options),
            emit=emit,
            clock=lambda: float(next(ticks)),
            properties=properties,
            keeper=keeper,
        )
        return run, events

    return make


def a_story(tell, *needs: str, suite: str = "toys") -> Story:
    return Story(suite, "A toy story", needs, tell)


def asks_me(api):
    api.owner.call("getMe").succeeds(KEPT)


def warnings(events) -> list[str]:
    return [event.message for event in events if isinstance(event, Warned)]


def test_run_goes_through_its_phases_in_order(run_of):
    run, events = run_of(a_story(asks_me))
    summary = run.execute()
    marks = [event for event in events if not isinstance(event, ClauseJudged | ExchangeDone | Warned)]

    assert [type(event).__name__ for event in marks] == [
        "RunStarted",
        *("PhaseStarted", "StoryStarted", "StoryFinished", "PhaseFinished"),
        *("PhaseStarted", "StoryStarted", "StoryFinished", "PhaseFinished"),
        "RunFinished",
    ]
    assert events[-1] == RunFinished(summary)
    assert summary.outcome is Outcome.PASS


def test_preflight_is_part_of_every_run(run_of):
    run, events = run_of(a_story(asks_me), phases=("scenarios",))
    run.execute()

    assert [event.phase for event in events if isinstance(event, PhaseStarted)] == ["preflight", "scenarios"]
    assert next(event for event in events if isinstance(event, RunStarted)).phases == (
        "preflight",
        "scenarios",
    )


def test_preflight_learns_ids_addresses_and_the_organization(run_of, toy):
    seen = {}

    def tell(api):
        seen.update(id=api.member.user_id, email=api.member.email, organization=api.organization_id)

    run, events = run_of(a_story(tell))
    run.execute()

    assert seen == {
        "id": toy.user("member")["id"],
        "email": "member@people.example",
        "organization": "org_01h2xcejqtf2nbrexx3vqjhp41",
    }
    assert "organization_id is not in the profile; taking org_01h2xcejqtf2nbrexx3vqjhp41" in warnings(events)


def test_person_who_is_refused_is_left_out(run_of, toy):
    default = toy.user

    def me(asked):
        if asked.caller == "member":
            return 401, toy.refusal("unauthenticated", "expired_token")
        return 200, {"user": default(asked.caller), "organizations": []}

    toy.answers["GET /v1beta/me"] = me
    run, events = run_of(a_story(asks_me, "member"), a_story(asks_me))
    run.execute()

    assert [event.status for event in events if isinstance(event, StoryFinished)] == [
        Status.PASS,
        Status.NOT_EXERCISED,
        Status.PASS,
    ]
    assert (
        "the token of identity 'member' was refused "
        "(member GET /v1beta/me → 401 unauthenticated/expired_token); it is left out"
    ) in warnings(events)


def test_owner_who_is_refused_is_a_mistake_of_the_profile(run_of, toy):
    toy.answers["GET /v1beta/me"] = lambda asked: (401, toy.refusal("unauthenticated"))
    run, _ = run_of()
    with pytest.raises(ProfileError, match=r"refused the token of identity 'owner' .* check its token$"):
        run.execute()


def test_profile_without_an_owner_is_refused(run_of, target_of):
    run, _ = run_of(target=target_of("member"))
    with pytest.raises(ProfileError, match="no identity 'owner'"):
        run.execute()


def test_profile_that_mistakes_a_person_is_warned_about(run_of, target_of, toy):
    wrong = {"owner": {"token": "canary-owner-4f1d", "user_id": "user_wrong"}}
    run, events = run_of(target=target_of("owner", identities=wrong))
    run.execute()

    assert f"is user_wrong in the profile, but {toy.user('owner')['id']} to the target" in warnings(events)[0]


def test_missing_need_is_told_before_and_after(run_of):
    run, events = run_of(a_story(asks_me, "mailbox"), phases=("scenarios",))
    summary = run.execute()

    assert "the profile has no [adapters.mailbox], so 1 of 1 stories cannot be told" in warnings(events)
    assert summary.clauses[KEPT] is Status.NOT_EXERCISED
    assert summary.reasons[KEPT] == "the profile has no [adapters.mailbox]"


@pytest.mark.parametrize("need", ["owner", "key", "api_key"])
def test_people_of_the_profile_meet_needs(run_of, need):
    run, _ = run_of(a_story(asks_me, need))

    assert run.execute().clauses[KEPT] is Status.PASS


CLOCK = {"clock": {"command": [sys.executable, "-c", ""]}}


def expires(toy):
    """From now on the toy takes nobody's token for good."""
    toy.answers["GET /v1beta/me"] = lambda asked: (401, toy.refusal("unauthenticated", "expired_token"))


def test_whoever_moves_time_for_all_comes_last(run_of, target_of):
    def moves_time(api):
        api.clock.advance(days=8)

    run, events = run_of(
        a_story(moves_time, "clock"), a_story(asks_me), target=target_of("owner", adapters=CLOCK)
    )
    run.execute()

    assert [event.id for event in events if isinstance(event, StoryFinished)][1:] == [
        "toys/asks_me",
        "toys/moves_time",
    ]


def test_token_that_expired_because_time_moved_proves_nothing(run_of, target_of, toy):
    def outlives_its_token(api):
        api.clock.advance(days=80)
        expires(toy)
        api.owner.call("getMe").succeeds(KEPT)

    def properties(target, document, *, seed, max_examples, emit, prefix):
        raise AssertionError("nobody is left to ask")

    run, events = run_of(
        a_story(outlives_its_token, "clock"),
        target=target_of("owner", adapters=CLOCK),
        properties=properties,
        phases=("scenarios", "properties"),
    )
    summary = run.execute()

    assert (summary.findings, summary.stories[1].status) == ((), Status.INCONCLUSIVE)
    assert "the owner's token expired when time was moved; properties are not judged" in warnings(events)


def test_refused_token_is_a_finding_while_time_was_not_moved(run_of, toy):
    def is_forgotten(api):
        expires(toy)
        api.owner.call("getMe").succeeds(KEPT)

    run, _ = run_of(a_story(is_forgotten))

    assert [found.clause for found in run.execute().findings] == [KEPT]


def test_policies_of_the_profile_meet_their_need(run_of, target_of):
    run, _ = run_of(a_story(asks_me, "policies"), target=target_of("owner", policy_ids=["pol_1"]))

    assert run.execute().clauses[KEPT] is Status.PASS


def test_only_the_chosen_suites_are_told(run_of):
    run, events = run_of(a_story(asks_me, suite="one"), a_story(asks_me, suite="two"), suites=("two",))
    run.execute()

    assert [event.suite for event in events if isinstance(event, StoryFinished)] == ["preflight", "two"]


def test_broken_documented_clause_fails_the_run(run_of):
    run, _ = run_of(a_story(lambda api: api.holds(KEPT, condition=False, expected="a", actual="b")))
    summary = run.execute()

    assert (summary.outcome, summary.clauses[KEPT], summary.outcome.exit_code) == (
        Outcome.FAIL,
        Status.FAIL,
        1,
    )


def test_broken_inferred_clause_does_not(run_of):
    run, _ = run_of(
        a_story(lambda api: api.holds("errors.message-not-empty", condition=False, expected="a", actual="b"))
    )
    summary = run.execute()

    assert (summary.outcome, summary.finding_counts) == (Outcome.PASS, {"documented": 0, "inferred": 1})


def test_story_that_breaks_the_tool_is_an_error(run_of):
    run, _ = run_of(a_story(lambda api: "".index("x")))

    assert run.execute().outcome.exit_code == 3


BROKEN = {
    "http": {"url": "http://[::1", "wait_seconds": 2},
    "command": {"command": [sys.executable, "-c", "import sys; sys.exit('no mail server')"]},
    "python": {"python": "json:loads"},
    "prompt": {"prompt": "What does the mail to {to} say?"},
}


@pytest.mark.parametrize("kind", BROKEN)
def test_adapter_that_never_works_breaks_its_stories_and_no_others(run_of, target_of, kind):
    def reads_mail(api):
        api.owner.call("getMe").succeeds(KEPT)
        api.mailbox.token_for("olga@toy.example")
        api.holds("users.me-organizations", condition=True, expected="", actual="")

    target = target_of("owner", adapters={"mailbox": BROKEN[kind]})
    run, _ = run_of(a_story(reads_mail, "mailbox"), a_story(asks_me), target=target)
    summary = run.execute()
    _, reading, asking = summary.stories

    assert (reading.status, asking.status) == (Status.ERROR, Status.PASS)
    assert reading.reason.startswith("the mailbox adapter failed: ")
    assert (summary.outcome.exit_code, summary.interrupted, summary.findings) == (3, "", ())
    assert summary.clauses[KEPT] is Status.PASS
    assert summary.reasons["users.me-organizations"] == reading.reason


def test_finding_stands_beside_a_broken_adapter(run_of, target_of):
    def breaks(api):
        api.holds(KEPT, condition=False, expected="a", actual="b")

    def reads_mail(api):
        api.mailbox.token_for("olga@toy.example")

    target = target_of("owner", adapters={"mailbox": BROKEN["command"]})
    run, _ = run_of(a_story(breaks), a_story(reads_mail), target=target)

    assert run.execute().outcome.exit_code == 1


def test_half_of_the_quotas_is_not_a_broken_adapter(run_of, target_of):
    target = target_of("owner", adapters={"quota": BROKEN["command"]})
    run, _ = run_of(a_story(asks_me), a_story(lambda api: api.quota.set_documents(1)), target=target)
    summary = run.execute()

    assert summary.stories[-1].status is Status.NOT_EXERCISED
    assert summary.stories[-1].reason == "the profile has no [adapters.document_quota]"


def test_run_ends_where_there_are_no_sandboxes_any_more(run_of, target_of):
    target = target_of("owner", adapters={"sandbox": BROKEN["command"]})
    run, events = run_of(a_story(asks_me), target=target)
    with pytest.raises(AdapterError, match="the sandbox adapter failed: "):
        run.execute()

    assert events[-1].summary.interrupted.startswith("the sandbox adapter failed: ")


def test_hiccups_of_a_gateway_change_no_verdict_and_are_told(run_of, toy):
    left = [503, 502]

    def sometimes(asked):
        return (left.pop(), b"<html></html>") if left and asked.caller == "member" else (200, toy_me(asked))

    def toy_me(asked):
        return {"user": toy.user(asked.caller), "organizations": []}

    toy.answers["GET /v1beta/me"] = sometimes
    run, events = run_of(a_story(asks_me))
    summary = run.execute()

    assert (summary.outcome, summary.findings) == (Outcome.PASS, ())
    assert warnings(events)[-1] == "2 reads were sent again after 502 or 503"
    assert summary.warnings[-1] == warnings(events)[-1]


def test_gateway_that_does_not_get_through_is_seen(run_of, toy):
    toy.answers["GET /v1beta/user-preferences"] = lambda asked: (502, b"<html></html>")
    run, _ = run_of(a_story(lambda api: api.owner.call("getUserPreferences")))

    assert "responses.documented-status" in {found.clause for found in run.execute().findings}


def test_run_that_exercised_nothing_fails(shipped):
    nothing = {"document": shipped, "suite_version": "0", "interrupted": "", "elapsed": 0.0}
    summary = Tally(catalogue()).summary(seed=0, target="t", **nothing)

    assert summary.outcome is Outcome.FAIL


def test_equal_findings_are_listed_once_and_counted(run_of):
    def tell(api):
        api.holds(KEPT, condition=False, expected=f"title {api.unique('x')!r}", actual="b")

    run, events = run_of(a_story(tell), a_story(tell))
    summary = run.execute()
    [found] = summary.findings

    assert summary.occurrences == {found.fingerprint: 2}
    assert len([event for event in events if isinstance(event, FindingMade)]) == 2


def test_properties_get_the_target_and_emit_into_the_run(run_of):
    asked = {}

    def properties(target, document, *, seed, max_examples, emit, prefix):
        asked.update(target=target, title=document.title, seed=seed, max_examples=max_examples)
        emit(ClauseJudged(KEPT, Status.PASS, "properties/getMe"))

    run, events = run_of(properties=properties, phases=("properties",), max_examples=3)
    summary = run.execute()

    assert isinstance(asked.pop("target"), Target)
    assert asked == {"title": "Factify API", "seed": 7, "max_examples": 3}
    assert summary.clauses[KEPT] is Status.PASS
    assert [event.phase for event in events if isinstance(event, PhaseFinished)] == [
        "preflight",
        "properties",
    ]


def test_phase_that_breaks_leaves_the_other_results(run_of):
    def properties(target, document, *, seed, max_examples, emit, prefix):
        raise ZeroDivisionError("too few examples")

    run, _ = run_of(a_story(asks_me), properties=properties, phases=("scenarios", "properties"))
    summary = run.execute()

    assert (summary.outcome, summary.clauses[KEPT]) == (Outcome.ERROR, Status.PASS)
    assert (
        "the phase broke (ZeroDivisionError: too few examples at test_run.py:" in summary.stories[-1].reason
    )


def test_request_that_gets_no_answer_is_a_fault_of_the_server(run_of, toy):
    def hangs_up(asked):
        raise NoAnswer("GET /v1beta/user-preferences got no answer (hung up)")

    toy.answers["GET /v1beta/user-preferences"] = hangs_up
    run, _ = run_of(a_story(lambda api: api.owner.call("getUserPreferences")), a_story(asks_me))
    summary = run.execute()
    [found] = summary.findings

    assert (found.clause, found.operation) == ("transport.no-internal-error", "getUserPreferences")
    assert found.actual == "GET /v1beta/user-preferences got no answer (hung up)"
    assert summary.clauses[KEPT] is Status.PASS


def test_target_that_goes_away_leaves_a_report_so_far(run_of):
    def leaves(api):
        api.owner.call("getMe").succeeds(KEPT)
        raise TargetUnreachable("Nothing listens any more")

    run, events = run_of(a_story(leaves), a_story(asks_me))
    with pytest.raises(TargetUnreachable):
        run.execute()
    summary = events[-1].summary

    assert (summary.interrupted, summary.outcome) == ("Nothing listens any more", Outcome.ERROR)
    assert summary.requests > 0


def test_interrupt_leaves_a_report_so_far(run_of):
    def interrupts(api):
        raise KeyboardInterrupt

    run, events = run_of(a_story(interrupts))
    with pytest.raises(KeyboardInterrupt):
        run.execute()

    assert events[-1].summary.interrupted == "interrupted by the user"


class SlowKeeper:
    """Keeps house so slowly that its user loses patience."""

    def move_in(self, target):
        return []

    def tidy(self):
        pass

    def move_out(self):
        raise KeyboardInterrupt

    def remind(self):
        return ["take it back with: factify-contract cleanup"]


def test_who_interrupts_again_and_again_still_learns_what_is_left(run_of):
    def interrupts(api):
        raise KeyboardInterrupt

    def impatient(event):
        if isinstance(event, RunFinished) or (isinstance(event, Warned) and "cleanup" in event.message):
            signal.raise_signal(signal.SIGINT)

    run, events = run_of(a_story(interrupts), keeper=SlowKeeper(), notice=impatient)
    with pytest.raises(KeyboardInterrupt):
        run.execute()

    assert "take it back with: factify-contract cleanup" in warnings(events)
    assert isinstance(events[-1], RunFinished)


def test_an_interrupt_while_the_command_loads_is_one_sentence():
    script = """
import sys
class Impatient:
    def find_spec(self, name, *_):
        if name == "factify_contract.cli":
            raise KeyboardInterrupt
sys.meta_path.insert(0, Impatient())
from factify_contract.command import main
main()
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "factify-contract: interrupted\n")


def test_equal_runs_have_equal_summaries_and_requests(run_of, toy):
    def tell(api):
        api.member.call("getMe", query={"note": api.unique("note")})
        api.holds(KEPT, condition=False, expected="a", actual="b")

    first = run_of(a_story(tell))[0].execute()
    asked, toy.asked = toy.asked, []
    second = run_of(a_story(tell))[0].execute()

    assert first == second
    assert asked == toy.asked


def test_no_token_or_address_gets_into_an_event(run_of, toy):
    def tell(api):
        api.owner.call("getMe")
        token, email = api.owner.token, api.owner.email
        api.holds(KEPT, condition=False, expected=f"not {token}", actual=[token, email])
        api.require(False, f"because of {token}")

    run, events = run_of(a_story(tell))
    run.execute()
    [found] = [event.finding for event in events if isinstance(event, FindingMade)]
    reasons = [event.reason for event in events if isinstance(event, StoryFinished)]

    assert isinstance(found, Finding)
    assert found.expected == "not $FACTIFY_OWNER_TOKEN"
    assert found.actual == "['$FACTIFY_OWNER_TOKEN', '<e-mail of owner>']"
    assert "because of $FACTIFY_OWNER_TOKEN" in reasons
