"""Does a refusal have the documented shape, with a known code under its own status?"""

from collections.abc import Iterator
from typing import Any

from factify_contract.checks.status import CODE_STATUS, error_code, is_refused_as_too_large
from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict, describe
from factify_contract.spec import Document
from factify_contract.spec.formats import is_type_id

REASONS = frozenset(
    {
        "missing_required_field", "invalid_field_value", "invalid_enum_value", "invalid_cursor",
        "invalid_id_format", "missing_api_key", "invalid_api_key", "expired_api_key", "invalid_token",
        "expired_token", "authentication_required", "insufficient_permissions", "resource_not_found",
        "resource_already_exists", "rate_limit_exceeded", "quota_exceeded", "precondition_failed",
        "feature_disabled", "internal_error", "service_unavailable", "unimplemented",
    }
)  # fmt: skip


def check_errors(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """Envelope, code, reasons, request ids, and the status that belongs to the code."""
    if exchange.status < 400 or is_refused_as_too_large(exchange):
        return
    body = exchange.json
    yield _envelope(exchange)
    code = error_code(exchange)
    if code is not None:
        yield from _code(exchange, code)
    for detail in _details(body):
        yield from _detail(detail)


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
    if code not in CODE_STATUS:
        known = f"one of {', '.join(sorted(CODE_STATUS))}"
        yield Verdict(
            "errors.code-known",
            True,
            "The code of the refusal is not a documented one",
            known,
            describe(code),
        )
        return
    yield Verdict("errors.code-known")
    # The error table has no code for a method that is not allowed.
    if exchange.status == 405:
        return
    statuses = CODE_STATUS[code]
    if exchange.status in statuses:
        yield Verdict("errors.code-matches-status")
    else:
        yield Verdict(
            "errors.code-matches-status",
            True,
            "The code of the refusal belongs to another status",
            f"{code} under status {' or '.join(map(str, sorted(statuses)))}",
            f"{code} under status {exchange.status}",
        )


def _details(body: Any) -> list[dict[str, Any]]:
    details = body.get("details") if isinstance(body, dict) else None
    return [item for item in details if isinstance(item, dict)] if isinstance(details, list) else []


def _detail(detail: dict[str, Any]) -> Iterator[Verdict]:
    if "reason" in detail:
        known = isinstance(detail["reason"], str) and detail["reason"] in REASONS
        clause, message = "errors.reason-known", "The reason of the refusal is not a documented one"
        wanted = f"one of {', '.join(sorted(REASONS))}"
        yield Verdict(clause) if known else Verdict(clause, True, message, wanted, describe(detail["reason"]))
    if "request_id" in detail:
        given = detail["request_id"]
        clause, message = "errors.request-id-format", "The request id of the refusal is not well formed"
        fine = isinstance(given, str) and is_type_id(given, "req")
        wanted = "req_ and 26 characters of 0-9 and a-z without i, l, o, u"
        yield Verdict(clause) if fine else Verdict(clause, True, message, wanted, describe(given))
