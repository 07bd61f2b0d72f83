"""What goes over the wire: refusals, ids, times, and answers as the mode writes them."""

import json
import random
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from contrary.choices import Choices

STATUS = {
    "invalid_argument": 400,
    "failed_precondition": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "already_exists": 409,
    "resource_exhausted": 429,
    "unimplemented": 501,
    "unknown": 400,
}
_REASON = {
    "invalid_argument": "invalid_field_value",
    "failed_precondition": "precondition_failed",
    "unauthenticated": "invalid_token",
    "permission_denied": "insufficient_permissions",
    "not_found": "resource_not_found",
    "already_exists": "resource_already_exists",
    "resource_exhausted": "quota_exceeded",
    "unimplemented": "unimplemented",
    "unknown": "invalid_field_value",
}
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_EAST = timezone(timedelta(hours=2))
# Where the schemas allow null.
_NULLABLE = frozenset(
    {
        "description", "title", "logo_image_url", "given_name", "family_name", "profile_image_url", "message",
        "limit", "short_url", "next_cursor", "current_version",
    }
)  # fmt: skip
# Values that protobuf's rule would leave out, but the schema requires.
_REQUIRED = frozenset({"is_active"})


class Refusal(Exception):
    """A call that is not carried out."""

    def __init__(
        self, code: str, message: str, *, reason: str | None = None, param: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason or _REASON[code]
        self.param = param

    def body(self, choices: Choices, rng: random.Random) -> dict[str, Any]:
        """The refusal as JSON."""
        body: dict[str, Any] = {"code": self.code, "message": self.message}
        if choices.details:
            detail = {"reason": self.reason}
            if choices.request_ids:
                detail |= {"request_id": new_id("req", rng), "help": "https://contrary.example/help"}
            if self.param and self.code == "invalid_argument":
                detail["param"] = self.param
            body |= {"details": [detail], "trace": "none"}
        return body


def invalid(param: str, message: str, *, reason: str = "invalid_field_value") -> Refusal:
    """The input `param` cannot be used."""
    return Refusal("invalid_argument", f"{param}: {message}", reason=reason, param=param)


def forbidden(message: str = "You may not do this.") -> Refusal:
    """Somebody who sees the thing may not do this to it."""
    return Refusal("permission_denied", message)


def new_id(prefix: str, rng: random.Random) -> str:
    """An id that says nothing about when it was made."""
    return f"{prefix}_" + "".join(rng.choices(_LETTERS, k=26))


def is_id(text: str, prefixes: str) -> bool:
    """Whether the text is an id with one of the prefixes, which are separated by bars."""
    return re.fullmatch(rf"({prefixes})_[0-9a-hjkmnp-tv-z]{{26}}", text) is not None


def parse_instant(name: str, text: Any) -> datetime:
    """The point in time that an RFC 3339 text names."""
    if not isinstance(text, str) or not _INSTANT.fullmatch(text):
        raise invalid(name, "is no point in time with a zone")
    try:
        # A leap second is as good as the second before it.
        return datetime.fromisoformat(text.upper().replace(":60", ":59"))
    except ValueError:
        raise invalid(name, "is no point in time") from None


def encode(value: Any, choices: Choices, *, fresh: bool = False) -> bytes:
    """The answer as JSON in the mode's manner; `fresh` when it comes before anything was stored."""
    return json.dumps(_plain(value, choices, fresh), ensure_ascii=not choices.lenient).encode()


def _plain(value: Any, choices: Choices, fresh: bool) -> Any:
    if isinstance(value, datetime):
        return _instant(value, choices, fresh)
    if isinstance(value, list):
        return [_plain(item, choices, fresh) for item in value]
    if isinstance(value, dict):
        return {
            name: _plain(item, choices, fresh and _is_made_here(name, value))
            for name, item in value.items()
            if _is_written(name, item, choices)
        }
    return value


def _is_made_here(name: str, holder: dict[str, Any]) -> bool:
    """Whether a time in the object is the server's own; what a client asked for is answered as it is."""
    return name != "expires_at" or "sender" in holder


def _is_written(name: str, value: Any, choices: Choices) -> bool:
    if value is None:
        return choices.nulls and name in _NULLABLE
    if choices.omit_defaults and name not in _REQUIRED and not isinstance(value, dict):
        return bool(value)
    return True


def _instant(moment: datetime, choices: Choices, fresh: bool) -> str:
    if choices.times != "offset":
        digits = "437219" if fresh and choices.answers_finer else "000000"
        text = moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", f"{digits}Z")
        return text.lower() if choices.times == "lower" else text
    return moment.astimezone(_EAST).isoformat(timespec="seconds")
