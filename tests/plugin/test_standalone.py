"""Worlds without pytest: in one `with` block, in one `async with`, in unittest; and servers that fail."""

import asyncio
import gc
import os
import signal
import socket
import subprocess
import sys
import threading
import warnings

import pytest

import factify_fixtures
from factify_contract.errors import ContractError, UsageError
from factify_contract.launch import mock_process
from factify_fixtures import ServerGone, attached, running, running_server


@pytest.mark.parametrize("in_process", [False, True])
def test_a_world_lives_as_long_as_its_block(in_process):
    threads = set(threading.enumerate())

    with running(seed=9, in_process=in_process, world="quota-almost-exhausted") as factify:
        client = factify.owner.client()
        assert client.get("/v1beta/me").json()["user"]["id"] == factify.owner.user_id
        assert factify.quota.get()["documents_used"] == 9

    assert factify.is_closed
    assert set(threading.enumerate()) <= threads
    with pytest.raises(ServerGone, match="has been stopped"):
        factify.clock.now()


@pytest.mark.parametrize("in_process", [False, True])
def test_the_same_block_is_asynchronous(in_process):
    async def story():
        async with running(in_process=in_process) as factify, factify.owner.async_client() as client:
            await client.patch(f"/v1beta/organizations/{factify.organization_id}", json={"name": "Elm"})
            factify.requests.assert_sent("updateOrganization", body={"name": "Elm"})
            return factify

    assert asyncio.run(story()).is_closed


def test_nothing_is_left_open(factify_server):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with attached(factify_server.url) as server, server.new_world() as factify:
            for _ in range(3):
                factify.owner.client().get("/v1beta/me")
            with factify.member.client() as client:
                client.get("/v1beta/me")
        gc.collect()

    assert [str(each.message) for each in caught] == []


def test_closing_one_client_closes_no_other(factify):
    kept = factify.owner.client()
    with factify.owner.client(headers={"X-Odd": "1"}) as client:
        assert client.get("/v1beta/me").status_code == 200

    assert client.is_closed
    assert kept.get("/v1beta/me").status_code == 200
    factify.requests.assert_sent("getMe", headers={"x-odd": "1"}, times=1)


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(monkeypatch, factify_server):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    async def asynchronously():
        async with factify.owner.async_client() as client:
            return await client.get("/v1beta/me")

    with attached(factify_server.url) as server, server.new_world() as factify:
        assert factify.owner.client().get("/v1beta/me").status_code == 200
        assert asyncio.run(asynchronously()).status_code == 200


def test_a_process_without_a_socket_takes_no_options_of_a_server():
    with pytest.raises(ValueError, match="no port and no options"):
        running(in_process=True, port=8600)


def test_a_port_in_use_is_named():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(UsageError, match=f"Cannot listen on 127.0.0.1 port {port}: "), running(port=port):
            pass


def test_a_refused_option_is_named():
    with pytest.raises(UsageError, match=r"No such option.*--nowhere"), running(options=["--nowhere"]):
        pass


def test_a_mock_that_breaks_while_it_starts_says_what_it_said(tmp_path, monkeypatch):
    (tmp_path / "uvicorn.py").write_text("raise RuntimeError('no such luck')\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(ContractError) as failed, running():
        pass

    told = str(failed.value)
    assert told.startswith("the mock ended with exit code 1 before it was ready: ")
    assert told.endswith("RuntimeError: no such luck")
    assert len(told.splitlines()) <= 12


def test_a_server_that_died_says_how_and_what_it_last_said():
    with running_server() as server:
        world = server.new_world()
        os.kill(server.pid, signal.SIGKILL)

        with pytest.raises(
            ServerGone, match=r"at http://127\.0\.0\.1:\d+ has ended by SIGKILL: it said noth"
        ):
            world.clock.now()
        with pytest.raises(ServerGone, match="has ended by SIGKILL"):
            server.new_world()


def test_a_running_mock_has_no_obituary_and_a_stopped_one_a_short_one():
    with mock_process() as process:
        assert process.obituary() is None

    assert process.obituary() == f"the mock at {process.ready['url']} has been stopped"


def test_the_facade_has_all_that_it_says_and_knows_no_more():
    for name in factify_fixtures.__all__:
        assert getattr(factify_fixtures, name).__name__ == name
    assert set(factify_fixtures.__all__) <= set(dir(factify_fixtures))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        factify_fixtures.nothing  # noqa: B018 - asked for on purpose


def test_a_script_needs_no_pytest():
    code = (
        "import sys, factify_fixtures\n"
        "with factify_fixtures.running(in_process=True) as factify:\n"
        "    assert factify.owner.client().get('/v1beta/me').status_code == 200\n"
        "assert 'pytest' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
