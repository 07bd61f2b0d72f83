"""The judge sees what leaks, who is listed that should not be, and mail that never comes."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from lying import stories_about

from factify_contract.exchange import Exchange
from factify_contract.spec import Operation
from factify_contract.summary import Summary
from factify_contract.transport import Transport


def answered(exchange: Exchange, body: dict[str, Any]) -> Exchange:
    return replace(exchange, content=json.dumps(body).encode())


class TalkativeTransport(Transport):
    """A transport on which every answer repeats all that was ever said to or by the API."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self._heard = ""

    def send(
        self, operation: Operation, actor: str = "", token: str | None = None, **request: Any
    ) -> Exchange:
        exchange = super().send(operation, actor, token, **request)
        said = exchange.request_body.decode() + exchange.content.decode("utf-8", "replace")
        self._heard += said
        if exchange.status != 200 or not isinstance(exchange.json, dict):
            return exchange
        return answered(exchange, {**exchange.json, "heard": self._heard.replace('"', " ")})


_LEAKED = ["invites.token-only-in-mail", "api-keys.secret-once", "api-keys.revoke-reason-hidden"]


@pytest.mark.parametrize("clause", _LEAKED)
def test_the_judge_sees_what_leaks(clause: str, ready: dict[str, Any], judge: Callable[..., Summary]) -> None:
    summary = judge(stories_about(clause), transport=TalkativeTransport(ready["url"]))
    assert clause in {finding.clause for finding in summary.findings}


class CrowdingTransport(Transport):
    """A transport on which lists hold whatever was created, and whoever was refused."""

    def __init__(self, base_url: str) -> None:
        super().__init__(base_url)
        self._documents: list[str] = []
        self._refused: list[str] = []

    def send(
        self, operation: Operation, actor: str = "", token: str | None = None, **request: Any
    ) -> Exchange:
        exchange = super().send(operation, actor, token, **request)
        if operation.id == "acceptOrganizationInvite" and exchange.status == 403 and token:
            self._refused.append(_subject(token))
        if exchange.status != 200 or not isinstance(exchange.json, dict):
            return exchange
        body = json.loads(exchange.content)
        match operation.id:
            case "createDocument":
                self._documents.append(body["document"]["id"])
            case "listDocuments":
                body["items"] = [*body["items"], *({"id": each} for each in self._documents)]
            case "listDocumentDuplicates":
                body["items"] = [{"document_id": each} for each in self._documents]
            case "listOrganizationMembers":
                body["items"] += [{"user": {"id": each}, "role": "member"} for each in self._refused]
        return answered(exchange, body)


def _subject(token: str) -> str:
    payload = token.split(".")[1]
    subject: str = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["sub"]
    return subject


_CROWDED = [
    "trash.leaves-lists-of-others",
    "export.duplicates-different",
    "invites.accept-wrong-person-stays-out",
]


@pytest.mark.parametrize("clause", _CROWDED)
def test_the_judge_sees_who_should_not_be_listed(
    clause: str, ready: dict[str, Any], judge: Callable[..., Summary]
) -> None:
    summary = judge(stories_about(clause), transport=CrowdingTransport(ready["url"]))
    assert clause in {finding.clause for finding in summary.findings}


def test_the_judge_misses_the_mail_that_was_promised(judge: Callable[..., Summary]) -> None:
    summary = judge(stories_about("invites.create-sends-mail"), without_mail=True)
    assert "invites.create-sends-mail" in {finding.clause for finding in summary.findings}
