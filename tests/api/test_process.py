"""The command `factify-mock` as a process: how it starts, answers on a socket, fails and stops."""

import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager, suppress

import httpx
import pytest

COMMAND = [sys.executable, "-m", "factify_mock"]


@contextmanager
def launching():
    """Starts the command; whatever is still running afterwards is stopped."""
    processes = []

    def start(*arguments):
        process = subprocess.Popen(
            [*COMMAND, "serve", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        return process

    try:
        yield start
    finally:
        for process in processes:
            process.kill()
            process.communicate()


@pytest.fixture
def launch():
    with launching() as start:
        yield start


@pytest.fixture(scope="module")
def ready():
    """The ready line of a process that several tests share."""
    with launching() as start:
        yield json.loads(start("--format", "json").stdout.readline())


def fails(*arguments):
    """The exit code and the single line that the command ends with on standard error."""
    done = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, timeout=30)
    assert done.stdout == ""
    return done.returncode, done.stderr.strip()


def test_the_ready_line_is_one_json_object_that_is_enough_to_start(ready):
    assert set(ready) == {"url", "control_url", "world"}
    token = ready["world"]["admin"]["token"]
    answer = httpx.get(f"{ready['url']}/v1beta/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["user"]["email"] == "admin@northwind.example"
    assert httpx.get(f"{ready['control_url']}/health").json() == {"status": "ok"}


def test_the_ready_line_for_people_names_both_addresses(launch):
    line = launch("--host", "127.0.0.1").stdout.readline()

    assert re.fullmatch(
        r"factify-mock ready at http://127\.0\.0\.1:(\d+) \(control http://127\.0\.0\.1:\1/__mock__\)\n", line
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["terminate", "interrupt"])
def test_a_signal_ends_it_gracefully_and_silently(launch, number):
    process = launch("--format", "json")
    ready = json.loads(process.stdout.readline())
    with httpx.Client(base_url=ready["url"]) as kept_alive:
        kept_alive.get("/__mock__/health")

        process.send_signal(number)
        output, errors = process.communicate(timeout=10)

    assert (process.returncode, output, errors) == (0, "", "")


def test_what_is_being_answered_when_it_is_told_to_stop_is_finished(launch):
    process = launch("--format", "json")
    ready = json.loads(process.stdout.readline())
    url = httpx.URL(ready["url"])
    token = ready["world"]["owner"]["token"]
    title = b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\nLease\r\n'
    payload = b'--x\r\nContent-Disposition: form-data; name="payload"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    form = title + payload + b"\r\n--x--\r\n"
    head = (
        f"POST /v1beta/documents HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(form)}\r\n\r\n"
    )
    with socket.create_connection((url.host, url.port), timeout=10) as upload:
        upload.sendall(head.encode() + form[:80])
        # The upload is under way once a later call has been answered.
        assert httpx.get(f"{ready['control_url']}/health").status_code == 200

        process.send_signal(signal.SIGTERM)
        # It stops once it takes no connection, or closes one that it has just taken.
        with suppress(httpx.ConnectError, httpx.RemoteProtocolError, httpx.ReadError):
            while httpx.get(f"{ready['control_url']}/health").status_code == 200:
                pass
        upload.sendall(form[80:])
        answer = b"".join(iter(lambda: upload.recv(65_536), b""))

    assert answer.startswith(b"HTTP/1.1 200 ")
    assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 0


def test_the_ready_file_holds_the_ready_line_while_it_runs(launch, tmp_path):
    path = tmp_path / "ready.json"
    process = launch("--ready-file", str(path), "--format", "json")
    line = process.stdout.readline()

    assert path.read_text() == line
    assert path.stat().st_mode & 0o077 == 0, "others may not read the tokens"
    process.terminate()
    process.communicate(timeout=10)
    assert list(tmp_path.iterdir()) == []


def test_a_ready_file_of_another_server_is_left_alone(launch, tmp_path):
    path = tmp_path / "ready.json"
    first = launch("--ready-file", str(path), "--format", "json")
    first.stdout.readline()
    of_second = launch("--ready-file", str(path), "--format", "json").stdout.readline()
    first.terminate()
    first.communicate(timeout=10)

    assert path.read_text() == of_second


def test_a_ready_file_that_cannot_be_written_is_one_sentence(tmp_path):
    code, message = fails("serve", "--ready-file", str(tmp_path / "missing" / "ready.json"))

    assert code == 2
    assert message.startswith("factify-mock: The ready file ")
    assert message.endswith("cannot be written: No such file or directory")


def test_the_same_seed_gives_the_same_ids(launch):
    worlds = [
        json.loads(launch("--format", "json", "--seed", "5").stdout.readline())["world"] for _ in range(2)
    ]

    assert worlds[0]["organization_id"] == worlds[1]["organization_id"]
    assert worlds[0]["api_key"] == worlds[1]["api_key"]


def test_time_starts_where_it_is_told(launch):
    process = launch("--format", "json", "--now", "2030-01-01T00:00:00Z", "--frozen", "--no-control")
    ready = json.loads(process.stdout.readline())

    assert ready["control_url"] is None
    assert httpx.get(f"{ready['url']}/__mock__/health").status_code == 404


def test_a_port_in_use_is_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, message = fails("serve", "--port", str(port))

    assert code == 2
    assert message == f"factify-mock: Cannot listen on 127.0.0.1 port {port}: Address already in use"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--spec", "no-such-file.json"], "no-such-file.json", id="missing-document"),
        pytest.param(["--spec", "/"], "/", id="directory-for-a-document"),
        pytest.param(["--spec", __file__], "JSON", id="no-document"),
        pytest.param(["--mutant", "no-such-mutant"], "no-such-mutant", id="unknown-mutant"),
        pytest.param(["--now", "yesterday"], "yesterday", id="no-timestamp"),
        pytest.param(["--now", "0001-01-01T00:00:00Z"], "0001", id="time-out-of-range"),
        pytest.param(["--host", "no.such.host.invalid"], "no.such.host.invalid", id="unknown-host"),
        pytest.param(["--host", "bad..host"], "bad..host", id="malformed-host"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_exit_code_2(arguments, words):
    code, message = fails("serve", *arguments)

    assert code == 2
    assert message.startswith("factify-mock: ")
    assert words in message
    assert len(message.splitlines()) == 1


def test_a_document_with_a_broken_schema_is_one_sentence_that_says_where(tmp_path):
    broken = {"200": {"description": "Bad.", "content": {"application/json": {"schema": {"pattern": "("}}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Broken", "version": "1"},
        "paths": {"/odd": {"get": {"responses": broken}}},
    }
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(document))

    code, message = fails("serve", "--spec", str(path))

    assert code == 2
    assert "GET /odd: " in message
    assert len(message.splitlines()) == 1


def test_an_unknown_option_is_a_usage_error():
    assert fails("serve", "--colour", "red")[0] == 2


def test_the_mutants_are_listed_with_the_clauses_they_break():
    done = subprocess.run([*COMMAND, "mutants"], capture_output=True, text=True, check=True)

    assert "trash.keeps-grants\n    breaks trash.revokes-grants: " in done.stdout


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"nonsense\r\n\r\n", id="no-request-line"),
        pytest.param(
            b"GET /v1beta/me HTTP/1.1\r\nHost: x\r\nAuthorization: a\0b\r\n\r\n", id="nul-in-a-header"
        ),
        pytest.param(b"GET /v1beta\0/me HTTP/1.1\r\nHost: x\r\n\r\n", id="nul-in-the-path"),
        pytest.param(b"GET /v1beta/\xff HTTP/1.1\r\nHost: x\r\n\r\n", id="raw-bytes-in-the-path"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n", id="no-length"),
        pytest.param(b"GET / HTTP/9.9\r\n\r\n", id="another-version"),
    ],
)
def test_what_is_no_http_is_refused_like_any_other_request(ready, request_bytes):
    url = httpx.URL(ready["url"])
    with socket.create_connection((url.host, url.port), timeout=10) as connection:
        connection.sendall(request_bytes)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 404 "))
    assert json.loads(body)["details"][0]["request_id"].startswith("req_")
    assert httpx.get(f"{ready['control_url']}/health").status_code == 200


def test_a_broken_off_upload_leaves_no_file_behind(launch):
    process = launch("--format", "json")
    ready = json.loads(process.stdout.readline())
    url = httpx.URL(ready["url"])
    authorization = f"Bearer {ready['world']['owner']['token']}"
    head = (
        f"POST /v1beta/documents HTTP/1.1\r\nHost: x\r\nAuthorization: {authorization}\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 10000000\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="payload"; filename="a.pdf"\r\n\r\n%PDF-1.7'
    )
    with socket.create_connection((url.host, url.port), timeout=10) as connection:
        connection.sendall(head.encode() + b"x" * 500_000)

    listed = httpx.get(f"{ready['url']}/v1beta/documents", headers={"Authorization": authorization})
    assert listed.json()["items"] == []
    process.terminate()
    assert process.communicate(timeout=10) == ("", "")


def test_a_foreign_document_is_served(launch, tmp_path):
    document = {
        "openapi": "3.0.3",
        "info": {"title": "Weather", "version": "1"},
        "servers": [{"url": "https://weather.example/api"}],
        "paths": {"/today": {"get": {"responses": {"200": {"description": "Fine."}}}}},
    }
    path = tmp_path / "weather.json"
    path.write_text(json.dumps(document))

    ready = json.loads(launch("--format", "json", "--spec", str(path), "--strict").stdout.readline())

    assert httpx.get(f"{ready['url']}/api/today").status_code == 200
