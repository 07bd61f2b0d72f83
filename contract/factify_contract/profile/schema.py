"""Every key that a profile may have: what kind of value it takes, and what it means."""

from collections.abc import Mapping
from dataclasses import dataclass

from factify_contract.capabilities import CAPABILITIES

USERS = ("owner", "admin", "member", "outsider", "invitee")
API_KEY = "api_key"
IDENTITIES = (*USERS, API_KEY)
ADAPTERS = (
    "mailbox", "mail_count", "clock", "quota", "document_quota", "processing", "demo_document", "rate_limits",
    "sandbox",
)  # fmt: skip
# Exactly one of these tells where an identity's token comes from.
TOKEN_SOURCES = ("token", "token_env", "token_command")

TEXT, TEXTS, NUMBER, WHOLE = "text", "list of texts", "number", "whole number"
TRUTH, COMMAND, TABLE, ANY = "true or false", "command", "table", "any value"


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a profile. `default` is as the reference shows it; `required` where there is none."""

    name: str
    kind: str
    default: str
    sentence: str


_WAIT = Key("wait_seconds", NUMBER, "0", "How long to ask again until an answer comes.")
_POINTER = Key("pointer", TEXT, "the whole answer", "JSON pointer to the answer; -1 is the last of a list.")

# By the table in which the keys stand; `NAME` is any identity or adapter, and adapters are of four kinds.
SECTIONS: Mapping[str, tuple[Key, ...]] = {
    "": (
        Key("base_url", TEXT, "required", "Address of the API, without `/v1beta`."),
        Key(
            "organization_id", TEXT, "the owner's first",
            "Organization of owner, admin, member and api_key.",
        ),
        Key(
            "policy_ids",
            TEXTS,
            "none",
            "Policies of the organization that may be attached to documents. With two of them the pages of a "
            "list are judged, with three also the way back.",
        ),
        Key("sandbox_id", TEXT, "none", "Fills `{sandbox}` in adapters until a sandbox is made."),
        Key("timeout_seconds", NUMBER, "30", "How long to wait for one answer."),
        Key(
            "requests_per_minute", NUMBER, "0",
            "Most requests of one identity in any minute; 0 means as fast as the target answers.",
        ),
        Key(
            "creations_per_minute", NUMBER, "0",
            "Most POST requests of one identity in any minute; 0 means any number.",
        ),
        Key(
            "settle_seconds", NUMBER, "0",
            "How long nothing is sent after a write, for a target where others see it later.",
        ),
        Key("name_prefix", TEXT, "none", "Begins the name of everything that a run makes."),
        Key("identities", TABLE, "required", "Who calls."),
        Key("capabilities", TABLE, "none", "What the target offers and what a run may do."),
        Key("budget", TABLE, "none", "What a run may cost."),
        Key("adapters", TABLE, "none", "How to reach what the API does not offer."),
    ),
    "identities.NAME": (
        Key("token", TEXT, "one of three", "The token itself."),
        Key("token_env", TEXT, "one of three", "Environment variable that holds the token."),
        Key("token_command", COMMAND, "one of three", "Command that prints the token."),
        Key("user_id", TEXT, "looked up", "Id of the user."),
        Key("id", TEXT, "none", "Id of the API key."),
        Key("email", TEXT, "looked up", "E-mail address of the user."),
    ),
    "capabilities": tuple(
        Key(one.name, TRUTH, "false" if not one.operations else "not declared", one.sentence)
        for one in CAPABILITIES.values()
    ),
    "budget": (
        Key("requests", WHOLE, "any number", "Most requests that a run sends."),
        Key("objects", WHOLE, "any number", "Most things that a run makes."),
    ),
    "adapters.NAME, an HTTP call": (
        Key("url", TEXT, "required", "Address; `{placeholders}` are filled in and encoded."),
        Key("method", TEXT, "GET", "HTTP method."),
        Key("headers", TABLE, "none", "Headers; `{placeholders}` are filled in."),
        Key("body", ANY, "none", "Sent as JSON; a text that is one placeholder takes the value's type."),
        _POINTER,
        Key("list", TEXT, "none", "JSON pointer to a list, of which the last fitting element is taken."),
        Key("where", TABLE, "none", "What fields of a fitting element are equal to."),
        _WAIT,
    ),
    "adapters.NAME, a command": (
        Key("command", COMMAND, "required", "Program and words; its output is the answer."),
        Key("pointer", TEXT, "none", "Takes the output for JSON, and this JSON pointer to the answer."),
        _WAIT,
    ),
    "adapters.NAME, Python": (
        Key("python", TEXT, "required", "`module:function`; it gets the placeholders' values by name."),
        _WAIT,
    ),
    "adapters.NAME, a person": (
        Key("prompt", TEXT, "required", "Shown on the terminal; what is typed is the answer."),
        Key("deadline_seconds", NUMBER, "300", "How long the person has."),
    ),
}  # fmt: skip

# What is filled in for `{placeholders}` in every adapter, and in the adapter of each name.
EVERYWHERE = frozenset({"sandbox", "organization_id"})
PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "mailbox": frozenset({"to", "invite_id"}),
    "mail_count": frozenset({"to"}),
    "clock": frozenset({"seconds"}),
    "quota": frozenset({"limit", "used"}),
    "document_quota": frozenset({"limit"}),
    "processing": frozenset({"document_id", "version_id", "outcome"}),
    "demo_document": frozenset({"document_id"}),
    "rate_limits": frozenset({"enforced"}),
    "sandbox": frozenset(),
}
