"""Identifiers and secrets in the API's formats; all follow from one text, so that they can be made again."""

from hashlib import shake_128

BASE32 = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's alphabet in lower case, as TypeID uses it
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
# Ten bits at a time: every object that is made needs an id.
_BASE32_PAIRS = tuple(first + second for first in BASE32 for second in BASE32)

# Ids are UUIDv7 whose time part counts up from this instant (2026-01-01T00:00:00Z, in milliseconds)
# instead of following the clock: they sort in order of creation even while time is frozen or set back,
# and the same origin gives the same ids whenever it is used.
_EPOCH_MS = 1_767_225_600_000


class Ids:
    """A source of fresh identifiers; two sources of one origin give equal sequences.

    `made` is how many things a source has made: another one of the same origin goes on from there.
    """

    __slots__ = ("made", "origin")

    def __init__(self, origin: str, made: int = 0) -> None:
        self.origin = origin
        self.made = made

    def new(self, prefix: str) -> str:
        """`prefix`, an underscore and 26 base32 characters; greater than every id made here before."""
        return f"{prefix}_{suffix_at(self.origin, self._next())}"

    def uuid(self) -> str:
        """A UUID in its 8-4-4-4-12 form."""
        return uuid_at(self.origin, self._next())

    def api_key_secret(self, environment: str) -> str:
        """`ffy_<environment>_`, 26 base32 and 43 base62 characters: 78 for `prod` and for `test`."""
        return secret_at(self.origin, self._next(), environment)

    def token(self, length: int) -> str:
        """`length` base62 characters that nobody guesses who does not know the origin."""
        return token_at(self.origin, self._next(), length)

    def _next(self) -> int:
        self.made += 1
        return self.made


def suffix_at(origin: str, number: int) -> str:
    """What follows the prefix in the id that a source of this origin makes as its `number`th thing."""
    return _base32(_uuid7(origin, number))


def uuid_at(origin: str, number: int) -> str:
    """The UUID that a source of this origin makes as its `number`th thing."""
    return _dashed(_uuid7(origin, number))


def secret_at(origin: str, number: int, environment: str) -> str:
    """The secret of an API key that a source of this origin makes as its `number`th thing."""
    return f"ffy_{environment}_{suffix_at(origin, number)}{token_at(origin, number, 43)}"


def token_at(origin: str, number: int, length: int) -> str:
    """The token that a source of this origin makes as its `number`th thing."""
    value = _random_bits(f"{origin}/{number}/token", length * 6)
    characters = []
    for _ in range(length):
        value, digit = divmod(value, 62)
        characters.append(BASE62[digit])
    return "".join(characters)


def number_of(suffix: str) -> int:
    """The number of the thing whose id ends in this suffix, if it was made by a source of this module."""
    return (_value_of(suffix) >> 80) - _EPOCH_MS


def suffix_of_uuid(uuid: str) -> str:
    """How a UUID would end an id."""
    return _base32(int(uuid.replace("-", ""), 16))


def uuid_of_suffix(suffix: str) -> str:
    """The UUID that ends an id in this way."""
    return _dashed(_value_of(suffix))


def _uuid7(origin: str, number: int) -> int:
    random_bits = _random_bits(f"{origin}/{number}", 74)
    high, low = random_bits >> 62, random_bits & ((1 << 62) - 1)
    return (_EPOCH_MS + number) << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low


def _random_bits(text: str, count: int) -> int:
    size = (count + 7) // 8
    return int.from_bytes(shake_128(text.encode()).digest(size), "big") >> (size * 8 - count)


def _base32(value: int) -> str:
    return "".join([_BASE32_PAIRS[value >> shift & 1023] for shift in range(120, -1, -10)])


def _dashed(value: int) -> str:
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _value_of(suffix: str) -> int:
    value = 0
    for character in suffix:
        value = value << 5 | BASE32.index(character)
    return value
