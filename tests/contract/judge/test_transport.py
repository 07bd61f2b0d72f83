"""What the judge's client sends, how long it waits, and how it says that nobody answers."""

import http.server
import json
import socket
import threading
from collections.abc import Iterator

import pytest

from factify_contract.errors import TargetUnreachable, UsageError
from factify_contract.transport import NoAnswer, Transport, checked_url, is_rate_limited

LIMITED = {"code": "resource_exhausted", "message": "slow", "details": [{"reason": "rate_limit_exceeded"}]}
USED_UP = {"code": "resource_exhausted", "message": "no", "details": [{"reason": "quota_exceeded"}]}


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def transport(toy, pauses) -> Iterator[Transport]:
    opened = Transport("http://toy.test/", app=toy, sleep=pauses.append, now=lambda: 1000.0)
    yield opened
    opened.close()


def refusing(times: int, body: object):
    """Answers with 429 so many times, then with success."""
    left = [times]

    def answer(asked):
        left[0] -= 1
        return (429, body) if left[0] >= 0 else (200, {})

    return answer


def test_send_fills_in_path_query_token_and_json(shipped, toy, transport):
    document = "doc_01h2xcejqtf2nbrexx3vqjhp41"
    toy.answers[f"PATCH /v1beta/documents/{document}"] = lambda asked: (200, {})
    exchange = transport.send(
        shipped.operations["updateDocument"],
        "owner",
        "secret-token",
        path={"document_id": document},
        query={"tag": ["a", "b"], "flag": True, "skipped": None},
        json={"title": "Ü"},
    )
    asked = toy.asked[0]

    assert (asked.query, asked.headers["authorization"]) == ("tag=a&tag=b&flag=true", "Bearer secret-token")
    assert json.loads(asked.body) == {"title": "Ü"}
    assert exchange.path == {"document_id": document}
    assert "authorization" not in exchange.request_headers


def test_upload_is_multipart_and_shown_without_its_content(shipped, toy, transport):
    exchange = transport.send(
        shipped.operations["createDocument"],
        data={"title": "Letter"},
        files={"payload": ("letter.pdf", b"%PDF-canary", "application/pdf")},
    )

    assert (
        b'name="payload"; filename="letter.pdf"\r\nContent-Type: application/pdf\r\n\r\n%PDF-canary'
        in toy.asked[0].body
    )
    assert json.loads(exchange.request_body) == {"title": "Letter", "payload": "@letter.pdf"}


def test_form_without_a_file_is_multipart_too(shipped, toy, transport):
    transport.send(shipped.operations["createDocument"], data={"title": "Letter"})

    assert toy.asked[0].headers["content-type"].startswith("multipart/form-data")
    assert b'name="title"\r\n\r\nLetter' in toy.asked[0].body


def test_every_attempt_goes_to_the_observers(toy, transport):
    seen = []
    transport.observers.append(lambda exchange: seen.append(exchange.status))
    toy.answers["GET /x"] = refusing(2, LIMITED)
    transport.send_raw("GET", "/x")

    assert seen == [429, 429, 200]


def test_rate_refusal_is_waited_for_with_growing_pauses(toy, transport, pauses):
    toy.answers["GET /x"] = refusing(3, LIMITED)

    assert transport.send_raw("GET", "/x").status == 200
    assert pauses == [1.0, 2.0, 4.0]


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({"x-ratelimit-reset": "1012"}, 12.0),
        ({"x-ratelimit-reset": "1012", "retry-after": "3"}, 12.0),
        ({"retry-after": "3"}, 3.0),
        ({"retry-after": "Thu, 01 Jan 1970 00:16:50 GMT"}, 10.0),
        ({"retry-after": "99999"}, 65.0),
        ({"x-ratelimit-reset": "999"}, 0.5),
        ({"x-ratelimit-reset": "5"}, 1.0),
        ({"x-ratelimit-reset": "5", "retry-after": "3"}, 3.0),
        ({"x-ratelimit-reset": "99999"}, 1.0),
        ({"x-ratelimit-reset": "31", "date": "Thu, 01 Jan 1970 00:00:24 GMT"}, 7.0),
        ({"retry-after": "later"}, 1.0),
    ],
    ids=[
        "reset",
        "reset before retry-after",
        "seconds",
        "date",
        "too long",
        "just past",
        "past",
        "past, with retry-after",
        "far off",
        "by the target's own time",
        "nonsense",
    ],
)
def test_pause_follows_the_headers(toy, transport, pauses, headers, pause):
    toy.answers["GET /x"] = refusing(1, LIMITED)
    toy.headers = headers
    transport.send_raw("GET", "/x")

    assert pauses == [pause]


def test_used_up_quota_is_an_answer_like_any_other(toy, transport, pauses):
    toy.answers["GET /x"] = refusing(1, USED_UP)
    toy.headers = {"retry-after": "60"}

    assert transport.send_raw("GET", "/x").status == 429
    assert pauses == []


@pytest.mark.parametrize(("left", "waits"), [("998", False), ("0", True)])
def test_refusal_without_reason_is_about_speed_only_when_no_calls_are_left(
    toy, transport, pauses, left, waits
):
    toy.answers["GET /x"] = refusing(1, {"code": "resource_exhausted", "message": "no"})
    toy.headers = {"x-ratelimit-remaining": left, "x-ratelimit-reset": "1003"}

    assert transport.send_raw("GET", "/x").status == (200 if waits else 429)
    assert bool(pauses) is waits


def test_endless_rate_refusal_is_returned_in_the_end(toy, transport, pauses):
    toy.answers["GET /x"] = refusing(100, LIMITED)

    assert transport.send_raw("GET", "/x").status == 429
    assert sum(pauses) > 120
    pauses.clear()
    assert transport.send_raw("GET", "/x").status == 429
    assert pauses == [1.0]


def test_impatient_call_does_not_wait(toy, transport, pauses):
    toy.answers["GET /x"] = refusing(1, LIMITED)

    assert transport.send_raw("GET", "/x", patient=False).status == 429
    assert pauses == []


def answering(*statuses: int):
    """Answers with these statuses one after the other, and then with the last one forever."""
    left = list(statuses)
    return lambda asked: (left.pop(0) if len(left) > 1 else left[0], b"<html>Bad gateway</html>")


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_read_is_sent_again_after_a_hiccup_of_the_gateway(toy, transport, pauses, method, status):
    seen = []
    transport.observers.append(lambda exchange: seen.append(exchange.status))
    toy.answers[f"{method} /x"] = answering(status, status, 200)

    assert transport.send_raw(method, "/x").status == 200
    assert (seen, pauses) == ([status, status, 200], [1.0, 2.0])
    assert transport.hiccups.told() == [f"2 reads were sent again after {status}"]


@pytest.mark.parametrize(
    ("headers", "pause"),
    [({"retry-after": "3"}, 3.0), ({"retry-after": "3", "x-ratelimit-reset": "1012"}, 3.0), ({}, 1.0)],
    ids=["retry-after", "not the window of a rate limit", "nothing said"],
)
def test_pause_before_a_read_is_sent_again_follows_retry_after(toy, transport, pauses, headers, pause):
    toy.answers["GET /x"] = answering(503, 200)
    toy.headers = headers
    transport.send_raw("GET", "/x")

    assert pauses == [pause]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_write_is_never_sent_again(toy, transport, pauses, method):
    toy.answers[f"{method} /x"] = answering(503, 200)

    assert transport.send_raw(method, "/x").status == 503
    assert (len(toy.asked), pauses, transport.hiccups.told()) == (1, [], [])


@pytest.mark.parametrize("status", [500, 501, 408, 404])
def test_other_failures_are_answers(toy, transport, pauses, status):
    toy.answers["GET /x"] = answering(status, 200)

    assert transport.send_raw("GET", "/x").status == status
    assert pauses == []


def test_what_goes_on_failing_is_returned_and_not_tried_again_until_it_works(toy, transport, pauses):
    toy.answers["GET /x"] = answering(503)
    toy.answers["GET /y"] = answering(200)

    assert transport.send_raw("GET", "/x").status == 503
    assert pauses == [1.0, 2.0, 4.0]
    transport.send_raw("GET", "/y")
    assert transport.send_raw("GET", "/x").status == 503
    assert pauses == [1.0, 2.0, 4.0]

    toy.answers["GET /x"] = answering(200, 503, 200)
    assert [transport.send_raw("GET", "/x").status for _ in range(2)] == [200, 200]
    assert pauses == [1.0, 2.0, 4.0, 1.0]


def test_where_nothing_gets_through_no_other_read_is_tried_again(toy, transport, pauses):
    toy.answers["GET /x"] = toy.answers["GET /y"] = answering(502)
    transport.send_raw("GET", "/x")
    pauses.clear()

    assert transport.send_raw("GET", "/y").status == 502
    assert pauses == []


def test_impatient_read_is_not_sent_again(toy, transport, pauses):
    toy.answers["GET /x"] = answering(503, 200)

    assert transport.send_raw("GET", "/x", patient=False).status == 503
    assert pauses == []


def test_hiccup_and_rate_limit_are_waited_for_in_turn(toy, transport, pauses):
    left = [(503, {}), (429, LIMITED), (503, {}), (429, LIMITED), (200, {})]
    toy.answers["GET /x"] = lambda asked: left.pop(0)

    assert transport.send_raw("GET", "/x").status == 200
    assert pauses == [1.0, 1.0, 2.0, 2.0]
    assert transport.hiccups.resent == {503: 2}


def test_refused_connection_is_one_sentence():
    transport = Transport("http://127.0.0.1:9")
    with pytest.raises(
        TargetUnreachable, match=r"^Nothing listens at http://127\.0\.0\.1:9 \(connection refused\)$"
    ):
        transport.send_raw("GET", "/")
    transport.close()


def test_unknown_host_is_named():
    transport = Transport("http://no-such-host.invalid")
    with pytest.raises(TargetUnreachable, match=r"no-such-host\.invalid"):
        transport.send_raw("GET", "/")
    transport.close()


def test_what_speaks_no_http_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def greet() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        transport = Transport(f"http://127.0.0.1:{port}")
        with pytest.raises(TargetUnreachable, match="does not speak HTTP"):
            transport.send_raw("GET", "/")
        thread.join()
        transport.close()


class Moody(http.server.BaseHTTPRequestHandler):
    """Hangs up without a word when asked for /drop."""

    def do_GET(self) -> None:
        if self.path == "/drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(404)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Keeps the test's output clean."""


@pytest.fixture
def moody() -> Iterator[Transport]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Moody) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        transport = Transport(f"http://127.0.0.1:{server.server_port}")
        yield transport
        transport.close()
        server.shutdown()
        thread.join()


def test_connection_that_breaks_off_for_one_request_is_told_apart(moody):
    moody.send_raw("GET", "/")
    with pytest.raises(NoAnswer, match=r"^GET /drop got no answer \(.*\)$"):
        moody.send_raw("GET", "/drop")

    assert moody.send_raw("GET", "/").status == 404


def test_target_that_never_answered_is_unreachable(moody):
    with pytest.raises(TargetUnreachable) as refused:
        moody.send_raw("GET", "/drop")
    assert not isinstance(refused.value, NoAnswer)


@pytest.mark.parametrize(
    ("headers", "is_slow"),
    [
        ({}, False),
        ({"retry-after": "3"}, True),
        ({"x-ratelimit-reset": "5", "x-ratelimit-remaining": "0"}, True),
        ({"x-ratelimit-reset": "5", "x-ratelimit-remaining": "12"}, False),
    ],
    ids=["nothing said", "retry-after", "none left", "some left"],
)
def test_refusal_without_a_reason_is_understood_by_its_headers(exchange_of, headers, is_slow):
    body = {"code": "resource_exhausted", "message": "no"}

    assert is_rate_limited(exchange_of("getMe", 429, body, headers=headers)) is is_slow


@pytest.mark.parametrize("text", ["http://api.test", "https://api.test:8443/base/", "http://[::1]:80"])
def test_base_url_is_taken_without_its_last_slash(text):
    assert checked_url(text) == text.rstrip("/")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("api.test", "try http://api.test"),
        ("ftp://api.test", "does not begin with http"),
        ("http://", "names no host"),
        ("http://api.test:nine", "is not a URL"),
        ("http://api.test?x=1", "has a query"),
        ("http://api.test/base/v1beta/", "every path begins with; try http://api.test/base$"),
    ],
)
def test_wrong_base_url_is_refused_with_a_hint(text, hint):
    with pytest.raises(UsageError, match=hint) as refused:
        checked_url(text)
    assert repr(text) in str(refused.value)


@pytest.mark.parametrize("text", ["http://ann:canary-77@api.test", "https://canary-77@api.test/base"])
def test_base_url_with_a_password_is_refused_without_repeating_it(text):
    with pytest.raises(UsageError, match=r"the URL of api\.test holds a name or password") as refused:
        checked_url(text)
    assert "canary" not in str(refused.value)
