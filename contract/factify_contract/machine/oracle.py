"""The oracle: what a call must come to, and what everybody must see, by documented rules alone.

It is naive on purpose. Where nobody promises anything, and where nobody knows how things are, it says EITHER.
"""

from dataclasses import dataclass

from factify_contract.machine.knowledge import (
    ADMIN,
    INVITEE,
    MEMBER,
    ORGANIZATION,
    OUT,
    OWNER,
    RESTRICTED,
    ROLES,
    UNSURE,
    Knowledge,
)

CHIEFS = (OWNER, ADMIN)
CLOSED = ("permission_denied", "not_found")
REFUSED = ("invalid_argument", "failed_precondition", "permission_denied", "not_found", "already_exists")


@dataclass(frozen=True, slots=True)
class Expected:
    """Yes, no, or (None) either. `clause` is the promise; a refusal has one of the `codes`, if any."""

    done: bool | None
    clause: str = ""
    codes: tuple[str, ...] = ()


EITHER = Expected(None)


def must(clause: str) -> Expected:
    """It has to be carried out, or to be there."""
    return Expected(True, clause)


def never(clause: str, *codes: str) -> Expected:
    """It has to be refused, or to be missing."""
    return Expected(False, clause, codes)


# What promises an act on an active document to its creator, and its refusal to strangers and to viewers.
_HANDLING = {
    "rename document": (
        "documents.update-title", "documents.outsider-refused", "sharing.viewer-cannot-change",
    ),
    "add version": (
        "versions.create-returns-version", "versions.outsider-refused", "sharing.viewer-cannot-change",
    ),
    "list versions": ("versions.create-keeps-older", "versions.outsider-refused", ""),
    "share document": (
        "sharing.grant-gives-access", "sharing.outsider-refused", "sharing.viewer-cannot-share",
    ),
    "change role": (
        "sharing.update-changes-role", "sharing.outsider-refused", "sharing.viewer-cannot-share",
    ),
    "unshare document": (
        "sharing.revoke-takes-access", "sharing.outsider-refused", "sharing.viewer-cannot-share",
    ),
    "list recipients": ("sharing.grant-listed", "sharing.outsider-refused", ""),
    "set level": (
        "general-access.set-then-get", "general-access.outsider-refused", "general-access.viewer-cannot-set",
    ),
    "read level": ("general-access.set-then-get", "general-access.outsider-refused", ""),
    "trash document": ("trash.answers-empty", "trash.outsider-refused", "trash.viewer-refused"),
    "restore document": ("trash.restore-answers-empty", "trash.outsider-refused", ""),
}  # fmt: skip
_TRASH_LISTED = {
    "": "trash.leaves-default-list",
    "active": "trash.not-listed-as-active",
    "trashed": "trash.listed-as-trashed",
    "either": "trash.listed-in-either",
}


def is_plain(known: Knowledge, who: str) -> bool:
    """Whether somebody certainly has no rights but those given by name or level."""
    return known.members.get(who) in (OUT, MEMBER)


def reading(known: Knowledge, who: str, name: str) -> Expected:
    """Reading a document by its id."""
    document = known.documents[name]
    if who == document.creator:
        again = "trash.restore-owner-keeps-rights"
        clause = again if document.was_restored else "documents.get-returns-document"
        return EITHER if document.is_trashed else must(clause)
    if who in document.roles:
        return EITHER if document.roles[who] == UNSURE else must("sharing.grant-gives-access")
    role = known.members.get(who)
    if document.level == ORGANIZATION and document.is_ours and role is not None:
        if role == OUT:
            return never("general-access.organization-closes-outside", *CLOSED)
        return must("general-access.organization-opens")
    if document.level != RESTRICTED or not is_plain(known, who):
        return EITHER
    clause = document.lost.get(who) or document.lost.get("", "documents.outsider-refused")
    return never(clause, *(REFUSED if document.is_trashed else CLOSED))


def handling(known: Knowledge, who: str, act: str, name: str) -> Expected:
    """Any other act on a document."""
    document = known.documents[name]
    to_creator, to_strangers, to_viewers = _HANDLING[act]
    if who == document.creator:
        is_sure = document.is_trashed is (act == "restore document")
        return must(to_creator) if is_sure else EITHER
    if reading(known, who, name).done is False:
        if act == "restore document" and document.lost.get(who) == "trash.revokes-grants":
            to_strangers = "trash.former-recipient-cannot-restore"
        is_odd = document.is_trashed or act == "restore document"
        return never(to_strangers, *(REFUSED if is_odd else CLOSED))
    role = document.roles.get(who, UNSURE)
    if document.level != RESTRICTED or role == UNSURE or not is_plain(known, who):
        return EITHER
    if role == "viewer" and to_viewers:
        return never(to_viewers, *REFUSED)
    return never("trash.owner-only", *REFUSED) if act == "trash document" else EITHER


def listed(known: Knowledge, who: str, name: str, state: str) -> Expected:
    """Whether a document is in the list of somebody who asks for a trash state, for either, or for none."""
    document = known.documents[name]
    if who == document.creator:
        is_shown = state == "either" or (state == "trashed") is document.is_trashed
        if document.is_trashed:
            return Expected(is_shown, _TRASH_LISTED[state])
        if document.was_restored:
            clause = "trash.restore-lists-again" if is_shown else "trash.restore-leaves-trash"
        else:
            clause = "documents.list-shows-own" if is_shown else "documents.list-trash-state"
        return Expected(is_shown, clause)
    if reading(known, who, name).done is False:
        lost = "trash.leaves-lists-of-others" if document.is_trashed else "documents.list-hides-foreign"
        return never(lost)
    if document.is_trashed or state == "trashed" or document.roles.get(who, UNSURE) == UNSURE:
        return EITHER
    return must("sharing.listed-for-recipient")


def managing(known: Knowledge, who: str, to_strangers: str, to_members: str = "") -> Expected:
    """What takes a right: refused to strangers, and to plain members where that is written."""
    role = known.members.get(who)
    if role == OUT:
        return never(to_strangers, *REFUSED)
    return never(to_members, *REFUSED) if role == MEMBER and to_members else EITHER


def adding(known: Knowledge, who: str, whom: str, role: str) -> Expected:
    """Making somebody a member."""
    mine, theirs = known.members.get(who), known.members.get(whom)
    if mine not in CHIEFS:
        return managing(known, who, "members.outsider-refused", "members.add-needs-manage")
    if role == OWNER:
        return never("members.add-owner-refused", *REFUSED)
    if theirs in ROLES:
        return never("members.add-twice-refused", *REFUSED)
    return must("members.add") if theirs == OUT and (mine == OWNER or role == MEMBER) else EITHER


def promoting(known: Knowledge, who: str, whom: str, role: str) -> Expected:
    """Changing a member's role."""
    mine, theirs = known.members.get(who), known.members.get(whom)
    if mine not in CHIEFS:
        return managing(known, who, "members.outsider-refused", "members.update-needs-manage")
    if theirs == OWNER or role == OWNER:
        return never(f"members.update-{'owner' if theirs == OWNER else 'to-owner'}-refused", *REFUSED)
    return must("members.update-role") if mine == OWNER and theirs in ROLES and theirs != role else EITHER


def removing(known: Knowledge, who: str, whom: str) -> Expected:
    """Ending a membership."""
    mine, theirs = known.members.get(who), known.members.get(whom)
    if theirs == OWNER:
        return never("members.remove-owner-refused", *REFUSED)
    if who == whom:
        return must("members.remove-self") if mine in ROLES else EITHER
    if mine not in CHIEFS:
        return managing(known, who, "members.outsider-refused", "members.remove-needs-manage")
    return must("members.remove") if theirs == MEMBER or (mine == OWNER and theirs == ADMIN) else EITHER


def viewing_members(known: Knowledge, who: str) -> Expected:
    """Reading the list of members."""
    role = known.members.get(who)
    if role != OUT:
        return must("members.list") if role else EITHER
    was_removed = known.why.get(who) == "members.remove"
    return never("members.remove-ends-access" if was_removed else "members.list-outsider-refused", *CLOSED)


def inviting(known: Knowledge, who: str) -> Expected:
    """Inviting the invitee."""
    theirs = known.members.get(INVITEE)
    if known.members.get(who) not in CHIEFS:
        return managing(known, who, "invites.outsider-refused")
    if theirs in ROLES:
        return never("invites.member-refused", "failed_precondition")
    return must("invites.create-pending") if theirs == OUT else EITHER


def resending(known: Knowledge, who: str, name: str) -> Expected:
    """Sending an invitation again; nobody says what happens beside another one that is pending."""
    if known.members.get(who) not in CHIEFS or known.members.get(INVITEE) != OUT:
        return managing(known, who, "invites.outsider-refused")
    settled = ("accepted", "revoked", "expired")
    is_alone = all(
        other is known.invites[name] or known.state(each) in settled for each, other in known.invites.items()
    )
    clauses = {"pending": "invites.resend-same-invite", "expired": "invites.resend-after-expiry"}
    clause = clauses.get(known.state(name) or "")
    return must(clause) if clause and is_alone else EITHER


def withdrawing(known: Knowledge, who: str, name: str) -> Expected:
    """Revoking an invitation."""
    if known.members.get(who) not in CHIEFS:
        return managing(known, who, "invites.outsider-refused", "invites.revoke-needs-manage")
    return must("invites.revoke-status") if known.state(name) == "pending" else EITHER


def accepting(known: Knowledge, who: str, name: str, *, newest: bool) -> Expected:
    """Accepting an invitation with its newest token, or with an older one."""
    state, role = known.state(name), known.members.get(who)
    is_good = state == "pending" and newest and known.invites[name].is_token_sure
    settled = ("failed_precondition", "not_found")
    if who != INVITEE:
        is_plainly_wrong = is_good and role == OUT
        return never(
            "invites.accept-wrong-person", *(("permission_denied",) if is_plainly_wrong else REFUSED)
        )
    if state == "accepted":
        return never("invites.accept-once", *settled)
    if role in ROLES:
        return never("invites.accept-member-refused", *(settled if is_good else REFUSED))
    if state == "revoked":
        return never("invites.accept-revoked", *REFUSED)
    if state == "expired":
        return never("invites.accept-expired", *(("not_found",) if role == OUT else REFUSED))
    return must("invites.accept-joins") if is_good and role == OUT else EITHER


def using(known: Knowledge, name: str) -> Expected:
    """A plain request with a key."""
    key = known.keys[name]
    if key.is_revoked:
        return never("api-keys.revoke-at-once", "unauthenticated")
    if key.limit is None:
        return must("request-quota.key-delete-works-again" if key.was_limited else "api-keys.secret-works")
    if key.most == 0:
        return never("request-quota.key-enforced")
    return must("request-quota.key-not-early") if key.least > 0 else EITHER
