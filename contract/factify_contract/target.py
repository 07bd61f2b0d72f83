"""What is judged: an API with its people, and what of its surroundings can be reached."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any
from urllib.parse import urljoin

import httpx

from factify_contract.adapters import AdapterError, Caller
from factify_contract.errors import ProfileError
from factify_contract.exchange import token_variable
from factify_contract.pacing import Pacer
from factify_contract.profile import API_KEY, Profile
from factify_contract.surroundings import Clock, Demo, Mailbox, MailCount, Processing, Quota, RateLimits
from factify_contract.terminal import TERMINAL
from factify_contract.transport import Transport

__all__ = ["AdapterError", "Identity", "Profile", "Target"]


@dataclass(frozen=True, slots=True)
class Identity:
    """One caller with its token. `kind` is `user` or `api_key`; `user_id` of a key is the key's id."""

    name: str
    kind: str
    user_id: str
    email: str
    token: str


class Target:
    """A target under judgement: who may call it, and which adapters reach around it."""

    def __init__(
        self,
        profile: Profile,
        transport: Transport | None = None,
        *,
        side: httpx.Client | None = None,
        tokens: Mapping[str, str] | None = None,
        ask: Callable[[str, float], str] = TERMINAL.ask,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`side` is the client for adapters, separate so that they count as no exchanges with the API.

        Tokens that are not in `tokens` are read from where the profile says. `ask` puts the questions of
        adapters to a person, `sleep` passes the time until one is called again.
        """
        self.profile = profile
        # Once time has been moved, even a good token may have expired.
        self.time_moved = False
        self.transport = transport or transport_of(profile)
        self._ask = ask
        self._sleep = sleep
        self._broken_adapters: set[str] = set()
        self._side = side or httpx.Client(timeout=profile.timeout_seconds)
        self.identities: dict[str, Identity] = {
            name: self._identity(name, (tokens or {}).get(name)) for name in profile.identities
        }

    @property
    def base_url(self) -> str:
        """The address without a trailing slash."""
        return self.transport.base_url

    @property
    def organization_id(self) -> str:
        """The organization of owner, admin, member and api_key; empty when the profile does not tell."""
        return self.profile.organization_id

    @property
    def policy_ids(self) -> tuple[str, ...]:
        """Policies of the organization that can be attached to documents."""
        return self.profile.policy_ids

    @property
    def mailbox(self) -> Mailbox | None:
        """The mailbox, when the profile has an adapter for it."""
        adapter = self.profile.adapters.get("mailbox")
        return Mailbox(self._caller, adapter, self.transport.redactor.learn) if adapter else None

    @property
    def clock(self) -> Clock | None:
        """The clock, when the profile has an adapter for it."""
        adapter = self.profile.adapters.get("clock")
        return Clock(self._caller, adapter, self._move_time) if adapter else None

    def _move_time(self) -> None:
        self.time_moved = True

    @property
    def quota(self) -> Quota | None:
        """The quota switches, when the profile has an adapter for at least one."""
        requests = self.profile.adapters.get("quota")
        documents = self.profile.adapters.get("document_quota")
        return Quota(self._caller, requests, documents) if requests or documents else None

    @property
    def mail_count(self) -> MailCount | None:
        """The count of mails, when the profile has an adapter for it."""
        adapter = self.profile.adapters.get("mail_count")
        return MailCount(self._caller, adapter) if adapter else None

    @property
    def processing(self) -> Processing | None:
        """The reins of processing, when the profile has an adapter for it."""
        adapter = self.profile.adapters.get("processing")
        return Processing(self._caller, adapter) if adapter else None

    @property
    def demo(self) -> Demo | None:
        """The maker of demo documents, when the profile has an adapter for it."""
        adapter = self.profile.adapters.get("demo_document")
        return Demo(self._caller, adapter) if adapter else None

    @property
    def rate_limits(self) -> RateLimits | None:
        """The documented rate limits, when they can be enforced or are said to be in force."""
        adapter = self.profile.adapters.get("rate_limits")
        is_declared = self.profile.capabilities.get("rate_limit_exhaustion") is True
        return RateLimits(self._caller, adapter) if adapter or is_declared else None

    @property
    def has_sandboxes(self) -> bool:
        """Whether `fresh` gives clean data."""
        return self.profile.has_sandboxes

    @property
    def is_read_only(self) -> bool:
        """Whether nothing may be written to it."""
        return self.transport.guard is not None and self.transport.guard.read_only

    def renewed(self, name: str) -> str | None:
        """A new token of the identity, which from now on has it; None where the profile gives the same."""
        identity = self.identities[name]
        try:
            token = self.profile.identities[name].token.read(name)
        except ProfileError:
            return None
        if token == identity.token:
            return None
        self.transport.redactor.learn(token, f"${token_variable(name)}")
        self.identities[name] = replace(identity, token=token)
        return token

    def fresh(self) -> "Target":
        """The same API in a new sandbox with people of its own; itself when the target offers none."""
        adapter = self.profile.adapters.get("sandbox")
        if adapter is None or self.is_read_only:
            return self
        world = self._caller.call("sandbox", adapter)
        if not isinstance(world, Mapping):
            raise AdapterError(f"the sandbox adapter answered {world!r} instead of an object")
        return self._under(self.profile.in_world(world), {})

    def described_by(self, profile: Profile) -> "Target":
        """The same target and tokens under a profile that has learned more."""
        tokens = {name: identity.token for name, identity in self.identities.items()}
        return self._under(profile, tokens)

    def _under(self, profile: Profile, tokens: Mapping[str, str]) -> "Target":
        other = Target(
            profile, self.transport, side=self._side, tokens=tokens, ask=self._ask, sleep=self._sleep
        )
        other._broken_adapters = self._broken_adapters
        return other

    def without(self, name: str) -> "Target":
        """The same target without the identity."""
        identities = {other: one for other, one in self.profile.identities.items() if other != name}
        return self.described_by(replace(self.profile, identities=identities))

    def download(self, url: str, headers: Mapping[str, str]) -> tuple[int, bytes]:
        """Status and content at an address that the API gave out, asked without credentials.

        It may lead on to where the file lies. AdapterError when it cannot be reached from here.
        """
        address = urljoin(f"{self.base_url}/", url)
        try:
            answer = self._side.get(address, headers=dict(headers), follow_redirects=True)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise AdapterError(f"{url} cannot be reached from here: {error}") from error
        return answer.status_code, answer.content

    def close(self) -> None:
        """Gives up all connections."""
        self._side.close()
        self.transport.close()

    def __enter__(self) -> "Target":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _caller(self) -> Caller:
        values: dict[str, Any] = {
            "sandbox": self.profile.sandbox_id,
            "organization_id": self.organization_id,
        }
        return Caller(
            self._side,
            values,
            sleep=self._sleep,
            ask=self._ask,
            before=self._adapt,
            broken=self._broken_adapters,
        )

    def _adapt(self, name: str, values: Mapping[str, Any]) -> None:
        if self.transport.guard is not None:
            self.transport.guard.adapt(name, values)

    def _identity(self, name: str, token: str | None) -> Identity:
        described = self.profile.identities[name]
        token = token or described.token.read(name)
        redactor = self.transport.redactor
        redactor.learn(token, f"${token_variable(name)}")
        if described.email:
            redactor.learn(described.email, f"<e-mail of {name}>")
        kind = "api_key" if name == API_KEY else "user"
        return Identity(name, kind, described.user_id, described.email, token)


def transport_of(profile: Profile, *, through: httpx.BaseTransport | None = None) -> Transport:
    """The way to the target, as fast as the profile allows; ProfileError where nobody may call."""
    if not profile.identities:
        raise ProfileError("the profile has no identities; add at least [identities.owner] with a token")
    pacer = Pacer(
        profile.requests_per_minute,
        profile.creations_per_minute,
        sleep=time.sleep,
        now=time.monotonic,
        settle=profile.settle_seconds,
    )
    return Transport(profile.base_url, timeout=profile.timeout_seconds, pacer=pacer, through=through)
