"""Which calls a plan strikes, in which order, and how that is told."""

from datetime import UTC, datetime

from factify_mock.api.app import create_app
from factify_mock.worlds import WorldOptions

ME, LIST = "/v1beta/me", "/v1beta/documents"


def statuses(client, path, calls):
    return [client.get(path).status_code for _ in range(calls)]


def test_a_plan_strikes_once_unless_told_otherwise(plan, owner):
    plan(operations=["getMe"], status=503)

    assert statuses(owner, ME, 3) == [503, 200, 200]


def test_two_failures_and_then_success(plan, owner):
    plan(operations=["getMe"], status=503, times=2)

    assert statuses(owner, ME, 4) == [503, 503, 200, 200]


def test_plans_follow_each_other_in_the_order_in_which_they_were_added(plan, owner):
    plan(status=429)
    plan(status=503, times=2)

    assert statuses(owner, ME, 4) == [429, 503, 503, 200]


def test_calls_may_pass_first(plan, owner):
    plan(operations=["getMe"], status=500, after=2, times=1)

    assert statuses(owner, ME, 4) == [200, 200, 500, 200]


def test_the_nth_call_is_struck(plan, owner):
    plan(operations=["getMe"], status=500, nth=3)

    assert statuses(owner, ME, 5) == [200, 200, 500, 200, 200]


def test_a_plan_without_end(plan, owner):
    assert plan(status=500, times=None)["left"] is None

    assert statuses(owner, ME, 5) == [500] * 5


def test_only_the_named_operations_are_struck(plan, owner):
    plan(operations=["listDocuments", "getDocument"], status=503, times=None)

    assert owner.get(ME).status_code == 200
    assert owner.get(LIST).status_code == 503
    assert owner.get(f"{LIST}/doc_01h2xcejqtf2nbrexx3vqjhp41").status_code == 503


def test_only_the_named_actor_is_struck(plan, owner, signed_in, world):
    member, key = signed_in("member"), signed_in("api_key")
    plan(actor="member", status=503)
    plan(actor=world["api_key"]["id"], status=500)
    plan(actor=world["owner"]["user_id"], status=429)

    assert [each.get(LIST).status_code for each in (member, key, owner)] == [503, 500, 429]
    assert [each.get(LIST).status_code for each in (member, key, owner)] == [200, 200, 200]


def test_plans_are_listed_with_how_often_they_fired(plan, owner, control):
    plan(operations=["getMe"], status=503, times=2)
    plan(operations=["getMe"], drop="close", after=5)
    statuses(owner, ME, 3)

    first, second = control("GET", "/faults").json()["faults"]

    assert (first["id"], first["matched"], first["fired"], first["left"]) == ("flt_1", 3, 2, 0)
    assert first["plan"] == {"operations": ["getMe"], "status": 503, "times": 2}
    assert (second["id"], second["matched"], second["fired"], second["left"]) == ("flt_2", 3, 0, 1)


def test_plans_are_taken_back_one_by_one_or_all(plan, owner, control, refusal):
    first = plan(status=503, times=None)
    plan(status=500, times=None)

    assert control("DELETE", f"/faults/{first['id']}").json() == {}
    assert owner.get(ME).status_code == 500
    assert refusal(control("DELETE", f"/faults/{first['id']}"))[0] == 404
    assert control("DELETE", "/faults").json() == {}
    assert owner.get(ME).status_code == 200
    assert control("GET", "/faults").json() == {"faults": []}
    assert refusal(control("DELETE", "/faults/flt_1"))[0] == 404


def test_another_world_goes_on_as_ever(plan, owner, client, connect, app):
    other = connect(app, client.post("/__mock__/worlds").json()["world"]["owner"]["token"])
    plan(status=503, times=None)

    assert owner.get(ME).status_code == 503
    assert other.get(ME).status_code == 200


def test_a_struck_call_is_on_record_with_its_plan(plan, owner, received):
    fault = plan(operations=["getMe"], status=503)
    statuses(owner, ME, 2)

    assert [(each["status"], each["fault_id"]) for each in received()] == [(503, fault["id"]), (200, None)]


def test_no_plan_outlives_the_state_of_the_world_it_was_made_for(plan, owner, control):
    for undo in (
        lambda: control("POST", "/reset"),
        lambda: control("POST", "/snapshots/before/restore"),
        lambda: control("POST", "/seed", json={"seed_name": "demo"}),
    ):
        control("POST", "/snapshots/before")
        plan(status=503, times=None)
        assert owner.get(ME).status_code == 503

        assert undo().status_code == 200

        assert control("GET", "/faults").json() == {"faults": []}
        assert owner.get(ME).status_code == 200


def test_same_plans_strike_the_same_calls(document, connect):
    def answers():
        app = create_app(document, start=WorldOptions(now=datetime(2026, 5, 1, tzinfo=UTC), is_frozen=True))
        client = connect(app, app.ready["owner"]["token"])
        control = f"/__mock__/worlds/{app.ready['id']}/faults"
        client.post(control, json={"status": 429, "after": 1, "times": 2})
        client.post(control, json={"gateway": True, "after": 3})
        told = [client.get(ME) for _ in range(5)]
        app.close()
        return [(each.status_code, each.headers.raw, each.content) for each in told]

    first = answers()

    assert answers() == first
    assert [status for status, _, _ in first] == [200, 429, 429, 403, 200]
