"""Single values in the form of the wire."""

from datetime import UTC, datetime
from functools import lru_cache


# Lists show the same instants again and again, and to write one takes as long as the rest of a document.
@lru_cache(maxsize=16_384)
def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with `Z`; fractions of a second only where there are any."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"{text}Z"
