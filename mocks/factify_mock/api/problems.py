"""Refusals on the wire: one table from code to status, and one shape of body."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec

from factify_contract.spec import Problem
from factify_mock.api.response import Header, Response
from factify_mock.model.errors import DomainError

log = logging.getLogger("factify_mock")

# The document's ErrorResponse.code describes each value with its HTTP status.
STATUS_OF_CODE = {
    "invalid_argument": 400,
    "failed_precondition": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "deadline_exceeded": 408,
    "already_exists": 409,
    "resource_exhausted": 429,
    "canceled": 499,
    "internal": 500,
    "unknown": 500,
    "unimplemented": 501,
    "unavailable": 503,
}

# RFC 9110 15.5.2 asks every 401 to say how to authenticate.
_CHALLENGE: Header = (b"www-authenticate", b"Bearer")

# A refusal stays readable, and small, however much is wrong with a request and however long its words are.
_MOST_DETAILS = 20
_MESSAGE_SHOWN = 1000
_PARAM_SHOWN = 200

_REASON_OF_RULE = {
    "required": "missing_required_field",
    "enum": "invalid_enum_value",
    "const": "invalid_enum_value",
}


class RefusedWithHeaders(DomainError):
    """A refusal that says more in headers, or by its status, than its body can."""

    def __init__(self, error: DomainError, headers: tuple[Header, ...], *, status: int | None = None) -> None:
        super().__init__(error.code, error.reason, error.message, param=error.param)
        self.headers = headers
        self.status = status or STATUS_OF_CODE[error.code]


class InvalidRequest(Exception):  # what was sent is invalid; the mock is fine
    """The request breaks the document; carries at least one Problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].message)
        self.problems = problems


class Violation(Exception):  # names a promise that the mock itself broke
    """An answer of the mock breaks the document: a bug of the mock."""


def explained(error: Exception, request_id: str) -> Response:
    """The answer that an exception calls for; one that nobody meant to raise is logged and answered 500."""
    if isinstance(error, RefusedWithHeaders):
        return replace(_refusal(error, request_id, error.headers), status=error.status)
    if isinstance(error, DomainError):
        return _refusal(error, request_id, ())
    if isinstance(error, InvalidRequest):
        return _invalid_request(error, request_id)
    log.error("The mock failed on %s", request_id, exc_info=error)
    headers: tuple[Header, ...] = ()
    if isinstance(error, Violation):
        headers = ((b"x-factify-mock-violation", str(error)[:500].encode("ascii", "replace")),)
    internal = DomainError("internal", "internal_error", "The mock failed; its log says why")
    return _refusal(internal, request_id, headers)


def unforgiven(problems: Sequence[Problem], overlooked: frozenset[str]) -> list[Problem]:
    """The problems whose parameter, alone or with the rule after it, is not among the overlooked."""
    return [each for each in problems if overlooked.isdisjoint((each.param, f"{each.param} {each.rule}"))]


def is_refusal(error: Exception) -> bool:
    """Whether `error` is an answer to what was sent, and not a bug."""
    return isinstance(error, DomainError | InvalidRequest)


def reason_of(problem: Problem) -> str:
    """The documented reason that fits the broken rule.

    The published example answers an empty title with `missing_required_field`, so that an empty text
    counts as a missing one.
    """
    if problem.rule == "pattern" and _names_an_id(problem.param):
        return "invalid_id_format"
    if problem.rule == "minLength" and problem.value == "":
        return "missing_required_field"
    return _REASON_OF_RULE.get(problem.rule, "invalid_field_value")


def _names_an_id(param: str) -> bool:
    last = param.rpartition(".")[2].partition("[")[0]
    return last == "id" or last.endswith("_id")


def _refusal(error: DomainError, request_id: str, headers: tuple[Header, ...]) -> Response:
    detail = {"reason": error.reason, "request_id": request_id}
    if error.param is not None:
        detail["param"] = error.param[:_PARAM_SHOWN]
    return error_response(error.code, error.message, [detail], headers)


def _invalid_request(error: InvalidRequest, request_id: str) -> Response:
    details = [
        {
            "reason": reason_of(problem),
            "request_id": request_id,
            "param": problem.param[:_PARAM_SHOWN] or problem.location,
        }
        for problem in error.problems[:_MOST_DETAILS]
    ]
    return error_response("invalid_argument", error.problems[0].message, details, ())


def error_response(
    code: str, message: str, details: list[dict[str, str]], headers: tuple[Header, ...]
) -> Response:
    """The error body on the wire, with the status of its code; a challenge where nobody is known."""
    body: dict[str, Any] = {"code": code, "message": message[:_MESSAGE_SHOWN], "details": details}
    if code == "unauthenticated":
        headers = (_CHALLENGE, *headers)
    return Response(STATUS_OF_CODE[code], msgspec.json.encode(body), headers)
