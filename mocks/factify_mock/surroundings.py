"""What a process beside the mock has to know of it: address, tokens and ids, as variables."""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from factify_contract.errors import TargetUnreachable, UsageError
from factify_mock.readiness import ReadyLine
from factify_mock.tokens import claims_of

_PEOPLE = ("owner", "admin", "member", "outsider", "invitee")
_SECONDS = 10.0
# Values that every reader of dotenv files takes as they stand.
_PLAIN = re.compile(r"[\w@%+=:,./-]*", re.ASCII)


def announced_in(path: Path) -> ReadyLine:
    """The ready line in the file; UsageError where there is none."""
    try:
        return _ready_line(json.loads(path.read_text(encoding="utf-8")), str(path))
    except OSError as error:
        raise UsageError(
            f"The ready file {str(path)!r} cannot be read: {error.strerror};"
            " is a mock running with this --ready-file?"
        ) from error
    except ValueError as error:
        raise UsageError(f"The ready file {str(path)!r} holds no ready line: {error}") from error


def announced_at(url: str, *, world_id: str | None = None, new_world: bool = False) -> ReadyLine:
    """What the mock at the address would announce, of its first world, the one named, or a new one.

    UsageError where there is no such world or no control plane, TargetUnreachable where nothing answers.
    """
    base = _address(url)
    control = f"{base}/__mock__"
    with httpx.Client(timeout=_SECONDS) as client:
        if new_world:
            answer = control_answer(client, "POST", f"{control}/worlds")
        else:
            world_id = world_id or str(control_answer(client, "GET", f"{control}/ready")["world_id"])
            answer = control_answer(client, "GET", f"{control}/worlds/{world_id}")
    return _ready_line({"url": base, "control_url": control, "world": answer["world"]}, url)


def expired(ready: ReadyLine) -> str:
    """A sentence where the clock of a running mock's world has left its tokens behind; else empty."""
    claims = claims_of(str(ready.world["owner"]["token"]))
    if claims is None or ready.control_url is None:
        return ""
    world = f"{ready.control_url}/worlds/{ready.world['id']}"
    with httpx.Client(timeout=_SECONDS) as client:
        now = str(control_answer(client, "GET", f"{world}/clock")["now"])
    if datetime.fromisoformat(now).timestamp() < claims.exp:
        return ""
    until = datetime.fromtimestamp(claims.exp, UTC).date()
    return (
        f"the world's clock shows {now}, and its tokens expired on {until}, so they are refused;"
        f" POST {world}/tokens gives out new ones, POST {world}/reset takes the clock back"
    )


def exam_at(url: str, *, world_id: str | None = None) -> Mapping[str, Any]:
    """The report on the client of a world at the address, the first one unless another is named.

    Errors are those of `announced_at`.
    """
    control = f"{_address(url)}/__mock__"
    with httpx.Client(timeout=_SECONDS) as client:
        if world_id is None:
            world_id = str(control_answer(client, "GET", f"{control}/ready")["world_id"])
        return control_answer(client, "GET", f"{control}/worlds/{world_id}/exam")


def printed(ready: ReadyLine, output: str) -> str:
    """The variables in the words of a shell (`sh`, `fish`, `powershell`), of `dotenv` files, or as `json`."""
    found = variables(ready)
    if output == "json":
        return json.dumps(found, indent=2)
    write = _LINES[output]
    return "\n".join(write(name, value) for name, value in found.items())


def variables(ready: ReadyLine) -> dict[str, str]:
    """The variables by name: FACTIFY_URL, FACTIFY_TOKEN (the owner's), and ids and tokens of everybody."""
    world = ready.world
    found = {"FACTIFY_URL": ready.url}
    if ready.control_url is not None:
        found["FACTIFY_CONTROL_URL"] = ready.control_url
    found |= {
        "FACTIFY_WORLD_ID": world["id"],
        "FACTIFY_ORGANIZATION_ID": world["organization_id"],
        "FACTIFY_POLICY_IDS": ",".join(world["policy_ids"]),
        "FACTIFY_TOKEN": world["owner"]["token"],
    }
    for name in _PEOPLE:
        person, word = world[name], f"FACTIFY_{name.upper()}"
        found |= {
            f"{word}_TOKEN": person["token"],
            f"{word}_USER_ID": person["user_id"],
            f"{word}_EMAIL": person["email"],
        }
    key = world["api_key"]
    return found | {"FACTIFY_API_KEY_TOKEN": key["secret"], "FACTIFY_API_KEY_ID": key["id"]}


def _address(url: str) -> str:
    """The address without a slash at its end; UsageError where it does not say how to get there."""
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"{url!r} is no address, which begins with http:// or https://; try http://{url}")
    return url.rstrip("/")


def _ready_line(value: Any, origin: str) -> ReadyLine:
    try:
        ready = ReadyLine(value["url"], value["world"], has_control=value["control_url"] is not None)
        variables(ready)
    except KeyError as error:
        raise UsageError(f"{origin!r} is no ready line of factify-mock: {error} is missing") from error
    except (TypeError, AttributeError) as error:
        raise UsageError(f"{origin!r} is no ready line of factify-mock: {error}") from error
    return ready


def control_answer(client: httpx.Client, method: str, url: str) -> Mapping[str, Any]:
    """What the control plane of a running mock answers; UsageError, TargetUnreachable as `announced_at`."""
    try:
        answer = client.request(method, url)
        body = answer.json()
    except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
        raise UsageError(f"{url!r} is no address: {error}; try http://127.0.0.1:8600") from error
    except httpx.HTTPError as error:
        raise TargetUnreachable(
            f"No mock answers at {url} ({error or type(error).__name__}); start one with: factify-mock serve"
        ) from error
    except ValueError as error:
        raise UsageError(f"What answers at {url} is no factify-mock: its answer is no JSON") from error
    if answer.is_error or not isinstance(body, dict):
        said = body.get("message", answer.text[:200]) if isinstance(body, dict) else answer.text[:200]
        raise UsageError(
            f"{method} {url} was answered with {answer.status_code}: {said};"
            " it takes a factify-mock that serves its control plane, and a world that exists"
        )
    return body


def _sh(name: str, value: str) -> str:
    return f"export {name}={shlex.quote(value)}"


def _fish(name: str, value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"set -gx {name} '{escaped}'"


def _powershell(name: str, value: str) -> str:
    escaped = value.replace("'", "''")
    return f"$env:{name} = '{escaped}'"


def _dotenv(name: str, value: str) -> str:
    return f"{name}={value}" if _PLAIN.fullmatch(value) else f"{name}='{value}'"


_LINES: dict[str, Callable[[str, str], str]] = {
    "sh": _sh,
    "fish": _fish,
    "powershell": _powershell,
    "dotenv": _dotenv,
}
