"""Snapshots that were taken on, and then broke the call or the answers after it."""

import asyncio

import httpx
import pytest

from factify_mock.api.app import AppOptions, create_app


@pytest.fixture
def app():
    made = create_app(options=AppOptions(is_strict=True))
    yield made
    made.close()


@pytest.fixture
def ask(app):
    """Sends a request as the owner, in a loop of its own."""
    headers = {"Authorization": f"Bearer {app.ready['owner']['token']}"}

    def send(method, path, **parts):
        async def exchange():
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://mock.example", headers=headers
            ) as client:
                return await client.request(method, path, **parts)

        return asyncio.run(exchange())

    return send


@pytest.fixture
def restore(app, ask):
    """Takes a snapshot, lets it be changed, and goes back to it."""
    path = f"/__mock__/worlds/{app.ready['id']}/snapshot"

    def change_and_restore(change):
        snapshot = ask("GET", path).json()
        change(snapshot["tables"])
        return ask("PUT", path, json=snapshot)

    return change_and_restore


def test_a_leap_second_is_a_point_in_time(ask, restore):
    answer = restore(lambda tables: tables["users"][0].update(created_at="2025-06-30T23:59:60Z"))

    assert answer.status_code == 200
    assert ask("GET", "/v1beta/me").status_code == 200


def test_one_point_zero_is_one(ask, restore):
    ask("POST", "/v1beta/documents", data={"title": "Report"}, files={"payload": b"%PDF-1.7"})

    answer = restore(lambda tables: tables["versions"][0].update(ordinal=1.0))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("users", "name", ""),
        ("users", "given_name", "n" * 256),
        ("users", "family_name", "n" * 256),
        ("policies", "name", ""),
    ],
)
def test_a_word_that_no_answer_may_hold_is_refused_by_its_place(restore, table, field, value):
    answer = restore(lambda tables: tables[table][0].update({field: value}))

    assert answer.status_code == 400
    assert answer.json()["details"][0]["param"] == f"tables.{table}[0].{field}"


def test_a_limit_that_no_answer_may_hold_is_refused_by_its_place(app, restore):
    key_id = app.ready["api_key"]["id"]

    answer = restore(lambda tables: tables["key_limits"].update({key_id: 0}))

    assert answer.status_code == 400
    assert answer.json()["details"][0]["param"] == f"tables.key_limits.{key_id}"
