"""Answers that come late, slowly, in part or not at all: in process, and on a socket."""

import asyncio

import httpx
import pytest

from factify_mock.api.response import Response
from factify_mock.faults.plan import Plan
from factify_mock.faults.wire import ConnectionDropped, Mishap, connection_of

ME, LIST = "/v1beta/me", "/v1beta/documents"


def test_the_first_byte_is_late(plan, owner, slept):
    plan(operations=["getMe"], delay_seconds=2.5)

    assert owner.get(ME).status_code == 200
    assert slept == [2.5]


def test_a_refusal_may_be_late_too(plan, owner, slept):
    plan(operations=["getMe"], status=503, delay_seconds=1)

    assert owner.get(ME).status_code == 503
    assert slept == [1]


def test_a_slow_body_comes_complete(plan, owner, slept):
    whole = owner.get(ME)
    plan(operations=["getMe"], bytes_per_second=100)

    slow = owner.get(ME)

    assert slow.content == whole.content
    assert len(slept) == -(-len(whole.content) // 10) - 1
    assert sum(slept) == pytest.approx(len(whole.content) / 100, abs=0.11)


@pytest.mark.parametrize(("drop", "is_reset"), [("close", False), ("reset", True)])
def test_in_process_a_dropped_connection_is_an_exception(plan, owner, received, drop, is_reset):
    fault = plan(operations=["getMe"], drop=drop)

    with pytest.raises(ConnectionDropped) as dropped:
        owner.get(ME)

    assert dropped.value.is_reset is is_reset
    (request,) = received()
    assert (request["status"], request["fault_id"], request["response_body"]) == (None, fault["id"], None)


def test_a_dropped_create_was_carried_out_or_not_as_planned(plan, owner, upload):
    plan(operations=["createDocument"], drop="close")
    plan(operations=["createDocument"], drop="close", takes_effect=True)

    for title in ("Never made", "Made"):
        with pytest.raises(ConnectionDropped):
            upload(owner, title)

    assert [each["title"] for each in owner.get(LIST).json()["items"]] == ["Made"]


async def never(*_):
    """Does not end by itself."""
    await asyncio.Event().wait()


async def cancelled(connection):
    """Cancels an answer that a plan makes wait for ever."""
    late = Mishap(None, Plan(delay_seconds=9), never, connection, never)
    task = asyncio.create_task(late.send(None))
    await asyncio.sleep(0)
    task.cancel()
    await task


def test_cancelling_a_late_answer_in_process_is_the_callers_right():
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled(connection_of({})))


class Connection:
    """Notes how it was dropped."""

    def __init__(self):
        self.drops = []

    def drop(self, *, is_reset):
        self.drops.append(is_reset)


def test_a_server_that_stops_waits_for_no_plan_and_hangs_up():
    connection = Connection()

    asyncio.run(cancelled(connection))

    assert connection.drops == [False]


@pytest.mark.parametrize("plan", [Plan(delay_seconds=9), Plan(bytes_per_second=100)], ids=["late", "slow"])
def test_a_client_that_has_left_is_waited_for_no_longer(plan):
    sent, messages = [], [{"type": "http.request"}, {"type": "http.disconnect"}]

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message.get("body", b""))

    connection = Connection()
    asyncio.run(Mishap(Response(200, b"x" * 1000), plan, never, connection, receive).send(send))

    assert b"".join(sent) == (b"x" * 10 if plan.bytes_per_second else b"")
    assert connection.drops == []


@pytest.mark.parametrize(("drop", "seen"), [("close", httpx.RemoteProtocolError), ("reset", httpx.ReadError)])
def test_on_a_socket_the_connection_really_ends(server, drop, seen):
    server.plan(operations=["getMe"], drop=drop)

    with server.client() as client:
        with pytest.raises(seen):
            client.get(ME)
        assert client.get(ME).status_code == 200


def read(answer):
    """What comes of a body, and why there is no more."""
    got = b""
    try:
        for chunk in answer.iter_bytes():
            got += chunk
    except httpx.RemoteProtocolError as error:
        return got, error
    return got, None


def test_on_a_socket_a_truncated_body_falls_short_of_its_length(server):
    server.plan(operations=["getMe"], truncate_after=10)

    with server.client() as client:
        with client.stream("GET", ME) as answer:
            assert answer.status_code == 200
            got, error = read(answer)
        whole = client.get(ME)

    assert "received 10 bytes, expected" in str(error)
    assert got == whole.content[:10]
    assert int(answer.headers["content-length"]) == len(whole.content)


def test_a_body_shorter_than_its_cut_lacks_its_last_byte(server):
    server.plan(operations=["getMe"], truncate_after=1_000_000)

    with server.client() as client, pytest.raises(httpx.RemoteProtocolError):
        client.get(ME)


def test_a_download_is_cut_and_taken_up_again(server):
    with server.client() as client:
        content = b"# Title\n\n" + b"words and words\n" * 200
        files = {"payload": ("notes.md", content, "text/markdown")}
        made = client.post(LIST, data={"title": "Notes"}, files=files).json()["document"]
        export = client.get(f"{LIST}/{made['id']}/export").json()
        url, headers = export["url"], export["headers"]
        server.plan(operations=["__files__"], truncate_after=1000)
        with client.stream("GET", url, headers=headers) as answer:
            got, error = read(answer)
        rest = client.get(url, headers={**headers, "Range": f"bytes={len(got)}-"})

    assert error is not None
    assert len(got) == 1000
    assert got + rest.content == content


def test_a_late_answer_in_one_world_keeps_no_other_waiting(server):
    other = server.control.post(f"{server.ready['control_url']}/worlds").json()["world"]
    server.plan(operations=["getMe"], delay_seconds=300)

    async def calls():
        async with httpx.AsyncClient(base_url=server.url, timeout=20) as client:
            owner = {"Authorization": f"Bearer {server.ready['world']['owner']['token']}"}
            late = asyncio.create_task(client.get(ME, headers=owner))
            while not server.control.get("/requests").json()["requests"]:
                await asyncio.sleep(0)
            stranger = {"Authorization": f"Bearer {other['owner']['token']}"}
            statuses = [
                (await client.get(ME, headers=who)).status_code for who in (stranger, owner, stranger)
            ]
            is_waiting = not late.done()
            late.cancel()
            return statuses, is_waiting

    assert asyncio.run(calls()) == ([200, 200, 200], True)
