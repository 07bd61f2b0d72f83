"""One form of JSON for everything that is hashed or signed."""

import json
from typing import Any


def canonical_json(value: Any) -> bytes:
    """The value as JSON with sorted names, without blanks, in ASCII; equal values give equal bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
