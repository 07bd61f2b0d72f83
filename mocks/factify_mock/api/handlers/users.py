"""Handlers of the caller's own account."""

from typing import Any

from factify_mock.api.call import Call, Handler
from factify_mock.api.render import people
from factify_mock.model import users


def get_me(call: Call) -> dict[str, Any]:
    """The caller and the organizations it belongs to."""
    user = users.require_user(call.world, call.caller)
    joined = users.organizations_of(call.world, user.id)
    return {"user": people.user(user), "organizations": [people.organization(each) for each in joined]}


def get_user_preferences(call: Call) -> dict[str, Any]:
    """How far the caller got with the introduction."""
    preferences = users.preferences(call.world, call.caller)
    return {
        "has_completed_document_tour": preferences.has_completed_document_tour,
        "has_completed_hub_onboarding": preferences.has_completed_hub_onboarding,
    }


HANDLERS: dict[str, Handler] = {"getMe": get_me, "getUserPreferences": get_user_preferences}
