"""Rules about where a client calls: paths that there are not, or no more, and secrets in URLs."""

import re
from typing import Any

from factify_mock.api.links import PREFIX as FILES
from factify_mock.exam.rule import Rule, Severity, each_call
from factify_mock.exam.seen import Seen
from factify_mock.legacy import MOVED

_SECRET = re.compile(r"ffy_[a-z]+_[A-Za-z0-9]{8,}|eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_SECRET_NAMES = frozenset(
    {
        "access_token",
        "api_key",
        "apikey",
        "api-key",
        "auth_token",
        "authorization",
        "bearer",
        "secret",
        "token",
    }
)
_SECRET_PAIR = re.compile(rf"(?i)\b({'|'.join(sorted(_SECRET_NAMES))})=[^&\s]+")
_OTHER_GENERATION = re.compile(r"/v1(alpha)?/")
_OLD_PATHS = tuple(
    re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path)) for _, _, path in sorted(MOVED) if "general" in path
)
_MOVED = frozenset(MOVED)


def without_secrets(text: str) -> str:
    """`text` with its keys and tokens blanked."""
    return _SECRET_PAIR.sub(r"\1=redacted", _SECRET.sub("redacted", text))


def _is_somebodys(call: Seen, raw: dict[str, Any]) -> bool:
    """Probes that come without credentials and lead nowhere are nobody's mistake."""
    return call.operation is not None or ("authorization" in call.headers and _is_api_call(call, raw))


def _is_api_call(call: Seen, raw: dict[str, Any]) -> bool:
    return not call.entry.path.startswith(FILES)


def _unknown_path(call: Seen, raw: dict[str, Any]) -> str | None:
    if call.operation is not None or _generation(call) is not None:
        return None
    return "no operation has this method and path"


def _old_path(call: Seen, raw: dict[str, Any]) -> str | None:
    operation = call.operation
    if operation is not None:
        if operation.raw.get("deprecated") is True:
            return "the document calls the operation deprecated"
        if (operation.id, operation.method, operation.path) in _MOVED:
            return "this path has moved in the current generation"
        return None
    return _generation(call)


def _generation(call: Seen) -> str | None:
    """Which other generation of the API a path belongs to that leads nowhere."""
    if any(path.fullmatch(call.entry.path) for path in _OLD_PATHS):
        return "the older generation's path of general access, which is now /access"
    if _OTHER_GENERATION.match(call.entry.path):
        return "a path of another API generation than /v1beta"
    return None


def _secret_in_url(call: Seen, raw: dict[str, Any]) -> str | None:
    named = sorted({name for name, value in call.query if name.lower() in _SECRET_NAMES and value})
    if named:
        return f"the parameter {', '.join(named)}"
    text = f"{call.entry.path}?{call.entry.query_string.decode('latin-1')}"
    return "a key or token" if _SECRET.search(text) else None


RULES = (
    Rule(
        "paths.unknown",
        Severity.SERIOUS,
        "Only documented methods and paths are called.",
        "Compare the call with the document: the path, its version, the method.",
        each_call(_is_somebodys, _unknown_path),
    ),
    Rule(
        "paths.legacy",
        Severity.WARNING,
        "No path of an older generation is called.",
        "Move to the current path; the old one is gone, or answers something else.",
        each_call(_is_api_call, _old_path),
    ),
    Rule(
        "urls.secret",
        Severity.SERIOUS,
        "No key and no token stands in a URL.",
        "Send it as `Authorization: Bearer`; URLs are kept in logs, histories and proxies.",
        each_call(_is_api_call, _secret_in_url),
    ),
)
