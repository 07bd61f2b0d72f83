"""Why the model refuses a call: one exception with a documented code and reason; the API maps it to HTTP."""


class DomainError(Exception):
    """A rule of the API forbids the call; nothing in the world has changed.

    `code` and `reason` are values of the document's error enums, `param` names the offending input
    and is set for validation errors only.
    """

    def __init__(self, code: str, reason: str, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.param = param


def invalid(param: str, message: str, *, reason: str = "invalid_field_value") -> DomainError:
    """An argument that no state of the world could make acceptable."""
    return DomainError("invalid_argument", reason, message, param=param)


def missing(param: str, message: str) -> DomainError:
    """An argument that the call makes no sense without."""
    return invalid(param, message, reason="missing_required_field")


def not_found(what: str, identifier: str) -> DomainError:
    """The thing is not there, or the caller may not know that it is."""
    return DomainError("not_found", "resource_not_found", f"{what} {identifier} not found")


def forbidden(message: str) -> DomainError:
    """The caller is known but lacks the permission."""
    return DomainError("permission_denied", "insufficient_permissions", message)


def precondition(message: str) -> DomainError:
    """The call is well formed, but the state of the world does not allow it now."""
    return DomainError("failed_precondition", "precondition_failed", message)


def already_exists(message: str) -> DomainError:
    """The thing to be made is there already."""
    return DomainError("already_exists", "resource_already_exists", message)


def quota_exceeded(message: str) -> DomainError:
    """A quota, not the rate limit, is used up."""
    return DomainError("resource_exhausted", "quota_exceeded", message)


def unavailable(message: str) -> DomainError:
    """The server cannot do this now; the same call may succeed later."""
    return DomainError("unavailable", "service_unavailable", message)
