"""Handlers of an organization's API keys."""

from typing import Any

from factify_mock.api.arguments import instant, listing
from factify_mock.api.call import Call, Handler
from factify_mock.api.render import people
from factify_mock.model import api_keys
from factify_mock.model.pages import moment


def list_api_keys(call: Call) -> dict[str, Any]:
    """A page of the organization's keys, without their secrets."""
    found = api_keys.all_of(
        call.world,
        call.caller,
        call.query["organization_id"],
        include_revoked=call.query.get("include_revoked", False),
    )
    return listing(
        call,
        found,
        position=lambda each: (moment(each.created_at), each.id),
        descending=True,
        render=lambda each: people.api_key(each, call.now),
    )


def create_api_key(call: Call) -> dict[str, Any]:
    """The new key, and its secret for the only time."""
    key = api_keys.create(
        call.world,
        call.caller,
        call.now,
        organization_id=call.body["organization_id"],
        name=call.body["name"],
        expires_at=instant(call.body, "expires_at"),
    )
    return {"api_key": people.api_key(key, call.now), "secret": key.secret}


def revoke_api_key(call: Call) -> dict[str, Any]:
    """The revoked key."""
    key = api_keys.revoke(
        call.world,
        call.caller,
        call.now,
        key_id=call.path["api_key_id"],
        reason=call.body.get("reason"),
    )
    return {"api_key": people.api_key(key, call.now)}


HANDLERS: dict[str, Handler] = {
    "listApiKeys": list_api_keys,
    "createApiKey": create_api_key,
    "revokeApiKey": revoke_api_key,
}
