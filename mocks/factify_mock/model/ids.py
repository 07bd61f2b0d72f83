"""Identifiers and secrets in the API's formats, made from the randomness a world was given."""

from typing import Protocol

BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's alphabet in lower case, as TypeID uses it
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

# Ids are UUIDv7 whose time part counts up from this instant (2026-01-01T00:00:00Z, in milliseconds)
# instead of following the clock: they sort in order of creation even while time is frozen or set back,
# and the same seed gives the same ids whenever it is used.
_EPOCH_MS = 1_767_225_600_000


class Randomness(Protocol):
    """The part of random.Random that the model needs."""

    def getrandbits(self, k: int, /) -> int:
        """A non-negative integer of k random bits."""


class Ids:
    """A source of fresh identifiers; two sources with equal randomness give equal sequences."""

    def __init__(self, randomness: Randomness) -> None:
        self._randomness = randomness
        self._count = 0

    def new(self, prefix: str) -> str:
        """`prefix`, an underscore and 26 base32 characters; greater than every id made here before."""
        return f"{prefix}_{_base32(self._uuid7())}"

    def uuid(self) -> str:
        """A UUID in its 8-4-4-4-12 form."""
        digits = f"{self._uuid7():032x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def api_key_secret(self, environment: str) -> str:
        """`ffy_<environment>_`, 26 base32 and 43 base62 characters: 78 for `prod` and for `test`."""
        return f"ffy_{environment}_{_base32(self._uuid7())}{self.token(43)}"

    def token(self, length: int) -> str:
        """`length` random base62 characters."""
        value = self._randomness.getrandbits(length * 6)
        characters = []
        for _ in range(length):
            value, digit = divmod(value, 62)
            characters.append(BASE62[digit])
        return "".join(characters)

    def _uuid7(self) -> int:
        self._count += 1
        random_bits = self._randomness.getrandbits(74)
        high, low = random_bits >> 62, random_bits & ((1 << 62) - 1)
        return (_EPOCH_MS + self._count) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low


def _base32(value: int) -> str:
    return "".join(BASE32[value >> shift & 31] for shift in range(125, -1, -5))
