"""The mock in the test's own process: as over a socket, for both kinds of clients, without one."""

import asyncio
import concurrent.futures
import socket
import threading

import httpx
import pytest

from factify_fixtures import files
from factify_fixtures.in_process import InProcess


def test_it_answers_as_over_a_socket(factify, factify_in_process, upload):
    def story(world):
        client = world.owner.client()
        document = upload(client, "Lease")
        answers = [
            client.get(f"/v1beta/documents/{document['id']}"),
            client.get("/v1beta/documents", params={"page_size": 1000}),
            client.get("/v1beta/documents/a%2Fb"),
            client.head("/v1beta/me"),
            client.post("/v1beta/documents", content=b"{", headers={"content-type": "application/json"}),
            world.outsider.client().get(f"/v1beta/documents/{document['id']}"),
        ]
        return [(each.status_code, sorted(set(each.headers) - {"date"})) for each in answers]

    assert story(factify_in_process) == story(factify)


def test_no_socket_is_opened(factify_in_process, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    assert factify_in_process.owner.client().get("/v1beta/me").status_code == 200


def test_files_that_the_mock_gives_addresses_of_are_delivered(factify_in_process):
    client = factify_in_process.owner.client()
    content = files.pdf("Lease", ["The flat is let."])
    document = client.post(
        "/v1beta/documents", data={"title": "Lease"}, files={"payload": ("a.pdf", content, "application/pdf")}
    ).json()["document"]

    address = client.post(f"/v1beta/documents/{document['id']}/entry_page").json()["download_url"]

    assert httpx.Client(transport=factify_in_process.transport).get(address).content.startswith(b"%PDF-")


def test_asynchronous_clients_meet_the_same_world(factify_in_process, upload):
    async def story():
        async with factify_in_process.owner.async_client() as client:
            answers = await asyncio.gather(*(client.get("/v1beta/documents") for _ in range(8)))
            # A synchronous call inside a coroutine neither fails nor waits for ever.
            upload(factify_in_process.owner.client(), "Deed")
            answers.append(await client.get("/v1beta/documents"))
        return [len(each.json()["items"]) for each in answers]

    assert asyncio.run(story()) == [0] * 8 + [1]
    assert asyncio.run(story()) == [1] * 8 + [2]


def test_threads_do_not_disturb_each_other(in_process, upload):
    worlds = [in_process.new_world() for _ in range(8)]

    def work(number):
        for _ in range(20):
            upload(worlds[number].owner.client(), f"Document of {number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for number, world in enumerate(worlds):
        found = world.owner.client().get("/v1beta/documents", params={"page_size": 100}).json()["items"]
        assert [each["title"] for each in found] == [f"Document of {number}"] * 20


@pytest.fixture
def transport():
    """A transport to an application, made of what it does with a request."""
    made = []

    def over(app):
        made.append(InProcess(app))
        return made[-1]

    yield over
    for each in made:
        each.end()


async def silent(scope, receive, send):
    return


async def cut(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]})
    await send({"type": "http.response.body", "body": b"abc"})


async def dropped(scope, receive, send):
    scope["extensions"]["factify_mock.connection"]["client"].drop(is_reset=True)


async def stuck(scope, receive, send):
    await receive()
    assert (await receive())["type"] == "http.disconnect"


async def broken(scope, receive, send):
    raise TimeoutError("of the application itself")


FAILURES = [
    (silent, httpx.RemoteProtocolError, "without sending a response"),
    (cut, httpx.RemoteProtocolError, "received 3 bytes, expected 9"),
    (dropped, httpx.ReadError, "reset by peer"),
    (stuck, httpx.ReadTimeout, r"within 0\.01 seconds"),
    (broken, TimeoutError, "of the application itself"),
]


@pytest.mark.parametrize(("app", "error", "words"), FAILURES, ids=lambda each: getattr(each, "__name__", ""))
def test_what_goes_wrong_on_a_wire_goes_wrong_here_as_httpx_says_it(transport, app, error, words):
    over = transport(app)

    with pytest.raises(error, match=words):
        httpx.Client(transport=over, timeout=0.01 if app is stuck else 5).get("http://x")

    async def asynchronously():
        async with httpx.AsyncClient(transport=over, timeout=0.01 if app is stuck else 5) as client:
            await client.get("http://x")

    with pytest.raises(error, match=words):
        asyncio.run(asynchronously())


def test_patience_is_for_the_next_piece_of_an_answer(transport, monkeypatch):
    turn, piece_sent, done_waiting = threading.Semaphore(0), threading.Semaphore(0), []

    async def slow(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await asyncio.to_thread(turn.acquire)
            await send({"type": "http.response.body", "body": b"a", "more_body": True})
            piece_sent.release()
        await send({"type": "http.response.body", "body": b""})

    def wait(calls, timeout):
        if len(done_waiting) == 3:
            return concurrent.futures.wait(calls)
        done_waiting.append(timeout)
        turn.release()
        piece_sent.acquire()
        return concurrent.futures.wait([], timeout)

    monkeypatch.setattr("factify_fixtures.in_process.wait", wait)

    assert httpx.Client(transport=transport(slow), timeout=7).get("http://x").content == b"aaa"
    assert done_waiting == [7, 7, 7]


def test_fault_plans_strike_as_over_a_socket(factify, factify_in_process):
    def story(world):
        world.faults.add(status=503)
        world.faults.add(drop="close")
        world.faults.add(drop="reset")
        world.faults.add(truncate_after=5)
        client = world.owner.client()
        for _ in range(5):
            try:
                yield client.get("/v1beta/me").status_code
            except httpx.TransportError as error:
                yield type(error), str(error).partition("(")[0]

    assert list(story(factify_in_process)) == list(story(factify))


def test_a_stopped_one_says_so(transport):
    over = transport(silent)
    over.end()

    with pytest.raises(httpx.ConnectError, match="has been stopped"):
        httpx.Client(transport=over).get("http://x")
