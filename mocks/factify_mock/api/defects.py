"""Deliberate defects of the API's shell: what mutants do to calls of an operation, and to any answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from inspect import isawaitable
from typing import Any

import msgspec

from factify_contract.spec import Operation
from factify_mock.api.call import Call, Handler
from factify_mock.api.response import Response
from factify_mock.model.records import Upload
from factify_mock.mutants import MUTANTS, Bend

# What stands in for a file that did not come, where a defect does without: a PDF that ends at once.
_NOTHING = b"%PDF-"
NO_FILE = Upload(sha256(_NOTHING).hexdigest(), len(_NOTHING), "document.pdf", _NOTHING, is_readable=False)


@dataclass(frozen=True, slots=True)
class Defects:
    """What the mutants of a world bend about one operation."""

    bends: Sequence[Bend] = ()
    overlooked: frozenset[str] = frozenset()

    @classmethod
    def of(cls, mutants: frozenset[str], operation: Operation) -> "Defects":
        """Those that concern the operation."""
        found = [MUTANTS[name].bend for name in sorted(mutants)]
        bends = [each for each in found if each is not None and operation.id in each.operations]
        return cls(bends, frozenset().union(*(each.overlooked for each in bends)))

    @property
    def admit_anybody(self) -> bool:
        """Whether callers without good credentials are let in."""
        return any(each.admits for each in self.bends)

    def around(self, handler: Handler) -> Handler:
        """The handler, asked and answering as the bends have it."""
        if not self.bends:
            return handler

        async def bent(call: Call) -> dict[str, Any]:
            for each in self.bends:
                call = each.question(call)
            outcome = handler(call)
            answer = await outcome if isawaitable(outcome) else outcome
            # A copy: answers share parts with each other and with the world.
            body: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(answer))
            for each in self.bends:
                body = each.answer(call, body)
            return body

        return bent


NO_DEFECTS = Defects()


def defective(response: Response, mutants: frozenset[str]) -> Response:
    """The answer as a mock with these defects gives it."""
    if "rate-limits.limit-in-words" in mutants:
        response = replace(response, headers=(*response.headers, (b"x-ratelimit-limit", b"unlimited")))
    if response.status == 200:
        return _defective_success(response, mutants)
    if response.status >= 400:
        return _defective_refusal(response, mutants)
    return response


def _defective_success(response: Response, mutants: frozenset[str]) -> Response:
    if "responses.created-201" in mutants and b'"processing_status":"processing"' in response.body:
        return replace(response, status=201)
    if "responses.text-for-json" in mutants:
        return replace(response, content_type=b"text/plain")
    if "responses.document-without-title" in mutants:
        body = msgspec.json.decode(response.body)
        if isinstance(body.get("document"), dict):
            body["document"].pop("title", None)
            return replace(response, body=msgspec.json.encode(body))
    return response


def _defective_refusal(response: Response, mutants: frozenset[str]) -> Response:
    body: dict[str, Any] = msgspec.json.decode(response.body)
    if "errors.status-of-another-code" in mutants and body["code"] == "permission_denied":
        return replace(response, status=404)
    if "responses.gone" in mutants and response.status == 404:
        return replace(response, status=410)
    if "errors.unknown-code" in mutants:
        body["code"] = "bad_request"
    if "errors.unknown-reason" in mutants:
        body["details"][0]["reason"] = "because"
    if "errors.param-everywhere" in mutants:
        body["details"][0].setdefault("param", "id")
    if "errors.older-envelope" in mutants:
        body = {"error": {"type": body["code"], "message": body["message"]}}
    return replace(response, body=msgspec.json.encode(body))
