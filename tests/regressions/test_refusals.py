"""Refusals that once were no documented ones."""

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
    """Sends a request as the owner."""
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


def params(answer):
    return [detail["param"] for detail in answer.json()["details"]]


def test_a_file_that_is_written_to_is_refused_as_a_method_and_not_as_a_failure(app, ask):
    answer = ask("DELETE", f"/__files__/{app.ready['id']}/exports/ver_1.pdf")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("text", [b"\xff", b"a\0b"], ids=["not-utf-8", "nul"])
def test_bad_text_in_a_part_without_a_name_is_the_fault_of_the_body(ask, text):
    part = b'--x\r\nContent-Disposition: form-data; name=""\r\n\r\n' + text + b"\r\n--x--\r\n"

    answer = ask(
        "POST",
        "/v1beta/documents",
        content=part,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert (answer.status_code, params(answer)) == (400, ["body"])


@pytest.mark.parametrize("query", ["=%00", "=%ff"], ids=["nul", "not-utf-8"])
def test_a_bad_value_without_a_name_is_the_fault_of_the_query(ask, query):
    answer = ask("GET", f"/v1beta/me?{query}")

    assert (answer.status_code, params(answer)) == (400, ["query"])


def test_a_thousand_mistakes_are_not_all_told(ask):
    answer = ask("GET", "/v1beta/me?" + "&".join(f"k{number}=" for number in range(1000)))

    assert answer.status_code == 400
    assert params(answer)[0] == "k0"
    assert len(answer.content) < 5000


def test_a_refusal_repeats_no_endless_name(ask):
    answer = ask("PATCH", "/v1beta/documents/doc_" + "0" * 26, json={"a" * 50_000: 1})

    assert answer.status_code == 400
    assert len(answer.content) < 2000


@pytest.mark.parametrize("user_id", ["", "u" * 50_000], ids=["empty", "endless"])
def test_a_token_for_nobody_is_not_found(app, ask, user_id):
    answer = ask("POST", f"/__mock__/worlds/{app.ready['id']}/tokens", json={"user_id": user_id})

    assert answer.status_code == 404
    assert len(answer.content) < 1000
