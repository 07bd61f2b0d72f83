"""User tokens: JSON Web Tokens signed by this server, naming the user and the world they belong to.

RFC 7519 and RFC 7515 with the one algorithm HS256 and the one header that this server writes. A JWT
library would bring all of `cryptography` along and take a third of the server's start; a test checks
these tokens against such a library, in both directions.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec

from factify_mock.model.world import World

ISSUER = "factify-mock"
# Long enough that a test may walk through several quota months with the tokens it was given.
LIFETIME = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a genuine token says; whether it has expired is a question to the world's clock."""

    sub: str  # user id
    email: str
    wld: str  # world id
    iat: int
    exp: int
    iss: str = ISSUER


_HEADER = urlsafe_b64encode(b'{"alg":"HS256","typ":"JWT"}').rstrip(b"=")
_decode_claims = msgspec.json.Decoder(Claims).decode


def claims_of(token: str) -> Claims | None:
    """What a token claims, whoever signed it; None for what is none."""
    parts = token.encode("utf-8", "replace").split(b".")
    return _claims(parts[1]) if len(parts) == 3 else None


def _claims(encoded: bytes) -> Claims | None:
    try:
        return _decode_claims(urlsafe_b64decode(encoded + b"=" * (-len(encoded) % 4)))
    except (msgspec.MsgspecError, Base64Error, UnicodeDecodeError):
        return None


class Signer:
    """Signs tokens and recognises its own; two signers of one seed recognise each other's."""

    def __init__(self, seed: int) -> None:
        self.secret = sha256(f"{ISSUER}/{seed}".encode()).digest()

    def issue(self, world: World, user_id: str, now: datetime, *, lifetime: timedelta = LIFETIME) -> str:
        """A token for a user of `world`, good until `lifetime` has passed on the world's clock."""
        issued = int(now.timestamp())
        email = world.tables.users[user_id].email
        claims = Claims(user_id, email, world.id, issued, issued + int(lifetime.total_seconds()))
        signed = _HEADER + b"." + urlsafe_b64encode(msgspec.json.encode(claims)).rstrip(b"=")
        return f"{signed.decode()}.{self._signature(signed).decode()}"

    def verify(self, token: str) -> Claims | None:
        """What a token of this signer claims; None for anything else, however malformed."""
        signed, _, signature = token.encode("utf-8", "replace").rpartition(b".")
        header, _, claims = signed.partition(b".")
        if header != _HEADER or not hmac.compare_digest(signature, self._signature(signed)):
            return None
        return _claims(claims)

    def seal(self, text: str) -> str:
        """What only this signer can put under `text`; no text is a token's, which begins otherwise."""
        return self._signature(text.encode()).decode()

    def _signature(self, signed: bytes) -> bytes:
        return urlsafe_b64encode(hmac.digest(self.secret, signed, "sha256")).rstrip(b"=")
