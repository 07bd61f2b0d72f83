"""Acts on API keys: made, used, limited and revoked."""

from typing import Any

from factify_contract.machine.knowledge import OUT, OWNER, KnownKey
from factify_contract.machine.oracle import EITHER, REFUSED, Expected, must, never, using
from factify_contract.machine.play import Play
from factify_contract.machine.script import Step

# An older guide allows five active keys; one of them is the profile's.
_SURELY_ALLOWED = 3


def _of_owner(play: Play, step: Step, to_owner: Expected, to_strangers: str) -> Expected:
    """What is expected of an act that is the owner's for certain, and no stranger's."""
    if play.known.members.get(step.by) == OUT:
        return never(to_strangers, *REFUSED)
    return to_owner if step.by == OWNER else EITHER


def create(play: Play, step: Step) -> None:
    """A person makes an API key."""
    body = {"organization_id": play.api.organization_id, "name": play.api.unique("key")[-63:]}
    answer = play.call(step, "createApiKey", body=body)
    is_allowed = play.is_alone and len(play.known.keys) < _SURELY_ALLOWED
    expected = must("api-keys.create-returns-secret") if is_allowed else EITHER
    if play.came_to(answer, _of_owner(play, step, expected, "api-keys.outsider-refused")):
        key, secret = answer.body["api_key"], answer.body["secret"]
        play.ids[step.makes] = key["id"]
        play.callers[step.makes] = play.api.as_token(step.makes.replace(" ", "-"), secret)
        play.known.keys[step.makes] = KnownKey()


def use(play: Play, step: Step) -> None:
    """Somebody reads the organization with a key."""
    known = play.known.keys[step.on]
    caller = play.callers[step.on]
    answer = caller.call("getOrganization", organization_id=play.api.organization_id, patient=False)
    is_about_quota = known.limit is not None or known.was_limited
    done = play.came_to(answer, using(play.known, step.on), is_about_quota=is_about_quota)
    play.known.used_key(step.on, was_answered=bool(done))


def revoke(play: Play, step: Step) -> None:
    """A person revokes a key."""
    answer = play.call(step, "revokeApiKey", api_key_id=play.ids[step.on])
    known = play.known.keys[step.on]
    expected = EITHER if known.is_revoked else must("api-keys.revoke-sets-time")
    done = play.came_to(answer, _of_owner(play, step, expected, "api-keys.outsider-refused"))
    if done is None:
        play.known.forget(step.on)
    if done:
        key = answer.body["api_key"]
        is_ended = key.get("revoked_at") is not None and key.get("is_active") is not True
        play.equals("api-keys.revoke-sets-time", "revoked and not active", is_ended, True)
        known.is_revoked = True


def list_keys(play: Play, step: Step) -> None:
    """A person lists the keys; with the value `all` also those that were revoked."""
    with_revoked = step.value == "all"
    query = {
        "organization_id": play.api.organization_id,
        "include_revoked": with_revoked,
        "page_size": 100,
    }
    answer = play.call(step, "listApiKeys", query=query)
    expected = _of_owner(play, step, EITHER, "api-keys.outsider-refused")
    if not play.came_to(answer, expected):
        return
    shown = [item["id"] for item in answer.body.get("items") or []]
    if (answer.body.get("pagination") or {}).get("next_page_token"):
        return
    for name, known in play.known.keys.items():
        clause = "api-keys.list"
        if known.is_revoked:
            clause = "api-keys.list-includes-revoked" if with_revoked else "api-keys.list-hides-revoked"
        is_listed = with_revoked or not known.is_revoked
        play.equals(clause, "in the list of keys", play.ids[name] in shown, is_listed)


def limit(play: Play, step: Step) -> None:
    """A person limits a key to `value` requests in a month."""
    answer = play.call(step, "setAPIKeyQuota", body={"limit": int(step.value)}, api_key_id=play.ids[step.on])
    known = play.known.keys[step.on]
    clause = "request-quota.key-set" if known.limit is None else "request-quota.key-set-again"
    expected = EITHER if known.is_revoked else must(clause)
    done = play.came_to(answer, _of_owner(play, step, expected, "request-quota.key-outsider-refused"))
    if done is None:
        play.known.forget(step.on)
    if done:
        quota = answer.body["quota"]
        play.equals(clause, "limit", quota.get("limit"), int(step.value))
        _learn(play, step.on, int(step.value), quota)


def _learn(play: Play, name: str, most: int, quota: dict[str, Any]) -> None:
    known = play.known.keys[name]
    usage = int(quota.get("current_usage") or 0)
    if known.usage is not None and known.uses:
        play.equals("request-quota.key-usage-grows", "usage has grown", usage > known.usage, True)
    play.known.limited(name, most, max(0, most - usage))
    known.usage, known.uses = usage, 0


def unlimit(play: Play, step: Step) -> None:
    """A person removes the limit of a key."""
    answer = play.call(step, "deleteAPIKeyQuota", api_key_id=play.ids[step.on])
    known = play.known.keys[step.on]
    is_promised = known.limit is not None and not known.is_revoked
    expected = must("request-quota.key-delete-empty") if is_promised else EITHER
    done = play.came_to(answer, _of_owner(play, step, expected, "request-quota.key-outsider-refused"))
    if done is None:
        play.known.forget(step.on)
    if done:
        play.known.limited(step.on, None, None)
        known.usage = None


def read_quotas(play: Play, step: Step) -> None:
    """A person reads the limits of the keys, and how much of them is used."""
    answer = play.call(step, "listAPIKeyQuotas")
    if not play.came_to(answer, EITHER) or step.by != OWNER:
        return
    shown = {each.get("api_key_id"): each for each in answer.body.get("quotas") or []}
    for name, known in play.known.keys.items():
        quota = shown.get(play.ids[name])
        if known.is_revoked:
            continue
        if known.limit is not None:
            listed = quota.get("limit") if quota else None
            play.equals("request-quota.key-listed", "limit in the list", listed, known.limit)
        elif quota is not None and known.was_limited:
            play.equals("request-quota.key-delete-unlists", "limit in the list", quota.get("limit"), None)
        if quota is not None and known.limit is not None:
            _learn(play, name, known.limit, quota)


ACTS = {
    "create key": create,
    "use key": use,
    "revoke key": revoke,
    "list keys": list_keys,
    "limit key": limit,
    "unlimit key": unlimit,
    "read quotas": read_quotas,
}
