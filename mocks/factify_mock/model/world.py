"""One sandbox: all tables of a world, its time and its ids; nothing in it is shared with another world."""

from collections.abc import Hashable
from dataclasses import dataclass, field, fields
from datetime import datetime

from factify_mock.model.clock import Clock
from factify_mock.model.ids import Ids
from factify_mock.model.rates import RateLimits, Window
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
from factify_mock.model.variants import DEFAULT, Variants

# The published free tier has no number; this one is high enough never to be met by accident.
FREE_TIER_REQUESTS = 10_000


@dataclass(frozen=False, slots=True)
class Usage:
    """How many requests a subject made: per day, and in the month that is being counted."""

    period: str = ""  # YYYY-MM of `count`
    count: int = 0
    days: dict[str, int] = field(default_factory=dict)  # YYYY-MM-DD to requests

    def copy(self) -> "Usage":
        """An independent copy."""
        return Usage(self.period, self.count, dict(self.days))


@dataclass(frozen=False, slots=True)
class Tables:
    """What a world remembers; every value is a frozen record, a string, a number, or a table of those."""

    users: dict[str, User] = field(default_factory=dict)
    user_by_email: dict[str, str] = field(default_factory=dict)  # lower-case e-mail to user id
    organizations: dict[str, Organization] = field(default_factory=dict)
    members: dict[str, dict[str, Membership]] = field(default_factory=dict)  # organization id, user id
    organizations_of: dict[str, tuple[str, ...]] = field(default_factory=dict)  # user id, joined first first
    logos: dict[str, Logo] = field(default_factory=dict)
    invites: dict[str, dict[str, Invite]] = field(default_factory=dict)  # organization id, invite id
    invite_by_token: dict[str, tuple[str, str]] = field(default_factory=dict)  # organization id, invite id
    open_invites: dict[str, dict[str, str]] = field(default_factory=dict)  # organization id, e-mail
    api_keys: dict[str, ApiKey] = field(default_factory=dict)
    key_by_secret: dict[str, str] = field(default_factory=dict)
    key_by_bot: dict[str, str] = field(default_factory=dict)  # bot id to the id of the API key it acts for
    documents: dict[str, Document] = field(default_factory=dict)
    versions: dict[str, Version] = field(default_factory=dict)
    versions_of: dict[str, tuple[str, ...]] = field(default_factory=dict)  # document id, oldest first
    grants: dict[str, dict[str, Grant]] = field(default_factory=dict)  # document id, recipient id
    documents_of: dict[str, dict[str, None]] = field(default_factory=dict)  # organization id, document ids
    access_of: dict[str, dict[str, Grant]] = field(default_factory=dict)  # recipient id, document id
    views: dict[str, dict[str, datetime]] = field(default_factory=dict)  # document id, viewer id
    access_requests: dict[str, dict[str, AccessRequest]] = field(default_factory=dict)  # document id, own id
    share_links: dict[str, ShareLink] = field(default_factory=dict)
    events: dict[str, list[Event]] = field(default_factory=dict)  # document id, oldest first
    policies: dict[str, Policy] = field(default_factory=dict)
    attachments: dict[str, dict[str, Attachment]] = field(default_factory=dict)  # document id, policy id
    outbox: list[Mail] = field(default_factory=list)
    usage: dict[str, Usage] = field(default_factory=dict)  # organization id or API key id
    request_limits: dict[str, int] = field(default_factory=dict)  # organization id: its custom limit
    key_limits: dict[str, int] = field(default_factory=dict)  # API key id
    document_limits: dict[str, int] = field(default_factory=dict)  # organization id; absent is unlimited
    revision: int = 0  # how often documents, grants and views have changed

    def copy(self) -> "Tables":
        """A copy that later changes of this one do not reach; records are frozen and shared."""
        copied = Tables()
        for each in fields(self):
            setattr(copied, each.name, _copy(getattr(self, each.name)))
        return copied


def _copy(value: object) -> object:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    if isinstance(value, list):
        return list(value)
    return value.copy() if isinstance(value, Usage) else value


@dataclass(frozen=True, slots=True)
class Settings:
    """What a test author may choose for one world."""

    processing_seconds: float = 0.0
    key_environment: str = "test"  # the tag in an API key's secret: prod or test
    mutants: frozenset[str] = frozenset()  # deliberate defects, for the judge's own tests
    variants: Variants = DEFAULT
    rate_limits: RateLimits | None = None  # None: as fast as one likes
    is_legacy: bool = False  # the paths and spellings of an older generation, see `factify_mock.legacy`


@dataclass(frozen=False, slots=True)
class KeptLists:
    """Lists of documents as they were selected from one revision of the tables; lost without harm."""

    tables: Tables | None = None
    revision: int = 0
    lists: dict[Hashable, list[Document]] = field(default_factory=dict)


@dataclass(frozen=False, slots=True)
class World:
    """All state of one sandbox."""

    id: str
    seed: int
    clock: Clock
    ids: Ids
    settings: Settings = field(default_factory=Settings)
    tables: Tables = field(default_factory=Tables)
    kept_lists: KeptLists = field(default_factory=KeptLists)
    windows: dict[str, Window] = field(default_factory=dict)  # user id or API key id
    remembered: dict[str, str] = field(default_factory=dict)  # by deliberate defects; lost without harm
