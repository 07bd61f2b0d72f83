"""transcript.jsonl: every exchange of a run without its secrets, one line of canonical JSON each."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from factify_contract.canonical import canonical_json
from factify_contract.events import Event, ExchangeDone
from factify_contract.exchange import Exchange
from factify_contract.redaction import Redactor
from factify_contract.report.whereabouts import Whereabouts

# What every client or server adds by itself, and what differs from run to run, is no evidence.
_DULL = frozenset(
    {"host", "user-agent", "accept", "accept-encoding", "connection", "content-length", "date", "server"}
)
# Of a longer text this much is kept; uploads and texts made to be too long are no evidence either.
_KEPT = 500


class Transcript:
    """Collects the exchanges. Mutable; the file is written when everything secret is known."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._lines: list[bytes] = []
        self._where = Whereabouts()

    def receive(self, event: Event) -> None:
        """Takes down an exchange."""
        self._where.follow(event)
        if isinstance(event, ExchangeDone):
            self._lines.append(canonical_json(self._record(event.exchange)))

    def write(self, path: Path) -> str:
        """Writes the file and returns the SHA-256 of its bytes, in hex.

        Everything is cleaned once more: what was secret may have become known after it was first seen.
        """
        digest = hashlib.sha256()
        with path.open("wb") as file:
            for line in self._lines:
                clean = canonical_json(self._redactor.clean_value(json.loads(line))) + b"\n"
                digest.update(clean)
                file.write(clean)
        return digest.hexdigest()

    def _record(self, exchange: Exchange) -> dict[str, Any]:
        parts = urlsplit(exchange.url)
        asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return {
            "number": len(self._lines) + 1,
            "phase": self._where.phase,
            "story": self._where.story,
            "actor": exchange.actor,
            "operation": exchange.operation_id,
            "method": exchange.method,
            "path": self._clean(asked),
            "request": self._message(exchange.request_headers, exchange.request_body),
            "status": exchange.status,
            "response": self._message(exchange.headers, exchange.content),
        }

    def _message(self, headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
        told = {name: value for name, value in headers.items() if name.lower() not in _DULL}
        return {"headers": self._redactor.clean_headers(told), **self._body(body)}

    def _body(self, body: bytes) -> dict[str, Any]:
        """`json` for what is JSON, else `text` or, for what is no text, its size in `bytes`."""
        if not body:
            return {}
        try:
            return {"json": self._clean(json.loads(body))}
        except (ValueError, RecursionError):
            pass
        try:
            return {"text": self._clean(body.decode("utf-8"))}
        except UnicodeDecodeError:
            return {"bytes": len(body)}

    def _clean(self, value: Any) -> Any:
        return _shortened(self._redactor.clean_value(value))


def _shortened(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= _KEPT else f"{value[:_KEPT]}… ({len(value)} characters)"
    if isinstance(value, dict):
        return {_shortened(key): _shortened(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_shortened(item) for item in value]
    return value
