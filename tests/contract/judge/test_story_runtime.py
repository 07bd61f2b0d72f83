"""What a story can say, when it ends early, and what becomes of what it says."""

import pytest

from factify_contract.clauses import catalogue
from factify_contract.events import ClauseJudged, FindingMade, StoryFinished, Warned
from factify_contract.findings import Status
from factify_contract.scenarios.story import Story, stories_of, story

KEPT = "users.me"
OTHER = "users.me-organizations"
INFERRED = "errors.message-not-empty"
CHOICE = "timestamps.utc"
REFUSED = {"codes": ("permission_denied", "not_found"), "reasons": ("resource_not_found",)}


def statuses(events, clause: str) -> list[Status]:
    return [event.status for event in events if isinstance(event, ClauseJudged) and event.clause == clause]


def findings(events):
    return [event.finding for event in events if isinstance(event, FindingMade)]


def ending(events) -> StoryFinished:
    return next(event for event in events if isinstance(event, StoryFinished))


def test_kept_promises_pass(told):
    def tell(api):
        me = api.owner.call("getMe").succeeds(KEPT)
        api.holds(OTHER, len(me["organizations"]) == 1, expected="one", actual=me["organizations"])

    events, status = told(tell)

    assert status is Status.PASS
    assert statuses(events, KEPT) == statuses(events, OTHER) == [Status.PASS]
    assert findings(events) == []


def test_every_call_passes_the_checks(told):
    events, _ = told(lambda api: api.owner.call("getMe"))

    assert statuses(events, "responses.body-matches-schema") == [Status.PASS]


def test_broken_promise_is_a_finding_with_all_steps(told, toy):
    def tell(api):
        api.owner.call("listOrganizations")
        api.member.call("getMe").is_refused(KEPT, **REFUSED)
        api.holds(OTHER, condition=True, expected="", actual="")

    events, status = told(tell)
    [found] = findings(events)

    assert status is Status.FAIL
    assert (found.clause, found.level, found.operation) == (KEPT, "documented", "getMe")
    assert found.message == catalogue()[KEPT].sentence
    assert found.expected == "refused with permission_denied or not_found for resource_not_found"
    assert found.actual == "success (200)"
    assert found.steps == ("owner GET /v1beta/organizations → 200", "member GET /v1beta/me → 200")
    assert found.curl[1].endswith('"Authorization: Bearer $FACTIFY_MEMBER_TOKEN"')
    assert statuses(events, OTHER) == [Status.PASS]


def test_success_that_is_refused_ends_the_story(told, toy):
    toy.answers["GET /v1beta/me"] = lambda asked: (404, toy.refusal("not_found"))

    def tell(api):
        api.owner.call("getMe").succeeds(KEPT)
        api.holds(OTHER, condition=False, expected="never reached", actual="")

    events, status = told(tell)

    assert status is Status.FAIL
    assert [found.clause for found in findings(events)] == [KEPT]
    assert findings(events)[0].actual == "404 not_found: refused: not_found"
    assert statuses(events, OTHER) == [Status.NOT_EXERCISED]


def test_what_breaks_only_once_is_inconclusive(told, toy):
    left = [1]

    def sometimes(asked):
        left[0] -= 1
        return (404, toy.refusal("not_found")) if left[0] >= 0 else (200, {"user": toy.user("owner")})

    toy.answers["GET /v1beta/me"] = sometimes
    events, status = told(lambda api: api.owner.call("getMe").succeeds(KEPT))

    assert status is Status.INCONCLUSIVE
    assert statuses(events, KEPT) == [Status.INCONCLUSIVE]
    assert findings(events) == []
    assert [event.message for event in events if isinstance(event, Warned)] == [
        "toy-suite/<lambda>: users.me was broken once, but not when told again"
    ]


@pytest.mark.parametrize(
    ("status", "code", "reason", "is_kept"),
    [
        (404, "not_found", "resource_not_found", True),
        (403, "permission_denied", "", True),
        (404, "not_found", "missing_api_key", False),
        (400, "invalid_argument", "resource_not_found", False),
    ],
    ids=["as documented", "no reason given", "other reason", "other code"],
)
def test_refusal_is_judged_by_code_and_by_reason_if_there_is_one(told, toy, status, code, reason, is_kept):
    toy.answers["GET /v1beta/me"] = lambda asked: (status, toy.refusal(code, reason))
    events, _ = told(lambda api: api.owner.call("getMe").is_refused(KEPT, **REFUSED))

    assert statuses(events, KEPT) == [Status.PASS if is_kept else Status.FAIL]


@pytest.mark.parametrize(("status", "code"), [(503, "unavailable"), (408, "deadline_exceeded")])
def test_target_that_cannot_answer_now_is_inconclusive(told, toy, status, code):
    toy.answers["GET /v1beta/me"] = lambda asked: (status, toy.refusal(code))
    events, result = told(lambda api: api.owner.call("getMe").is_refused(KEPT, codes=("not_found",)))

    assert result is Status.INCONCLUSIVE
    assert statuses(events, KEPT) == [Status.NOT_EXERCISED]
    assert "could not answer" in ending(events).reason


def test_operation_that_is_not_offered_is_not_exercised(told, toy):
    toy.answers["GET /v1beta/me"] = lambda asked: (501, toy.refusal("unimplemented"))
    events, result = told(lambda api: api.owner.call("getMe").succeeds(KEPT))

    assert result is Status.NOT_EXERCISED
    assert statuses(events, KEPT) == [Status.NOT_EXERCISED]


def test_what_the_target_does_not_offer_is_not_exercised(told, toy):
    toy.answers["GET /v1beta/me"] = lambda asked: (501, toy.refusal("unimplemented"))
    events, result = told(lambda api: api.owner.call("getMe").succeeds(KEPT))

    assert result is Status.NOT_EXERCISED
    assert statuses(events, KEPT) == [Status.NOT_EXERCISED]
    assert "does not offer" in ending(events).reason


def test_broken_inferred_clause_is_a_finding_that_does_not_fail_the_story(told):
    events, status = told(lambda api: api.holds(INFERRED, condition=False, expected="a", actual="b"))

    assert status is Status.PASS
    assert [found.level for found in findings(events)] == ["inferred"]
    assert statuses(events, INFERRED) == [Status.FAIL]


def test_choice_is_never_judged(told, toy):
    events, status = told(lambda api: api.holds(CHOICE, condition=False, expected="a", actual="b"))

    assert status is Status.PASS
    assert findings(events) == []
    assert statuses(events, CHOICE) == [Status.UNKNOWN]


@pytest.mark.parametrize(
    ("need", "reason"),
    [
        (lambda api: api.mailbox.token_for("x@toy.example"), "no [adapters.mailbox]"),
        (lambda api: api.clock.advance(days=1), "no [adapters.clock]"),
        (lambda api: api.quota.set_requests(limit=1), "no [adapters.quota]"),
        (lambda api: api.quota.set_documents(1), "no [adapters.document_quota]"),
        (lambda api: api.person("stranger"), "no [identities.stranger]"),
        (lambda api: api.owner.email, "the email of owner is not known"),
        (lambda api: api.organization_id, "the organization's id is not known"),
        (lambda api: api.owner.call("flyToTheMoon"), "no operation flyToTheMoon"),
        (lambda api: api.require(False, "no weather"), "no weather"),
        (lambda api: api.new_document(), "no document could be made"),
        (lambda api: api.owner.call("getMe").body["nothing"], "no field 'nothing'"),
        (lambda api: api.owner.call("getMe").body["user"]["age"], "no field 'age'"),
    ],
)
def test_missing_condition_ends_the_story_without_blame(told, need, reason):
    events, status = told(need)

    assert status is Status.NOT_EXERCISED
    assert reason in ending(events).reason
    assert findings(events) == []


def test_clauses_behind_a_missing_condition_are_explained(told):
    def tell(api):
        api.require(False, "no weather")
        api.holds(KEPT, condition=True, expected="", actual="")

    events, _ = told(tell)

    assert [event.reason for event in events if isinstance(event, ClauseJudged) and event.clause == KEPT] == [
        "no weather"
    ]


def test_defect_of_a_story_is_an_error_not_a_finding(told):
    events, status = told(lambda api: "".index("missing"))

    assert status is Status.ERROR
    assert ending(events).reason.startswith(
        "the story itself broke (ValueError: substring not found at test_story_runtime.py:"
    )


def test_exception_after_a_broken_promise_is_the_answers_fault(told, toy):
    toy.answers["GET /v1beta/me"] = lambda asked: (200, {"user": [], "organizations": []})
    events, status = told(lambda api: api.owner.call("getMe").body["user"][0])

    assert status is Status.FAIL
    assert {found.clause for found in findings(events)} == {"responses.body-matches-schema"}


def test_clause_that_nobody_knows_is_a_defect_of_the_story(told):
    _, status = told(lambda api: api.holds("users.no-such-clause", condition=True, expected="", actual=""))

    assert status is Status.ERROR


def test_unique_texts_differ_and_begin_with_the_runs_prefix(told):
    made = []
    told(lambda api: made.extend([api.unique("letter"), api.unique("letter")]))

    assert made == ["fct-test-1a-1-letter", "fct-test-1a-2-letter"]


def test_second_telling_has_texts_of_its_own(told):
    made = []

    def tell(api):
        made.append(api.unique("letter"))
        api.holds(KEPT, condition=False, expected="", actual="")

    told(tell)

    assert made == ["fct-test-1a-1-letter", "fct-test-1b-1-letter"]


def test_operation_with_a_json_body_gets_an_empty_object_by_default(told, toy):
    told(lambda api: api.owner.call("trashDocument", document_id="doc_1"))

    assert (toy.asked[0].path, toy.asked[0].body) == ("/v1beta/documents/doc_1/trash", b"{}")


def test_operation_without_a_body_gets_none(told, toy):
    told(lambda api: api.owner.call("generateDocumentEntryPage", document_id="doc_1"))

    assert toy.asked[0].body == b""


def test_caller_with_a_found_token_is_somebody_new(told, toy):
    told(lambda api: api.as_token("finder", "canary-admin-4f1d").call("getMe"))

    assert toy.asked[0].caller == "admin"


def test_story_knows_the_clauses_that_its_text_names():
    @story(suite="s", title="t", needs=("owner",))
    def told_well(api):
        api.owner.call("getMe").succeeds("users.me")
        api.holds(OTHER, condition=True, expected="", actual="no.clause")
        [api.holds(name, condition=True, expected="", actual="") for name in ("users.preferences", "x")]

    assert told_well.id == "s/told_well"
    assert set(told_well.clauses(catalogue())) == {"users.me", "users.preferences", OTHER}


def test_stories_of_a_module_come_in_the_order_of_its_text():
    class Module:
        second = Story("s", "2", (), print)
        first = Story("s", "1", (), print)
        other = "no story"

    assert [one.title for one in stories_of(Module)] == ["2", "1"]
