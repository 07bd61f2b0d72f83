"""Errors of the tool itself, apart from findings about an API; each family has one exit code."""


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
    """Nothing answers at the target's address, or what answers is not HTTP."""


class Withheld(ContractError):
    """A request was not sent, since the user did not allow it; the message is the reason."""


class Unfit(Withheld):
    """A request was not sent, since nobody knows how to make one for this document; the message says why."""
