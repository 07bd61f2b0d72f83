"""What each control call does to the worlds."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any

from factify_contract.spec import parse_timestamp
from factify_mock import journal
from factify_mock.api.render.values import timestamp
from factify_mock.behaviour import rate_limit_words, rate_limits_of, settings_of, words_of
from factify_mock.control import exam, faults, processing, snapshots
from factify_mock.control.call import ControlCall
from factify_mock.model import quotas, users
from factify_mock.model.errors import invalid, not_found, precondition, unavailable
from factify_mock.model.records import Mail, User
from factify_mock.model.world import World
from factify_mock.tokens import LIFETIME
from factify_mock.worlds import LAST_YEAR, Sandbox, WorldOptions, within_years

_LISTED_REQUESTS = 100


def get_health(call: ControlCall) -> dict[str, Any]:
    """That the server answers."""
    return {"status": "ok"}


def get_readiness(call: ControlCall) -> dict[str, Any]:
    """That API calls would be served; a refusal where an upload could not be kept."""
    if not call.blobs.is_writable():
        raise unavailable("The folder for uploaded files cannot be written; set TMPDIR to one that can")
    return {"status": "ready", "world_id": call.worlds.default.id, "worlds": len(call.worlds)}


def list_worlds(call: ControlCall) -> dict[str, Any]:
    """All worlds, oldest first, without their secrets."""
    return {"worlds": [_summary(sandbox) for sandbox in call.worlds]}


def create_world(call: ControlCall) -> dict[str, Any]:
    """A new world; what is not asked for is as the server was started with."""
    return {"world": call.worlds.create(_options(call)).ready}


def get_world(call: ControlCall) -> dict[str, Any]:
    """The world's ids, tokens and secrets, and how it behaves."""
    return {"world": call.sandbox.ready, "settings": words_of(call.world.settings)}


def reset_world(call: ControlCall) -> dict[str, Any]:
    """The world as it began."""
    sandbox = call.sandbox
    call.worlds.reset(sandbox)
    return {"world": sandbox.ready}


def delete_world(call: ControlCall) -> dict[str, Any]:
    """The world is gone; the first one cannot go."""
    if call.sandbox is call.worlds.default:
        raise precondition("The server's first world cannot be deleted; reset it instead")
    call.worlds.delete(call.sandbox)
    return {}


def issue_token(call: ControlCall) -> dict[str, Any]:
    """A token for any user of the world."""
    user = _user(call.world, call.body)
    lifetime = timedelta(seconds=call.body["seconds"]) if "seconds" in call.body else LIFETIME
    token = call.worlds.signer.issue(call.world, user.id, call.world.clock.now(), lifetime=lifetime)
    return {"user_id": user.id, "token": token}


def get_clock(call: ControlCall) -> dict[str, Any]:
    """The world's present."""
    return _clock(call.world)


def set_clock(call: ControlCall) -> dict[str, Any]:
    """The present is what was asked for, and time stands still or runs on; what was not asked for stays."""
    clock = call.world.clock
    given = call.body.get("now")
    at = None if given is None else within_years("now", parse_timestamp(given))
    is_frozen = call.body.get("frozen", clock.is_frozen)
    if "now" in call.body and at is None:
        clock.follow_wall()
    if is_frozen:
        clock.freeze(at)
    else:
        clock.resume()
        if at is not None:
            clock.set(at)
    return _clock(call.world)


def advance_clock(call: ControlCall) -> dict[str, Any]:
    """The present is later by the sum of what the body says."""
    by = timedelta(**call.body)
    clock = call.world.clock
    try:
        within_years("body", clock.now() + by)
    except OverflowError:
        raise invalid("body", f"No clock can be moved beyond the year {LAST_YEAR}") from None
    clock.advance(by)
    return _clock(call.world)


def list_outbox(call: ControlCall) -> dict[str, Any]:
    """The messages of the world, oldest first."""
    to, kind = call.query.get("to"), call.query.get("kind")
    return {
        "messages": [
            _message(mail)
            for mail in call.world.tables.outbox
            if (to is None or mail.to.lower() == to.lower()) and (kind is None or mail.kind == kind)
        ]
    }


def clear_outbox(call: ControlCall) -> dict[str, Any]:
    """No message is left."""
    call.world.tables.outbox.clear()
    return {}


def get_quotas(call: ControlCall) -> dict[str, Any]:
    """Limits and usage of an organization."""
    return _quotas(call, _organization(call, call.query))


def set_quotas(call: ControlCall) -> dict[str, Any]:
    """Limits and usage after they were set."""
    tables = call.world.tables
    organization_id = _organization(call, call.body)
    _set_limit(tables.request_limits, organization_id, call.body, "requests_limit")
    _set_limit(tables.document_limits, organization_id, call.body, "documents_limit")
    if "requests_used" in call.body:
        now = call.world.clock.now()
        quotas.set_requests(call.world, now, organization_id, used=int(call.body["requests_used"]))
    return _quotas(call, organization_id)


def get_rate_limits(call: ControlCall) -> dict[str, Any]:
    """How fast callers of the world may be."""
    return {"rate_limits": rate_limit_words(call.world.settings.rate_limits)}


def set_rate_limits(call: ControlCall) -> dict[str, Any]:
    """How fast callers may be from now on; what they called before does not count."""
    world = call.world
    world.settings = replace(world.settings, rate_limits=rate_limits_of(call.body["rate_limits"]))
    world.windows.clear()
    return get_rate_limits(call)


def list_requests(call: ControlCall) -> dict[str, Any]:
    """The latest calls that the world received, oldest first."""
    record = call.sandbox.journal
    newest = record.newest_first(call.query.get("operation_id"))
    chosen = islice(newest, call.query.get("limit", _LISTED_REQUESTS))
    rendered = [
        journal.as_json(entry, record.request_id(entry.ordinal), timestamp(entry.at)) for entry in chosen
    ]
    return {"requests": rendered[::-1]}


def clear_requests(call: ControlCall) -> dict[str, Any]:
    """No call is on record."""
    call.sandbox.journal.clear()
    return {}


CALLS: dict[str, Callable[[ControlCall], dict[str, Any]]] = {
    "getHealth": get_health,
    "getReadiness": get_readiness,
    "listWorlds": list_worlds,
    "createWorld": create_world,
    "getWorld": get_world,
    "resetWorld": reset_world,
    "deleteWorld": delete_world,
    "issueToken": issue_token,
    "getClock": get_clock,
    "setClock": set_clock,
    "advanceClock": advance_clock,
    "listOutbox": list_outbox,
    "clearOutbox": clear_outbox,
    "getQuotas": get_quotas,
    "setQuotas": set_quotas,
    "getRateLimits": get_rate_limits,
    "setRateLimits": set_rate_limits,
    "listRequests": list_requests,
    "clearRequests": clear_requests,
    **exam.CALLS,
    **faults.CALLS,
    **processing.CALLS,
    **snapshots.CALLS,
}


def _options(call: ControlCall) -> WorldOptions:
    body, options = call.body, call.worlds.defaults
    beginning = snapshots.beginning_of(call)
    if beginning is not None:
        options = beginning.begin(options)
    options = replace(options, seed=body.get("seed"))
    if "now" in body:
        now = None if body["now"] is None else within_years("now", parse_timestamp(body["now"]))
        options = replace(options, now=now)
    if "frozen" in body:
        options = replace(options, is_frozen=body["frozen"])
    return replace(options, settings=settings_of(body, options.settings))


def _user(world: World, body: dict[str, Any]) -> User:
    given: str = body["user_id"] if "user_id" in body else body["email"]
    user = world.tables.users.get(given) if "user_id" in body else users.by_email(world, given)
    if user is None:
        raise not_found("User", given[:100])
    return user


def _organization(call: ControlCall, given: dict[str, Any]) -> str:
    organization_id: str = given.get("organization_id") or call.sandbox.ready["organization_id"]
    if organization_id not in call.world.tables.organizations:
        raise not_found("Organization", organization_id[:100])
    return organization_id


def _set_limit(limits: dict[str, int], organization_id: str, body: dict[str, Any], name: str) -> None:
    """What is not given stays, null takes the limit away."""
    if body.get(name) is not None:
        limits[organization_id] = int(body[name])
    elif name in body:
        limits.pop(organization_id, None)


def _quotas(call: ControlCall, organization_id: str) -> dict[str, Any]:
    requests = quotas.of_organization(call.world, call.world.clock.now(), organization_id)
    documents = quotas.of_documents(call.world, organization_id)
    return {
        "requests_limit": requests.limit,
        "requests_used": requests.used,
        "documents_limit": documents.limit,
        "documents_used": documents.used,
    }


def _summary(sandbox: Sandbox) -> dict[str, Any]:
    return {"id": sandbox.id, "organization_id": sandbox.ready["organization_id"], **_clock(sandbox.world)}


def _clock(world: World) -> dict[str, Any]:
    return {"now": timestamp(world.clock.now()), "frozen": world.clock.is_frozen}


def _message(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "to": mail.to,
        "kind": mail.kind,
        "sent_at": timestamp(mail.sent_at),
        "subject": mail.subject,
        "token": mail.token,
        "invite_id": mail.invite_id,
        "organization_id": mail.organization_id,
        "document_id": mail.document_id,
    }
