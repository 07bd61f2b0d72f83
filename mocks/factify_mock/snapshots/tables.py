"""The tables of a world as lists of rows, and back again with all indexes over them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar

from factify_contract.spec import parse_timestamp
from factify_mock.api.render.values import timestamp
from factify_mock.model.indexes import put_document, put_grant
from factify_mock.model.records import (
    AccessRequest,
    ApiKey,
    Attachment,
    Document,
    Event,
    Grant,
    Invite,
    Logo,
    Mail,
    Membership,
    Organization,
    Policy,
    ShareLink,
    User,
    Version,
)
from factify_mock.model.world import Tables, Usage
from factify_mock.snapshots.rows import Row, record_of, row_of

T = TypeVar("T")

# Which record the rows of a list are; the other lists are written and read by hand below.
RECORDS: dict[str, type[Any]] = {
    "users": User,
    "organizations": Organization,
    "members": Membership,
    "invites": Invite,
    "api_keys": ApiKey,
    "policies": Policy,
    "documents": Document,
    "versions": Version,
    "grants": Grant,
    "access_requests": AccessRequest,
    "share_links": ShareLink,
    "events": Event,
    "attachments": Attachment,
    "outbox": Mail,
}


def written(tables: Tables, digest: Callable[[Logo], str]) -> dict[str, Any]:
    """The tables by name, in an order that keeps what the order of records means.

    `digest` says where the content of a logo can be found. What the trash of a defective world left
    behind of documents that are gone is left out.
    """
    listed: dict[str, Iterable[Any]] = {
        "users": tables.users.values(),
        "organizations": tables.organizations.values(),
        "members": _memberships(tables),
        "invites": _inner(tables.invites),
        "api_keys": tables.api_keys.values(),
        "policies": tables.policies.values(),
        "documents": tables.documents.values(),
        "versions": tables.versions.values(),
        "grants": _inner(tables.grants),
        "access_requests": _of_documents(tables, {k: v.values() for k, v in tables.access_requests.items()}),
        "share_links": (each for each in tables.share_links.values() if each.document_id in tables.documents),
        "events": _of_documents(tables, tables.events),
        "attachments": _of_documents(tables, {k: v.values() for k, v in tables.attachments.items()}),
        "outbox": tables.outbox,
    }
    rows: dict[str, Any] = {name: [row_of(each) for each in records] for name, records in listed.items()}
    return {
        **rows,
        "open_invites": [each for opened in tables.open_invites.values() for each in opened.values()],
        "replaced_tokens": list(_replaced_tokens(tables)),
        "logos": [_logo(each, digest(each)) for each in tables.logos.values()],
        "views": list(_views(tables)),
        "usage": [_usage(subject_id, each) for subject_id, each in tables.usage.items()],
        "request_limits": dict(tables.request_limits),
        "key_limits": dict(tables.key_limits),
        "document_limits": dict(tables.document_limits),
    }


def completed(rows: Mapping[str, Any]) -> dict[str, Any]:
    """The rows with empty lists in place of those that are left out, and with the open invitations."""
    lists: dict[str, Any] = {name: [] for name in (*RECORDS, "logos", "replaced_tokens", "views", "usage")}
    limits: dict[str, Any] = {name: {} for name in ("request_limits", "key_limits", "document_limits")}
    whole = {**lists, **limits, **rows}
    whole.setdefault("open_invites", list(_latest(whole["invites"]).values()))
    return whole


def _latest(invites: Iterable[Row]) -> dict[tuple[str, str], str]:
    """Of the pending invitations to one address the one that lives longest."""
    pending = (row for row in invites if row.get("status", "pending") == "pending")
    by_expiry = sorted(pending, key=lambda row: (parse_timestamp(row["expires_at"]), row["id"]))
    return {(row["organization_id"], row["email"].lower()): row["id"] for row in by_expiry}


def read(rows: Mapping[str, Any], content: Callable[[str], bytes]) -> Tables:
    """The tables that the rows describe; the rows have to be valid and to fit together.

    `content` gives the bytes that have a digest.
    """
    tables = Tables()
    _read_people(tables, rows)
    _read_invites(tables, rows)
    _read_documents(tables, rows)
    for row in rows["logos"]:
        logo = Logo(row["id"], row["organization_id"], row["media_type"], content(row["sha256"]))
        tables.logos[logo.id] = logo
    for row in rows["usage"]:
        tables.usage[row["subject_id"]] = Usage(row["period"], row["count"], dict(row["days"]))
    tables.outbox = list(_records(Mail, rows["outbox"]))
    tables.request_limits = dict(rows["request_limits"])
    tables.key_limits = dict(rows["key_limits"])
    tables.document_limits = dict(rows["document_limits"])
    return tables


def _read_people(tables: Tables, rows: Mapping[str, Any]) -> None:
    for user in _records(User, rows["users"]):
        tables.users[user.id] = user
        tables.user_by_email[user.email.lower()] = user.id
    for organization in _records(Organization, rows["organizations"]):
        tables.organizations[organization.id] = organization
        tables.members[organization.id] = {}
        tables.invites[organization.id] = {}
    for member in _records(Membership, rows["members"]):
        tables.members[member.organization_id][member.user_id] = member
        joined = tables.organizations_of.get(member.user_id, ())
        tables.organizations_of[member.user_id] = (*joined, member.organization_id)
    for key in _records(ApiKey, rows["api_keys"]):
        tables.api_keys[key.id] = key
        tables.key_by_secret[key.secret] = key.id
        tables.key_by_bot[key.bot_id] = key.id
    tables.policies = {each.id: each for each in _records(Policy, rows["policies"])}


def _read_invites(tables: Tables, rows: Mapping[str, Any]) -> None:
    homes: dict[str, Invite] = {}
    for invite in _records(Invite, rows["invites"]):
        homes[invite.id] = tables.invites[invite.organization_id][invite.id] = invite
        tables.invite_by_token[invite.token] = (invite.organization_id, invite.id)
    for invite_id in rows["open_invites"]:
        invite = homes[invite_id]
        tables.open_invites.setdefault(invite.organization_id, {})[invite.email.lower()] = invite.id
    for row in rows["replaced_tokens"]:
        invite = homes[row["invite_id"]]
        tables.invite_by_token[row["token"]] = (invite.organization_id, invite.id)


def _read_documents(tables: Tables, rows: Mapping[str, Any]) -> None:
    for document in _records(Document, rows["documents"]):
        put_document(tables, document)
    for version in _records(Version, rows["versions"]):
        tables.versions[version.id] = version
    for version in sorted(tables.versions.values(), key=lambda each: each.ordinal):
        earlier = tables.versions_of.get(version.document_id, ())
        tables.versions_of[version.document_id] = (*earlier, version.id)
    for grant in _records(Grant, rows["grants"]):
        put_grant(tables, grant)
    for row in rows["views"]:
        viewed_at = parse_timestamp(row["viewed_at"])
        tables.views.setdefault(row["document_id"], {})[row["viewer_id"]] = viewed_at
    for request in _records(AccessRequest, rows["access_requests"]):
        tables.access_requests.setdefault(request.document_id, {})[request.id] = request
    tables.share_links = {each.id: each for each in _records(ShareLink, rows["share_links"])}
    for event in _records(Event, rows["events"]):
        tables.events.setdefault(event.document_id, []).append(event)
    for attachment in _records(Attachment, rows["attachments"]):
        tables.attachments.setdefault(attachment.document_id, {})[attachment.policy_id] = attachment


def _records(kind: type[T], rows: Iterable[Row]) -> Iterator[T]:
    return (record_of(kind, row) for row in rows)


def _inner(table: Mapping[str, Mapping[str, T]]) -> Iterator[T]:
    return (each for inner in table.values() for each in inner.values())


def _of_documents(tables: Tables, by_document: Mapping[str, Iterable[T]]) -> Iterator[T]:
    return (each for document_id in tables.documents for each in by_document.get(document_id, ()))


def _memberships(tables: Tables) -> Iterator[Membership]:
    """Person by person, each one's organizations in the order of joining, which times may not tell."""
    for user_id, joined in tables.organizations_of.items():
        for organization_id in joined:
            yield tables.members[organization_id][user_id]


def _replaced_tokens(tables: Tables) -> Iterator[Row]:
    """Former tokens of invitations, which only a defective world still accepts."""
    for token, (organization_id, invite_id) in tables.invite_by_token.items():
        if tables.invites[organization_id][invite_id].token != token:
            yield {"token": token, "invite_id": invite_id}


def _logo(logo: Logo, sha256: str) -> Row:
    return {
        "id": logo.id,
        "organization_id": logo.organization_id,
        "media_type": logo.media_type,
        "sha256": sha256,
    }


def _views(tables: Tables) -> Iterator[Row]:
    views: Iterator[tuple[str, str, datetime]] = (
        (document_id, viewer_id, at)
        for document_id in tables.documents
        for viewer_id, at in tables.views.get(document_id, {}).items()
    )
    for document_id, viewer_id, at in views:
        yield {"document_id": document_id, "viewer_id": viewer_id, "viewed_at": timestamp(at)}


def _usage(subject_id: str, usage: Usage) -> Row:
    return {
        "subject_id": subject_id,
        "period": usage.period,
        "count": usage.count,
        "days": dict(sorted(usage.days.items())),
    }
