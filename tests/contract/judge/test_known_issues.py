"""Known failures: what they excuse, and what is wrong with a list of them."""

from datetime import date

import pytest

from factify_contract.clauses import Level, catalogue
from factify_contract.engine import PHASES, Options, Run
from factify_contract.errors import UsageError
from factify_contract.known_issues import KnownIssues
from factify_contract.scenarios.story import Story

KEPT, BROKEN = "users.me", "users.me-organizations"
CHOICE = next(clause.id for clause in catalogue().values() if clause.level is Level.CHOICE)
TODAY = date(2026, 6, 1)


def breaks(api):
    api.owner.call("getMe").succeeds(KEPT)
    api.holds(BROKEN, condition=False, expected="one", actual="two")


def keeps(api):
    api.owner.call("getMe").succeeds(KEPT)
    api.holds(BROKEN, condition=True, expected="one", actual="one")


def entry(clause=BROKEN, *, expires="2026-06-01", more=""):
    return f"""
    [[issue]]
    clause = "{clause}"
    owner = "people team"
    reason = "the list is being rewritten"
    expires = {expires}
    {more}
    """


@pytest.fixture
def known(tmp_path):
    """Reads a file with this text."""

    def load(text):
        path = tmp_path / "known-issues.toml"
        path.write_text(text)
        return KnownIssues.load(path, catalogue(), today=TODAY)

    return load


@pytest.fixture
def judged(shipped, target_of):
    """The summary of one story, with these known failures."""

    def run(tell, known, *, phases=PHASES, suites=()):
        stories = [Story("toys", tell.__name__, (), tell)]
        options = Options(seed=3, phases=phases, suites=suites)
        target = target_of()
        return Run(
            target, shipped, catalogue(), stories, options, emit=lambda event: None, clock=lambda: 0.0,
            known=known,
        ).execute()  # fmt: skip

    return run


def test_known_failure_does_not_fail_the_run_up_to_its_day(judged, known):
    summary = judged(breaks, known(entry()))

    assert (summary.outcome, summary.stale) == ("PASS", ())
    assert summary.finding_counts == {"documented": 0, "inferred": 0}
    [finding] = summary.findings
    assert summary.excused == {
        finding.fingerprint: "the list is being rewritten (people team, until 2026-06-01)"
    }


def test_without_the_entry_the_same_run_fails(judged, known):
    assert judged(breaks, None).outcome == "FAIL"
    assert judged(breaks, known("")).outcome == "FAIL"


def test_entry_of_another_operation_or_failure_excuses_nothing(judged, known):
    for more in ('operation = "getDocument"', 'fingerprint = "0123456789abcdef"'):
        summary = judged(breaks, known(entry(more=more)))

        assert (summary.outcome, summary.excused) == ("FAIL", {})


def test_entry_for_just_this_operation_excuses(judged, known):
    assert judged(breaks, known(entry(more='operation = "getMe"'))).outcome == "PASS"


def test_expired_entry_fails_the_run_whatever_else_it_shows(judged, known):
    for tell in (breaks, keeps):
        summary = judged(tell, known(entry(expires="2026-05-31")))

        assert (summary.outcome, summary.excused) == ("FAIL", {})
        assert "people team expired on 2026-05-31" in summary.stale[0]


def test_unexpected_pass_fails_the_run(judged, known):
    summary = judged(keeps, known(entry()))

    assert summary.outcome == "FAIL"
    assert summary.stale == (
        "the known issue users.me-organizations of people team was not met, though the clause was"
        " exercised; if it is mended, remove the entry",
    )


def test_part_of_a_run_says_nothing_of_a_pass(judged, known):
    assert judged(keeps, known(entry()), suites=("toys",)).outcome == "PASS"
    assert judged(keeps, known(entry()), phases=("scenarios",)).outcome == "PASS"


def test_clause_that_was_not_exercised_is_no_pass(judged, known):
    assert judged(keeps, known(entry("users.preferences"))).outcome == "PASS"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("issue = 1", "begin each known issue with [[issue]]"),
        ("[[issues]]\nclause = 'x'", "unknown entry 'issues'"),
        ("[[issue]]\nclause = 'users.me'", "issue 1: 'owner' is missing; every known issue has clause"),
        (entry("users.mee"), "there is no clause 'users.mee'; did you mean 'users.me'?"),
        (entry(CHOICE), "is a choice of the mock and never held against anyone"),
        (entry(more="until = 3"), "unknown key 'until'"),
        (entry(more="oparation = 'getMe'"), "unknown key 'oparation'; did you mean 'operation'?"),
        (entry(more="operation = 3"), "'operation' is 3, not a text"),
        (entry(expires='"2026-06-01"'), "'expires' is '2026-06-01', not a day; write it as"),
        (entry(expires="2026-06-01T00:00:00Z"), "not a day"),
        (entry().replace('"people team"', '" "'), "'owner' is ' ', not a text"),
        ("[[issue]", "cannot be read"),
    ],
)
def test_mistake_in_the_file_is_named_with_the_next_step(known, text, said):
    with pytest.raises(UsageError) as caught:
        known(text)

    assert said in str(caught.value)
    assert "known-issues.toml" in str(caught.value)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(UsageError, match="there is no file of known issues"):
        KnownIssues.load(tmp_path / "nothing.toml", catalogue(), today=TODAY)
