"""How much of a request the mock takes in before it refuses the rest."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes; the documentation names only that of an upload."""

    # Far above every documented text, so that a text that is merely too long is refused by its own name.
    json: int = 16 * 1024 * 1024
    upload: int = 100 * 1024 * 1024
    # A world with its files; the machine's memory is the limit that matters.
    snapshot: int = 1024 * 1024 * 1024
    # All text parts of one form together.
    form_text: int = 1024 * 1024
    form_parts: int = 100
