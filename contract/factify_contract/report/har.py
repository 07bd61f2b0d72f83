"""exchanges.har: every request with its answer, without secrets, for developer tools and HAR viewers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from factify_contract.events import (
    Event,
    ExchangeDone,
    RunFinished,
)
from factify_contract.exchange import Exchange
from factify_contract.redaction import Redactor
from factify_contract.report.whereabouts import Whereabouts

# Longer bodies are of uploads, or of values made to be too long; their size is told in full.
_KEPT = 4000
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class _Seen:
    """An exchange, when it began and what it was part of."""

    exchange: Exchange
    began: datetime
    page: str


class HarReport:
    """Collects the exchanges. Mutable; the file is written when the run is over and all secrets are known.

    `now` tells the time, aware and in UTC.
    """

    def __init__(self, path: Path, redactor: Redactor, *, now: Callable[[], datetime]) -> None:
        self._path = path
        self._redactor = redactor
        self._now = now
        self._seen: list[_Seen] = []
        self._where = Whereabouts()

    def receive(self, event: Event) -> None:
        """Takes note of an exchange; writes the file at the last event."""
        self._where.follow(event)
        match event:
            case ExchangeDone(exchange=exchange):
                began = self._now() - timedelta(seconds=exchange.elapsed)
                self._seen.append(_Seen(exchange, began, self._where.story or self._where.phase))
            case RunFinished(summary=summary):
                self._write(summary.suite_version)
            case _:
                pass

    def _write(self, version: str) -> None:
        began: dict[str, str] = {}
        for seen in self._seen:
            began.setdefault(seen.page, _instant(seen.began))
        pages = [
            {"id": page, "title": page, "startedDateTime": first, "pageTimings": {}}
            for page, first in began.items()
        ]
        with self._path.open("w", encoding="utf-8", errors="replace") as file:
            creator = {"name": "factify-contract", "version": version}
            head = json.dumps({"version": "1.2", "creator": creator, "pages": pages}, ensure_ascii=False)
            file.write(f'{{"log": {head[:-1]}, "entries": [')
            for at, seen in enumerate(self._seen):
                file.write("\n" if at == 0 else ",\n")
                file.write(json.dumps(self._entry(seen), ensure_ascii=False))
            file.write("\n]}}\n")

    def _entry(self, seen: _Seen) -> dict[str, Any]:
        exchange, milliseconds = seen.exchange, round(seen.exchange.elapsed * 1000, 3)
        url = self._redactor.clean(exchange.url)
        return {
            "pageref": seen.page,
            "startedDateTime": _instant(seen.began),
            "time": milliseconds,
            "request": {
                "method": exchange.method,
                "url": url,
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": self._headers(exchange.request_headers),
                "queryString": _pairs(parse_qsl(urlsplit(url).query, keep_blank_values=True)),
                **self._post_data(exchange),
                "headersSize": _UNKNOWN,
                "bodySize": len(exchange.request_body),
            },
            "response": {
                "status": exchange.status,
                "statusText": _phrase(exchange.status),
                "httpVersion": "HTTP/1.1",
                "cookies": [],
                "headers": self._headers(exchange.headers),
                "content": {
                    "size": len(exchange.content),
                    "mimeType": exchange.headers.get("content-type", ""),
                    "text": self._text(exchange.content),
                },
                "redirectURL": "",
                "headersSize": _UNKNOWN,
                "bodySize": len(exchange.content),
            },
            "cache": {},
            "timings": {"send": 0, "wait": milliseconds, "receive": 0},
            "_actor": exchange.actor,
            "_operation": exchange.operation_id,
        }

    def _headers(self, headers: Mapping[str, str]) -> list[dict[str, str]]:
        return _pairs(self._redactor.clean_headers(headers).items())

    def _post_data(self, exchange: Exchange) -> dict[str, Any]:
        if not exchange.request_body:
            return {}
        kind = exchange.request_headers.get("content-type", "")
        return {"postData": {"mimeType": kind, "text": self._text(exchange.request_body)}}

    def _text(self, body: bytes) -> str:
        try:
            clean = json.dumps(self._redactor.clean_value(json.loads(body)), ensure_ascii=False)
        except (ValueError, RecursionError):
            clean = self._redactor.clean(body.decode("utf-8", "replace"))
        return clean if len(clean) <= _KEPT else f"{clean[:_KEPT]}… ({len(clean)} characters)"


def _pairs(values: Any) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values]


def _instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
