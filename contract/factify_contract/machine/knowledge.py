"""What a play has learned of an organization: sets and counters, and None or UNSURE for what nobody knows."""

from dataclasses import dataclass, field

OWNER, ADMIN, MEMBER, OUTSIDER, INVITEE = "owner", "admin", "member", "outsider", "invitee"
API_KEY = "api_key"
PEOPLE = (OWNER, ADMIN, MEMBER, OUTSIDER, INVITEE)
ROLES = (OWNER, ADMIN, MEMBER)
# What somebody without a role is to the organization, and a role on a document that nobody is sure of.
OUT, UNSURE = "out", "unsure"
RESTRICTED, ORGANIZATION = "restricted", "organization"
DAYS_TO_ACCEPT = 7

# The clause behind somebody's loss of a document, and what becomes of it when the document is restored.
_RESTORED = {
    "trash.revokes-grants": "trash.restore-keeps-grants-revoked",
    "trash.revokes-general-access": "trash.restore-keeps-general-access-revoked",
}


@dataclass(slots=True, frozen=False)
class KnownDocument:
    """A document. `roles` are those given by name, `level` is its general access.

    `lost` has for everybody who lost it (and under "" for all others) the clause that says so, `given` for
    everybody with a role the clause behind it. `is_level_promised` says whether an act of ours set the
    level; `ready` is the newest version once it was seen to be processed.
    """

    creator: str
    is_ours: bool
    title: str
    level: str | None
    roles: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    is_level_promised: bool = False
    versions: list[str] = field(default_factory=list)
    ready: str = ""
    is_trashed: bool = False
    was_restored: bool = False
    was_renamed: bool = False


@dataclass(slots=True, frozen=False)
class KnownInvite:
    """An invitation of the invitee. A pending one expires after one of the days from `ends[0]` to `ends[1]`.

    `is_token_sure` says that the newest token we have is certainly the one that was mailed last.
    """

    state: str | None
    ends: tuple[int, int]
    is_token_sure: bool = True


@dataclass(slots=True, frozen=False)
class KnownKey:
    """An API key. Under a limit at least `least` and at most `most` requests are left (None: any number).

    `usage` is what was last read, `uses` how many plain requests succeeded since.
    """

    is_revoked: bool = False
    limit: int | None = None
    was_limited: bool = False
    least: int = 0
    most: int | None = None
    usage: int | None = None
    uses: int = 0


@dataclass(slots=True, frozen=False)
class Knowledge:
    """What is known. Mutable: it follows every act that was carried out.

    `members` has a role, OUT or None for everybody; `why` the clause behind it. `used` is how many
    documents count in the quota of the organization, `counted` the clause about the last change of it.
    """

    members: dict[str, str | None]
    why: dict[str, str] = field(default_factory=dict)
    documents: dict[str, KnownDocument] = field(default_factory=dict)
    invites: dict[str, KnownInvite] = field(default_factory=dict)
    keys: dict[str, KnownKey] = field(default_factory=dict)
    used: int | None = None
    counted: str = ""
    day: int = 0

    def knows(self, name: str) -> bool:
        """Whether there is such a thing, and its state is not lost."""
        return name in self.documents or name in self.invites or name in self.keys

    def forget(self, name: str) -> None:
        """An answer left open what became of the thing, so nothing more is said about it."""
        for known in (self.documents, self.invites, self.keys):
            known.pop(name, None)

    def made(self, name: str, document: KnownDocument) -> None:
        """The document was created."""
        self.documents[name] = document
        if document.is_ours and self.used is not None:
            self.used, self.counted = self.used + 1, "document-quota.used-grows"

    def shared(self, name: str, to: str, role: str, clause: str) -> None:
        """Somebody was given a role, or another one; nobody says what that means in the trash."""
        document = self.documents[name]
        document.roles[to], document.given[to] = UNSURE if document.is_trashed else role, clause

    def unshared(self, name: str, who: str) -> None:
        """Somebody's role was taken away."""
        self.documents[name].roles.pop(who, None)
        self.documents[name].lost[who] = "sharing.revoke-takes-access"

    def opened(self, name: str, level: str) -> None:
        """The general access was set; nobody says what that means in the trash."""
        document = self.documents[name]
        self._lose_level(document, "general-access.restricted-closes")
        document.level, document.is_level_promised = None if document.is_trashed else level, True

    def trashed(self, name: str) -> None:
        """The document is in the trash: everybody but its creator has lost it."""
        document = self.documents[name]
        if not document.is_trashed:
            self._lose_level(document, "trash.revokes-general-access")
            document.lost.update(dict.fromkeys(document.roles, "trash.revokes-grants"))
            document.roles, document.level, document.is_trashed = {}, RESTRICTED, True
            self.counted = "document-quota.trashed-counts"

    def restored(self, name: str) -> None:
        """The document is active; nobody says what else happens to one that was active before."""
        document = self.documents[name]
        if not document.is_trashed:
            document.roles, document.level = dict.fromkeys(PEOPLE, UNSURE), None
            return
        document.lost = {who: _RESTORED.get(clause, clause) for who, clause in document.lost.items()}
        document.is_trashed, document.was_restored = False, True
        self.counted = "document-quota.restore-counts-once"

    def _lose_level(self, document: KnownDocument, clause: str) -> None:
        if document.level == ORGANIZATION:
            document.lost.update({who: clause for who, role in self.members.items() if role in ROLES})
        elif document.level != RESTRICTED:
            document.lost[""] = clause

    def became(self, who: str, role: str | None, clause: str) -> None:
        """Somebody's membership changed; nobody says what that does to his roles and invitations."""
        if self.members.get(who) in ROLES and role not in ROLES:
            for document in self.documents.values():
                if who in document.roles:
                    document.roles[who] = UNSURE
        if who == INVITEE and role in ROLES:
            for invite in self.invites.values():
                invite.state = None if invite.state == "pending" else invite.state
        self.members[who], self.why[who] = role, clause

    def state(self, name: str) -> str | None:
        """The state of an invitation today."""
        invite = self.invites[name]
        if invite.state != "pending" or self.day < invite.ends[0]:
            return invite.state
        return "expired" if self.day > invite.ends[1] else None

    def sent(self, name: str) -> None:
        """The invitation was made, or sent again by inviting: it is pending for its seven days."""
        end = self.day + DAYS_TO_ACCEPT
        if name in self.invites:
            self.invites[name].state, self.invites[name].ends = "pending", (end, end)
        else:
            self.invites[name] = KnownInvite("pending", (end, end))

    def resent(self, name: str) -> None:
        """The invitation was sent again; whether it lasts longer now is said only for inviting."""
        invite = self.invites[name]
        invite.state = "pending" if self.state(name) == "pending" else None
        invite.ends = (invite.ends[0], self.day + DAYS_TO_ACCEPT)

    def limited(self, name: str, limit: int | None, left: int | None) -> None:
        """A key has this limit, or none; so many requests are left, if that is known."""
        key = self.keys[name]
        key.limit, key.was_limited = limit, key.was_limited or limit is not None
        key.least, key.most = left or 0, left

    def used_key(self, name: str, *, was_answered: bool) -> None:
        """A request was made with a key; what counts besides plain successful ones is not documented."""
        key = self.keys[name]
        key.least = max(0, key.least - 1)
        key.uses += was_answered

    def passed(self, days: int) -> None:
        """Time has passed; with a new month a key may have more requests left."""
        self.day += days
        for key in self.keys.values():
            key.most, key.usage = None, None
