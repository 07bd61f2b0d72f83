"""Clients that are killed, and a server that is told to stop while it is at work."""

import json
import signal
import socket
import subprocess
import sys

import httpx
import pytest

SECONDS = 20
LARGE = 500_000  # of an upload, so that it lies on disk while it comes in
FORM = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nReport\r\n'
FORM += b'--x\r\nContent-Disposition: form-data; name="payload"; filename="a.pdf"\r\n\r\n%PDF-1.7 '
FORM += b"x" * LARGE + b"\r\n--x--\r\n"

CLIENT = """
import socket, sys
connection = socket.create_connection((sys.argv[1], int(sys.argv[2])))
connection.sendall(sys.stdin.buffer.read())
print("sent", flush=True)
connection.recv(1)
"""


class Server:
    """A server as a process of its own, whose uploads lie in a folder of the test's."""

    def __init__(self, folder):
        command = [sys.executable, "-m", "factify_mock", "serve", "--format", "json"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={"TMPDIR": str(folder)}
        )
        ready = json.loads(self.process.stdout.readline())
        self.folder = folder
        self.url = httpx.URL(ready["url"])
        token = ready["world"]["owner"]["token"]
        self.client = httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {token}"})
        self.head = (
            f"POST /v1beta/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(FORM)}\r\n\r\n"
        ).encode()

    def connect(self):
        return socket.create_connection((self.url.host, self.url.port), timeout=SECONDS)

    def files(self):
        """What lies on disk of uploads, whole or not."""
        return [path.name for path in self.folder.glob("factify-mock-*/*")]

    def wait_for_files(self, *, to_be):
        """Return when there are files, or none; each question lets the server do a bit of its work."""
        for _ in range(2000):
            if bool(self.files()) == to_be:
                return
            self.client.get("/__mock__/health")
        raise AssertionError(f"there are still {self.files() or 'no files'}")

    def wait_until_nothing_new_is_taken(self):
        """Return when the server has noticed that it shall stop."""
        for _ in range(100_000):
            try:
                self.connect().close()
            except ConnectionResetError:
                pass  # the server stopped listening between two halves of a handshake
            except ConnectionRefusedError:
                return
        raise AssertionError("it still takes connections")

    def stop(self):
        """What the process left behind: exit code, and lines on standard error."""
        self.process.terminate()
        return self.ended()

    def ended(self):
        _, errors = self.process.communicate(timeout=SECONDS)
        return self.process.returncode, errors

    def close(self):
        self.client.close()
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def server(tmp_path):
    made = Server(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("part", [0.3, 0.6, 0.99])
def test_nothing_is_left_of_the_upload_of_a_client_that_is_killed(server, part):
    whole = server.head + FORM
    client = subprocess.Popen(
        [sys.executable, "-c", CLIENT, server.url.host, str(server.url.port)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    client.stdin.write(whole[: int(len(whole) * part)])
    client.stdin.close()
    assert client.stdout.readline() == b"sent\n"
    server.wait_for_files(to_be=True)

    client.send_signal(signal.SIGKILL)
    client.wait()
    client.stdout.close()

    server.wait_for_files(to_be=False)
    assert server.client.get("/v1beta/documents").json()["items"] == []
    assert server.client.get("/v1beta/documents/quota").json()["used"] == 0
    assert server.stop() == (0, "")


def test_an_upload_that_is_under_way_is_finished_before_the_server_stops(server):
    with server.connect() as connection:
        connection.sendall(server.head + FORM[:-10])
        server.wait_for_files(to_be=True)

        server.process.send_signal(signal.SIGTERM)
        server.wait_until_nothing_new_is_taken()
        connection.sendall(FORM[-10:])
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert json.loads(body)["document"]["title"] == "Report"
    assert server.ended() == (0, "")
    assert server.files() == []


def test_a_server_that_is_told_twice_waits_for_nobody(server):
    with server.connect() as connection:
        connection.sendall(server.head + FORM[:-10])
        server.wait_for_files(to_be=True)

        server.process.send_signal(signal.SIGTERM)
        server.wait_until_nothing_new_is_taken()
        server.process.send_signal(signal.SIGINT)

        assert server.ended() == (0, "")
    assert server.files() == []


def test_a_server_that_is_killed_can_be_started_again_at_once(server, tmp_path):
    with server.connect() as connection:
        connection.sendall(server.head + FORM[:-10])
        server.wait_for_files(to_be=True)
        server.process.kill()
        server.process.communicate()

        command = [sys.executable, "-m", "factify_mock", "serve", "--port", str(server.url.port)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as again:
            assert str(server.url.port) in again.stdout.readline()
            assert httpx.get(f"{server.url}/__mock__/health").json() == {"status": "ok"}
            again.terminate()
