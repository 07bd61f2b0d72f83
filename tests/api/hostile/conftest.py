"""A crowded world to be attacked, and the judgement of what comes back.

The stage holds something for every operation to work on, so that a hostile request is a good one with a
single flaw, and reaches as deep as requests can.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from factify_contract.spec import Document, Operation, parameter_sample, request_sample
from factify_mock.api.app import AppOptions, create_app
from factify_mock.api.problems import STATUS_OF_CODE
from factify_mock.model.world import Tables
from factify_mock.states import Present
from factify_mock.worlds import WorldOptions

START = datetime(2026, 5, 1, 12, tzinfo=UTC)
LETTER = (Path(__file__).parents[2] / "sdk" / "letter.pdf").read_bytes()
JSON = (b"content-type", b"application/json")
FORM = (b"content-type", b"multipart/form-data; boundary=x")

# Refusals of HTTP itself, which the error table has no status for.
BEYOND_THE_TABLE = {405, 416}
# No refusal repeats what it was sent at length.
LONGEST_REFUSAL = 10_000


@dataclass(frozen=True, slots=True)
class Hostile:
    """One request made of bytes; `raw_path` and the header names are as a server would pass them on."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    chunk: int = 1 << 20
    disconnects: bool = False

    def __str__(self) -> str:
        headers = [(name, value[:80]) for name, value in self.headers]
        return f"{self.method[:40]} {self.path[:200]}?{self.query[:200]!r} {headers} {self.body[:300]!r}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sent back; nothing at all when `status` is None."""

    status: int | None
    headers: dict[bytes, bytes]
    content: bytes

    @property
    def body(self) -> Any:
        return msgspec.json.decode(self.content)


def form(*parts: tuple[bytes, bytes | None, bytes]) -> bytes:
    """A body of parts: name, file name where it has one, content."""
    written = b""
    for name, filename, content in parts:
        file = b"" if filename is None else b'; filename="' + filename + b'"'
        written += b'--x\r\nContent-Disposition: form-data; name="' + name + b'"' + file + b"\r\n\r\n"
        written += content + b"\r\n"
    return written + b"--x--\r\n"


class Stage:
    """An application in strict mode with a world full of things, and good requests to all operations."""

    def __init__(self, document: Document, runner: asyncio.Runner) -> None:
        start = WorldOptions(now=START, is_frozen=True)
        self.app = create_app(document, start=start, options=AppOptions(is_strict=True, raises_bugs=True))
        self.document = document
        self.sandbox = self.app.worlds.default
        self.elsewhere = self.app.worlds.create(start)
        self.ready = self.app.ready
        self.runner = runner
        self.control = Document.from_dict(self.ask(Hostile("GET", "/__mock__/openapi.json")).body)
        self.tokens = {
            name: who.get("token") or who["secret"]
            for name, who in self.ready.items()
            if isinstance(who, dict)
        }
        self.ids: dict[str, str] = {"world_id": self.ready["id"]}
        self._by_operation: dict[str, dict[str, str]] = {}
        self._furnish()
        self.state = self.sandbox.state
        self.restore()
        self._schema = document.schema("ErrorResponse")

    def close(self) -> None:
        self.app.close()

    # Furnishing

    def _furnish(self) -> None:
        ready, ids = self.ready, self.ids
        ids["organization_id"] = ready["organization_id"]
        ids["policy_id"] = ready["policy_ids"][0]
        ids["api_key_id"] = ready["api_key"]["id"]
        ids["user_id"] = ready["member"]["user_id"]
        ids["recipient_id"] = ready["admin"]["user_id"]
        ids["document_id"] = self._upload("owner", "private")
        ids["version_id"] = self.done("listDocumentVersions")["items"][0]["id"]
        self.done("grantDocumentAccess")
        self.done("attachDocumentPolicy", policy_id=ready["policy_ids"][1])
        self.done("generateDocumentEntryPage")
        request = self.done("createAccessRequest", "outsider")["access_request"]
        ids["access_request_id"] = request["id"]
        invite = self.done("createOrganizationInvite")["invite"]
        ids["invite_id"] = invite["id"]
        self.done("setAPIKeyQuota")
        trashed = self._upload("owner", "public")
        self.done("trashDocument", document_id=trashed)
        self._by_operation = {
            "untrashDocument": {"document_id": trashed},
            "attachDocumentPolicy": {"policy_id": ready["policy_ids"][0]},
            "detachDocumentPolicy": {"policy_id": ready["policy_ids"][1]},
            "addOrganizationMember": {"user_id": ready["invitee"]["user_id"]},
        }
        self.foreign = {
            "document_id": [self._upload("member", "private"), self._upload("outsider", "private"), trashed],
            "organization_id": [self.elsewhere.ready["organization_id"]],
        }
        self._collect_credentials()

    def _upload(self, who: str, level: str) -> str:
        parts = [(b"title", None, b"Report"), (b"access_level", None, level.encode())]
        body = form(*parts, (b"payload", b"letter.pdf", LETTER))
        made = self.done("createDocument", who, body=body)
        return str(made["document"]["id"])

    def _collect_credentials(self) -> None:
        """Keys and tokens that were good once."""
        short = self.done("createApiKey", changed={"expires_at": "2026-05-01T12:00:01Z"})
        revoked = self.done("createApiKey")
        self.done("revokeApiKey", api_key_id=revoked["api_key"]["id"])
        world_path = f"/__mock__/worlds/{self.ready['id']}"
        issued = self.ask(
            Hostile(
                "POST",
                f"{world_path}/tokens",
                headers=(JSON,),
                body=msgspec.json.encode({"user_id": self.ready["owner"]["user_id"], "seconds": 1}),
            )
        )
        self.sandbox.world.clock.advance(timedelta(seconds=2))
        self.stale = {
            "expired key": short["secret"],
            "revoked key": revoked["secret"],
            "expired token": issued.body["token"],
        }

    # Good requests

    def good(
        self,
        operation: Operation,
        who: str | None = None,
        *,
        body: bytes | None = None,
        changed: dict[str, Any] | None = None,
        **path: str,
    ) -> Hostile:
        """A request that the operation answers with success, unless the arguments spoil it."""
        ids = {**self.ids, **self._by_operation.get(operation.id, {}), **path}
        headers: tuple[tuple[bytes, bytes], ...] = (self.bearer(who or _caller(operation)),)
        if operation.body is not None:
            value = self.value(operation, ids) | (changed or {})
            is_form = "multipart/form-data" in operation.body.media
            headers = (*headers, FORM if is_form else JSON)
            if body is None:
                body = form(*_parts(value)) if is_form else msgspec.json.encode(value)
        values = {
            each.name: ids.get(each.name) or parameter_sample(each) for each in operation.path_parameters
        }
        url = operation.format_path(values)
        query = (
            b"organization_id=" + ids["organization_id"].encode() if operation.id == "listApiKeys" else b""
        )
        prefix = "/__mock__" if operation.id in self.control.operations and "/__mock__" not in url else ""
        return Hostile(operation.method, f"{prefix}{url}", query, headers, body or b"")

    def value(self, operation: Operation, ids: dict[str, str] | None = None) -> dict[str, Any]:
        """A body for the operation, as a value: the document's sample, about things that are there."""
        ids = ids or {**self.ids, **self._by_operation.get(operation.id, {})}
        value = dict(request_sample(operation).value or {})
        mine = {
            **ids,
            "new_owner_id": self.ready["member"]["user_id"],
            "owner_user_id": self.ready["owner"]["user_id"],
            "email": self.ready["invitee"]["email"],
            "expires_at": "2026-06-01T00:00:00Z",
            "recipients": [{"recipient": ids["recipient_id"], "role": "commenter"}],
        }
        if operation.id == "acceptOrganizationInvite":
            mails = self.sandbox.world.tables.outbox
            mine["token"] = next(mail.token for mail in mails if mail.invite_id == self.ids["invite_id"])
        return {name: mine.get(name, item) for name, item in value.items()}

    def bearer(self, who: str) -> tuple[bytes, bytes]:
        return (b"authorization", b"Bearer " + self.tokens[who].encode())

    def done(self, operation_id: str, who: str | None = None, **arguments: Any) -> dict[str, Any]:
        """The answer to a good request."""
        answer = self.ask(self.good(self.document.operations[operation_id], who, **arguments))
        assert answer.status == 200, (operation_id, answer)
        return dict(answer.body)

    # Sending

    def ask(self, request: Hostile) -> Answer:
        return self.runner.run(self._ask(request))

    async def _ask(self, request: Hostile) -> Answer:
        starts = range(0, len(request.body), request.chunk)
        messages: list[dict[str, Any]] = [
            {"type": "http.request", "body": request.body[at : at + request.chunk], "more_body": True}
            for at in starts
        ]
        messages.append(
            {"type": "http.disconnect"} if request.disconnects else {"type": "http.request", "body": b""}
        )
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return messages.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": request.method,
            "path": request.path,
            "raw_path": request.path.encode("latin-1"),
            "query_string": request.query,
            "headers": list(request.headers),
        }
        await self.app(scope, receive, send)
        if not sent:
            return Answer(None, {}, b"")
        headers = dict(sent[0]["headers"])
        return Answer(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))

    # Judging

    def withstood(self, requests: Iterable[Hostile]) -> list[str]:
        """What was wrong with the answers, and with the world afterwards; each request meets the same one."""
        return self.runner.run(self._withstood(requests))

    async def _withstood(self, requests: Iterable[Hostile]) -> list[str]:
        faults: list[str] = []
        self.restore()
        for request in requests:
            try:
                answer = await self._ask(request)
            except Exception as error:
                found = [f"raises {error!r}"]
            else:
                found = list(self._faults(request, answer))
                if answer.status is None or answer.status >= 400 or _only_reads(request):
                    found.extend(f"answers {answer.status} and changes {what}" for what in self.changes())
            faults.extend(f"{request}\n    {each}" for each in found)
            if next(self.changes(), None):
                self.restore()
        return faults

    def _faults(self, request: Hostile, answer: Answer) -> Iterator[str]:
        if answer.status is None:
            if not request.disconnects:
                yield "is not answered"
            return
        if answer.status >= 500:
            yield f"answers {answer.status}: {answer.content[:300]!r}"
        if (
            int(answer.headers.get(b"content-length", b"-1")) != len(answer.content)
            and request.method != "HEAD"
        ):
            yield "lies about its length"
        if answer.status >= 400:
            yield from self._faults_of_refusal(answer)

    def _faults_of_refusal(self, answer: Answer) -> Iterator[str]:
        if answer.headers.get(b"content-type") != b"application/json" or not self._schema.is_valid(
            answer.body
        ):
            yield f"answers no documented error: {answer.content[:300]!r}"
            return
        body = answer.body
        if STATUS_OF_CODE[body["code"]] != answer.status and answer.status not in BEYOND_THE_TABLE:
            yield f"answers {answer.status} with {body['code']}"
        if not body.get("details"):
            yield "gives no details"
        elif body["code"] == "invalid_argument" and not all(each.get("param") for each in body["details"]):
            yield f"names no parameter: {body}"
        if len(answer.content) > LONGEST_REFUSAL:
            yield f"answers with {len(answer.content)} bytes"
        if any(token.encode() in answer.content for token in self.tokens.values()):
            yield "repeats a token"

    def failure(self, request: Hostile) -> list[str]:
        """What is wrong with the answer, whatever it is."""
        try:
            return list(self._faults(request, self.ask(request)))
        except Exception as error:
            return [f"raises {error!r}"]

    def changes(self) -> Iterator[str]:
        """What differs from the stage as it was furnished, apart from the counting of calls."""
        world, kept = self.sandbox.world, self.state
        for each in fields(Tables):
            if each.name != "usage" and getattr(world.tables, each.name) != getattr(kept.tables, each.name):
                yield f"the table {each.name}"
        if world is not self._world or world.settings is not kept.settings or self.sandbox.snapshots:
            yield "the world"
        if Present.of(world.clock) != kept.present:
            yield "the clock"
        if world.ids.made != kept.made:
            yield "the ids to come"
        if [each.id for each in self.app.worlds] != [self.sandbox.id, self.elsewhere.id]:
            yield "the worlds there are"
        if (len(self.app.blobs), self.app.blobs.files()) != self._files:
            yield "the files there are"

    def restore(self) -> None:
        """The stage is as it was furnished; files that came with accepted requests stay."""
        for each in self.app.worlds:
            if each not in (self.sandbox, self.elsewhere):
                self.app.worlds.delete(each)
        self.app.worlds.restore(self.sandbox, self.state)
        self.sandbox.snapshots.clear()
        self._world = self.sandbox.world
        self._files = (len(self.app.blobs), self.app.blobs.files())


def _only_reads(request: Hostile) -> bool:
    return request.method == "GET" and request.path.startswith("/v1beta/")


def _caller(operation: Operation) -> str:
    return {"acceptOrganizationInvite": "invitee", "createAccessRequest": "member"}.get(operation.id, "owner")


def _parts(value: dict[str, Any]) -> Iterator[tuple[bytes, bytes | None, bytes]]:
    for name, item in value.items():
        if name == "payload":
            yield b"payload", b"letter.pdf", LETTER
        else:
            yield name.encode(), None, str(item).encode()


@pytest.fixture(scope="module")
def stage(document: Document) -> Iterator[Stage]:
    with asyncio.Runner() as runner:
        made = Stage(document, runner)
        yield made
        made.close()
