"""The nouns of the API as frozen records; a change replaces one, so a copy of the tables is a snapshot."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class User:
    """A person; may belong to any number of organizations, or to none."""

    id: str
    email: str
    name: str
    created_at: datetime
    given_name: str | None = None
    family_name: str | None = None


@dataclass(frozen=True, slots=True)
class Organization:
    """A tenant; has exactly one owner, set when it is made."""

    id: str
    name: str
    created_at: datetime
    logo_image_url: str | None = None


@dataclass(frozen=True, slots=True)
class Logo:
    """An uploaded image that an organization may choose as its logo; equal bytes are one logo."""

    id: str  # hexadecimal, from the content
    organization_id: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Membership:
    """That a user belongs to an organization, with a role: `owner`, `admin` or `member`."""

    organization_id: str
    user_id: str
    role: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation by e-mail; `status` as stored, expiry follows from `expires_at` and the clock."""

    id: str
    organization_id: str
    email: str
    sender_id: str
    created_at: datetime
    expires_at: datetime
    token: str
    status: str = "pending"  # pending, accepted or revoked; never stored as expired
    message: str | None = None
    accepted_at: datetime | None = None
    accepted_by: str | None = None


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of an organization; acts as the bot `bot_id`, whose name is the key's."""

    id: str
    organization_id: str
    name: str
    secret: str
    bot_id: str
    created_at: datetime
    created_by: str
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    revoke_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """The file that came with a call; its bytes lie in the blob store under `sha256`."""

    sha256: str
    size: int
    filename: str
    head: bytes  # the first 4096 bytes, enough to recognise most formats
    tail: bytes = b""  # the last bytes, where an archive has its directory
    is_readable: bool = True  # whether it can be opened as the format that it was recognised as


@dataclass(frozen=True, slots=True)
class Document:
    """A document; its content lives in its versions."""

    id: str
    organization_id: str | None
    owner_id: str  # user_ or bot_
    created_by: str  # user_ or bot_
    title: str
    created_at: datetime
    updated_at: datetime
    access_level: str  # private, organization or public
    current_version_id: str
    description: str | None = None
    trash_state: str = "active"  # or trashed
    trashed_at: datetime | None = None
    is_demo: bool = False
    first_access_level: str | None = None  # that it was made with


@dataclass(frozen=True, slots=True)
class Version:
    """One immutable state of a document's content; only title and description may change."""

    id: str
    document_id: str
    ordinal: int  # 1 for the first; appears in the version's url only
    created_by: str
    created_at: datetime
    ready_at: datetime  # processing until then
    sha256: str
    size: int
    source_format: str  # pdf, docx, xlsx, csv or markdown
    record_id: str  # a UUID: that of the record which processing makes
    title: str | None = None
    description: str | None = None
    failed: bool = False  # processing ended, or will end, without a result


@dataclass(frozen=True, slots=True)
class Grant:
    """An explicit role of one recipient on one document; the owner's is stored like any other."""

    document_id: str
    recipient_id: str  # user_, bot_ or org_
    role: str
    granted_at: datetime


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """That somebody asked for access to a document, and what became of it."""

    id: str
    document_id: str
    subject_id: str  # user_ or bot_
    permission: str  # view, comment or edit
    created_at: datetime
    updated_at: datetime
    status: str = "pending"  # pending, approved or denied
    message: str | None = None


@dataclass(frozen=True, slots=True)
class ShareLink:
    """A link to a document that somebody made; it grants nothing and never expires."""

    id: str
    document_id: str
    creator_id: str
    created_at: datetime
    slug: str


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a document's timeline; its type is one of the 24 that the API knows."""

    id: str  # a UUID
    document_id: str
    type: str
    occurred_at: datetime
    actor_id: str
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """That a policy applies to a document."""

    document_id: str
    policy_id: str
    attached_at: datetime


@dataclass(frozen=True, slots=True)
class Policy:
    """An access policy of an organization; the API has no way to make one, so worlds are seeded with some."""

    id: str
    organization_id: str
    name: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Mail:
    """A message that the service would have sent; what a mailbox adapter reads."""

    id: str
    to: str
    kind: str  # organization_invite or document_shared
    sent_at: datetime
    subject: str
    token: str | None = None  # of an organization_invite
    invite_id: str | None = None
    organization_id: str | None = None
    document_id: str | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a call: a user with a token, or an API key acting as its bot."""

    id: str  # user_ or bot_
    kind: str  # user or bot
    name: str
    organization_id: str | None  # the key's, or the user's home: the one joined first
    api_key_id: str | None = None
