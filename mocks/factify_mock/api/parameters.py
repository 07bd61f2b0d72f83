"""The operation that a request means, and what its path, query and headers say."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote_to_bytes

from factify_contract.spec import Match, MethodNotAllowed, NoSuchPath, Router
from factify_mock.api.leniency import forgiving_pairs
from factify_mock.api.problems import InvalidRequest, RefusedWithHeaders, unforgiven
from factify_mock.api.request import Request
from factify_mock.model.errors import DomainError, invalid
from factify_mock.model.variants import DEFAULT, Variants

# A name goes into error messages; a longer one is cut.
_NAME_SHOWN = 100
_METHOD_SHOWN = 20


def matched(router: Router, request: Request, *, signpost: str = "") -> Match:
    """The operation for the request's method and path; a DomainError when there is none.

    `signpost` says where else to look.
    """
    try:
        return router.match(request.method, request.path)
    except NoSuchPath:
        message = f"There is nothing at {request.path[:200]}{f'; {signpost}' if signpost else ''}"
        raise DomainError("not_found", "resource_not_found", message) from None
    except MethodNotAllowed as error:
        raise impossible_method(request, error.allowed) from None


def impossible_method(request: Request, allowed: Sequence[str]) -> RefusedWithHeaders:
    """The refusal of a method that a known path does not have.

    It is 405 with an Allow header, as RFC 9110 15.5.6 asks and as every HTTP tool expects. The error
    table, which speaks of operations, has no code for it; of its codes `unimplemented` says what is meant.
    """
    methods = ", ".join(allowed)
    message = f"{request.method[:_METHOD_SHOWN]} is not possible here, only {methods}"
    unimplemented = DomainError("unimplemented", "unimplemented", message)
    return RefusedWithHeaders(unimplemented, ((b"allow", methods.encode()),), status=405)


def parameters(
    request: Request, match: Match, variants: Variants = DEFAULT, overlooked: frozenset[str] = frozenset()
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Typed values of path and query; InvalidRequest or a DomainError when the document forbids them.

    A lenient world makes the best of some mistakes in the query. Rules that are overlooked forbid nothing.
    """
    operation = match.operation
    path, problems = operation.parse_path(match.values)
    problems = unforgiven(problems, overlooked) if problems else problems
    if problems:
        raise InvalidRequest(problems)
    pairs = query_pairs(request.query_string)
    query, problems = operation.parse_query(pairs)
    if problems and variants.is_lenient:
        query, problems = operation.parse_query(forgiving_pairs(operation, pairs, problems, variants))
    if problems and overlooked:
        problems = unforgiven(problems, overlooked)
    if not problems and operation.header_parameters:
        headers = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers)
        _, problems = operation.parse_headers(headers)
    if problems:
        raise InvalidRequest(problems)
    return path, query


def query_pairs(query_string: bytes) -> list[tuple[str, str]]:
    """The decoded pairs of a query; a DomainError names one that is not UTF-8 or holds a NUL."""
    pairs: list[tuple[str, str]] = []
    for part in query_string.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            key = _decoded(name, "query")
            pairs.append((key, _decoded(value, key or "query")))
    return pairs


def _decoded(text: bytes, param: str) -> str:
    if b"+" in text:
        text = text.replace(b"+", b" ")
    if b"%" in text:
        text = unquote_to_bytes(text)
    if b"\0" in text:
        raise invalid(param[:_NAME_SHOWN], f"{param[:_NAME_SHOWN]} contains a NUL character")
    try:
        return text.decode()
    except UnicodeDecodeError:
        raise invalid(param[:_NAME_SHOWN], f"{param[:_NAME_SHOWN]} is not valid UTF-8") from None
