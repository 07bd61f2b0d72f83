"""A second opinion never changes the first: target and judge get the originals, whatever Prism does."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from factify_contract.errors import TargetUnreachable
from factify_contract.second_opinion.prism import SecondOpinion
from factify_contract.second_opinion.relay import TAG, Relay
from factify_contract.spec import Document
from factify_contract.transport import Transport

DOCUMENT = Document.load()
ME = DOCUMENT.operations["getMe"]
OBJECTION = {"location": ["response", "body"], "severity": "Error", "code": "type", "message": "is wrong"}


class Target:
    """An API that notes what it was asked; `answer` is what it says."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.answer: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(200, json={})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        return self.answer(request)


class Prism:
    """A stand-in that does what it is told with a request: `act` returns status, headers and body."""

    def __init__(self) -> None:
        self.act: Callable[[BaseHTTPRequestHandler, bytes], tuple[int, dict[str, str], bytes]]


@pytest.fixture
def target() -> Target:
    return Target()


@pytest.fixture
def relay(target: Target) -> Iterator[Relay]:
    with Relay(target) as running:
        yield running


@pytest.fixture
def prism(relay: Relay) -> Iterator[tuple[Prism, str]]:
    told = Prism()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args):
            pass

        def do_any(self):
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            status, headers, content = told.act(self, body)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_any  # noqa: N815 - the library's names

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def opinion(prism, relay, target) -> Iterator[SecondOpinion]:
    with httpx.Client(transport=httpx.MockTransport(target)) as direct:
        made = SecondOpinion(
            prism_url=prism[1], base_url="http://api.test/base", relay=relay, direct=direct, document=DOCUMENT
        )
        yield made
        made.close()


@pytest.fixture
def transport(opinion: SecondOpinion) -> Iterator[Transport]:
    made = Transport("http://api.test/base", through=opinion)
    made.observers.append(opinion.observe)
    yield made
    made.close()


def forwards(relay: Relay, *, says: object = (), with_body: bytes = b"bent", chunked: bool = False):
    """What Prism does at its best, apart from bending what passes through it."""

    def act(handler, body):
        headers = {TAG: handler.headers[TAG], "x-bent": "yes"}
        content = iter([b"one", b"two"]) if chunked else with_body
        answer = httpx.request(handler.command, relay.url + handler.path, headers=headers, content=content)
        return 418, {"sl-violations": json.dumps(says), "answer": str(answer.status_code)}, b"bent"

    return act


@pytest.mark.parametrize("chunked", [False, True], ids=["with-a-length", "in-chunks"])
def test_target_and_judge_get_the_originals(transport, prism, relay, target, opinion, chunked):
    prism[0].act = forwards(relay, says=[OBJECTION], chunked=chunked)
    target.answer = lambda request: httpx.Response(200, content=b'{"user": 1}', headers={"x-own": "1"})

    exchange = transport.send_raw("POST", "/v1beta/odd", "owner", "secret", content=b"{\x00", operation=ME)

    (asked,) = target.asked
    assert (str(asked.url), asked.content) == ("http://api.test/base/v1beta/odd", b"{\x00")
    assert asked.headers["authorization"] == "Bearer secret"
    assert TAG not in asked.headers
    assert "x-bent" not in asked.headers
    assert (exchange.status, exchange.content, exchange.headers["x-own"]) == (200, b'{"user": 1}', "1")
    assert opinion.sentences()[0].startswith("second opinion: Prism looked at 1 of 1 exchanges")


def test_what_prism_answers_itself_is_asked_directly_and_once(transport, prism, target, opinion):
    prism[0].act = lambda handler, body: (400, {}, b'{"error": "invalid_json"}')

    exchange = transport.send(ME, "owner", "secret")

    assert (exchange.status, len(target.asked)) == (200, 1)
    assert opinion.sentences() == [
        "second opinion: Prism looked at 0 of 1 exchanges and agreed with our checks on 0"
    ]


def test_an_answer_of_prism_that_cannot_be_read_is_no_opinion(transport, prism, relay, target, opinion):
    prism[0].act = forwards(relay, says=[{"location": ["response"], "message": "x" * 200_000}])

    exchange = transport.send(ME, "owner", "secret")

    assert (exchange.status, len(target.asked)) == (200, 1)
    assert "looked at 0 of 1" in opinion.sentences()[0]


def test_what_is_unimplemented_is_not_compared_since_prism_looks_at_a_sample_instead(
    transport, prism, relay, target, opinion
):
    prism[0].act = forwards(relay, says=[OBJECTION])
    target.answer = lambda request: httpx.Response(501, json={"code": "unimplemented", "message": "no"})

    assert transport.send(ME, "owner", "secret").status == 501
    assert "looked at 0 of 1" in opinion.sentences()[0]


def test_a_target_that_is_gone_is_unreachable_as_without_prism(transport, prism, relay, target):
    prism[0].act = forwards(relay)

    def refuse(request):
        raise httpx.ConnectError("connection refused")

    target.answer = refuse

    with pytest.raises(TargetUnreachable, match=r"Nothing listens at http://api\.test/base"):
        transport.send(ME, "owner", "secret")
    assert len(target.asked) == 1


def test_nothing_but_what_is_expected_leaves_the_relay(relay, target):
    stray = httpx.get(f"{relay.url}/v1beta/me")
    forged = httpx.get(f"{relay.url}/v1beta/me", headers={TAG: "1"})

    assert (stray.status_code, forged.status_code, target.asked) == (502, 502, [])
