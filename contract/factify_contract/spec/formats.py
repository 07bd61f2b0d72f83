"""The string formats of the API: instants, base64 and prefixed identifiers."""

import base64
import binascii
import re
from datetime import UTC, datetime, timedelta
from functools import cache

# RFC 3339 section 5.6: a zone is compulsory, T and Z may be lower case, digits are ASCII.
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)

# 26 characters of Crockford's base 32 in lower case, as in every identifier of the document.
_ID_TAIL = "[0-9a-hjkmnp-tv-z]{26}"

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


def parse_timestamp(text: str) -> datetime:
    """The instant an RFC 3339 timestamp names, aware and in UTC; ValueError when it is none.

    Digits beyond the microsecond are cut off. A leap second (RFC 3339 section 5.7 allows it at
    23:59:60 UTC only) becomes the first instant of the next day. Instants outside the years 1 to 9999
    become the first or last instant that a datetime can hold, so a valid timestamp never fails here.
    """
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        raise ValueError(f"not an RFC 3339 timestamp with a zone: {text[:60]!r}")
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    offset = _offset(match[8], match[9], match[10])
    micro = int((match[7] or "")[:6].ljust(6, "0"))
    # A 400 year cycle later the calendar is the same, which gives year 0 (RFC 3339 has it) its leap day.
    local = datetime(year or 400, month, day, hour, minute, min(second, 59), micro, tzinfo=UTC)
    if second > 59 and (second > 60 or ((local.hour * 60 + local.minute) * 60 - offset) % 86400 != 86340):
        raise ValueError(f"no leap second can be there: {text[:60]!r}")
    if year == 0:
        return _FIRST
    try:
        return local + timedelta(seconds=(second > 59) - offset)
    except OverflowError:
        return _FIRST if year == 1 else _LAST


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> int:
    if sign is None or hours is None or minutes is None:
        return 0
    if int(hours) > 23 or int(minutes) > 59:
        raise ValueError(f"no such zone: {sign}{hours}:{minutes}")
    seconds = int(hours) * 3600 + int(minutes) * 60
    return seconds if sign == "+" else -seconds


def is_timestamp(text: object) -> bool:
    """Whether `text` is an RFC 3339 timestamp with a zone."""
    if not isinstance(text, str):
        return False
    try:
        parse_timestamp(text)
    except ValueError:
        return False
    return True


@cache
def _type_id(prefix: str) -> re.Pattern[str]:
    return re.compile(re.escape(prefix) + "_" + _ID_TAIL)


def is_type_id(text: object, prefix: str) -> bool:
    """Whether `text` is an identifier such as `doc_…`: the prefix, `_`, 26 base 32 characters."""
    return isinstance(text, str) and _type_id(prefix).fullmatch(text) is not None


def is_base64(text: str) -> bool:
    """Whether `text` is base64 in the standard alphabet with padding (RFC 4648 section 4)."""
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True
