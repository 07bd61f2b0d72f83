"""Which errors the document makes possible: statuses, their codes, and the reasons that go with a code."""

from factify_mock.api.problems import STATUS_OF_CODE

# The document enumerates codes and reasons and says by their names which belong together. For a call that
# took too long or was given up there is no reason.
REASONS_OF_CODE: dict[str, tuple[str, ...]] = {
    "invalid_argument": (
        "invalid_field_value",
        "missing_required_field",
        "invalid_enum_value",
        "invalid_cursor",
        "invalid_id_format",
    ),
    "failed_precondition": ("precondition_failed", "feature_disabled"),
    "unauthenticated": (
        "invalid_token",
        "expired_token",
        "missing_api_key",
        "invalid_api_key",
        "expired_api_key",
        "authentication_required",
    ),
    "permission_denied": ("insufficient_permissions", "feature_disabled"),
    "not_found": ("resource_not_found",),
    "deadline_exceeded": (),
    "already_exists": ("resource_already_exists",),
    "resource_exhausted": ("rate_limit_exceeded", "quota_exceeded"),
    "canceled": (),
    "internal": ("internal_error",),
    "unknown": ("internal_error",),
    "unimplemented": ("unimplemented",),
    "unavailable": ("service_unavailable",),
}

MESSAGES = {
    "invalid_argument": "The request is invalid",
    "failed_precondition": "The state of the resource does not allow this",
    "unauthenticated": "The credentials are not accepted",
    "permission_denied": "You are not allowed to do this",
    "not_found": "The resource was not found",
    "deadline_exceeded": "The request took too long",
    "already_exists": "The resource exists already",
    "resource_exhausted": "Too many requests",
    "canceled": "The request was given up",
    "internal": "Something went wrong",
    "unknown": "Something went wrong",
    "unimplemented": "This is not possible yet",
    "unavailable": "The service is unavailable at the moment",
}


def codes_of_status(status: int) -> tuple[str, ...]:
    """The codes whose status this is, the usual one first; none where no error of the API has it."""
    codes = tuple(code for code, its in STATUS_OF_CODE.items() if its == status)
    # The document: `unknown` comes with 400 too, for a body that is not JSON.
    return (*codes, "unknown") if status == 400 else codes


def statuses() -> tuple[int, ...]:
    """The statuses that an error of the API can have."""
    return tuple(sorted(set(STATUS_OF_CODE.values())))
