"""Plans that the document, or sense, forbids are refused by name, and nothing is planned."""

import pytest

IMPOSSIBLE = [
    ({"operations": ["getMee"], "status": 500}, "operations", "no operation 'getMee'; did you mean 'getMe'?"),
    ({"operations": ["xyzzy"], "status": 500}, "operations", "no operation 'xyzzy'"),
    ({"status": 502}, "status", "knows 400, 401, 403, 404, 408, 409, 429, 499, 500, 501 or 503 for it"),
    ({"status": 418}, "status", "Say gateway: true"),
    ({"status": 200}, "status", "`Prefer: code=200`"),
    ({"gateway": True, "status": 302}, "status", "302 is no failure"),
    ({"status": 503, "code": "internal"}, "code", "status 503 has the code unavailable, not 'internal'"),
    ({"status": 404, "reason": "quota_exceeded"}, "reason", "With not_found goes resource_not_found, not"),
    ({"status": 408, "reason": "internal_error"}, "reason", "With deadline_exceeded goes no reason"),
    ({"status": 404, "param": "title"}, "param", "Only an invalid_argument names a param"),
    ({"status": 404, "retry_after": 3}, "retry_after", "goes with 429 or 503, not with 404"),
    ({"gateway": True, "retry_after": 3}, "retry_after", "not with 403"),
    ({"gateway": True, "code": "internal"}, "code", "needs a status, no gateway"),
    ({"delay_seconds": 1, "reason": "internal_error"}, "reason", "needs a status"),
    ({"times": 2}, "status", "does not say what goes wrong"),
    ({"malformed_json": False}, "status", "does not say what goes wrong"),
    ({"status": 503, "drop": "close"}, "drop", "status and drop exclude each other"),
    ({"truncate_after": 3, "malformed_json": True}, "malformed_json", "exclude each other"),
    ({"drop": "close", "bytes_per_second": 9}, "bytes_per_second", "has no body"),
    ({"status": 500, "nth": 2, "times": 3}, "times", "nth says it all"),
    ({"status": 500, "nth": 2, "after": 3}, "after", "nth says it all"),
    ({"status": 500, "nth": 0}, "nth", ""),
    ({"delay_seconds": 1, "takes_effect": False}, "takes_effect", "a call that took effect"),
    ({"status": 500, "actor": "everybody"}, "actor", "Nobody here is 'everybody'; give owner, admin"),
    ({"operations": ["__files__"], "status": 500}, "status", "say gateway: true"),
    ({"operations": ["__files__"], "malformed_json": True}, "malformed_json", "truncate_after"),
    ({"status": 503, "colour": "red"}, "colour", ""),
    ({}, "body", ""),
]


@pytest.mark.parametrize(("words", "param", "message"), IMPOSSIBLE, ids=[str(each[0]) for each in IMPOSSIBLE])
def test_an_impossible_plan_is_refused_by_name(control, refusal, words, param, message):
    answer = control("POST", "/faults", json=words)

    status, code, _, named = refusal(answer)
    assert (status, code, named) == (400, "invalid_argument", param)
    assert message in answer.json()["message"]
    assert control("GET", "/faults").json() == {"faults": []}


def test_a_world_has_so_many_plans_and_no_more(control, refusal):
    for _ in range(100):
        control("POST", "/faults", json={"status": 500})

    assert refusal(control("POST", "/faults", json={"status": 500}))[1] == "failed_precondition"


def test_a_legacy_world_has_its_own_operations(client, in_process):
    world = client.post("/__mock__/worlds", json={"legacy": True}).json()["world"]
    plan = {"operations": ["getGeneralAccess"], "status": 404}

    assert client.post(f"/__mock__/worlds/{world['id']}/faults", json=plan).status_code == 200
