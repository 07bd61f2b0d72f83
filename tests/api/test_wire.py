"""What is no good HTTP, sent over a socket: the server answers HTTP or hangs up, and goes on serving."""

import json
import socket
import struct
import subprocess
import sys
from random import Random

import httptools
import httpx
import pytest

SECONDS = 10
SMUGGLED = "/v1beta/smuggled"
CHUNKED = b"Transfer-Encoding: chunked\r\n"


class Server:
    """A server as a process of its own."""

    def __init__(self):
        command = [sys.executable, "-m", "factify_mock", "serve", "--format", "json", "--strict"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())
        self.address = (httpx.URL(self.ready["url"]).host, httpx.URL(self.ready["url"]).port)
        self.control = httpx.Client(base_url=f"{self.ready['control_url']}/")

    def connect(self):
        return socket.create_connection(self.address, timeout=SECONDS)

    def close(self):
        self.control.close()
        self.process.kill()
        self.process.communicate()

    def requests(self):
        """Everything that reached the API."""
        return self.control.get(f"worlds/{self.ready['world']['id']}/requests?limit=1000").json()["requests"]


@pytest.fixture(scope="module")
def server():
    made = Server()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def still_serving(server):
    yield
    assert server.control.get("health").json() == {"status": "ok"}
    assert server.process.poll() is None


class Answers:
    """Reads what came back as HTTP; whatever is none is an httptools.HttpParserError."""

    def __init__(self, received):
        self.statuses = []
        self.bodies = []
        self.is_complete = True
        parser = httptools.HttpResponseParser(self)
        self._parser = parser
        parser.feed_data(received)

    def on_message_begin(self):
        self.is_complete = False
        self._body = b""

    def on_body(self, body):
        self._body += body

    def on_message_complete(self):
        self.is_complete = True
        self.statuses.append(self._parser.get_status_code())
        self.bodies.append(self._body)


def talk(server, *pieces, ends=True):
    """What the server says to the bytes, until it hangs up; `ends` says that nothing more will come."""
    received = b""
    with server.connect() as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
            if ends:
                connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65_536):
                received += piece
        except TimeoutError:
            raise
        except OSError:
            pass  # it may hang up before it has heard everything
    return Answers(received)


def request(method=b"GET", target=b"/v1beta/me", version=b"HTTP/1.1", headers=b"", body=b""):
    return b"%s %s %s\r\nHost: mock.example\r\n%s\r\n%s" % (method, target, version, headers, body)


HEAD = b"POST /v1beta/api-keys HTTP/1.1\r\nHost: mock.example\r\nContent-Type: application/json\r\n"
HIDDEN = request(target=SMUGGLED.encode(), headers=b"Connection: close\r\n")

ODD = {
    "nothing": b"",
    "line ends only": b"\r\n\r\n\r\n\r\n",
    "nul": b"\0" * 100,
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\xaa" * 200,
    "ssh": b"SSH-2.0-OpenSSH_9.6\r\n",
    "http 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0" * 30,
    "http 0.9": b"GET /v1beta/me\r\n\r\n",
    "http 1.2": request(version=b"HTTP/1.2"),
    "http 11": request(version=b"HTTP/11"),
    "no version": b"GET /v1beta/me HTTP/\r\n\r\n",
    "lower-case version": request(version=b"http/1.1"),
    "words after the version": request(version=b"HTTP/1.1 please"),
    "no target": b"GET HTTP/1.1\r\n\r\n",
    "space before the method": b" GET / HTTP/1.1\r\n\r\n",
    "tabs for spaces": b"GET\t/v1beta/me\tHTTP/1.1\r\nHost: x\r\n\r\n",
    "lower-case method": request(b"get"),
    "unknown method": request(b"FACTIFY"),
    "endless method": request(b"G" * 100_000),
    "method of no letters": request(b"G\xcbT"),
    "absolute form": request(target=b"http://other.example/v1beta/me", headers=b"Connection: close\r\n"),
    "absolute form without path": request(target=b"http://other.example"),
    "absolute form of no http": request(target=b"ftp://other.example/v1beta/me"),
    "authority form": request(b"CONNECT", b"other.example:443"),
    "asterisk form": request(b"OPTIONS", b"*"),
    "asterisk for get": request(target=b"*"),
    "backslash": request(target=b"\\"),
    "fragment": request(target=b"/v1beta/me#fragment"),
    "space in target": request(target=b"/v1beta/ me"),
    "control characters in target": request(target=b"/v1beta/\x01\x7f"),
    "target of a megabyte": request(target=b"/" + b"a" * 1_000_000),
    "header of a megabyte": request(headers=b"X-Long: " + b"a" * 1_000_000 + b"\r\n"),
    "header of ten megabytes": request(headers=b"X-Long: " + b"a" * 10_000_000 + b"\r\n"),
    "twenty thousand headers": request(headers=b"X-Many: a\r\n" * 20_000),
    "name of a megabyte": request(headers=b"X" * 1_000_000 + b": a\r\n"),
    "cookie of 200 kilobytes": request(headers=b"Cookie: " + b"a=b; " * 40_000 + b"\r\n"),
    "no colon": request(headers=b"Header\r\n"),
    "colon only": request(headers=b":\r\n"),
    "space before the colon": request(headers=b"Content-Length : 5\r\n"),
    "space in a name": request(headers=b"Content Length: 5\r\n"),
    "folded header": request(headers=b"X-Folded: a\r\n b\r\n"),
    "folded first header": b"GET /v1beta/me HTTP/1.1\r\n Host: x\r\n\r\n",
    "nul in a value": request(headers=b"X: a\0b\r\n"),
    "carriage return in a value": request(headers=b"X: a\rb\r\n"),
    "bare line feeds": b"GET /v1beta/me HTTP/1.1\nHost: x\n\n",
    "bare carriage returns": b"GET /v1beta/me HTTP/1.1\rHost: x\r\r",
    "no host": b"GET /v1beta/me HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": request(headers=b"Host: other.example\r\nConnection: close\r\n"),
    "old version": request(version=b"HTTP/1.0"),
    "old version kept alive": request(version=b"HTTP/1.0", headers=b"Connection: keep-alive\r\n"),
    "length of no number": HEAD + b"Content-Length: five\r\n\r\n{}",
    "negative length": HEAD + b"Content-Length: -2\r\n\r\n{}",
    "length with a sign": HEAD + b"Content-Length: +2\r\n\r\n{}",
    "length in hexadecimal": HEAD + b"Content-Length: 0x2\r\n\r\n{}",
    "length beyond all numbers": HEAD + b"Content-Length: 99999999999999999999999\r\n\r\n{}",
    "length in a list": HEAD + b"Content-Length: 2, 2\r\n\r\n{}",
    "two lengths": HEAD + b"Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
    "length too long": HEAD + b"Content-Length: 2000\r\n\r\n{}",
    "unknown coding": HEAD + b"Transfer-Encoding: banana\r\n\r\n{}",
    "chunked by another name": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "chunked not last": HEAD + b"Transfer-Encoding: chunked, gzip\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "chunked twice": HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    "chunk of no number": HEAD + CHUNKED + b"\r\nxyz\r\n{}\r\n0\r\n\r\n",
    "negative chunk": HEAD + CHUNKED + b"\r\n-2\r\n{}\r\n0\r\n\r\n",
    "chunk beyond all numbers": HEAD + CHUNKED + b"\r\nFFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n",
    "chunk without its end": HEAD + CHUNKED + b"\r\n2\r\n{}0\r\n\r\n",
    "chunk of another length": HEAD + CHUNKED + b"\r\n5\r\n{}\r\n0\r\n\r\n",
    "chunk with an endless extension": HEAD + CHUNKED + b"\r\n2;" + b"a" * 500_000 + b"\r\n{}\r\n0\r\n\r\n",
    "no last chunk": HEAD + CHUNKED + b"\r\n2\r\n{}\r\n",
    "trailers": HEAD + CHUNKED + b"\r\n2\r\n{}\r\n0\r\nX-Trailer: a\r\n\r\n",
    "endless trailers": HEAD + CHUNKED + b"\r\n2\r\n{}\r\n0\r\n" + b"X: a\r\n" * 20_000 + b"\r\n",
    "websocket": request(
        headers=b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    ),
    "http 2 by upgrade": request(headers=b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"),
    "upgrade and a body": HEAD + b"Connection: upgrade\r\nUpgrade: a\r\nContent-Length: 2\r\n\r\n{}{}",
    "body that nobody expects": request(headers=b"Content-Length: 5\r\n", body=b"12345"),
    "rubbish after the last request": request(headers=b"Connection: close\r\n") + b"rubbish",
}

# Requests of which one part of a chain may see one, and another part two.
SMUGGLING = {
    "both lengths": b"Content-Length: %d\r\n" + CHUNKED,
    "both lengths, turned round": CHUNKED + b"Content-Length: %d\r\n",
    "coding behind a tab": b"Content-Length: %d\r\nTransfer-Encoding:\tchunked\r\n",
    "coding in capitals": b"Content-Length: %d\r\nTRANSFER-ENCODING: CHUNKED\r\n",
    "coding with a space before the colon": b"Content-Length: %d\r\nTransfer-Encoding : chunked\r\n",
    "coding in a folded line": b"Content-Length: %d\r\nX: a\r\n Transfer-Encoding: chunked\r\n",
    "coding behind a line feed": b"Content-Length: %d\r\nX: a\nTransfer-Encoding: chunked\r\n",
    "coding of two lines": b"Content-Length: %d\r\nTransfer-Encoding: identity\r\n" + CHUNKED,
    "two lengths": b"Content-Length: %d\r\nContent-Length: 0\r\n",
    "two lengths, turned round": b"Content-Length: 0\r\nContent-Length: %d\r\n",
}


@pytest.mark.parametrize("sent", ODD.values(), ids=ODD)
def test_odd_bytes_are_answered_with_http_or_not_at_all(server, sent):
    answers = talk(server, sent)

    assert answers.is_complete
    assert all(status < 500 for status in answers.statuses)


@pytest.mark.parametrize("headers", SMUGGLING.values(), ids=SMUGGLING)
def test_no_request_is_smuggled_in_the_body_of_another(server, headers):
    body = b"0\r\n\r\n" + HIDDEN

    answers = talk(server, HEAD + headers % len(body) + b"\r\n" + body)

    assert len(answers.statuses) <= 1
    assert SMUGGLED not in [each["path"] for each in server.requests()]


def mutated(rng, content):
    """The bytes with some missing, doubled, changed or put in."""
    content = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(content))
        end = at + rng.choice([1, 1, 2, 5, 20])
        new = rng.choice(
            [b"", content[at:end] * 2, rng.randbytes(3), b"\r\n", b"\n", b"\0", b" ", b":", b"\xff"]
        )
        content[at:end] = new
    return bytes(content)


def test_two_hundred_damaged_requests_are_answered_with_http_or_not_at_all(server):
    rng = Random("wire")
    good = [
        request(headers=b"Connection: close\r\n"),
        HEAD + b"Content-Length: 2\r\nConnection: close\r\n\r\n{}",
        HEAD + CHUNKED + b"Expect: 100-continue\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
        request(b"OPTIONS", b"*", headers=b"Connection: Upgrade\r\nUpgrade: websocket\r\n"),
        request() * 3,
    ]
    for number in range(200):
        damaged = mutated(rng, good[number % len(good)])
        cut = rng.randrange(len(damaged) + 1)

        answers = talk(server, damaged[:cut], damaged[cut:])

        assert answers.is_complete, damaged
        assert all(status < 500 for status in answers.statuses), damaged


def test_requests_in_one_go_are_answered_in_their_order(server):
    numbers = [b"/v1beta/none/%d" % number for number in range(100)]
    pipeline = b"".join(request(target=target) for target in numbers)

    answers = talk(server, pipeline + request(headers=b"Connection: close\r\n"), ends=False)

    assert answers.statuses == [404] * 100 + [401]
    for target, body in zip(numbers, answers.bodies, strict=False):
        assert f"nothing at {target.decode()};" in json.loads(body)["message"]


def test_rubbish_behind_a_request_does_not_cost_it_its_answer(server):
    answers = talk(server, request() + b"\x00\x01\x02rubbish", ends=False)

    assert answers.statuses == [401]


@pytest.mark.parametrize(
    "long",
    [b"X: " + b"a" * 300_000 + b"\r\n", b"X: a\r\n" * 20_000, b"X" * 300_000],
    ids=["value", "many", "name"],
)
def test_a_head_without_end_is_refused(server, long):
    answers = talk(server, request(headers=long + b"\r\n"), ends=False)

    assert set(answers.statuses) <= {400}  # a reset can overtake it
    assert all(b"head" in body for body in answers.bodies)


def test_request_with_an_offer_of_http_2_is_answered_like_any_other(server):
    """As HTTP clients of Java make it before they have met a server."""
    offer = (
        b"Upgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQB\r\nConnection: Upgrade, HTTP2-Settings"
    )
    token = f"Authorization: Bearer {server.ready['world']['owner']['token']}\r\n".encode()
    body = json.dumps({"organization_id": server.ready["world"]["organization_id"], "name": "Key"}).encode()
    length = b"Content-Length: %d\r\n\r\n" % len(body)

    last = request(headers=token + offer + b", close\r\n")

    answers = talk(server, HEAD + token + offer + b"\r\n" + length, body[:9], body[9:] + last, ends=False)

    assert answers.statuses == [200, 200]
    assert json.loads(answers.bodies[0])["api_key"]["name"] == "Key"
    assert "user" in json.loads(answers.bodies[1])


def test_request_that_comes_byte_by_byte_is_answered(server):
    whole = request(headers=b"Connection: close\r\n")

    answers = talk(server, *(whole[at : at + 1] for at in range(len(whole))), ends=False)

    assert answers.statuses == [401]


def test_client_that_waits_is_told_to_go_on_only_when_its_body_is_wanted(server):
    expecting = HEAD + b"Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n"
    token = f"Authorization: Bearer {server.ready['world']['owner']['token']}\r\n".encode()

    assert talk(server, expecting + b"\r\n", ends=False).statuses == [401]
    assert talk(server, expecting + token + b"\r\n", b"{}", ends=False).statuses == [100, 400]


def test_old_client_is_answered_and_hung_up_on(server):
    answers = talk(server, request(version=b"HTTP/1.0"), ends=False)

    assert answers.statuses == [401]


def test_clients_that_vanish_at_any_point_leave_nothing_behind(server):
    whole = HEAD + CHUNKED + b"\r\n2\r\n{}\r\n0\r\n\r\n"
    for end in range(1, len(whole)):
        with server.connect() as connection:
            connection.sendall(whole[:end])
            # Closing with a reset, as a client that was killed under load would.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    assert server.control.get("health").json() == {"status": "ok"}


def test_idle_connections_hinder_nobody(server):
    idle = [server.connect() for _ in range(100)]
    for number, connection in enumerate(idle):
        connection.sendall(HEAD[: number % len(HEAD)])

    assert server.control.get("health").json() == {"status": "ok"}
    for connection in idle:
        connection.close()


def test_server_that_has_seen_all_this_has_nothing_to_say_and_ends_in_peace():
    server = Server()
    token = f"Authorization: Bearer {server.ready['world']['owner']['token']}\r\n".encode()
    form = token + b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 9\r\n"
    for sent in (*ODD.values(), request(b"POST", b"/v1beta/documents", headers=form, body=b"--xrubbish")):
        talk(server, sent)

    server.process.terminate()
    _, errors = server.process.communicate(timeout=SECONDS)
    server.close()

    assert (server.process.returncode, errors) == (0, "")
