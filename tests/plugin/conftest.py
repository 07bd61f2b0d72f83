"""For tests of the fixtures: one mock in this process, and a document to send to it."""

import httpcore  # noqa: F401 - httpx imports it late, and pytest inside of pytest would do so once more
import pytest

from factify_fixtures import running_in_process

LEASE = {"payload": ("lease.pdf", b"%PDF-1.7 a lease", "application/pdf")}


@pytest.fixture
def upload():
    """Uploads a small document, as a client that is given."""

    def upload(client, title):
        answer = client.post("/v1beta/documents", data={"title": title}, files=LEASE)
        answer.raise_for_status()
        return answer.json()["document"]

    return upload


@pytest.fixture(scope="session")
def in_process():
    with running_in_process(seed=5) as server:
        yield server
