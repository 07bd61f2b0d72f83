"""The published Python SDK, unmodified: clients for the people of a world, and what tests do with them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from factify import Factify as Sdk
from factify import errors

LETTER = Path(__file__).parent / "letter.pdf"


@pytest.fixture
def frozen(factify_server):
    """A world whose time stands still until it is moved."""
    start = datetime(2026, 5, 1, 12, tzinfo=UTC).isoformat()
    world = factify_server.new_world(now=start, frozen=True)
    yield world
    world.close()


@pytest.fixture
def legacy_world(factify_server):
    """A world of the generation the SDK was made for: its paths of general access, its timeline events."""
    world = factify_server.new_world(legacy=True)
    yield world
    world.close()


@pytest.fixture
def sdk(factify_server):
    """Opens an SDK client with a token, whose world it is in; all are closed after the test."""
    clients = []

    def open_client(token, **options):
        client = Sdk(bearer_auth=token, server_url=factify_server.url, **options)
        clients.append(client)
        return client.__enter__()

    yield open_client
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def owner(sdk, factify):
    return sdk(factify.owner.token)


@pytest.fixture
def member(sdk, factify):
    return sdk(factify.member.token)


@pytest.fixture
def outsider(sdk, factify):
    return sdk(factify.outsider.token)


@pytest.fixture
def upload():
    """Makes a document of the letter, as a client."""

    def make(client, title="Lease", **fields):
        with LETTER.open("rb") as letter:
            payload = {"file_name": "letter.pdf", "content": letter}
            return client.documents.create(payload=payload, title=title, **fields).result.document

    return make


@pytest.fixture
def refusal():
    """Makes a call that is refused: returns code and reason."""

    def call(method, *args, **kwargs):
        with pytest.raises(errors.ErrorResponse) as caught:
            method(*args, **kwargs)
        return caught.value.data.code, caught.value.data.details[0].reason

    return call
