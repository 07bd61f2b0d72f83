"""Defects of API keys, and of who is let in."""

from dataclasses import replace
from typing import TYPE_CHECKING

from factify_mock.mutants.bends import (
    assumes,
    edits,
    ignores,
    in_charge,
    lacks,
    open_to_nobody_known,
    open_to_strangers,
    puts,
)
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call


def _show_secrets(call: "Call", body: Json) -> Json:
    for each in body["items"]:
        each["secret"] = call.world.tables.api_keys[each["id"]].secret
    return body


def _show_reason(call: "Call", body: Json) -> Json:
    key = body["api_key"]
    key["revoke_reason"] = call.world.tables.api_keys[key["id"]].revoke_reason
    return body


def _prefix_of_id(call: "Call", body: Json) -> Json:
    key = body["api_key"]
    key["key_prefix"] = f"ffy_test_{key['id'][-7:]}..."
    return body


def _own_organization(call: "Call") -> "Call":
    return replace(call, query={"organization_id": call.caller.organization_id, **call.query})


def _as_owner(call: "Call") -> "Call":
    return replace(call, actor=in_charge(call) or call.actor)


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "api-keys.no-secret",
        "api-keys.create-returns-secret",
        "A new key is answered without its secret.",
        lacks("createApiKey", "secret"),
    ),
    Mutant(
        "api-keys.short-secret",
        "api-keys.secret-form",
        "The secrets of new keys are one character short.",
    ),
    Mutant(
        "api-keys.secret-listed",
        "api-keys.secret-once",
        "The list of keys shows their secrets.",
        edits("listApiKeys", by=_show_secrets),
    ),
    Mutant(
        "api-keys.works-a-minute-later",
        "api-keys.secret-works",
        "A new key is not known for a minute.",
    ),
    Mutant(
        "api-keys.prefix-of-another",
        "api-keys.prefix-of-secret",
        "The prefix of a key is made of its id.",
        edits("createApiKey", by=_prefix_of_id),
    ),
    Mutant(
        "api-keys.name-cut-off",
        "api-keys.create-echoes",
        "A key keeps no more than eight characters of its name.",
    ),
    Mutant(
        "api-keys.expires-in-the-past",
        "api-keys.expiry-future",
        "A key can be made that has expired.",
    ),
    Mutant(
        "api-keys.lives-for-ever",
        "api-keys.expiry-within-year",
        "A key may live longer than a year.",
    ),
    Mutant(
        "api-keys.expires-by-default",
        "api-keys.expiry-optional",
        "A key without expiry expires after ninety days.",
    ),
    Mutant(
        "api-keys.expired-accepted",
        "api-keys.expired-refused",
        "An expired key goes on working.",
    ),
    Mutant(
        "api-keys.expired-shown-active",
        "api-keys.expired-inactive",
        "The list calls every key active.",
        puts("listApiKeys", "items[].is_active", True),
    ),
    Mutant(
        "api-keys.revoked-shown-active",
        "api-keys.active-agrees",
        "Revoking answers with a key that is active.",
        puts("revokeApiKey", "api_key.is_active", True),
    ),
    Mutant(
        "api-keys.newest-not-listed",
        "api-keys.list",
        "The newest key is not in the list.",
    ),
    Mutant(
        "api-keys.lists-own-organization",
        "api-keys.list-needs-organization",
        "Without an organization the list shows the keys of the caller's own.",
        Bend(("listApiKeys",), question=_own_organization, overlooked=frozenset({"organization_id"})),
    ),
    Mutant(
        "api-keys.revoked-listed",
        "api-keys.list-hides-revoked",
        "Revoked keys are listed unless they are declined.",
        assumes("listApiKeys", include_revoked=True),
    ),
    Mutant(
        "api-keys.revoked-never-listed",
        "api-keys.list-includes-revoked",
        "Revoked keys are in no list, even if they are asked for.",
        ignores("listApiKeys", "include_revoked"),
    ),
    Mutant(
        "api-keys.expired-not-listed",
        "api-keys.list-includes-expired",
        "Expired keys are in no list.",
    ),
    Mutant(
        "api-keys.revoked-at-unknown",
        "api-keys.revoke-sets-time",
        "A revoked key does not say when it was revoked.",
        lacks("revokeApiKey", "api_key.revoked_at"),
    ),
    Mutant(
        "api-keys.revoked-works-on",
        "api-keys.revoke-at-once",
        "A revoked key goes on working for five minutes.",
    ),
    Mutant(
        "api-keys.reason-shown",
        "api-keys.revoke-reason-hidden",
        "A revoked key shows why it was revoked.",
        edits("revokeApiKey", by=_show_reason),
    ),
    Mutant(
        "api-keys.stranger-may-list",
        "api-keys.outsider-refused",
        "Somebody from outside may list an organization's keys.",
        open_to_strangers("listApiKeys"),
    ),
    Mutant(
        "api-keys.stranger-may-create",
        "api-keys.outsider-refused",
        "Somebody from outside may make keys of an organization.",
        open_to_strangers("createApiKey"),
    ),
    Mutant(
        "api-keys.stranger-may-revoke",
        "api-keys.outsider-refused",
        "Somebody from outside may revoke an organization's keys.",
        open_to_strangers("revokeApiKey"),
    ),
    Mutant(
        "authentication.not-required",
        "authentication.required",
        "Documents are listed without credentials.",
        open_to_nobody_known("listDocuments"),
    ),
    Mutant(
        "authentication.forgery-accepted",
        "authentication.unknown-token-refused",
        "Any token is good for reading one's profile.",
        open_to_nobody_known("getMe"),
    ),
    Mutant(
        "authentication.everybody-is-owner",
        "authentication.user-token-accepted",
        "Every user of an organization is taken for its owner.",
        Bend(("getMe",), question=_as_owner),
    ),
    Mutant(
        "authentication.keys-refused",
        "authentication.api-key-accepted",
        "No API key is accepted.",
    ),
    Mutant(
        "authentication.keys-are-people",
        "authentication.user-only-refuses-key",
        "An API key may do what only its maker should.",
    ),
)
