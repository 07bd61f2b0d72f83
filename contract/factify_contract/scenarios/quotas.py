"""Moves around quotas that several stories make: keys, limits, calls until one is refused."""

from dataclasses import dataclass
from typing import Any

from factify_contract.scenarios.story import Answer, Api, Inconclusive, NotExercised, Person

# What counts as a request is not documented, so a limit may bite a few calls later than it says.
SLACK = 4


@dataclass(frozen=True, slots=True)
class Key:
    """An API key of the organization and the caller that uses it."""

    id: str
    user: Person
    created_at: str


def new_key(api: Api, word: str = "key") -> Key:
    """A new key without expiry, made by the owner; the story ends where none can be made."""
    answer = api.owner.call(
        "createApiKey", body={"organization_id": api.organization_id, "name": api.unique(word)[-63:]}
    )
    api.require(answer.status == 200, f"no API key could be made: {answer.exchange.line}")
    key = answer.body["api_key"]
    return Key(key["id"], api.as_token(word, answer.body["secret"]), key["created_at"])


def set_limit(api: Api, key: Key, limit: int) -> Answer:
    """What happens when the owner limits the key."""
    return api.owner.call("setAPIKeyQuota", api_key_id=key.id, body={"limit": limit})


def limited(api: Api, key: Key, limit: int) -> dict[str, Any]:
    """The key's quota after the owner limited it; the story ends where it could not be."""
    answer = set_limit(api, key, limit)
    api.require(answer.status == 200, f"no limit could be set: {answer.exchange.line}")
    quota: dict[str, Any] = answer.body["quota"]
    return quota


def remove_limit(api: Api, key: Key) -> Answer:
    """What happens when the owner removes the key's limit."""
    return api.owner.call("deleteAPIKeyQuota", api_key_id=key.id)


def quota_of(api: Api, key: Key) -> dict[str, Any] | None:
    """The key's entry in the list of key quotas; None when the list is without it."""
    answer = api.owner.call("listAPIKeyQuotas")
    api.require(answer.status == 200, f"the key quotas could not be read: {answer.exchange.line}")
    quotas = answer.body.get("quotas") or []
    return next((each for each in quotas if each.get("api_key_id") == key.id), None)


def organization_quota(person: Person) -> dict[str, Any]:
    """The request quota of the person's organization; the story ends where it cannot be read."""
    answer = person.call("getOrganizationQuota")
    if answer.status != 200:
        raise NotExercised(f"the quota could not be read: {answer.exchange.line}")
    quota: dict[str, Any] = answer.body["quota"]
    return quota


def document_quota(api: Api) -> dict[str, int]:
    """Used, limit and available documents; a number that is left out is 0."""
    answer = api.owner.call("getDocumentQuota")
    api.require(answer.status == 200, f"the document quota could not be read: {answer.exchange.line}")
    return {name: int(answer.body.get(name, 0)) for name in ("used", "limit", "available")}


def number(quota: dict[str, Any], name: str) -> int:
    """The number in a quota; one that is left out, or null, is 0."""
    return int(quota.get(name) or 0)


def left(quota: dict[str, Any]) -> int:
    """The requests left in a key's quota, from its limit and usage."""
    return max(0, number(quota, "limit") - number(quota, "current_usage"))


def ask(api: Api, person: Person) -> Answer:
    """One plain request that succeeds for everybody in the organization, as long as the quota lasts.

    A refusal that leaves open whether it is about the quota comes back at once.
    """
    answer = person.call("getOrganization", organization_id=api.organization_id, patient=False)
    if answer.refused == ("resource_exhausted", "rate_limit_exceeded"):
        answer = person.call("getOrganization", organization_id=api.organization_id)
    return answer


def ask_until_refused(api: Api, person: Person, most: int) -> tuple[int, Answer | None]:
    """How many requests succeed, and what ends them; None when `most` succeed."""
    for passed in range(most):
        answer = ask(api, person)
        if answer.status != 200:
            return passed, answer
    return most, None


def require_about_quota(answer: Answer, *, is_used_up: bool) -> None:
    """Ends the story where a refusal, of a quota that still has requests, is about something else."""
    code, reason = answer.refused or ("", None)
    if is_used_up or (code == "resource_exhausted" and reason in (None, "quota_exceeded")):
        return
    if answer.status == 429:
        raise Inconclusive(f"the rate limit came before the quota: {answer.exchange.line}")
    raise NotExercised(f"requests fail for other reasons: {answer.exchange.line}")
