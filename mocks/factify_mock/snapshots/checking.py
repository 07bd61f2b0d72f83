"""Whether what a snapshot says fits together; the first thing that does not is named by its place.

What a schema can say has been checked before: fields, types, formats, prefixes of ids.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from factify_mock.model.errors import DomainError, invalid
from factify_mock.model.ids import number_of, suffix_at
from factify_mock.snapshots.rows import Row

Rows = Mapping[str, list[Row]]

# What no two rows of a list may have in common.
_UNIQUE: dict[str, tuple[tuple[str, ...], ...]] = {
    "users": (("id",), ("email",)),
    "organizations": (("id",),),
    "members": (("organization_id", "user_id"),),
    "logos": (("id",),),
    "invites": (("id",), ("token",)),
    "replaced_tokens": (("token",),),
    "api_keys": (("id",), ("secret",), ("bot_id",)),
    "policies": (("id",),),
    "documents": (("id",),),
    "versions": (("id",), ("document_id", "ordinal")),
    "grants": (("document_id", "recipient_id"),),
    "views": (("document_id", "viewer_id"),),
    "access_requests": (("id",),),
    "share_links": (("id",),),
    "events": (("id",),),
    "attachments": (("document_id", "policy_id"),),
    "usage": (("subject_id",),),
}
# The lists whose rows are named by other rows; bots are named as well.
_NAMED = ("users", "organizations", "invites", "api_keys", "policies", "documents", "versions")
# Ids that name nothing else. A message may be about something that is gone.
_OWN = {("api_keys", "bot_id"), ("versions", "record_id"), ("outbox", "invite_id")}
_OWN |= {("outbox", "organization_id"), ("outbox", "document_id")}


def require_consistent(snapshot: Mapping[str, Any], is_known_file: Callable[[str], bool]) -> None:
    """The snapshot makes sense as a whole; a DomainError names the place of what does not."""
    rows: Rows = snapshot["tables"]
    _require_unique(rows)
    known = {row["id"] for name in _NAMED for row in rows[name]} | {row["bot_id"] for row in rows["api_keys"]}
    for place, value in _references(snapshot):
        if value not in known:
            raise _fault(place, f"{value} is not in the snapshot")
    _require_owners(rows)
    _require_versions(rows)
    _require_ids_to_come(snapshot["ids"], rows)
    for name in ("versions", "logos"):
        for index, row in enumerate(rows[name]):
            if not is_known_file(row["sha256"]):
                message = (
                    "the file is not on this server; a snapshot taken with ?content=true brings it along"
                )
                raise _fault(f"tables.{name}[{index}].sha256", message)


def _fault(place: str, message: str) -> DomainError:
    return invalid(place, f"{place}: {message}")


def _require_unique(rows: Rows) -> None:
    for name, keys in _UNIQUE.items():
        for key in keys:
            seen = set()
            for index, row in enumerate(rows[name]):
                # Addresses that differ in case only are one.
                value = tuple(row[field].lower() if field == "email" else row[field] for field in key)
                if value in seen:
                    raise _fault(f"tables.{name}[{index}].{key[-1]}", f"{row[key[-1]]} is there already")
                seen.add(value)


def _references(snapshot: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The place and the value of every id that names something."""
    tables = snapshot["tables"]
    for name, rows in tables.items():
        if name.endswith("_limits"):
            yield from ((f"tables.{name}.{subject_id}", subject_id) for subject_id in rows)
        elif name == "open_invites":
            yield from ((f"tables.{name}[{index}]", each) for index, each in enumerate(rows))
        else:
            yield from _references_in(f"tables.{name}", name, rows)
    yield from _references_in("rate_windows", "rate_windows", snapshot["rate_windows"])
    for name, value in snapshot["identities"].items():
        for each in value if isinstance(value, list) else [value]:
            yield f"identities.{name}", each


def _references_in(place: str, name: str, rows: list[Row]) -> Iterator[tuple[str, str]]:
    for index, row in enumerate(rows):
        for field, value in row.items():
            if field.endswith(("_id", "_by")) and (name, field) not in _OWN:
                yield f"{place}[{index}].{field}", value


def _require_owners(rows: Rows) -> None:
    """Every organization has one owner, and every document one grant that says who it is."""
    owners: dict[str, list[str]] = defaultdict(list)
    for row in rows["members"]:
        if row["role"] == "owner":
            owners[row["organization_id"]].append(row["user_id"])
    for row in rows["grants"]:
        if row["role"] == "owner":
            owners[row["document_id"]].append(row["recipient_id"])
    for index, row in enumerate(rows["organizations"]):
        if len(owners[row["id"]]) != 1:
            raise _fault(
                f"tables.organizations[{index}].id", f"{row['id']} must have one member who is owner"
            )
    for index, row in enumerate(rows["documents"]):
        if owners[row["id"]] != [row["owner_id"]]:
            message = f"{row['id']} must have one grant of the role owner, to {row['owner_id']}"
            raise _fault(f"tables.documents[{index}].owner_id", message)


def _require_versions(rows: Rows) -> None:
    """Every document has versions counted from one, of which the current one is its own."""
    home = {row["id"]: row["document_id"] for row in rows["versions"]}
    ordinals: dict[str, list[int]] = defaultdict(list)
    for row in rows["versions"]:
        ordinals[row["document_id"]].append(row["ordinal"])
    for index, row in enumerate(rows["documents"]):
        place = f"tables.documents[{index}].current_version_id"
        if home[row["current_version_id"]] != row["id"]:
            raise _fault(place, f"{row['current_version_id']} is a version of another document")
        if sorted(ordinals[row["id"]]) != list(range(1, len(ordinals[row["id"]]) + 1)):
            raise _fault(place, f"the versions of {row['id']} must have the ordinals 1, 2, 3 and so on")


def _require_ids_to_come(ids: Mapping[str, Any], rows: Rows) -> None:
    """What the source of ids makes next is not there yet."""
    named = (row["id"] for table in rows.values() for row in table if isinstance(row, dict) and "id" in row)
    for each in named:
        suffix = each.partition("_")[2]
        number = number_of(suffix) if suffix else 0
        if number > ids["made"] and suffix == suffix_at(ids["origin"], number):
            raise _fault("ids.made", f"at least {number} were made, for {each} is number {number}")
