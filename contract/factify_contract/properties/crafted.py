"""Requests broken by hand, in ways that no generator of values thinks of."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from factify_contract.properties.drafts import JSON, MULTIPART, Draft, FormBody, JsonBody, RawBody, json_bytes

_DEPTH = 100


def crafted(draft: Draft) -> Iterator[Draft]:
    """Broken forms of a valid request: bodies that are none, are cut short, or hold what nobody asked for."""
    match draft.body:
        case JsonBody(dict() as value):
            whole = json_bytes(value)
            yield replace(draft, body=JsonBody({**value, "unexpected_field": "surplus"}))
            yield replace(draft, body=JsonBody({**value, "unexpected_field": _nested(_DEPTH)}))
            yield replace(draft, body=RawBody(whole[:-1]))
            yield replace(draft, body=RawBody(whole[:-1] + b',"text":"\xff"}'))
            yield replace(draft, body=RawBody(b"\x00", JSON))
        case FormBody(fields, file):
            yield replace(draft, body=FormBody(fields, None))
            media_type = f"{MULTIPART}; boundary=cut"
            yield replace(draft, body=RawBody(b"--cut\r\nContent-Disposition: form-data", media_type))
            yield replace(draft, body=RawBody(file or b"", MULTIPART))
    if draft.query:
        yield replace(draft, query=(*draft.query, draft.query[0]))


def _nested(depth: int) -> Any:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value
