"""Rules about what a client sends: fields, values, headers."""

import re
from collections.abc import Iterator
from typing import Any

from factify_contract.spec.references import resolve
from factify_mock.exam.rule import Rule, Severity, each_call
from factify_mock.exam.seen import Seen

_ZONELESS = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?", re.ASCII)

# Headers by which other APIs are spoken to. What proxies, tracers and browsers add is nobody's mistake.
_FOREIGN_HEADERS = {
    "idempotency-key": "there is no such header: a repeated create makes a second thing",
    "x-idempotency-key": "there is no such header: a repeated create makes a second thing",
    "x-api-key": "an API key is sent as `Authorization: Bearer`",
    "api-key": "an API key is sent as `Authorization: Bearer`",
    "apikey": "an API key is sent as `Authorization: Bearer`",
    "x-auth-token": "a token is sent as `Authorization: Bearer`",
    "x-access-token": "a token is sent as `Authorization: Bearer`",
    "x-organization-id": "the organization follows from the credentials, the path or the body",
    "x-org-id": "the organization follows from the credentials, the path or the body",
    "x-tenant-id": "the organization follows from the credentials, the path or the body",
    "x-workspace-id": "the organization follows from the credentials, the path or the body",
    "if-match": "the API knows no preconditions: the last writer wins",
    "if-unmodified-since": "the API knows no preconditions: the last writer wins",
}


def _has_query(call: Seen, raw: dict[str, Any]) -> bool:
    return call.operation is not None and bool(call.query)


def _unknown_query(call: Seen, raw: dict[str, Any]) -> str | None:
    if call.operation is None:
        return None
    _, problems = call.operation.parse_query(call.query)
    return _listed(problem.param for problem in problems if problem.rule == "unknown")


def _has_fields(call: Seen, raw: dict[str, Any]) -> bool:
    return isinstance(call.body, dict) and _body_schema(call) is not None


def _unknown_fields(call: Seen, raw: dict[str, Any]) -> str | None:
    return _listed(_unknown(call.body, _body_schema(call), raw))


def _unknown(value: Any, schema: Any, raw: dict[str, Any], path: str = "") -> Iterator[str]:
    """Dotted names of the fields that a closed schema does not know."""
    if not isinstance(schema, dict):
        return
    plain = resolve(raw, schema)
    if isinstance(value, list):
        for item in value:
            yield from _unknown(item, plain.get("items"), raw, path)
    if not isinstance(value, dict):
        return
    properties = plain.get("properties", {})
    for name, item in value.items():
        inner = f"{path}.{name}" if path else name
        if name in properties:
            yield from _unknown(item, properties[name], raw, inner)
        elif plain.get("additionalProperties") is False:
            yield inner


def _is_answered_by_handler(call: Seen, raw: dict[str, Any]) -> bool:
    has_fields = bool(call.query) or isinstance(call.body, dict)
    return call.operation is not None and call.entry.is_handled and has_fields


def _without_effect(call: Seen, raw: dict[str, Any]) -> str | None:
    return _listed((*call.entry.notes.unread, *_read_only(call, raw)))


def _read_only(call: Seen, raw: dict[str, Any]) -> Iterator[str]:
    """Fields that only the server sets, and overlooks when a client sends them."""
    schema = _body_schema(call)
    if isinstance(call.body, dict) and schema is not None:
        for name, each in resolve(raw, schema).get("properties", {}).items():
            if name in call.body and resolve(raw, each).get("readOnly") is True:
                yield name


def _has_values(call: Seen, raw: dict[str, Any]) -> bool:
    return call.operation is not None and any(_times(call, raw))


def _zoneless(call: Seen, raw: dict[str, Any]) -> str | None:
    naive = (f"{name}={text}" for name, text in _times(call, raw) if _ZONELESS.fullmatch(text))
    return _listed(naive)


def _times(call: Seen, raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Names and values of what the document calls an instant."""
    if call.operation is None:
        return
    known = {each.name: each.schema for each in call.operation.query_parameters}
    for name, text in call.query:
        if _is_time(known.get(name), raw):
            yield name, text
    schema = _body_schema(call)
    if isinstance(call.body, dict) and schema is not None:
        properties = resolve(raw, schema).get("properties", {})
        for name, value in call.body.items():
            if isinstance(value, str) and _is_time(properties.get(name), raw):
                yield name, value


def _is_time(schema: Any, raw: dict[str, Any]) -> bool:
    if not isinstance(schema, dict):
        return False
    plain = resolve(raw, schema)
    choices = (plain, *plain.get("oneOf", ()), *plain.get("anyOf", ()))
    return any(isinstance(each, dict) and each.get("format") == "date-time" for each in choices)


def _has_headers(call: Seen, raw: dict[str, Any]) -> bool:
    return call.operation is not None


def _foreign_headers(call: Seen, raw: dict[str, Any]) -> str | None:
    documented = {each.name.lower() for each in call.operation.header_parameters} if call.operation else set()
    return _listed(
        f"{name} ({_FOREIGN_HEADERS[name]})"
        for name in call.headers
        if name in _FOREIGN_HEADERS and name not in documented
    )


def _sends_body(call: Seen, raw: dict[str, Any]) -> bool:
    length = call.headers.get("content-length", "0")
    has_body = "transfer-encoding" in call.headers or length not in ("", "0")
    return call.operation is not None and call.operation.body is not None and has_body


def _wrong_type(call: Seen, raw: dict[str, Any]) -> str | None:
    given = call.headers.get("content-type", "")
    if call.operation is None or call.operation.body is None:
        return None
    if given and call.operation.body.media_for(given) is not None:
        return None
    return f"{given[:60] or 'none'}, where {' or '.join(call.operation.body.media)} is expected"


def _says_nothing_of_itself(call: Seen, raw: dict[str, Any]) -> str | None:
    return None if call.headers.get("user-agent") else "no User-Agent"


def _body_schema(call: Seen) -> Any:
    """The schema of the body that was sent; None where there can be none."""
    if call.operation is None or call.operation.body is None:
        return None
    media = call.operation.body.media_for(call.headers.get("content-type", ""))
    return media.schema if media is not None else None


def _listed(names: Any) -> str | None:
    found = sorted(set(names))
    return ", ".join(found) if found else None


RULES = (
    Rule(
        "fields.unknown-query",
        Severity.WARNING,
        "Only documented query parameters are sent.",
        "Remove the parameter or correct its name; the API refuses what it does not know.",
        each_call(_has_query, _unknown_query),
    ),
    Rule(
        "fields.unknown-body",
        Severity.WARNING,
        "Only documented fields are sent in a body.",
        "Remove the field or correct its name; request bodies are closed.",
        each_call(_has_fields, _unknown_fields),
    ),
    Rule(
        "fields.without-effect",
        Severity.NOTE,
        "Every value that is sent is read.",
        "Nothing here depends on the field: it is reserved, set by the server alone, or shows only in what "
        "the mock does not make, such as the words of a mail.",
        each_call(_is_answered_by_handler, _without_effect),
    ),
    Rule(
        "fields.zoneless-time",
        Severity.WARNING,
        "Every timestamp says its time zone.",
        "Send RFC 3339 with Z or an offset, from an aware datetime.",
        each_call(_has_values, _zoneless),
    ),
    Rule(
        "headers.of-another-api",
        Severity.WARNING,
        "No header is sent that belongs to another API's ways.",
        "Remove the header: nobody reads it, and what it promises does not happen.",
        each_call(_has_headers, _foreign_headers),
    ),
    Rule(
        "headers.content-type",
        Severity.WARNING,
        "A body says what type it has, and has a documented one.",
        "Send the Content-Type of the document, for a form with its boundary.",
        each_call(_sends_body, _wrong_type),
    ),
    Rule(
        "headers.user-agent",
        Severity.NOTE,
        "A client says its name and version in User-Agent.",
        "Set User-Agent; whoever looks for a misbehaving client finds yours by it.",
        each_call(_has_headers, _says_nothing_of_itself),
    ),
)
