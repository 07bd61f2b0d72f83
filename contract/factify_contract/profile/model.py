"""What a profile says, as values, and how it is read from a file."""

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from factify_contract.capabilities import CAPABILITIES, EXHAUSTING, capability_of
from factify_contract.errors import ProfileError, UsageError, advice_on
from factify_contract.profile.adapters import Adapter, HttpAdapter, read_adapter
from factify_contract.profile.schema import API_KEY, IDENTITIES, TOKEN_SOURCES, USERS
from factify_contract.profile.sections import Section
from factify_contract.profile.tokens import TokenSource
from factify_contract.transport import checked_url

# The prefix is part of names of at most 63 characters, and of e-mail addresses.
_PREFIX = re.compile(r"([A-Za-z0-9]([A-Za-z0-9-]{0,14}[A-Za-z0-9])?)?")


@dataclass(frozen=True, slots=True)
class IdentityProfile:
    """One caller as the profile describes it; ids and e-mail may be absent and are then looked up."""

    name: str
    token: TokenSource
    user_id: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may cost at most: requests sent and things made; None means any number."""

    requests: int | None = None
    objects: int | None = None


@dataclass(frozen=True, slots=True)
class Profile:
    """All that the judge must know of a target before it sends the first request.

    `requests_per_minute` and `creations_per_minute` are for each identity; 0 means as fast as the target
    answers. For `settle_seconds` after a write nothing is sent. `sandbox_id` fills `{sandbox}` in adapters
    until a sandbox adapter has made a new one.
    """

    base_url: str
    identities: Mapping[str, IdentityProfile]
    organization_id: str = ""
    policy_ids: tuple[str, ...] = ()
    sandbox_id: str = ""
    adapters: Mapping[str, Adapter] = field(default_factory=dict)
    timeout_seconds: float = 30.0
    requests_per_minute: float = 0.0
    creations_per_minute: float = 0.0
    settle_seconds: float = 0.0
    name_prefix: str = ""
    capabilities: Mapping[str, bool] = field(default_factory=dict)
    budget: Budget = Budget()

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
        return cls.parse(text, origin=str(path), folder=str(Path(path).resolve().parent))

    @classmethod
    def parse(cls, text: str, *, origin: str = "profile", folder: str = "") -> "Profile":
        """The profile in a text, which is JSON when it begins with a brace and TOML otherwise."""
        try:
            if text.lstrip().startswith("{"):
                return cls.from_ready_line(json.loads(text))
            return cls.from_dict(tomllib.loads(text), folder=folder)
        except (tomllib.TOMLDecodeError, json.JSONDecodeError) as error:
            kind = "JSON" if isinstance(error, json.JSONDecodeError) else "TOML"
            raise ProfileError(f"the profile {origin!r} is not valid {kind}: {error}") from error
        except (ProfileError, UsageError) as error:
            raise ProfileError(f"the profile {origin!r}: {error}") from error

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any], *, folder: str = "") -> "Profile":
        """The profile in a parsed TOML file; ProfileError names the first entry that is wrong.

        Python adapters are looked for in `folder` first.
        """
        top = Section(raw, "", "the profile")
        if "base_url" not in top:
            raise ProfileError('base_url is missing; add base_url = "https://…"')
        budget = Section(top.table("budget"), "budget", "[budget]")
        return cls(
            base_url=checked_url(top.text("base_url")),
            identities={name: _identity(name, entry) for name, entry in top.table("identities").items()},
            organization_id=top.text("organization_id"),
            policy_ids=top.texts("policy_ids"),
            sandbox_id=top.text("sandbox_id"),
            adapters={
                name: read_adapter(name, entry, folder=folder)
                for name, entry in top.table("adapters").items()
            },
            timeout_seconds=top.number("timeout_seconds", 30.0),
            requests_per_minute=top.number("requests_per_minute", 0.0),
            creations_per_minute=top.number("creations_per_minute", 0.0),
            settle_seconds=top.number("settle_seconds", 0.0),
            name_prefix=_prefix(top.text("name_prefix")),
            capabilities=_capabilities(top.table("capabilities")),
            budget=Budget(budget.whole("requests"), budget.whole("objects")),
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

    @property
    def has_sandboxes(self) -> bool:
        """Whether every story can have an organization of its own, which is nobody else's."""
        return "sandbox" in self.adapters

    def absent(self, operation_id: str) -> str | None:
        """The capability declared false that the operation is part of, if there is one."""
        name = capability_of(operation_id)
        return name if name is not None and self.capabilities.get(name) is False else None

    def is_declared(self, operation_id: str) -> bool:
        """Whether the operation is part of a capability that is declared true."""
        return self.capabilities.get(capability_of(operation_id) or "") is True

    def allows(self, capability: str) -> bool:
        """Whether a run may do what strikes others too: in sandboxes unless denied, elsewhere if allowed."""
        return self.capabilities.get(capability, self.has_sandboxes)

    def usable(self, adapter: str) -> bool:
        """Whether the adapter is there and a run is allowed to use it."""
        permission = EXHAUSTING.get(adapter)
        return adapter in self.adapters and (permission is None or self.allows(permission))


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
        "mail_count": HttpAdapter("GET", f"{world}/outbox?to={{to}}", pointer="/messages"),
        "clock": HttpAdapter("POST", f"{world}/clock/advance", body={"seconds": "{seconds}"}),
        "quota": HttpAdapter(
            "PUT", f"{world}/quotas", body={"requests_limit": "{limit}", "requests_used": "{used}"}
        ),
        "document_quota": HttpAdapter("PUT", f"{world}/quotas", body={"documents_limit": "{limit}"}),
        "processing": HttpAdapter(
            "PUT", f"{world}/processing", body={"version_id": "{version_id}", "outcome": "{outcome}"}
        ),
        "demo_document": HttpAdapter(
            "POST", f"{world}/demo-documents", body={"document_id": "{document_id}"}
        ),
        "rate_limits": HttpAdapter("PUT", f"{world}/rate-limits", body={"rate_limits": "{enforced}"}),
        "sandbox": HttpAdapter("POST", f"{control}/worlds", body={}, pointer="/world"),
    }


def _identity(name: str, raw: Any) -> IdentityProfile:
    if name not in IDENTITIES:
        raise ProfileError(f"unknown identity {name!r}; {advice_on(name, IDENTITIES)}")
    if not isinstance(raw, Mapping):
        raise ProfileError(f"identities.{name} must be a table")
    section = Section(raw, "identities.NAME", f"identities.{name}")
    given = [source for source in TOKEN_SOURCES if source in section]
    if len(given) != 1:
        raise ProfileError(
            f"identities.{name} needs exactly one of {', '.join(TOKEN_SOURCES)}; it has {len(given)}"
        )
    kind = given[0]
    value = section.command(kind) if kind == "token_command" else section.text(kind)
    user_id = section.text("user_id") or section.text("id")
    return IdentityProfile(name, TokenSource(kind, value), user_id, section.text("email"))


def _capabilities(raw: Mapping[str, Any]) -> dict[str, bool]:
    section = Section(raw, "capabilities", "[capabilities]")
    return {name: section.truth(name) for name in CAPABILITIES if name in section}


def _prefix(text: str) -> str:
    if not _PREFIX.fullmatch(text):
        raise ProfileError(
            f"name_prefix {text!r} must be up to 16 letters, digits and inner hyphens, nothing else"
        )
    return text
