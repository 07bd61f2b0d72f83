"""One request with its response, as the checks and the reports see it."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from factify_contract.redaction import mask
from factify_contract.spec import Operation

# A report line shows where a body was, not a whole upload.
_SHOWN_BODY = 2000
# A step says what was sent where that is little, and how it began where it is more.
_STEP_BODY = 120
# What curl and the server add by themselves says nothing about the cause.
_DULL_HEADERS = frozenset(
    {"authorization", "host", "accept", "accept-encoding", "connection", "user-agent", "content-length"}
)
ANONYMOUS = "anonymous"


@dataclass(frozen=True)
class Exchange:
    """A request that was sent and the response that came back.

    `actor` is the name of the identity that asked, or `anonymous`. `request_body` is shortened for
    uploads: their text fields as JSON, files as `@name`. `elapsed` is in seconds. `operation` is None
    for a request outside the document. `path` and `query` hold the values the request was made from.
    Without a `base_url`, it is everything before the path.
    """

    operation: Operation | None
    actor: str
    method: str
    url: str
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    request_headers: Mapping[str, str]
    request_body: bytes
    status: int
    headers: Mapping[str, str]
    content: bytes
    elapsed: float = field(compare=False)
    base_url: str = ""

    @cached_property
    def json(self) -> Any:
        """The response body as JSON; None when it is not JSON (see `is_json`)."""
        return self._parsed[1]

    @property
    def is_json(self) -> bool:
        """Whether the response body can be read as JSON, whatever its Content-Type says."""
        return self._parsed[0]

    @cached_property
    def _parsed(self) -> tuple[bool, Any]:
        try:
            return True, json.loads(self.content)
        except (ValueError, RecursionError):
            return False, None

    @property
    def operation_id(self) -> str | None:
        """The id of the operation, when the request was for one."""
        return self.operation.id if self.operation else None

    @property
    def is_upload(self) -> bool:
        """Whether the request carried a multipart body."""
        return self.request_headers.get("content-type", "").startswith("multipart/form-data")

    @property
    def is_sample(self) -> bool:
        """Whether a mock says that the answer is made up: then it has a shape, but no truth."""
        return self.headers.get("x-factify-mock", "").startswith("sample")

    @cached_property
    def line(self) -> str:
        """The exchange in one line: who asked for what, and what came back."""
        return f"{self._asked} → {self.status}{self._refusal}"

    @property
    def step(self) -> str:
        """The line, and in it what was sent."""
        sent = f" {_shortened(self._sent[0], _STEP_BODY)}" if self.request_body else ""
        return f"{self._asked}{sent} → {self.status}{self._refusal}"

    @property
    def _asked(self) -> str:
        parts = urlsplit(self.url)
        asked = f"{parts.path}?{parts.query}" if parts.query else parts.path
        return f"{self.actor} {self.method} {_shortened(asked, 300)}"

    @cached_property
    def _sent(self) -> tuple[str, Any]:
        """The body as text without what is secret, and its value, None where it is no JSON."""
        try:
            value = mask(json.loads(self.request_body))
        except (ValueError, RecursionError):
            return self.request_body.decode("utf-8", "replace"), None
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")), value

    @property
    def _refusal(self) -> str:
        body = self.json
        if self.status < 400 or not isinstance(body, dict) or not isinstance(body.get("code"), str):
            return ""
        details = body.get("details")
        first = details[0] if isinstance(details, list) and details else None
        reason = first.get("reason") if isinstance(first, dict) else None
        return f" {body['code']}" + (f"/{reason}" if reason else "")

    @cached_property
    def curl(self) -> str:
        """A shell command that sends the request again; address and token come from the environment."""
        asked = self.url.removeprefix(self.base_url)
        if not self.base_url:
            asked = urlsplit(self.url)._replace(scheme="", netloc="").geturl()
        words = ["curl", "-sS", "-X", self.method, f'"$FACTIFY_URL"{shlex.quote(asked)}']
        if self.actor != ANONYMOUS:
            words += ["-H", f'"Authorization: Bearer ${token_variable(self.actor)}"']
        for name, value in self.request_headers.items():
            if name.lower() not in _DULL_HEADERS and not (self.is_upload and name.lower() == "content-type"):
                words += ["-H", shlex.quote(f"{name}: {value}")]
        return " ".join(words + self._curl_body())

    def _curl_body(self) -> list[str]:
        if not self.request_body:
            return []
        sent, value = self._sent
        if self.is_upload and isinstance(value, dict):
            return [word for name, item in value.items() for word in ("-F", shlex.quote(f"{name}={item}"))]
        return ["--data-binary", shlex.quote(_shortened(sent, _SHOWN_BODY))]


def token_variable(actor: str) -> str:
    """The environment variable under which printed commands expect the token of an identity."""
    return f"FACTIFY_{re.sub(r'[^A-Z0-9]+', '_', actor.upper())}_TOKEN"


def _shortened(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}…"
