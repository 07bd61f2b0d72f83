"""What one set of people and things looks like from the inside."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from contrary.choices import Choices
from contrary.wire import Refusal, new_id

ROLES = ("viewer", "commenter", "collaborator", "admin", "owner")


@dataclass(slots=True)
class User:
    """A person."""

    id: str
    name: str
    email: str


@dataclass(slots=True)
class Organization:
    """An organization; `members` maps a user's id to role and time of joining."""

    id: str
    name: str
    created_at: datetime
    logo: str | None = None
    members: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    request_limit: int | None = None
    document_limit: int = 0
    used: Counter[str] = field(default_factory=Counter)
    days: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Key:
    """An API key; `used` counts requests by month."""

    id: str
    name: str
    organization: Organization
    secret: str
    created_at: datetime
    expires_at: datetime | None
    maker: User
    bot_id: str
    revoked_at: datetime | None = None
    limit: int | None = None
    used: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Invite:
    """An invitation; `state` never says expired, since that follows from the time."""

    id: str
    organization: Organization
    email: str
    sender: User
    message: str | None
    created_at: datetime
    expires_at: datetime
    tokens: list[str]
    state: str = "pending"
    accepted_at: datetime | None = None
    accepted_by: User | None = None


@dataclass(slots=True)
class Version:
    """One content of a document."""

    id: str
    document_id: str
    ordinal: int
    title: str | None
    description: str | None
    content: bytes
    created_at: datetime
    created_by: dict[str, str]
    ready_at: datetime
    done_at: float
    outcome: str | None = None


@dataclass(slots=True)
class Document:
    """A document with all that hangs on it; `grants` maps a subject's id to a role."""

    id: str
    title: str
    description: str | None
    access_level: str
    general: str
    owner: str
    organization: Organization | None
    created_at: datetime
    created_by: dict[str, str]
    updated_at: datetime
    trashed_at: datetime | None = None
    grants: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)
    shared_at: dict[str, datetime] = field(default_factory=dict)
    viewed_at: dict[str, datetime] = field(default_factory=dict)
    is_demo: bool = False
    versions: list[Version] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    policies: dict[str, datetime] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who calls: a user, or a key that acts as a user or as a bot."""

    id: str
    name: str
    email: str | None
    home: Organization | None
    key: Key | None = None

    @property
    def subject(self) -> dict[str, str]:
        """The actor as answers name it."""
        return {"id": self.id, "type": self.id.partition("_")[0], "name": self.name}


class Estate:
    """People, organizations and their things, with a clock, a mailbox and nothing shared with others."""

    def __init__(self, choices: Choices, seed: str, wall: Callable[[], datetime], files: str) -> None:
        """`files` is where exported files are fetched."""
        self.choices = choices
        self.files = files
        self.rng = random.Random(seed)
        self.wall = wall
        self.ahead = timedelta()
        self.is_held = False
        self.has_rates = False
        self.users: dict[str, User] = {}
        self.organizations: dict[str, Organization] = {}
        self.keys: dict[str, Key] = {}
        self.invites: dict[str, Invite] = {}
        self.documents: dict[str, Document] = {}
        self.versions: dict[str, Version] = {}
        self.policies: dict[str, dict[str, Any]] = {}
        self.letters: list[dict[str, Any]] = []
        self.cursors: dict[tuple[str, str], int] = {}
        self.tokens: dict[str, tuple[str, datetime | None]] = {}
        self.name = self.id("est")

    def id(self, prefix: str) -> str:
        """A new id."""
        return new_id(prefix, self.rng)

    def now(self) -> datetime:
        """The time in here, as exact as the mode stores it."""
        moment = self.wall() + self.ahead
        if self.choices.times != "offset":
            return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        return moment.replace(microsecond=0)

    @property
    def month(self) -> str:
        """The billing period."""
        return self.now().strftime("%Y-%m")

    def add_user(self, name: str, email: str) -> User:
        """A new person."""
        user = User(self.id("user"), name, email)
        self.users[user.id] = user
        return user

    def add_organization(self, name: str, owner: User) -> Organization:
        """A new organization of the owner."""
        now = self.now()
        organization = Organization(self.id("org"), name, now)
        organization.members[owner.id] = ("owner", now)
        self.organizations[organization.id] = organization
        return organization

    def add_key(self, organization: Organization, name: str, maker: User, expires: datetime | None) -> Key:
        """A new key."""
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
        environment = "prod" if self.choices.lenient else "test"
        tail = "".join(self.rng.choices(letters, k=43))
        secret = f"ffy_{environment}_{self.id('x').removeprefix('x_')}{tail}"
        key = Key(
            self.id("key"), name, organization, secret, self.now(), expires, maker, self.id("bot")
        )  # fmt: skip
        self.keys[key.id] = key
        return key

    def login(self, user: User) -> str:
        """A token of the user."""
        days = self.choices.token_days
        token = f"ey{self.rng.getrandbits(160):040x}.{self.rng.getrandbits(160):040x}.contrary"
        self.tokens[token] = (user.id, self.now() + timedelta(days=days) if days else None)
        return token

    def actor(self, token: str) -> Actor | None:
        """Whose token it is; a Refusal when it has run out, None when nobody here ever had it."""
        if token in self.tokens:
            user_id, until = self.tokens[token]
            if until is not None and self.now() > until:
                raise Refusal("unauthenticated", "log in again", reason="expired_token")
            user = self.users[user_id]
            return Actor(user.id, user.name, user.email, self.home_of(user))
        key = next((each for each in self.keys.values() if each.secret == token), None)
        if key is None:
            return None
        if key.revoked_at is not None:
            raise Refusal("unauthenticated", "this key was revoked", reason="invalid_api_key")
        if key.expires_at is not None and key.expires_at <= self.now():
            raise Refusal("unauthenticated", "this key has expired", reason="expired_api_key")
        if self.choices.key_acts_as == "user":
            return Actor(key.maker.id, key.maker.name, None, key.organization, key)
        return Actor(key.bot_id, f"{key.name} bot", None, key.organization, key)

    def home_of(self, user: User) -> Organization | None:
        """The organization that the user joined first."""
        joined = [each for each in self.organizations.values() if user.id in each.members]
        return min(joined, key=lambda each: each.members[user.id][1], default=None)

    def org_role(self, actor: Actor, organization: Organization) -> str | None:
        """The actor's role in the organization; None for a stranger."""
        if actor.key is not None:
            if actor.key.organization is not organization:
                return None
            if self.choices.key_acts_as == "bot":
                return "admin"
        role = organization.members.get(actor.id)
        return role[0] if role else None

    def document_role(self, actor: Actor, document: Document) -> str | None:
        """The actor's role on the document; None for somebody without access."""
        if actor.id == document.owner:
            return "owner"
        if document.trashed_at is not None:
            return None
        organization = document.organization
        standing = self.org_role(actor, organization) if organization else None
        if self.choices.admins_see_all and standing in ("owner", "admin"):
            return "admin"
        if actor.id in document.grants:
            return document.grants[actor.id]
        inside = standing is not None
        open_to_all = document.general == "anyone_with_link" and not self.choices.links_only
        if open_to_all or (document.general != "restricted" and inside):
            return "viewer"
        return None

    def user_by_email(self, email: str) -> User | None:
        """The person with the address, in whatever case."""
        return next((each for each in self.users.values() if each.email.lower() == email.lower()), None)


def populate(estate: Estate) -> dict[str, Any]:
    """Fills the estate, and answers with its people and things as a profile names them."""
    mixed = estate.choices.lenient
    people = {
        name: estate.add_user(name.title(), f"{name.title() if mixed else name}@Contrary.example")
        for name in ("owner", "admin", "member", "outsider", "invitee")
    }
    organization = estate.add_organization("Contrary & Sons", people["owner"])
    for name in ("admin", "member"):
        organization.members[people[name].id] = (name, estate.now())
    estate.add_organization("Elsewhere Ltd", people["outsider"])
    key = estate.add_key(organization, "first", people["owner"], None)
    for name in ("wall", "gate"):
        policy = estate.id("pol")
        estate.policies[policy] = {"id": policy, "name": name, "created_at": estate.now()}
    made: dict[str, Any] = {
        name: {"user_id": user.id, "email": user.email, "token": estate.login(user)}
        for name, user in people.items()
    }
    made["id"] = estate.name
    made["organization_id"] = organization.id
    made["api_key"] = {"id": key.id, "secret": key.secret}
    made["policy_ids"] = list(estate.policies)
    return made


def utc_now() -> datetime:
    """The real time."""
    return datetime.now(UTC)
