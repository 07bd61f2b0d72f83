"""What a struck call is answered with: the API's refusal, a gateway's page, broken JSON."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from factify_contract.spec import Operation
from factify_mock.api.gate import rate_limit_headers
from factify_mock.api.problems import error_response
from factify_mock.api.response import Header, Response
from factify_mock.api.sampled import Preference, sampled
from factify_mock.faults.plan import Refusal

_READS, _CREATIONS = 1000, 100
_WINDOW_SECONDS = 60

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title></head>
<body>
<h1>{title}</h1>
<p>{sentence}</p>
<p>Ray {ray}</p>
</body>
</html>
"""
_CHALLENGED = (
    "One moment",
    "We check that the connection comes from a person. Enable JavaScript and cookies.",
)
_DOWN = ("Error {status}", "The gateway got no good answer from the server behind it.")


def refused(
    refusal: Refusal, operation: Operation | None, method: str, now: datetime, request_id: str
) -> Response:
    """The documented refusal, with the headers that belong to its status."""
    headers = _headers(refusal, method, now)
    if refusal.code is None:
        if operation is None:
            raise ValueError("a sample is one of an operation")
        response = sampled(operation, now, Preference(code=refusal.status))
        kept = tuple(each for each in response.headers if each[0] != b"preference-applied")
        return replace(response, headers=(*kept, *headers))
    detail = {"request_id": request_id}
    if refusal.reason is not None:
        detail = {"reason": refusal.reason, **detail}
    if refusal.param is not None:
        detail["param"] = refusal.param
    response = error_response(refusal.code, refusal.message, [detail], headers)
    return replace(response, status=refusal.status)


def gateway_page(status: int, request_id: str, *, retry_after: int | None = None) -> Response:
    """What stands in front of an API says when it lets nobody through: a page for people, no JSON."""
    title, sentence = _CHALLENGED if status == 403 else _DOWN
    ray = request_id.removeprefix("req_")[-16:]
    page = _PAGE.format(title=title.format(status=status), sentence=sentence, ray=ray)
    headers: list[Header] = [
        (b"server", b"cloudflare"),
        (b"cf-ray", f"{ray}-MCK".encode()),
        (b"cache-control", b"private, max-age=0, no-store"),
    ]
    if status == 403:
        headers.append((b"cf-mitigated", b"challenge"))
    if retry_after is not None:
        headers.append((b"retry-after", b"%d" % retry_after))
    return Response(status, page.encode(), tuple(headers), b"text/html; charset=UTF-8")


def malformed(response: Response) -> Response:
    """The same answer with its last bracket missing: complete as HTTP, and no JSON."""
    return replace(response, body=response.body[:-1] or msgspec.json.encode({})[:1])


def _headers(refusal: Refusal, method: str, now: datetime) -> tuple[Header, ...]:
    headers: tuple[Header, ...] = ()
    if refusal.status == 429 and refusal.code is not None:
        seconds = _WINDOW_SECONDS if refusal.retry_after is None else refusal.retry_after
        limit = _CREATIONS if method == "POST" else _READS
        headers = rate_limit_headers(limit, 0, now + timedelta(seconds=seconds))
    if refusal.retry_after is not None:
        headers = (*headers, (b"retry-after", b"%d" % refusal.retry_after))
    return headers
