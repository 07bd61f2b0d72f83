"""Is the status one that the document, or its error table, allows for this operation?"""

from collections.abc import Iterator

from factify_contract.exchange import Exchange
from factify_contract.findings import Verdict
from factify_contract.spec import Document, Operation

# The error table: which HTTP status each code travels under. Malformed JSON may be `unknown` under 400.
CODE_STATUS: dict[str, frozenset[int]] = {
    "invalid_argument": frozenset({400}),
    "failed_precondition": frozenset({400}),
    "unauthenticated": frozenset({401}),
    "permission_denied": frozenset({403}),
    "not_found": frozenset({404}),
    "deadline_exceeded": frozenset({408}),
    "already_exists": frozenset({409}),
    "resource_exhausted": frozenset({429}),
    "canceled": frozenset({499}),
    "internal": frozenset({500}),
    "unknown": frozenset({400, 500}),
    "unimplemented": frozenset({501}),
    "unavailable": frozenset({503}),
}
MAPPED = frozenset().union(*CODE_STATUS.values())
# The error table knows no code for a method that a path does not offer, so any known code will do.
_METHOD_NOT_ALLOWED = 405
# Servers in front of an API refuse what is too large before the API sees it.
_TOO_LARGE = {413: 1_000_000, 414: 4_000, 431: 4_000}


def check_status(exchange: Exchange, document: Document) -> Iterator[Verdict]:
    """Declared, or assigned by the error table to the code in the body; 200 for success, 500 never."""
    operation = exchange.operation
    said = exchange.content.decode("utf-8", "replace")
    if operation is not None:
        yield Verdict.on(
            "responses.documented-status",
            _is_allowed(exchange, operation),
            message=f"{operation.id} answered with an undocumented status",
            expected=f"one of the declared statuses ({', '.join(operation.responses)}),"
            " or the status of the code in the body",
            actual=f"{exchange.status} {said}".strip(),
        )
    if operation is not None and exchange.status < 400:
        yield Verdict.on(
            "transport.success-is-200",
            exchange.status == 200,
            message="A call that was not refused has another status than 200",
            expected="status 200",
            actual=f"status {exchange.status}",
        )
    yield Verdict.on(
        "transport.no-internal-error",
        exchange.status != 500,
        message="The request was answered as an internal fault of the server",
        expected="success, or a refusal that tells what is wrong with the request",
        actual=f"500 {said}".strip(),
    )


def _is_allowed(exchange: Exchange, operation: Operation) -> bool:
    if operation.response_for(exchange.status) is not None:
        return True
    code = error_code(exchange)
    if exchange.status == _METHOD_NOT_ALLOWED:
        return code in CODE_STATUS
    if code is not None and exchange.status in CODE_STATUS.get(code, ()):
        return True
    return is_refused_as_too_large(exchange)


def is_refused_as_too_large(exchange: Exchange) -> bool:
    """Whether a server in front of the API may have refused this request for its size."""
    return _request_size(exchange) > _TOO_LARGE.get(exchange.status, float("inf"))


def error_code(exchange: Exchange) -> str | None:
    """The code at the root of an error body; None when there is none."""
    body = exchange.json
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, str) else None


def _request_size(exchange: Exchange) -> int:
    headers = sum(len(name) + len(value) for name, value in exchange.request_headers.items())
    if exchange.status == 413:
        return int(exchange.request_headers.get("content-length", len(exchange.request_body)))
    return headers + len(exchange.url)
