"""Errors of the tool itself, apart from findings about an API; each family has one exit code."""

from collections.abc import Iterable

# So near is a slip of the finger, and nothing else can have been meant.
_CERTAIN = 0.9
# So much of the beginning of a name tells which it is.
_TELLING = 3
_MOST_NAMED = 3


class ContractError(Exception):
    """The tool could not do its work; the message shows the offending value and the next step."""

    exit_code = 3


class UsageError(ContractError):
    """What the user gave cannot be used: an option, a file, a profile."""

    exit_code = 2


class DocumentError(UsageError):
    """The OpenAPI document is missing, unreadable or not OpenAPI."""


class ProfileError(UsageError):
    """The profile of a target is missing, unreadable or incomplete."""


class TargetUnreachable(ContractError):
    """Nothing answers at the target's address, or what answers is not HTTP, or not the API."""


class Withheld(ContractError):
    """A request was not sent, since the user did not allow it; the message is the reason."""


class Unfit(Withheld):
    """A request was not sent, since nobody knows how to make one for this document; the message says why."""


def advice_on(name: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """What to write instead of a name that is none: the nearest ones, else `otherwise` or all there are."""
    from difflib import get_close_matches  # noqa: PLC0415 - start-up time

    names = list(known)
    begun = [each for each in names if len(name) >= _TELLING and each.startswith(name)]
    near = (
        get_close_matches(name, names, n=1, cutoff=_CERTAIN)
        or begun[:_MOST_NAMED]
        or get_close_matches(name, names, n=_MOST_NAMED)
    )
    if not near:
        return otherwise or f"known are {', '.join(names)}"
    return f"did you mean {' or '.join(map(repr, near))}?"
