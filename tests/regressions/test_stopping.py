"""A server that is stopping, and has waited long enough for a request."""

import asyncio
import json

import pytest

from factify_mock.api.app import create_app


@pytest.fixture
def app():
    made = create_app()
    yield made
    made.close()


def given_up(app, scope, first_messages):
    """What is sent when the server cancels a call whose client has gone quiet."""
    sent = []

    async def send(message):
        sent.append(message)

    async def call():
        heard = asyncio.Event()
        messages = list(first_messages)

        async def receive():
            if not messages:
                heard.set()
                await asyncio.Event().wait()
            return messages.pop(0)

        task = asyncio.create_task(app(scope, receive, send))
        await heard.wait()
        task.cancel()
        await task

    asyncio.run(call())
    return sent


def test_a_client_that_has_gone_quiet_is_told_so_and_nothing_is_kept(app):
    token = f"Bearer {app.ready['owner']['token']}".encode()
    head = b'--x\r\nContent-Disposition: form-data; name="payload"\r\n\r\n%PDF-1.7' + b"x" * 100_000
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1beta/documents",
        "query_string": b"",
        "headers": [(b"authorization", token), (b"content-type", b"multipart/form-data; boundary=x")],
    }

    sent = given_up(app, scope, [{"type": "http.request", "body": head, "more_body": True}])

    body = json.loads(sent[1]["body"])
    assert (sent[0]["status"], body["code"]) == (503, "unavailable")
    assert body["details"][0]["reason"] == "service_unavailable"
    assert app.blobs.files() == []


def test_the_lifespan_ends_even_when_it_is_cancelled(app):
    sent = given_up(app, {"type": "lifespan"}, [{"type": "lifespan.startup"}])

    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
