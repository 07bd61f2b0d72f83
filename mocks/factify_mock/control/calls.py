"""What each control call does to the worlds."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from factify_contract.spec import parse_timestamp
from factify_mock import journal
from factify_mock.api.render.values import timestamp
from factify_mock.model import quotas, users
from factify_mock.model.errors import invalid, not_found, precondition
from factify_mock.model.rates import RateLimits
from factify_mock.model.records import Mail, User
from factify_mock.model.variants import Variants
from factify_mock.model.world import Settings, World
from factify_mock.mutants import MUTANTS
from factify_mock.tokens import LIFETIME
from factify_mock.variants import UnknownVariant, chosen, resolved
from factify_mock.worlds import FIRST_YEAR, LAST_YEAR, Sandbox, WorldOptions, Worlds

_LISTED_REQUESTS = 100


@dataclass(frozen=True, slots=True)
class ControlCall:
    """A control call that is valid against the control document."""

    worlds: Worlds
    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def sandbox(self) -> Sandbox:
        """The world that the path names; not_found when it is not there."""
        sandbox = self.worlds.get(self.path["world_id"])
        if sandbox is None:
            raise not_found("World", self.path["world_id"][:100])
        return sandbox

    @property
    def world(self) -> World:
        """The state of the world that the path names."""
        return self.sandbox.world


def get_health(call: ControlCall) -> dict[str, Any]:
    """That the server answers."""
    return {"status": "ok"}


def list_worlds(call: ControlCall) -> dict[str, Any]:
    """All worlds, oldest first, without their secrets."""
    return {"worlds": [_summary(sandbox) for sandbox in call.worlds]}


def create_world(call: ControlCall) -> dict[str, Any]:
    """A new world; what is not asked for is as the server was started with."""
    return {"world": call.worlds.create(_options(call.worlds.defaults, call.body)).ready}


def get_world(call: ControlCall) -> dict[str, Any]:
    """The world's ids, tokens and secrets, and how it behaves."""
    return {"world": call.sandbox.ready, "settings": _settings(call.world.settings)}


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
    at = None if given is None else _usable("now", parse_timestamp(given))
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
        _usable("body", clock.now() + by)
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
        quotas.set_requests(call.world, now, organization_id, used=call.body["requests_used"])
    return _quotas(call, organization_id)


def get_rate_limits(call: ControlCall) -> dict[str, Any]:
    """How fast callers of the world may be."""
    return {"rate_limits": _rate_limits(call.world.settings.rate_limits)}


def set_rate_limits(call: ControlCall) -> dict[str, Any]:
    """How fast callers may be from now on; what they called before does not count."""
    world = call.world
    world.settings = replace(world.settings, rate_limits=_limits_of(call.body["rate_limits"]))
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
}


def require_known_mutants(names: list[str]) -> frozenset[str]:
    """The names as a set; a DomainError names the first that is no mutant."""
    for name in names:
        if name not in MUTANTS:
            raise invalid("mutants", f"There is no mutant {name[:100]!r}; `factify-mock mutants` lists them")
    return frozenset(names)


def _options(defaults: WorldOptions, body: dict[str, Any]) -> WorldOptions:
    options = replace(defaults, seed=body.get("seed"))
    if "now" in body:
        now = None if body["now"] is None else _usable("now", parse_timestamp(body["now"]))
        options = replace(options, now=now)
    if "frozen" in body:
        options = replace(options, is_frozen=body["frozen"])
    settings = options.settings
    if "processing_seconds" in body:
        settings = replace(settings, processing_seconds=body["processing_seconds"])
    if "mutants" in body:
        settings = replace(settings, mutants=require_known_mutants(body["mutants"]))
    if "variants" in body:
        settings = replace(settings, variants=_variants(body["variants"], settings.variants))
    if "rate_limits" in body:
        settings = replace(settings, rate_limits=_limits_of(body["rate_limits"]))
    if "legacy" in body:
        settings = replace(settings, is_legacy=body["legacy"])
    return replace(options, settings=settings)


def _variants(choices: dict[str, str], base: Variants) -> Variants:
    try:
        return resolved(choices, base)
    except UnknownVariant as error:
        raise invalid("variants", str(error)) from error


def _limits_of(given: bool | dict[str, int]) -> RateLimits | None:
    """True means the documented limits, false none; an object gives numbers, of which any may be left out."""
    if isinstance(given, dict):
        return RateLimits(**given)
    return RateLimits() if given else None


def _rate_limits(limits: RateLimits | None) -> bool | dict[str, int]:
    return False if limits is None else asdict(limits)


def _settings(settings: Settings) -> dict[str, Any]:
    return {
        "processing_seconds": settings.processing_seconds,
        "mutants": sorted(settings.mutants),
        "variants": chosen(settings.variants),
        "rate_limits": _rate_limits(settings.rate_limits),
        "legacy": settings.is_legacy,
    }


def _usable(param: str, at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise invalid(param, f"A world's clock runs from {FIRST_YEAR} to {LAST_YEAR}, not in {at.year}")
    return at


def _user(world: World, body: dict[str, Any]) -> User:
    if "user_id" in body:
        user = world.tables.users.get(body["user_id"])
    else:
        user = users.by_email(world, body["email"])
    if user is None:
        raise not_found("User", body.get("user_id") or body["email"])
    return user


def _organization(call: ControlCall, given: dict[str, Any]) -> str:
    organization_id: str = given.get("organization_id") or call.sandbox.ready["organization_id"]
    if organization_id not in call.world.tables.organizations:
        raise not_found("Organization", organization_id[:100])
    return organization_id


def _set_limit(limits: dict[str, int], organization_id: str, body: dict[str, Any], name: str) -> None:
    """What is not given stays, null takes the limit away."""
    if body.get(name) is not None:
        limits[organization_id] = body[name]
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
