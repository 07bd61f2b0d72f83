"""Calls that are made at the same time really meet, and are told of in their order."""

import http.server
import threading
from collections.abc import Iterator

import pytest

from factify_contract.transport import NoAnswer, Transport

CALLS = 3


class Meeting(http.server.BaseHTTPRequestHandler):
    """Answers nobody before all calls are there, and the last one first."""

    everybody = threading.Barrier(CALLS, timeout=30)
    turns = tuple(threading.Event() for _ in range(CALLS))

    def do_GET(self) -> None:
        number = int(self.path.rpartition("/")[2])
        self.everybody.wait()
        if number + 1 < CALLS:
            self.turns[number + 1].wait(30)
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()
        self.wfile.flush()
        self.turns[number].set()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def transport() -> Iterator[Transport]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Meeting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        opened = Transport(f"http://127.0.0.1:{server.server_port}")
        yield opened
        opened.close()
        server.shutdown()
        thread.join()


def test_calls_meet_and_observers_see_them_in_order(transport: Transport) -> None:
    seen: list[str] = []
    transport.observers.append(lambda exchange: seen.append(exchange.url[-2:]))

    def send(number: int):
        return lambda: transport.send_raw("GET", f"/{number}")

    exchanges = transport.together([send(number) for number in range(CALLS)])

    assert [exchange.url[-2:] for exchange in exchanges] == seen == ["/0", "/1", "/2"]


def test_the_first_failure_is_raised_when_all_are_back(toy) -> None:
    transport = Transport("http://toy.test", app=toy)
    seen: list[str] = []
    transport.observers.append(lambda exchange: seen.append(exchange.actor))

    def silent():
        raise NoAnswer("nothing came")

    with pytest.raises(NoAnswer, match="nothing came"):
        transport.together([silent, lambda: transport.send_raw("GET", "/v1beta/me", "somebody")])
    transport.close()

    assert seen == ["somebody"]
