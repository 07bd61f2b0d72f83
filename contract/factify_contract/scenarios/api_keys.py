"""API keys: made with a secret that is told once, used, expired and revoked."""

from typing import Any

from factify_contract.scenarios.paging import a_third_of, comes_in_pages, paged
from factify_contract.scenarios.steps import (
    CLOSED,
    REFUSALS,
    every,
    ids,
    instant,
    own_organization,
    refuses_malformed,
    shifted,
    unknown_id,
)
from factify_contract.scenarios.story import Answer, Api, Person, story

_SUITE = "api-keys"


def _create(api: Api, person: Person, **fields: Any) -> Answer:
    """What happens when the person makes a key for the organization."""
    body = {"organization_id": api.organization_id, "name": api.unique("key")[-63:], **fields}
    return person.call("createApiKey", body=body)


def _listed(api: Api, *, with_revoked: bool | None = None) -> dict[str, dict[str, Any]]:
    """The organization's keys by id, as the owner's list has them."""
    query: dict[str, Any] = {"organization_id": api.organization_id}
    if with_revoked is not None:
        query["include_revoked"] = with_revoked
    return {key["id"]: key for key in every(api.owner, "listApiKeys", query=query)}


def _use(api: Api, secret: str) -> Answer:
    """What happens when somebody calls with the secret."""
    caller = api.as_token("new-key", secret)
    return caller.call("getOrganization", organization_id=api.organization_id)


@story(suite=_SUITE, title="A key is made, and its secret told once", needs=("owner",), smoke=True)
def made(api: Api) -> None:
    """What the owner gets for a name, what the list shows of it, and that it works."""
    name = api.unique("key")[-63:]
    answer = _create(api, api.owner, name=name).succeeds("api-keys.create-returns-secret")
    api.equals("api-keys.create-returns-secret", "secret given", bool(answer.get("secret")), True)
    key, secret = answer["api_key"], answer["secret"]
    api.equals("api-keys.create-echoes", "name", key["name"], name)
    api.equals("api-keys.create-echoes", "organization", key["organization_id"], api.organization_id)
    api.equals("api-keys.create-echoes", "is_active", key["is_active"], True)
    api.equals("api-keys.expiry-optional", "expires_at", key.get("expires_at"), None)
    parts = secret.split("_", 2)
    is_formed = len(parts) == 3 and parts[0] == "ffy" and parts[1] in ("prod", "test") and len(parts[2]) == 69
    shown = "ffy_, prod or test, _, 69 characters"
    api.holds("api-keys.secret-form", is_formed, expected=shown, actual=f"{len(secret)} characters")
    beginning = key["key_prefix"].rstrip(".…")
    is_beginning = bool(beginning) and secret.startswith(beginning)
    api.equals("api-keys.prefix-of-secret", "the secret begins with key_prefix", is_beginning, True)

    _use(api, secret).succeeds("api-keys.secret-works")
    listing = api.owner.call("listApiKeys", query={"organization_id": api.organization_id})
    listing.succeeds("api-keys.list")
    is_told = secret in listing.exchange.content.decode("utf-8", "replace")
    api.equals("api-keys.secret-once", "the secret is in the list", is_told, False)
    api.equals("api-keys.list", "in the list", key["id"] in _listed(api), True)
    second = _create(api, api.owner).succeeds("api-keys.create-returns-secret")
    api.equals("identifiers.unique", "the same id twice", second["api_key"]["id"] == key["id"], False)


@story(suite=_SUITE, title="A revoked key stops at once", needs=("owner",), smoke=True)
def revoked(api: Api) -> None:
    """One of two keys is revoked: it is refused, hidden from the list, and the reason is told nobody."""
    answer, other = _create(api, api.owner).body, _create(api, api.owner).body
    key, secret = answer["api_key"], answer["secret"]
    api.require(_use(api, secret).status == 200, "the new key does not work")
    reason = api.unique("left-the-company")
    revocation = api.owner.call("revokeApiKey", api_key_id=key["id"], body={"reason": reason})
    gone = revocation.succeeds("api-keys.revoke-sets-time")["api_key"]
    api.equals("api-keys.revoke-sets-time", "revoked key", gone["id"], key["id"])
    api.equals("api-keys.revoke-sets-time", "revoked_at is given", bool(gone.get("revoked_at")), True)
    api.equals("api-keys.revoke-sets-time", "is_active", gone["is_active"], False)

    _use(api, secret).is_refused("api-keys.revoke-at-once", codes=("unauthenticated",))
    former = api.as_token("revoked-key", secret)
    query: dict[str, Any] = {"organization_id": api.organization_id}
    for operation_id, asked in (("listDocuments", None), ("listApiKeys", query), ("getDocumentQuota", None)):
        tried = former.call(operation_id, query=asked)
        tried.is_refused("api-keys.revoke-at-once", codes=("unauthenticated",))
    is_out = _use(api, other["secret"]).status == 401
    api.equals("api-keys.revoke-leaves-others", "the other key is refused as invalid", is_out, False)
    api.equals("api-keys.list-hides-revoked", "in the list", key["id"] in _listed(api), False)
    without = _listed(api, with_revoked=False)
    api.equals("api-keys.list-hides-revoked", "in the list of the others", key["id"] in without, False)
    whole = _listed(api, with_revoked=True)
    api.equals("api-keys.list-includes-revoked", "in the list of all", key["id"] in whole, True)
    is_active = whole.get(other["api_key"]["id"], {}).get("is_active")
    api.equals("api-keys.revoke-leaves-others", "the other key is active", is_active, True)
    both = other["api_key"]["id"] in whole
    api.equals("api-keys.list-includes-revoked", "the active one in the list of all", both, True)
    listing = api.owner.call("listApiKeys", query={**query, "include_revoked": True})
    for shown in (revocation, listing):
        is_told = reason in shown.exchange.content.decode("utf-8", "replace")
        api.equals("api-keys.revoke-reason-hidden", "the reason is in the answer", is_told, False)


@story(suite=_SUITE, title="A key expires", needs=("owner", "clock"))
def expired(api: Api) -> None:
    """Made for an hour, the key works, then no longer, and stays in the list."""
    now = _create(api, api.owner).body["api_key"]["created_at"]
    ends = shifted(now, hours=1)
    answer = _create(api, api.owner, expires_at=ends).body
    key, secret = answer["api_key"], answer["secret"]
    api.equals("api-keys.create-echoes", "expires_at", instant(key["expires_at"]), instant(ends))
    _use(api, secret).succeeds("api-keys.secret-works")

    api.clock.advance(hours=1, minutes=1)
    _use(api, secret).is_refused("api-keys.expired-refused", codes=("unauthenticated",))
    listed = _listed(api).get(key["id"])
    api.equals("api-keys.list-includes-expired", "in the list", listed is not None, True)
    if listed is not None:
        api.equals("api-keys.expired-inactive", "is_active", listed["is_active"], False)


@story(suite=_SUITE, title="Keys that cannot be made", needs=("owner", "outsider"))
def not_made(api: Api) -> None:
    """Expiry in the past or too far ahead, and keys for other people's organizations."""
    now = _create(api, api.owner).body["api_key"]["created_at"]
    past = _create(api, api.owner, expires_at=shifted(now, minutes=-1))
    past.is_refused("api-keys.expiry-future", codes=("invalid_argument",))
    distant = _create(api, api.owner, expires_at=shifted(now, hours=8760 + 1))
    distant.is_refused("api-keys.expiry-within-year", codes=("invalid_argument",))
    near = _create(api, api.owner, expires_at=shifted(now, hours=8760 - 1))
    near.succeeds("api-keys.expiry-within-year")
    unnamed = api.owner.call("listApiKeys")
    unnamed.is_refused("api-keys.list-needs-organization", codes=("invalid_argument",))

    key = near.body["api_key"]["id"]
    for tried in (
        _create(api, api.outsider),
        api.outsider.call("listApiKeys", query={"organization_id": api.organization_id}),
        api.outsider.call("revokeApiKey", api_key_id=key),
    ):
        tried.is_refused("api-keys.outsider-refused", codes=CLOSED)
    api.equals("api-keys.outsider-refused", "the key is still in the list", key in _listed(api), True)
    missing = api.owner.call("revokeApiKey", api_key_id=unknown_id(key))
    if missing.is_refused("identifiers.unknown-refused", codes=CLOSED):
        missing.is_refused("identifiers.unknown-is-not-found", codes=("not_found",))
    wrong = api.owner.call("revokeApiKey", api_key_id=key.removeprefix("key_"))
    refuses_malformed(wrong)


@story(suite=_SUITE, title="Keys of two organizations", needs=("owner", "outsider"))
def kept_apart(api: Api) -> None:
    """Each has its own; neither is in the other's list, nor opens it."""
    elsewhere = own_organization(api.outsider)
    body = {"organization_id": elsewhere, "name": api.unique("key")[-63:]}
    ours, theirs = _create(api, api.owner), api.outsider.call("createApiKey", body=body)
    for made in (ours, theirs):
        api.require(made.status == 200, f"no key could be made: {made.exchange.line}")
    homes = {each["organization_id"] for each in _listed(api, with_revoked=True).values()}
    api.equals("api-keys.list", "organizations of the listed keys", sorted(homes), [api.organization_id])
    for made, organization_id in ((ours, elsewhere), (theirs, api.organization_id)):
        intruder = api.as_token("key-from-outside", made.body["secret"])
        looked = intruder.call("listApiKeys", query={"organization_id": organization_id})
        looked.is_refused("api-keys.outsider-refused", codes=CLOSED)


@story(suite=_SUITE, title="Keys come in pages", needs=("owner",))
def listed_in_pages(api: Api) -> None:
    """The organization's keys, a third of them to a page."""
    for _ in range(4):
        _create(api, api.owner)
    whole = list(_listed(api))
    query = {"organization_id": api.organization_id}
    comes_in_pages(api, paged(api.owner, "listApiKeys", size=a_third_of(whole), query=query), whole)


@story(suite=_SUITE, title="Keys act where keys may", needs=("owner", "api_key"))
def used(api: Api) -> None:
    """A key reads its organization, and is refused what is for users."""
    seen = api.key.call("getOrganization", organization_id=api.organization_id)
    organization = seen.succeeds("authentication.api-key-accepted")["organization"]
    api.equals("authentication.api-key-accepted", "organization", organization["id"], api.organization_id)
    for operation_id in ("getMe", "getUserPreferences"):
        answer = api.key.call(operation_id)
        # How they are refused is not documented: as callers, or because there is no user to be found.
        codes = (*REFUSALS, "unauthenticated")
        answer.is_refused("authentication.user-only-refuses-key", codes=codes)
    listing = api.key.call("listOrganizations")
    api.require(listing.status == 200, f"keys do not list organizations: {listing.exchange.line}")
    mine = ids(listing.body.get("items") or [])
    api.equals("organizations.list-mine", "in the key's list", api.organization_id in mine, True)
