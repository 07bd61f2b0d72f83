"""Defects by which what was done to one reaches others, and small words are not taken at their word."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from factify_contract.spec.formats import parse_timestamp
from factify_mock.model import indexes
from factify_mock.model.permissions import PERMISSION_SETS
from factify_mock.mutants.bends import edits
from factify_mock.mutants.mutant import Bend, Json, Mutant

if TYPE_CHECKING:
    from factify_mock.api.call import Call

_DAY, _YEAR = timedelta(days=1), timedelta(hours=8760)


def _all_decided(call: "Call", body: Json) -> Json:
    requests = call.world.tables.access_requests[call.path["document_id"]]
    status = body["access_request"]["request_status"]
    requests.update({name: replace(each, status=status) for name, each in requests.items()})
    return body


def _detached_everywhere(call: "Call", body: Json) -> Json:
    for attached in call.world.tables.attachments.values():
        attached.pop(call.path["policy_id"], None)
    return body


def _all_detached(call: "Call", body: Json) -> Json:
    call.world.tables.attachments[call.path["document_id"]].clear()
    return body


def _only_this_one(call: "Call", body: Json) -> Json:
    attached = call.world.tables.attachments[call.path["document_id"]]
    for policy_id in attached.keys() - {call.body["policy_id"]}:
        del attached[policy_id]
    return body


def _same_role_for_all(call: "Call", body: Json) -> Json:
    tables = call.world.tables
    for grant in list(tables.grants[call.path["document_id"]].values()):
        if grant.role != "owner":
            indexes.put_grant(tables, replace(grant, role=call.body["document_role"]))
    return body


def _note_former_role(call: "Call") -> "Call":
    if call.operation.id == "updateDocumentAccess":
        document_id, recipient_id = call.path["document_id"], call.path["recipient_id"]
        held = call.world.tables.grants.get(document_id, {}).get(recipient_id)
        if held is not None:
            call.world.remembered.setdefault(f"role of {recipient_id} on {document_id}", held.role)
    return call


def _rights_of_former_role(call: "Call", body: Json) -> Json:
    if call.operation.id == "updateDocumentAccess":
        return body
    former = call.world.remembered.get(f"role of {call.caller.id} on {call.path['document_id']}")
    return {**body, "permission_set": PERMISSION_SETS[former]} if former else body


def _revoked_for_all(call: "Call", body: Json) -> Json:
    tables = call.world.tables
    for grant in list(tables.grants[call.path["document_id"]].values()):
        if grant.role != "owner":
            indexes.drop_grant(tables, grant)
    return body


def _namesakes_revoked(call: "Call", body: Json) -> Json:
    """Keys that were made within the same minute go with the one that is revoked."""
    keys = call.world.tables.api_keys
    first = keys[call.path["api_key_id"]]
    for each in list(keys.values()):
        is_alike = each.revoked_at is None and abs(each.created_at - first.created_at) < timedelta(minutes=1)
        if each.organization_id == first.organization_id and is_alike:
            keys[each.id] = replace(each, revoked_at=first.revoked_at)
    return body


def _all_unlimited(call: "Call", body: Json) -> Json:
    call.world.tables.key_limits.clear()
    return body


def _joined_now(call: "Call", body: Json) -> Json:
    members = call.world.tables.members[call.path["organization_id"]]
    member = members[call.path["user_id"]]
    members[member.user_id] = replace(member, joined_at=call.now)
    return body


def _with_the_left_ones(call: "Call", body: Json) -> Json:
    world = call.world
    if call.operation.id == "removeOrganizationMember":
        world.remembered[f"left by {call.path['user_id']}"] = call.path["organization_id"]
        return body
    left = world.remembered.get(f"left by {call.caller.id}")
    if left and not any(each["id"] == left for each in body["organizations"]):
        body["organizations"].append({"id": left, "name": "Former", "created_at": "2026-01-05T09:00:00Z"})
    return body


def _logo_forgotten(call: "Call", body: Json) -> Json:
    organizations = call.world.tables.organizations
    found = organizations[call.path["organization_id"]]
    if not call.body.get("logo_image_url"):
        organizations[found.id] = replace(found, logo_image_url=None)
    return body


def _new_owner_as_creator(call: "Call", body: Json) -> Json:
    documents = call.world.tables.documents
    found = documents[call.path["document_id"]]
    documents[found.id] = replace(found, created_by=found.owner_id)
    return body


def _by_the_owner(call: "Call", body: Json) -> Json:
    tables = call.world.tables
    version = tables.versions[body["id"]]
    owner = tables.documents[version.document_id].created_by
    tables.versions[version.id] = replace(version, created_by=owner)
    return body


def _any_word_is_true(name: str) -> Callable[["Call"], "Call"]:
    def question(call: "Call") -> "Call":
        return replace(call, query={**call.query, name: True}) if name in call.query else call

    return question


def _text(name: str, change: Callable[[str], str]) -> Callable[["Call"], "Call"]:
    """A text in the body is taken for what is made of it."""

    def question(call: "Call") -> "Call":
        value = call.body.get(name)
        return replace(call, body={**call.body, name: change(value)}) if isinstance(value, str) else call

    return question


def _without_tag(address: str) -> str:
    mailbox, _, domain = address.partition("@")
    return f"{mailbox.partition('+')[0]}@{domain}"


def _by_creation(query: Mapping[str, Any]) -> dict[str, Any]:
    sort = str(query.get("sort") or "")
    changed = {"sort": sort.replace("last_shared_at", "created_at")} if sort else {}
    return {**query, **changed}


def _decoded_twice(call: "Call") -> "Call":
    query: dict[str, Any] = dict(call.query)
    if "title_contains" in query:
        query["title_contains"] = unquote_plus(query["title_contains"])
    return replace(call, query=query)


def _expiry(change: Callable[[datetime, datetime], datetime]) -> Callable[["Call"], "Call"]:
    """A key's time of expiry is moved before anybody looks whether it can be."""

    def question(call: "Call") -> "Call":
        given = call.body.get("expires_at")
        if given is None:
            return call
        moved = change(parse_timestamp(given), call.now)
        return replace(call, body={**call.body, "expires_at": moved.isoformat()})

    return question


def _not_before_tomorrow(expiry: datetime, now: datetime) -> datetime:
    return now + _DAY if now - _DAY < expiry <= now else expiry


def _leap_year(expiry: datetime, now: datetime) -> datetime:
    return now + _YEAR if now + _YEAR < expiry <= now + _YEAR + _DAY else expiry


MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "access-requests.decided-together",
        "access-requests.decides-one",
        "Who decides about one request for a document decides about all that are pending.",
        edits("approveAccessRequest", "denyAccessRequest", by=_all_decided),
    ),
    Mutant(
        "policies.detached-everywhere",
        "policies.detach-leaves-others",
        "Detaching a policy from one document detaches it from all.",
        edits("detachDocumentPolicy", by=_detached_everywhere),
    ),
    Mutant(
        "policies.all-detached",
        "policies.detach-leaves-others",
        "Detaching one policy from a document detaches all of its policies.",
        edits("detachDocumentPolicy", by=_all_detached),
    ),
    Mutant(
        "policies.one-at-a-time",
        "policies.attach",
        "An attached policy takes the place of those that the document had.",
        edits("attachDocumentPolicy", by=_only_this_one),
    ),
    Mutant(
        "sharing.changed-for-all",
        "sharing.update-leaves-others",
        "Changing the role of one recipient gives the same role to all.",
        edits("updateDocumentAccess", by=_same_role_for_all),
    ),
    Mutant(
        "sharing.revoked-for-all",
        "sharing.revoke-leaves-others",
        "Revoking the access of one recipient revokes that of all.",
        edits("revokeDocumentAccess", by=_revoked_for_all),
    ),
    Mutant(
        "sharing.promoted-in-name",
        "sharing.update-changes-role",
        "Who is given another role is listed with it, and told the rights of the role before.",
        Bend(("updateDocumentAccess", "inspectDocumentAccess"), _note_former_role, _rights_of_former_role),
    ),
    Mutant(
        "api-keys.revoked-together",
        "api-keys.revoke-leaves-others",
        "Revoking a key revokes those that were made at about the same time.",
        edits("revokeApiKey", by=_namesakes_revoked),
    ),
    Mutant(
        "api-keys.false-is-true",
        "api-keys.list-hides-revoked",
        "include_revoked is taken for true whatever its value.",
        Bend(("listApiKeys",), question=_any_word_is_true("include_revoked")),
    ),
    Mutant(
        "api-keys.expiry-by-day",
        "api-keys.expiry-future",
        "A key may have expired earlier on the same day.",
        Bend(("createApiKey",), question=_expiry(_not_before_tomorrow)),
    ),
    Mutant(
        "api-keys.leap-year",
        "api-keys.expiry-within-year",
        "For the expiry of keys every year has 366 days.",
        Bend(("createApiKey",), question=_expiry(_leap_year)),
    ),
    Mutant(
        "quota.all-limits-removed",
        "request-quota.key-delete-leaves-others",
        "Removing the limit of one key removes those of all.",
        edits("deleteAPIKeyQuota", by=_all_unlimited),
    ),
    Mutant(
        "members.joined-when-changed",
        "members.update-keeps-joining",
        "Whose role is changed has joined at that moment.",
        edits("updateOrganizationMember", by=_joined_now),
    ),
    Mutant(
        "members.removed-keeps-organization",
        "users.me-organizations",
        "Who was removed from an organization finds it in his profile as before.",
        edits("getMe", "removeOrganizationMember", by=_with_the_left_ones),
    ),
    Mutant(
        "organizations.renamed-loses-logo",
        "organizations.update-omitted-keeps",
        "A new name takes an organization's logo away.",
        edits("updateOrganization", by=_logo_forgotten),
    ),
    Mutant(
        "transfer.rewrites-creator",
        "documents.create-by-caller",
        "Whoever gets a document by transfer counts as its creator.",
        edits("transferDocumentOwnership", by=_new_owner_as_creator),
    ),
    Mutant(
        "versions.made-by-the-owner",
        "versions.create-by-caller",
        "Every version names the creator of its document as its own.",
        edits("createDocumentVersion", by=_by_the_owner),
    ),
    Mutant(
        "documents.owned-means-created",
        "documents.list-ownership",
        "Listed as one's own are the documents that one created, whoever owns them.",
    ),
    Mutant(
        "documents.shared-means-created",
        "documents.list-sort",
        "Sorted by last_shared_at, documents come in the order of their creation.",
        Bend(("listDocuments",), question=lambda call: replace(call, query=_by_creation(call.query))),
    ),
    Mutant(
        "documents.false-scope-is-true",
        "documents.list-organization-scope",
        "organization_scope is taken for true whatever its value.",
        Bend(("listDocuments",), question=_any_word_is_true("organization_scope")),
    ),
    Mutant(
        "documents.title-filter-decoded-twice",
        "documents.list-title-contains",
        "What title_contains looks for is decoded once more than it was encoded.",
        Bend(("listDocuments",), question=_decoded_twice),
    ),
    Mutant(
        "documents.description-on-one-line",
        "documents.update-description",
        "Blanks take the place of the ends of lines in a description.",
        Bend(("updateDocument",), question=_text("description", lambda text: text.replace("\n", " "))),
    ),
    Mutant(
        "invites.tag-lost",
        "invites.create-names",
        "What follows a plus sign in an invited address is left out.",
        Bend(("createOrganizationInvite",), question=_text("email", _without_tag)),
    ),
    Mutant(
        "trash.link-stays-open",
        "trash.revokes-link-access",
        "Trashing closes what is open to the organization, and leaves open what is open to everybody.",
    ),
    Mutant(
        "invites.listed-as-stored",
        "invites.list-status",
        "For the list's filter an invitation stays pending when its time has come.",
    ),
    Mutant(
        "timeline.for-owners-only",
        "timeline.admin-sees-all",
        "Of those who administer a document only its owner sees all of its events.",
    ),
)
