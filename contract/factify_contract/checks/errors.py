"""Does a refusal have the documented shape, with a known code under its own status?"""

from collections.abc import Iterator
from typing import Any

from factify_contract.checks.status import CODE_STATUS, error_code, is_refused_as_too_large
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict, describe
from factify_contract.spec import Document
from factify_contract.spec.formats import is_type_id

# Which codes a reason may come with. What is not listed here fits any code: the documentation assigns
# no reasons to codes, so only a plain contradiction counts.
_FITTING: dict[str, frozenset[str]] = {
    "missing_required_field": frozenset({"invalid_argument"}),
    "invalid_enum_value": frozenset({"invalid_argument"}),
    "invalid_cursor": frozenset({"invalid_argument"}),
    "invalid_id_format": frozenset({"invalid_argument"}),
    "missing_api_key": frozenset({"unauthenticated"}),
    "invalid_api_key": frozenset({"unauthenticated"}),
    "expired_api_key": frozenset({"unauthenticated"}),
    "authentication_required": frozenset({"unauthenticated", "permission_denied"}),
    "insufficient_permissions": frozenset({"permission_denied", "unauthenticated"}),
    "resource_not_found": frozenset({"not_found", "invalid_argument", "failed_precondition"}),
    "resource_already_exists": frozenset({"already_exists", "failed_precondition", "invalid_argument"}),
    "rate_limit_exceeded": frozenset({"resource_exhausted"}),
    "quota_exceeded": frozenset({"resource_exhausted", "failed_precondition"}),
    "internal_error": frozenset({"internal", "unknown"}),
    "service_unavailable": frozenset({"unavailable", "internal"}),
}
REASONS = frozenset(
    {
        "invalid_field_value", "invalid_token", "expired_token", "precondition_failed", "feature_disabled",
        "unimplemented", *_FITTING,
    }
)  # fmt: skip
# A parameter belongs to a refusal of what was sent; malformed JSON may be `unknown`.
_VALIDATION_CODES = frozenset({"invalid_argument", "failed_precondition", "unknown"})


def check_errors(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """Envelope, code, reasons, request ids, and the status that belongs to the code."""
    # Nobody promises how an undocumented path or method is refused.
    if exchange.operation is None or exchange.status < 400 or is_refused_as_too_large(exchange):
        return
    yield _envelope(exchange)
    code = error_code(exchange)
    if code is not None:
        yield from _code(exchange, code)
    body = exchange.json
    if isinstance(body, dict) and isinstance(body.get("message"), str):
        message = body["message"]
        yield Verdict.on(
            "errors.message-not-empty",
            bool(message.strip()),
            message="The refusal has no words",
            expected="a message that a person can read",
            actual=repr(message),
        )
    for detail in _details(body):
        yield from _detail(detail, code)


def _envelope(exchange: Exchange) -> Verdict:
    fault = _fault(exchange.json) if exchange.is_json else "no JSON"
    if fault is None:
        return Verdict("errors.envelope")
    return Verdict(
        "errors.envelope",
        True,
        "The refusal is not in the documented form",
        "an object with the texts code and message, and a list of objects as details if there are any",
        f"{fault}: {describe(exchange.content.decode('utf-8', 'replace'))}",
    )


def _fault(body: Any) -> str | None:
    if not isinstance(body, dict):
        return "no object"
    for name in ("code", "message"):
        if not isinstance(body.get(name), str):
            return f"no text as {name}"
    details = body.get("details", [])
    if not isinstance(details, list) or not all(isinstance(item, dict) for item in details):
        return "details are not a list of objects"
    return None


def _code(exchange: Exchange, code: str) -> Iterator[Verdict]:
    yield Verdict.on(
        "errors.code-known",
        code in CODE_STATUS,
        message="The code of the refusal is not a documented one",
        expected=f"one of {', '.join(sorted(CODE_STATUS))}",
        actual=code,
    )
    # The error table has no code for a method that is not allowed.
    if code in CODE_STATUS and exchange.status != 405:
        statuses = CODE_STATUS[code]
        yield Verdict.on(
            "errors.code-matches-status",
            exchange.status in statuses,
            message="The code of the refusal belongs to another status",
            expected=f"{code} under status {' or '.join(map(str, sorted(statuses)))}",
            actual=f"{code} under status {exchange.status}",
        )


def _details(body: Any) -> list[dict[str, Any]]:
    details = body.get("details") if isinstance(body, dict) else None
    return [item for item in details if isinstance(item, dict)] if isinstance(details, list) else []


def _detail(detail: dict[str, Any], code: str | None) -> Iterator[Verdict]:
    reason, request_id, param = detail.get("reason"), detail.get("request_id"), detail.get("param")
    if "reason" in detail:
        yield Verdict.on(
            "errors.reason-known",
            isinstance(reason, str) and reason in REASONS,
            message="The reason of the refusal is not a documented one",
            expected=f"one of {', '.join(sorted(REASONS))}",
            actual=reason,
        )
    if isinstance(reason, str) and reason in _FITTING and code in CODE_STATUS:
        yield Verdict.on(
            "errors.reason-fits-code",
            code in _FITTING[reason] | {"unknown"},
            message="The reason of the refusal contradicts its code",
            expected=f"{reason} with {' or '.join(sorted(_FITTING[reason]))}",
            actual=f"{reason} with {code}",
        )
    if "request_id" in detail:
        yield Verdict.on(
            "errors.request-id-format",
            isinstance(request_id, str) and is_type_id(request_id, "req"),
            message="The request id of the refusal is not well formed",
            expected="req_ and 26 characters of 0-9 and a-z without i, l, o, u",
            actual=request_id,
        )
    if param and code in CODE_STATUS:
        yield Verdict.on(
            "errors.param-only-for-validation",
            code in _VALIDATION_CODES,
            message="The refusal names a parameter although no value was refused as invalid",
            expected=f"param only with {' or '.join(sorted(_VALIDATION_CODES))}",
            actual=f"param {param!r} with {code}",
        )
