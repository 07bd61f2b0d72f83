"""Single values in the form of the wire."""

from datetime import UTC, datetime


def timestamp(at: datetime) -> str:
    """RFC 3339 in UTC with `Z`; fractions of a second only where there are any."""
    text = at.astimezone(UTC).replace(tzinfo=None).isoformat()
    return f"{text}Z"
