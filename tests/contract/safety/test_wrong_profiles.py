"""A profile that is wrong is told before anything is written, and nobody is accused for it."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from factify_contract.doctor import Grade, examine
from factify_contract.errors import ProfileError, TargetUnreachable
from factify_contract.events import Warned
from factify_contract.launch import running_mock
from factify_contract.profile import Profile
from factify_contract.request import Request, scope_of
from factify_contract.safety.standing import misplaced
from factify_contract.summary import Outcome

NOBODYS = {"organization_id": "org_01kdvdna1p0dhzgd5aegqn6e2f"}


def warnings(events) -> list[str]:
    return [event.message for event in events if isinstance(event, Warned)]


def test_organization_of_others_is_told_before_anything_is_written(judged, mock):
    with pytest.raises(ProfileError, match=f"is in no organization {NOBODYS['organization_id']}"):
        judged(**NOBODYS)
    assert set(mock.methods) == {"GET"}


def test_owner_with_the_token_of_a_key_is_told(judged, ready):
    people = {"owner": {"token": ready["api_key"]["secret"]}}

    with pytest.raises(ProfileError, match="has the token of an API key"):
        judged(identities=people)


def strangers(target, document) -> dict[str, str]:
    return {one.name: one.what for one in misplaced(target, document)}


def test_key_that_is_none_is_a_stranger(opened, ready, shipped):
    owner = {"token": ready["owner"]["token"]}

    def key(**entries: str) -> dict[str, Any]:
        return {"identities": {"owner": owner, "api_key": {"token": ready["api_key"]["secret"], **entries}}}

    assert strangers(opened(**key()), shipped) == {}
    assert strangers(opened(**key(id=ready["api_key"]["id"])), shipped) == {}
    [other] = strangers(opened(**key(id="key_01kdvdna1p0dhzgd5aegqn6e2f")), shipped).values()
    assert other == "is key_01kdvdna1p0dhzgd5aegqn6e2f in the profile, which is no key of the organization"
    [user] = strangers(opened(**key(token=ready["member"]["token"])), shipped).values()
    assert user == "has the token of a user"


class NotTheApi(BaseHTTPRequestHandler):
    """A web server of somebody else."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, *words: Any) -> None:
        """Says nothing."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), NotTheApi) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_server_that_is_not_the_api_is_told_by_the_doctor(elsewhere, shipped):
    profile = Profile.from_dict({"base_url": elsewhere, "identities": {"owner": {"token": "any"}}})

    with pytest.raises(
        TargetUnreachable, match=r"answers, but not as the API does .*404.*; check the address"
    ):
        list(examine(profile, shipped, scope_of(Request())))


def test_identity_that_cannot_be_looked_up_is_wrong(shipped):
    with running_mock() as line:
        described = {
            "base_url": line["url"],
            "organization_id": line["world"]["organization_id"],
            "identities": {
                "owner": {"token": line["world"]["owner"]["token"]},
                "member": {"token": line["world"]["api_key"]["secret"]},
            },
        }
        remarks = list(examine(Profile.from_dict(described), shipped, scope_of(Request())))

    about = {each.text: each.grade for each in remarks if "member" in each.text}
    assert about["identity 'member' has the token of an API key"] is Grade.WRONG
    assert [text for text in about if text.startswith("member is")] == []


def test_used_up_quota_ends_stories_and_accuses_nobody(judged, control):
    control.put("/quotas", json={"requests_used": 9950}).raise_for_status()
    summary, events = judged(request={"suites": ("documents", "members", "sharing", "timestamps")})

    assert summary.findings == ()
    assert summary.outcome is not Outcome.FAIL
    assert any("more requests this month" in each for each in warnings(events))
    assert any("a quota of the organization is used up" in story.reason for story in summary.stories)
