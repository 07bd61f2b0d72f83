"""What the pytest plugin and its fixtures cost, measured inside of pytest, beside fixtures that do little."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from factify_fixtures import running_in_process, running_server

TESTS = 200

# The rivals: an httpx client whose transport knows one answer, and one of a server that is there already.
CONFTEST = """
import httpx, json, os, pytest, time

@pytest.fixture
def canned():
    transport = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    with httpx.Client(base_url="http://x", transport=transport, trust_env=False) as client:
        yield client

@pytest.fixture(scope="session")
def canned_server():
    import http.server, threading
    class Handler(http.server.BaseHTTPRequestHandler):
        def log_message(self, *_): pass
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()

@pytest.fixture
def canned_socket(canned_server):
    url = f"http://127.0.0.1:{canned_server.server_port}"
    with httpx.Client(base_url=url, trust_env=False, verify=False) as client:
        yield client

SECONDS = {}

def pytest_runtest_logreport(report):
    if report.when == "setup":
        SECONDS.setdefault(report.nodeid.split("::")[1].split("[")[0], []).append(report.duration)

def pytest_sessionfinish():
    with open(os.environ["SECONDS_FILE"], "w") as file:
        json.dump(SECONDS, file)
"""

MODULE = f"""
import pytest

numbered = pytest.mark.parametrize("number", range({TESTS}))

@numbered
def test_factify_in_process(factify_in_process, number): pass

@numbered
def test_factify(factify, number): pass

@numbered
def test_canned(canned, number): pass

@numbered
def test_canned_socket(canned_socket, number): pass
"""

IMPORT = "import time, pytest; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"


def fixture_seconds() -> dict[str, list[float]]:
    """How long each set-up took, by the name of the test; the first of each also started what is shared."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "conftest.py").write_text(CONFTEST, encoding="utf-8")
        (Path(folder) / "test_fixtures.py").write_text(MODULE, encoding="utf-8")
        file = Path(folder) / "seconds.json"
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", folder],
            env={"SECONDS_FILE": str(file), "PATH": ""},
            capture_output=True,
            check=True,
        )
        seconds: dict[str, list[float]] = json.loads(file.read_text())
    return seconds


def import_seconds(module: str) -> float:
    """How long importing a module takes where pytest is loaded."""
    code = IMPORT.format(module=module)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def server_seconds() -> float:
    """From nothing to a server and a world on it."""
    began = time.perf_counter()
    with running_server() as server, server.new_world():
        return time.perf_counter() - began


def call_seconds(rounds: int) -> tuple[list[float], list[float]]:
    """One call and its answer, in process: that of a world, and the canned one."""
    ours, theirs = [], []
    canned = httpx.MockTransport(lambda request: httpx.Response(200, json={}))
    with (
        running_in_process() as server,
        server.new_world() as world,
        httpx.Client(base_url="http://x", transport=canned, trust_env=False) as rival,
    ):
        client = world.owner.client()
        for _ in range(rounds):
            for taker, calls in ((client, ours), (rival, theirs)):
                for _ in range(TESTS):
                    began = time.perf_counter()
                    taker.get("/v1beta/me")
                    calls.append(time.perf_counter() - began)
    return ours, theirs
