"""Adapters: filled-in templates, answers found by pointer, failures told in one sentence."""

import itertools
import json
import sys
import types

import httpx
import pytest

from factify_contract.adapters import AdapterError, Caller, find
from factify_contract.profile import CommandAdapter, HttpAdapter, PromptAdapter, PythonAdapter
from factify_contract.surroundings import Clock, Mailbox, MailCount, Processing, Quota
from factify_contract.terminal import NoTerminal


def caller_for(answer, requests=None, pauses=None, **values) -> Caller:
    """A caller whose requests are answered by a function."""

    def handle(request: httpx.Request) -> httpx.Response:
        if requests is not None:
            requests.append(request)
        return answer(request)

    client = httpx.Client(transport=httpx.MockTransport(handle))
    return Caller(client, values, (pauses if pauses is not None else []).append)


def messages(*items: dict[str, str]):
    return lambda request: httpx.Response(200, json={"messages": list(items)})


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", {"a": [{"b/c": 1}, {"~": 2}]}),
        ("/a/0/b~1c", 1),
        ("/a/-1/~0", 2),
        ("/a/7", None),
        ("/a/x", None),
        ("/none", None),
        ("/a/0/b~1c/d", None),
    ],
)
def test_pointer_finds_or_gives_none(pointer, found):
    assert find({"a": [{"b/c": 1}, {"~": 2}]}, pointer) == found


def test_placeholders_are_filled_in_by_place_and_type():
    requests: list[httpx.Request] = []
    caller = caller_for(lambda request: httpx.Response(200, json={}), requests, sandbox="wld_1")
    adapter = HttpAdapter(
        "PUT",
        "http://side.test/{sandbox}/{to}",
        headers={"x-to": "<{to}>"},
        body={"limit": "{limit}", "used": "{used}", "note": "for {to}", "list": ["{limit}"]},
    )
    caller.call("quota", adapter, to="a b@c", limit=5, used=None)
    [sent] = requests

    assert str(sent.url) == "http://side.test/wld_1/a%20b%40c"
    assert sent.headers["x-to"] == "<a b@c>"
    assert json.loads(sent.content) == {"limit": 5, "note": "for a b@c", "list": [5]}


@pytest.mark.parametrize(
    "answer",
    [
        lambda request: httpx.Response(500, text="broken"),
        lambda request: httpx.Response(200, text="no json"),
    ],
    ids=["status", "no JSON"],
)
def test_http_adapter_that_fails_is_named(answer):
    with pytest.raises(AdapterError, match=r"^the clock adapter failed: "):
        caller_for(answer).call("clock", HttpAdapter("GET", "http://side.test/"))


def test_command_answers_on_its_output():
    command = CommandAdapter((sys.executable, "-c", "import sys; print(sys.argv[1].upper())", "{to}"))

    assert caller_for(None).call("mailbox", command, to="olga") == "OLGA"


def test_command_may_answer_json():
    command = CommandAdapter((sys.executable, "-c", "print('{\"t\": [1, 2]}')"), pointer="/t/1")

    assert caller_for(None).call("mailbox", command) == 2


@pytest.mark.parametrize(
    ("argv", "said"),
    [((sys.executable, "-c", "exit(3)"), "exit code 3"), (("no-such-command-anywhere",), "No such file")],
)
def test_command_that_fails_is_named(argv, said):
    with pytest.raises(AdapterError, match=said):
        caller_for(None).call("mailbox", CommandAdapter(argv))


def flaky(*outcomes):
    """A function that raises or returns the outcomes one after the other, and then the last one forever."""
    left = list(outcomes)

    def answer(**values):
        outcome = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return answer


def adapters_answering(
    answer, monkeypatch, tmp_path
) -> dict[str, HttpAdapter | CommandAdapter | PythonAdapter]:
    """An adapter of each kind that is called again; each does what the function does."""
    script = tmp_path / "answer.py"
    script.write_text(
        "import pathlib, sys\n"
        "left = pathlib.Path(__file__).with_name('left.txt')\n"
        "first, *rest = left.read_text().split()\n"
        "left.write_text(' '.join(rest or [first]))\n"
        "sys.exit(first) if first == 'broken' else print(first)\n"
    )
    module = types.ModuleType("toy_mailbox")
    module.answer = answer
    monkeypatch.setitem(sys.modules, "toy_mailbox", module)
    return {
        "http": HttpAdapter("GET", "http://mail.test/"),
        "command": CommandAdapter((sys.executable, str(script))),
        "python": PythonAdapter("toy_mailbox:answer"),
    }


@pytest.mark.parametrize("kind", ["http", "command", "python"])
@pytest.mark.parametrize(
    ("failures", "outcome", "pauses"),
    [(1, "well", [1.0]), (2, "well", [1.0, 1.0]), (3, "broken", [1.0, 1.0])],
    ids=["once", "twice", "for good"],
)
def test_adapter_that_fails_is_called_again(kind, failures, outcome, pauses, monkeypatch, tmp_path):
    (tmp_path / "left.txt").write_text(" ".join([*["broken"] * failures, "well"]))
    answer = flaky(*[OSError("broken")] * failures, "well")
    adapter = adapters_answering(answer, monkeypatch, tmp_path)[kind]
    slept: list[float] = []

    def handle(request: httpx.Request) -> httpx.Response:
        try:
            return httpx.Response(200, json=answer())
        except OSError:
            return httpx.Response(503, text="broken")

    caller = caller_for(handle, pauses=slept)
    if outcome == "broken":
        with pytest.raises(AdapterError, match=r"^the mailbox adapter failed: .*broken"):
            caller.call("mailbox", adapter)
    else:
        assert caller.call("mailbox", adapter) == outcome

    assert slept == pauses
    assert caller.broken == ({"mailbox"} if outcome == "broken" else set())


def test_adapter_that_is_known_to_be_broken_is_called_once_until_it_works():
    slept: list[float] = []
    answers = iter([*[httpx.Response(500)] * 4, httpx.Response(200, json=1), httpx.Response(500)])
    answers = itertools.chain(answers, itertools.repeat(httpx.Response(200, json=2)))
    caller = caller_for(lambda request: next(answers), pauses=slept)
    adapter = HttpAdapter("GET", "http://side.test/")
    for _ in range(2):
        with pytest.raises(AdapterError):
            caller.call("mail_count", adapter)

    assert [caller.call("mail_count", adapter) for _ in range(2)] == [1, 2]
    assert slept == [1.0, 1.0, 1.0]


def test_time_is_moved_once_even_if_nobody_knows_whether_it_was():
    requests: list[httpx.Request] = []
    caller = caller_for(lambda request: httpx.Response(502), requests)
    with pytest.raises(AdapterError, match="the clock adapter failed"):
        Clock(caller, HttpAdapter("POST", "http://side.test/"), lambda: None).advance(60)

    assert len(requests) == 1


def test_person_is_asked_once():
    asked: list[str] = []

    def ask(question: str, seconds: float) -> str:
        asked.append(question)
        raise NoTerminal("nobody is there")

    caller = Caller(httpx.Client(), {}, ask=ask)
    with pytest.raises(AdapterError, match="the mailbox adapter failed: nobody is there"):
        caller.call("mailbox", PromptAdapter("Token for {to}?"), to="olga")

    assert asked == ["Token for olga?"]


MAILBOX = HttpAdapter(
    "GET",
    "http://mail.test/?to={to}",
    items="/messages",
    where={"invite_id": "{invite_id}"},
    pointer="/token",
)


def test_newest_mail_wins():
    learned: list[str] = []
    answer = messages(
        {"invite_id": "inv_1", "token": "old"}, {"invite_id": "inv_2", "token": "new"}, {"token": ""}
    )
    mailbox = Mailbox(caller_for(answer), MAILBOX, learned.append)

    assert mailbox.latest_token("olga@toy.example") == "new"
    assert mailbox.latest_token("olga@toy.example", "inv_1") == "old"
    assert learned == ["new", "old"]


def test_mailbox_without_a_fitting_mail_gives_none():
    mailbox = Mailbox(caller_for(messages({"invite_id": "inv_1", "token": "old"})), MAILBOX, print)

    assert mailbox.latest_token("olga@toy.example", "inv_9") is None
    assert mailbox.latest_token("olga@toy.example", other_than="old") is None


def test_mailbox_waits_for_a_mail_as_long_as_the_profile_says():
    pauses: list[float] = []
    answers = [messages(), messages(), messages({"token": "late"})]
    caller = caller_for(lambda request: answers.pop(0)(request), pauses=pauses)  # noqa: PLW0108 - later answers
    adapter = HttpAdapter("GET", "http://mail.test/", items="/messages", pointer="/token", wait_seconds=5)

    assert Mailbox(caller, adapter, print).latest_token("olga@toy.example") == "late"
    assert pauses == [1.0, 1.0]


def test_clock_and_quota_send_only_what_is_set():
    requests: list[httpx.Request] = []
    caller = caller_for(lambda request: httpx.Response(204), requests)
    moved: list[str] = []
    adapter = HttpAdapter("POST", "http://side.test/", body={"seconds": "{seconds}"})
    Clock(caller, adapter, lambda: moved.append("moved")).advance(60)
    quota = Quota(caller, HttpAdapter("PUT", "http://side.test/", body={"l": "{limit}", "u": "{used}"}), None)
    quota.set_requests(used=0)

    assert [json.loads(sent.content) for sent in requests] == [{"seconds": 60}, {"u": 0}]
    assert moved == ["moved"]
    with pytest.raises(AdapterError, match="document_quota"):
        quota.set_documents(1)


@pytest.mark.parametrize(("told", "count"), [([{}, {}], 2), (3, 3), ("4", 4), ([], 0)])
def test_mails_are_counted_from_a_number_or_a_list(told, count):
    caller = caller_for(lambda request: httpx.Response(200, json={"mails": told}))
    assert (
        MailCount(caller, HttpAdapter("GET", "http://side.test/", pointer="/mails")).of("a@b.example")
        == count
    )


def test_a_mail_that_takes_time_is_waited_for():
    told, pauses = iter([1, 1, 2]), []
    caller = caller_for(lambda request: httpx.Response(200, json=next(told)), pauses=pauses)
    counter = MailCount(caller, HttpAdapter("GET", "http://side.test/", wait_seconds=30))
    assert (counter.of("a@b.example", more_than=1), len(pauses)) == (2, 2)


def test_a_count_that_is_no_number_is_the_adapters_fault():
    caller = caller_for(lambda request: httpx.Response(200, json={"no": "list"}))
    with pytest.raises(AdapterError, match="mail_count adapter answered"):
        MailCount(caller, HttpAdapter("GET", "http://side.test/")).of("a@b.example")


def test_processing_is_held_ended_and_released():
    requests: list[httpx.Request] = []
    caller = caller_for(lambda request: httpx.Response(200), requests)
    body = {"version": "{version_id}", "document": "{document_id}", "outcome": "{outcome}"}
    reins = Processing(caller, HttpAdapter("PUT", "http://side.test/", body=body))
    reins.hold()
    reins.end("doc_1", "ver_1", "failed")
    reins.release()

    assert [json.loads(sent.content) for sent in requests] == [
        {"outcome": "processing"},
        {"version": "ver_1", "document": "doc_1", "outcome": "failed"},
        {"outcome": "ready"},
    ]
