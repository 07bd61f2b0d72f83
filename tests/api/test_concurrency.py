"""Eight clients at once, over a socket: whatever they race for has one outcome, and nothing is lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from factify_fixtures.sandbox import Factify

CLIENTS = 8
PDF = ("letter.pdf", b"%PDF-1.7 x", "application/pdf")
TIMEOUT = 30


@pytest.fixture(scope="module")
def at_once() -> Iterator[Callable[..., list[httpx.Response]]]:
    """Makes the calls at the same moment, each from a thread with a connection of its own."""
    with ThreadPoolExecutor(CLIENTS) as threads:

        def run(*calls: Callable[[httpx.Client], httpx.Response]) -> list[httpx.Response]:
            assert len(calls) <= CLIENTS
            start = Barrier(len(calls))

            def one(call: Callable[[httpx.Client], httpx.Response]) -> httpx.Response:
                with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
                    start.wait(TIMEOUT)
                    return call(client)

            return list(threads.map(one, calls))

        yield run


class Caller:
    """One person of the world; its calls wait for the client that a thread brings along."""

    def __init__(self, world: Factify, token: str) -> None:
        self._url = world.url
        self._headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, **arguments: Any) -> Callable[[httpx.Client], httpx.Response]:
        return lambda client: client.request(
            method, f"{self._url}/v1beta{path}", headers=self._headers, **arguments
        )

    def upload(self, title: str) -> Callable[[httpx.Client], httpx.Response]:
        return self.call("POST", "/documents", data={"title": title}, files={"payload": PDF})

    def now(self, method: str, path: str, **arguments: Any) -> dict[str, Any]:
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
            answer = self.call(method, path, **arguments)(client)
        answer.raise_for_status()
        body: dict[str, Any] = answer.json()
        return body

    def new_document(self) -> str:
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as client:
            return str(self.upload("Lease")(client).raise_for_status().json()["document"]["id"])


@pytest.fixture
def owner(factify: Factify) -> Caller:
    return Caller(factify, factify.owner.token)


def reasons(answers: list[httpx.Response]) -> Counter[str]:
    return Counter(answer.json()["details"][0]["reason"] if answer.is_error else "done" for answer in answers)


def test_an_invitation_is_accepted_once(factify, owner, at_once):
    invites = f"/organizations/{factify.organization_id}/invites"
    owner.now("POST", invites, json={"email": factify.invitee.email})
    token = factify.outbox.latest(to=factify.invitee.email)["token"]
    invitee = Caller(factify, factify.invitee.token)

    answers = at_once(*[invitee.call("POST", f"{invites}/accept", json={"token": token})] * CLIENTS)

    assert reasons(answers) == {"done": 1, "resource_not_found": CLIENTS - 1}
    members = owner.now("GET", f"/organizations/{factify.organization_id}/members")["items"]
    assert Counter(each["user"]["id"] for each in members)[factify.invitee.user_id] == 1
    accepted = owner.now("GET", invites)["items"]
    assert [each["status"] for each in accepted] == ["accepted"]


def test_accepting_and_revoking_do_not_both_succeed(factify, owner, at_once):
    invites = f"/organizations/{factify.organization_id}/invites"
    invite = owner.now("POST", invites, json={"email": factify.invitee.email})["invite"]["id"]
    token = factify.outbox.latest(to=factify.invitee.email)["token"]
    invitee = Caller(factify, factify.invitee.token)

    accepted, revoked = at_once(
        invitee.call("POST", f"{invites}/accept", json={"token": token}),
        owner.call("POST", f"{invites}/{invite}/revoke", json={}),
    )

    assert accepted.is_success is not revoked.is_success
    status = owner.now("GET", invites)["items"][0]["status"]
    assert status == ("accepted" if accepted.is_success else "revoked")
    is_member = bool(invitee.now("GET", "/me")["organizations"])
    assert is_member is accepted.is_success


def test_a_document_is_trashed_once(owner, at_once):
    document = owner.new_document()

    answers = at_once(*[owner.call("POST", f"/documents/{document}/trash", json={})] * CLIENTS)

    assert reasons(answers) == {"done": 1, "precondition_failed": CLIENTS - 1}


def test_parallel_grants_are_all_kept(factify, owner, at_once):
    document = owner.new_document()

    def grant(email: str) -> Callable[[httpx.Client], httpx.Response]:
        body = {"recipients": [{"recipient": email, "role": "viewer"}]}
        return owner.call("POST", f"/documents/{document}/share", json=body)

    answers = at_once(*(grant(f"reader-{number}@mailbox.example") for number in range(CLIENTS)))

    assert sum(answer.json()["successful"] for answer in answers) == CLIENTS
    listed = owner.now("GET", f"/documents/{document}/share")["recipients"]
    expected = {f"reader-{number}@mailbox.example" for number in range(CLIENTS)}
    assert sorted(each["email"] for each in listed) == sorted({*expected, factify.owner.email})


def test_one_of_equal_grants_is_kept(factify, owner, at_once):
    document = owner.new_document()
    body = {"recipients": [{"recipient": "reader@mailbox.example", "role": "viewer"}]}

    answers = at_once(*[owner.call("POST", f"/documents/{document}/share", json=body)] * CLIENTS)

    assert sum(answer.json()["successful"] for answer in answers) == 1
    listed = owner.now("GET", f"/documents/{document}/share")["recipients"]
    assert sorted(each["email"] for each in listed) == sorted([factify.owner.email, "reader@mailbox.example"])
    assert len(factify.outbox.all(to="reader@mailbox.example")) == 1


def test_the_last_request_of_a_quota_is_used_once(factify, owner, at_once):
    factify.quota.set(requests_limit=3, requests_used=2)

    answers = at_once(*[owner.call("GET", "/documents")] * CLIENTS)

    assert reasons(answers) == {"done": 1, "quota_exceeded": CLIENTS - 1}
    assert factify.quota.get()["requests_used"] == 3


def test_every_request_is_counted(factify, owner, at_once):
    before = factify.quota.get()["requests_used"]

    at_once(*[owner.call("GET", "/documents")] * CLIENTS)

    assert factify.quota.get()["requests_used"] == before + CLIENTS


def test_the_last_place_for_a_document_is_taken_once(factify, owner, at_once):
    owner.new_document()
    factify.quota.set(documents_limit=2)

    answers = at_once(*(owner.upload(f"Lease {number}") for number in range(CLIENTS)))

    assert reasons(answers) == {"done": 1, "quota_exceeded": CLIENTS - 1}
    assert len(owner.now("GET", "/documents")["items"]) == 2
    assert factify.quota.get()["documents_used"] == 2


def test_parallel_documents_are_all_there(owner, at_once):
    answers = at_once(*(owner.upload(f"Lease {number}") for number in range(CLIENTS)))

    made = {answer.json()["document"]["id"] for answer in answers}
    assert len(made) == CLIENTS
    assert {each["id"] for each in owner.now("GET", "/documents")["items"]} == made


def test_parallel_versions_have_numbers_of_their_own(owner, at_once):
    document = owner.new_document()

    answers = at_once(
        *[owner.call("POST", f"/documents/{document}/versions", files={"payload": PDF})] * CLIENTS
    )

    made = {answer.json()["id"]: answer.json()["url"] for answer in answers}
    versions = owner.now("GET", f"/documents/{document}/versions")["items"]
    assert made.items() <= {each["id"]: each["url"] for each in versions}.items()
    assert sorted(int(each["url"].rpartition("/")[2]) for each in versions) == list(range(1, CLIENTS + 2))
    current = owner.now("GET", f"/documents/{document}")["document"]["current_version"]["id"]
    assert current == versions[0]["id"]


def test_an_access_request_is_decided_once(factify, owner, at_once):
    document = owner.new_document()
    outsider = Caller(factify, factify.outsider.token)
    asked = outsider.now("POST", f"/documents/{document}/access-requests", json={"permission": "view"})
    decide = f"/documents/{document}/access-requests/{asked['access_request']['id']}"

    answers = at_once(
        *[owner.call("POST", f"{decide}/{word}", json={}) for word in ("approve", "deny") * (CLIENTS // 2)]
    )

    assert reasons(answers) == {"done": 1, "precondition_failed": CLIENTS - 1}
    decided = next(answer for answer in answers if answer.is_success).json()["access_request"]
    recipients = owner.now("GET", f"/documents/{document}/share")["recipients"]
    has_access = factify.outsider.user_id in [each["id"] for each in recipients]
    assert has_access is (decided["request_status"] == "approved")


def test_a_rate_limit_lets_no_call_too_many_through(factify_server, at_once):
    world = factify_server.new_world(frozen=True, rate_limits={"per_minute": 3})
    person = Caller(world, world.owner.token)

    answers = at_once(*[person.call("GET", "/documents")] * CLIENTS)

    assert reasons(answers) == {"done": 3, "rate_limit_exceeded": CLIENTS - 3}
    left = sorted(answer.headers["x-ratelimit-remaining"] for answer in answers if answer.is_success)
    assert left == ["0", "1", "2"]
    world.close()
