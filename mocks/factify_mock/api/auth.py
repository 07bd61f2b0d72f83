"""Who makes a call, and in which world: bearer tokens to actors."""

from dataclasses import dataclass
from datetime import datetime

from factify_contract.spec import Match
from factify_mock.model import api_keys, users
from factify_mock.model.errors import DomainError
from factify_mock.model.records import Actor
from factify_mock.tokens import Claims
from factify_mock.worlds import Sandbox, Worlds

KEY_PREFIX = "ffy_"

# A server outlives many worlds, each with tokens of its own; when this many were seen, all are checked anew.
_REMEMBERED_TOKENS = 10_000


@dataclass(frozen=True, slots=True)
class Caller:
    """The world that a call is about, its present, and who calls; nobody where nobody has to say so."""

    sandbox: Sandbox
    now: datetime
    actor: Actor | None


class Authenticator:
    """Tells callers apart; a token's signature is checked once, all that may change with every call."""

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._claims: dict[str, Claims] = {}

    def authenticate(self, authorization: bytes | None) -> Caller:
        """The caller that an Authorization header names; a DomainError when it names nobody."""
        token = _bearer_token(authorization)
        return self._by_key(token) if token.startswith(KEY_PREFIX) else self._by_claims(token)

    def admit(self, authorization: bytes | None, match: Match) -> Caller:
        """The caller of an operation that needs no authentication.

        Good credentials choose the world; bad ones, which such an operation may not refuse, count as
        none. Then an organization's id in the path chooses it.
        """
        if authorization is not None:
            try:
                return self.authenticate(authorization)
            except DomainError:
                pass
        found = self._worlds.by_organization(match.values.get("organization_id", ""))
        return self.anyone(found)

    def anyone(self, sandbox: Sandbox | None = None) -> Caller:
        """Nobody in particular, in the server's first world unless another one is named."""
        chosen = sandbox or self._worlds.default
        return Caller(chosen, chosen.world.clock.now(), None)

    def whose(self, authorization: bytes | None) -> Sandbox | None:
        """The world that issued these credentials, whether or not they are still good."""
        try:
            token = _bearer_token(authorization)
            if token.startswith(KEY_PREFIX):
                return self._worlds.by_secret(token)
            claims = self._claims.get(token) or self._verified(token)
        except DomainError:
            return None
        return self._worlds.get(claims.wld)

    def _by_key(self, secret: str) -> Caller:
        sandbox = self._worlds.by_secret(secret)
        if sandbox is None:
            raise _unauthenticated("invalid_api_key", "The API key is not known")
        now = sandbox.world.clock.now()
        return Caller(sandbox, now, api_keys.authenticate(sandbox.world, now, secret=secret))

    def _by_claims(self, token: str) -> Caller:
        claims = self._claims.get(token) or self._verified(token)
        sandbox = self._worlds.get(claims.wld)
        if sandbox is None or claims.sub not in sandbox.world.tables.users:
            raise _unauthenticated("invalid_token", "The token's user is not known")
        now = sandbox.world.clock.now()
        if claims.exp <= now.timestamp():
            raise _unauthenticated("expired_token", "The token has expired")
        return Caller(sandbox, now, users.actor_of(sandbox.world, claims.sub))

    def _verified(self, token: str) -> Claims:
        claims = self._worlds.signer.verify(token)
        if claims is None:
            raise _unauthenticated("invalid_token", "The token is not one that this server issued")
        if len(self._claims) >= _REMEMBERED_TOKENS:
            self._claims.clear()
        self._claims[token] = claims
        return claims


def _bearer_token(authorization: bytes | None) -> str:
    if authorization is None:
        raise _unauthenticated("missing_api_key", "An API key or user token is required")
    scheme, _, token = authorization.decode("latin-1").strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise _unauthenticated("authentication_required", "The Authorization header holds no bearer token")
    return token.strip()


def _unauthenticated(reason: str, message: str) -> DomainError:
    return DomainError("unauthenticated", reason, message)
