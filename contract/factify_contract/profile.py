"""How a target is described: the profile file, and what its address, people and adapters are."""

import json
import os
import shlex
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from factify_contract.errors import ProfileError, UsageError
from factify_contract.transport import checked_url

USERS = ("owner", "admin", "member", "outsider", "invitee")
API_KEY = "api_key"
IDENTITIES = (*USERS, API_KEY)
ADAPTERS = ("mailbox", "clock", "quota", "document_quota", "sandbox")

_TOKEN_SOURCES = ("token", "token_env", "token_command")
_FIELDS = {
    "base_url", "organization_id", "policy_ids", "sandbox_id", "timeout_seconds", "requests_per_minute",
    "identities", "adapters",
}  # fmt: skip
_IDENTITY_FIELDS = {"user_id", "email", "id", *_TOKEN_SOURCES}
_HTTP_FIELDS = {"method", "url", "headers", "body", "pointer", "list", "where", "wait_seconds"}
_COMMAND_FIELDS = {"command", "pointer", "wait_seconds"}
# Long enough for a password manager that asks a person.
_COMMAND_SECONDS = 120


@dataclass(frozen=True, slots=True)
class TokenSource:
    """Where an identity's token comes from: the profile itself, the environment, or a command's output."""

    kind: str
    value: str | tuple[str, ...]

    def read(self, name: str) -> str:
        """The token; ProfileError names the identity and what to do when there is none."""
        if self.kind == "token":
            token = str(self.value)
        elif self.kind == "token_env":
            token = os.environ.get(str(self.value), "")
            if not token:
                raise ProfileError(
                    f"identity {name!r}: the environment variable {self.value} is not set; export it"
                )
        else:
            token = self._from_command(name)
        if not token or any(character.isspace() or not character.isprintable() for character in token):
            raise ProfileError(
                f"identity {name!r}: its token is empty or contains a space; check {self.kind}"
            )
        return token

    def _from_command(self, name: str) -> str:
        argv = list(self.value)
        try:
            done = subprocess.run(argv, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)  # noqa: S603 - the user's own command
        except (OSError, subprocess.TimeoutExpired) as error:
            raise ProfileError(
                f"identity {name!r}: token_command {shlex.join(argv)!r} failed: {error}"
            ) from error
        if done.returncode != 0:
            said = f"token_command {shlex.join(argv)!r} ended with exit code {done.returncode}"
            raise ProfileError(f"identity {name!r}: {said}")
        return done.stdout.strip()


@dataclass(frozen=True, slots=True)
class IdentityProfile:
    """One caller as the profile describes it; ids and e-mail may be absent and are then looked up."""

    name: str
    token: TokenSource
    user_id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class HttpAdapter:
    """An HTTP call; `{name}` in its texts is filled in, and the answer is found by JSON pointer.

    With `items`, the last element of the list there whose fields equal `where` is taken first; a
    condition whose text comes out empty is left out.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    pointer: str = ""
    items: str | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    wait_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CommandAdapter:
    """A command; `{name}` in its words is filled in, and its standard output is the answer.

    With a pointer, the output is JSON and the answer is what the pointer finds.
    """

    command: tuple[str, ...]
    pointer: str | None = None
    wait_seconds: float = 0.0


Adapter = HttpAdapter | CommandAdapter


@dataclass(frozen=True, slots=True)
class Profile:
    """All that the judge must know of a target before it sends the first request.

    `requests_per_minute` 0 means as fast as the target answers. `sandbox_id` fills `{sandbox}` in
    adapters until a sandbox adapter has made a new one.
    """

    base_url: str
    identities: Mapping[str, IdentityProfile]
    organization_id: str = ""
    policy_ids: tuple[str, ...] = ()
    sandbox_id: str = ""
    adapters: Mapping[str, Adapter] = field(default_factory=dict)
    timeout_seconds: float = 30.0
    requests_per_minute: float = 0.0

    @classmethod
    def load(cls, path: Path | str) -> "Profile":
        """The profile in a file: TOML, or JSON in the shape of the mock's ready line."""
        try:
            text = Path(path).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            hint = "make one with: factify-contract init profile.toml"
            raise ProfileError(f"there is no profile file {str(path)!r}; {hint}") from error
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileError(f"the profile {str(path)!r} cannot be read: {error}") from error
        return cls.parse(text, origin=str(path))

    @classmethod
    def parse(cls, text: str, *, origin: str = "profile") -> "Profile":
        """The profile in a text, which is JSON when it begins with a brace and TOML otherwise."""
        try:
            if text.lstrip().startswith("{"):
                return cls.from_ready_line(json.loads(text))
            return cls.from_dict(tomllib.loads(text))
        except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
            kind = "JSON" if isinstance(error, json.JSONDecodeError) else "TOML"
            raise ProfileError(f"the profile {origin!r} is not valid {kind}: {error}") from error
        except (ProfileError, UsageError) as error:
            raise ProfileError(f"the profile {origin!r}: {error}") from error

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Profile":
        """The profile in a parsed TOML file; ProfileError names the first entry that is wrong."""
        _only(raw, _FIELDS, "the profile")
        if "base_url" not in raw:
            raise ProfileError('base_url is missing; add base_url = "https://…"')
        identities = {name: _identity(name, entry) for name, entry in _table(raw, "identities").items()}
        adapters = {name: _adapter(name, entry) for name, entry in _table(raw, "adapters").items()}
        return cls(
            base_url=checked_url(_text(raw, "base_url", "")),
            identities=identities,
            organization_id=_text(raw, "organization_id", ""),
            policy_ids=tuple(_texts(raw, "policy_ids")),
            sandbox_id=_text(raw, "sandbox_id", ""),
            adapters=adapters,
            timeout_seconds=_positive(raw, "timeout_seconds", 30.0),
            requests_per_minute=_positive(raw, "requests_per_minute", 0.0),
        )

    @classmethod
    def from_ready_line(cls, ready: Mapping[str, Any]) -> "Profile":
        """The profile of a mock that announced itself; its control plane serves as every adapter."""
        world = ready.get("world")
        if not isinstance(ready.get("url"), str) or not isinstance(world, Mapping):
            raise ProfileError('the JSON has no "url" and "world", so it is not a ready line of factify-mock')
        profile = cls(base_url=checked_url(ready["url"]), identities={})
        control = ready.get("control_url")
        if isinstance(control, str):
            profile = replace(profile, adapters=_control_adapters(control.rstrip("/")))
        return profile.in_world(world)

    def in_world(self, world: Mapping[str, Any]) -> "Profile":
        """The same target, with the people and things of another world in the ready line's shape."""
        identities: dict[str, IdentityProfile] = {}
        for name in USERS:
            if isinstance(entry := world.get(name), Mapping):
                source = TokenSource("token", str(entry.get("token", "")))
                identities[name] = IdentityProfile(
                    name, source, str(entry.get("user_id", "")), str(entry.get("email", ""))
                )
        if isinstance(key := world.get(API_KEY), Mapping):
            source = TokenSource("token", str(key.get("secret", "")))
            identities[API_KEY] = IdentityProfile(API_KEY, source, str(key.get("id", "")))
        return replace(
            self,
            identities=identities,
            organization_id=str(world.get("organization_id", "")),
            policy_ids=tuple(map(str, world.get("policy_ids", ()))),
            sandbox_id=str(world.get("id", "")),
        )


def _control_adapters(control: str) -> dict[str, Adapter]:
    world = f"{control}/worlds/{{sandbox}}"
    return {
        "mailbox": HttpAdapter(
            "GET",
            f"{world}/outbox?to={{to}}",
            items="/messages",
            where={"invite_id": "{invite_id}"},
            pointer="/token",
        ),
        "clock": HttpAdapter("POST", f"{world}/clock/advance", body={"seconds": "{seconds}"}),
        "quota": HttpAdapter(
            "PUT", f"{world}/quotas", body={"requests_limit": "{limit}", "requests_used": "{used}"}
        ),
        "document_quota": HttpAdapter("PUT", f"{world}/quotas", body={"documents_limit": "{limit}"}),
        "sandbox": HttpAdapter("POST", f"{control}/worlds", body={}, pointer="/world"),
    }


def _identity(name: str, raw: Any) -> IdentityProfile:
    if name not in IDENTITIES:
        raise ProfileError(f"unknown identity {name!r}; known are {', '.join(IDENTITIES)}")
    if not isinstance(raw, Mapping):
        raise ProfileError(f"identities.{name} must be a table")
    _only(raw, _IDENTITY_FIELDS, f"identities.{name}")
    given = [source for source in _TOKEN_SOURCES if source in raw]
    if len(given) != 1:
        raise ProfileError(
            f"identities.{name} needs exactly one of {', '.join(_TOKEN_SOURCES)}; it has {len(given)}"
        )
    kind = given[0]
    value = tuple(_argv(raw, kind)) if kind == "token_command" else _text(raw, kind, "")
    user_id = _text(raw, "user_id", "") or _text(raw, "id", "")
    return IdentityProfile(name, TokenSource(kind, value), user_id, _text(raw, "email", ""))


def _adapter(name: str, raw: Any) -> Adapter:
    where = f"adapters.{name}"
    if name not in ADAPTERS:
        raise ProfileError(f"unknown adapter {name!r}; known are {', '.join(ADAPTERS)}")
    if not isinstance(raw, Mapping) or ("url" in raw) == ("command" in raw):
        raise ProfileError(f"{where} must be a table with either url or command")
    wait = _positive(raw, "wait_seconds", 0.0)
    if "command" in raw:
        _only(raw, _COMMAND_FIELDS, where)
        pointer = _text(raw, "pointer", "") if "pointer" in raw else None
        return CommandAdapter(tuple(_argv(raw, "command")), pointer, wait)
    _only(raw, _HTTP_FIELDS, where)
    return HttpAdapter(
        method=_text(raw, "method", "GET").upper(),
        url=checked_template(_text(raw, "url", "")),
        headers={key: str(value) for key, value in _table(raw, "headers").items()},
        body=raw.get("body"),
        pointer=_text(raw, "pointer", ""),
        items=_text(raw, "list", "") if "list" in raw else None,
        where={key: str(value) for key, value in _table(raw, "where").items()},
        wait_seconds=wait,
    )


def checked_template(url: str) -> str:
    """An adapter's URL template, which may have a query; ProfileError when it is not http or https."""
    if not url.startswith(("http://", "https://")):
        raise ProfileError(f"the adapter URL {url!r} does not begin with http:// or https://")
    return url


def _only(raw: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(raw) - known):
        raise ProfileError(f"unknown key {unknown[0]!r} in {where}; known are {', '.join(sorted(known))}")


def _table(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = raw.get(key, {})
    if not isinstance(value, Mapping):
        raise ProfileError(f"{key} must be a table, not {value!r}")
    return value


def _text(raw: Mapping[str, Any], key: str, default: str) -> str:
    value = raw.get(key, default)
    if not isinstance(value, str):
        raise ProfileError(f"{key} must be a text, not {value!r}")
    return value


def _texts(raw: Mapping[str, Any], key: str) -> list[str]:
    value = raw.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ProfileError(f"{key} must be a list of texts, not {value!r}")
    return value


def _argv(raw: Mapping[str, Any], key: str) -> list[str]:
    value = raw[key]
    words = shlex.split(value) if isinstance(value, str) else _texts(raw, key)
    if not words:
        raise ProfileError(f"{key} is empty; give a command")
    return words


def _positive(raw: Mapping[str, Any], key: str, default: float) -> float:
    value = raw.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise ProfileError(f"{key} must be a number from 0 up, not {value!r}")
    return float(value)
