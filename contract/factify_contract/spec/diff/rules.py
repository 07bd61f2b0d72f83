"""The kinds of changes that are recognised, and whom each of them breaks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """Which way the data goes that a change is about."""

    REQUEST = "request"
    RESPONSE = "response"


class Verdict(StrEnum):
    """Whom a change breaks.

    Clients are broken when one that keeps to the old document may fail with a service that keeps to the
    new one; implementations when a service that keeps to the old document may not keep to the new one.
    UNKNOWN means that the two documents alone do not tell.
    """

    BOTH = "both"
    CLIENTS = "clients"
    IMPLEMENTATIONS = "implementations"
    UNKNOWN = "unknown"
    COMPATIBLE = "compatible"

    @property
    def breaks_clients(self) -> bool:
        """Whether clients are among the broken."""
        return self in (Verdict.BOTH, Verdict.CLIENTS)

    @property
    def breaks_implementations(self) -> bool:
        """Whether implementations are among the broken."""
        return self in (Verdict.BOTH, Verdict.IMPLEMENTATIONS)

    @property
    def breaks(self) -> bool:
        """Whether anybody is broken."""
        return self.breaks_clients or self.breaks_implementations

    @property
    def words(self) -> str:
        """The verdict as a phrase."""
        return _PHRASES[self]


BOTH, CLIENTS, IMPLEMENTATIONS = Verdict.BOTH, Verdict.CLIENTS, Verdict.IMPLEMENTATIONS
UNKNOWN, COMPATIBLE = Verdict.UNKNOWN, Verdict.COMPATIBLE

_PHRASES = {
    BOTH: "breaking for clients and implementations",
    CLIENTS: "breaking for clients",
    IMPLEMENTATIONS: "breaking for implementations",
    UNKNOWN: "unknown",
    COMPATIBLE: "compatible",
}


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on one change that has several: whoever is broken by one of them is broken."""
    found = set(verdicts)
    clients = any(one.breaks_clients for one in found)
    implementations = any(one.breaks_implementations for one in found)
    if clients or implementations:
        return BOTH if clients and implementations else CLIENTS if clients else IMPLEMENTATIONS
    return UNKNOWN if UNKNOWN in found else COMPATIBLE


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of change. `request` and `response` differ where it matters which way the data goes."""

    id: str
    sentence: str
    request: Verdict
    response: Verdict
    reason: str = ""

    def verdict(self, direction: Direction | None) -> Verdict:
        """Whom the change breaks in a direction; without one the two are the same."""
        return self.response if direction is Direction.RESPONSE else self.request


def _same(name: str, sentence: str, verdict: Verdict, reason: str = "") -> Rule:
    return Rule(name, sentence, verdict, verdict, reason)


def _narrows(name: str, sentence: str, reason: str = "") -> Rule:
    """Fewer values than before: clients may not send what they sent, services not answer what they did."""
    return Rule(name, sentence, CLIENTS, IMPLEMENTATIONS, reason)


def _widens(name: str, sentence: str, reason: str = "") -> Rule:
    """More values than before: services must take what they did not know, clients meet it."""
    return Rule(name, sentence, IMPLEMENTATIONS, CLIENTS, reason)


_ADDS = "Whoever asks for nothing new is served as before."
_IGNORES = "Clients ignore fields that they do not know."

_OPERATIONS = (
    _same("operation-added", "An operation was added.", IMPLEMENTATIONS, _ADDS),
    _same("operation-removed", "An operation was removed.", CLIENTS),
    _same("operation-moved", "An operation is at another path or method.", BOTH),
    _same(
        "operation-id-changed",
        "An operation has another operationId.",
        UNKNOWN,
        "Nothing changes on the wire, but code that was generated from the document has another method.",
    ),
    _same("path-parameter-renamed", "A path parameter has another name in the template.", COMPATIBLE),
    _same("callbacks-changed", "The callbacks of an operation changed.", UNKNOWN, "They are not compared."),
    _same("webhooks-changed", "The webhooks changed.", UNKNOWN, "They are not compared."),
    _same("deprecated", "Something was marked as deprecated.", COMPATIBLE),
    _same("undeprecated", "Something is not deprecated any more.", COMPATIBLE),
)
_SURROUNDINGS = (
    _same("base-path-changed", "All paths begin with another path of the first server.", BOTH),
    _same("server-added", "A server was added.", COMPATIBLE),
    _same("server-removed", "A server was removed.", CLIENTS),
    _same("credentials-required", "An operation for anybody now asks for credentials.", BOTH),
    _same("credentials-dropped", "An operation no longer asks for credentials.", IMPLEMENTATIONS),
    _same("security-alternative-added", "Another kind of credentials is taken.", IMPLEMENTATIONS, _ADDS),
    _same("security-alternative-removed", "A kind of credentials is no longer taken.", CLIENTS),
    _same("scope-added", "Credentials need one more scope.", BOTH),
    _same("scope-removed", "Credentials need one scope less.", IMPLEMENTATIONS),
    _same("security-scheme-changed", "Credentials are sent or got in another way.", BOTH),
)
_REQUESTS = (
    _same("required-parameter-added", "A required parameter was added.", BOTH),
    _same("optional-parameter-added", "An optional parameter was added.", IMPLEMENTATIONS, _ADDS),
    _same(
        "parameter-removed",
        "A parameter was removed.",
        CLIENTS,
        "What clients ask for with it is refused or ignored.",
    ),
    _same("parameter-became-required", "An optional parameter became required.", CLIENTS),
    _same("parameter-became-optional", "A required parameter became optional.", IMPLEMENTATIONS),
    _same("parameter-style-changed", "A parameter is written in another way.", BOTH),
    _same("required-body-added", "A required request body was added.", BOTH),
    _same("optional-body-added", "An optional request body was added.", IMPLEMENTATIONS, _ADDS),
    _same("body-removed", "The request body was removed.", CLIENTS),
    _same("body-became-required", "The request body became required.", CLIENTS),
    _same("body-became-optional", "The request body became optional.", IMPLEMENTATIONS),
    _same("encoding-changed", "Parts of a form are encoded in another way.", UNKNOWN),
)
_ANSWERS = (
    _same(
        "success-status-added",
        "A status for success or redirection was added.",
        CLIENTS,
        "Clients meet an outcome that they do not know.",
    ),
    _same(
        "success-status-removed",
        "A status for success or redirection was removed.",
        BOTH,
        "Clients wait for it, and services answer it.",
    ),
    _same(
        "error-status-added",
        "A status for an error was added.",
        COMPATIBLE,
        "Clients treat an unknown error by its class (RFC 9110 section 15).",
    ),
    _same("error-status-removed", "A status for an error was removed.", IMPLEMENTATIONS),
    _same("required-header-added", "A required header was added to an answer.", IMPLEMENTATIONS),
    _same("optional-header-added", "An optional header was added to an answer.", COMPATIBLE),
    _same(
        "header-removed",
        "A header was removed from an answer.",
        CLIENTS,
        "Whoever reads it finds it no more, even where it was optional.",
    ),
    _same("header-became-required", "A header of an answer became required.", IMPLEMENTATIONS),
    _same("header-became-optional", "A header of an answer became optional.", CLIENTS),
)
_MEDIA = (
    Rule(
        "media-type-added", "A media type was added.", IMPLEMENTATIONS, COMPATIBLE, "Clients ask for theirs."
    ),
    Rule("media-type-removed", "A media type was removed.", CLIENTS, BOTH),
)
_OBJECTS = (
    Rule("required-property-added", "A required property was added.", BOTH, IMPLEMENTATIONS, _IGNORES),
    Rule("optional-property-added", "An optional property was added.", IMPLEMENTATIONS, COMPATIBLE, _IGNORES),
    Rule(
        "property-removed",
        "A property was removed.",
        CLIENTS,
        CLIENTS,
        "What clients send is not understood any more, and what they read does not come, "
        "even where it was optional.",
    ),
    Rule(
        "property-forbidden",
        "A property was removed from an object that takes no others.",
        CLIENTS,
        BOTH,
        "A service that still answers it breaks the new document.",
    ),
    _narrows("property-became-required", "An optional property became required."),
    _widens("property-became-optional", "A required property became optional."),
    _narrows("additional-properties-forbidden", "Properties without a name in the schema are forbidden."),
    Rule(
        "additional-properties-allowed",
        "Properties without a name in the schema are allowed.",
        IMPLEMENTATIONS,
        COMPATIBLE,
        _IGNORES,
    ),
    Rule("read-only-set", "A property became read-only.", CLIENTS, COMPATIBLE, "What is sent is ignored."),
    Rule("read-only-unset", "A property is not read-only any more.", IMPLEMENTATIONS, COMPATIBLE),
    Rule("write-only-set", "A property became write-only.", COMPATIBLE, CLIENTS, "It is not answered."),
    Rule("write-only-unset", "A property is not write-only any more.", COMPATIBLE, COMPATIBLE),
)
_VALUES = (
    _same("type-changed", "A value is of another type.", BOTH),
    _narrows("type-narrowed", "A value is of fewer types."),
    _widens("type-widened", "A value is of more types."),
    _widens("became-nullable", "A value may be null."),
    _narrows("became-not-nullable", "A value may not be null any more."),
    _widens("enum-value-added", "A value was added to those that are allowed."),
    _narrows("enum-value-removed", "A value was removed from those that are allowed."),
    _narrows("enum-set", "Only listed values are allowed."),
    _widens("enum-unset", "All values are allowed, not only listed ones."),
    _narrows("constraint-tightened", "A bound on length, number or value is tighter."),
    _widens("constraint-loosened", "A bound on length, number or value is looser."),
    _same("constraint-changed", "A constraint is another one, neither tighter nor looser.", BOTH),
    _narrows("pattern-added", "A text must match a pattern."),
    _widens("pattern-removed", "A text need not match a pattern any more."),
    _same(
        "pattern-changed",
        "A text must match another pattern.",
        UNKNOWN,
        "Which of two patterns matches more cannot be told in general.",
    ),
    _narrows("format-narrowed", "A value has a format, or a narrower one."),
    _widens("format-widened", "A value has no format any more, or a wider one."),
    _same("format-changed", "A value has another format.", BOTH),
    Rule("default-added", "A default was stated.", IMPLEMENTATIONS, COMPATIBLE),
    Rule("default-removed", "A default is not stated any more.", UNKNOWN, COMPATIBLE),
    Rule(
        "default-changed",
        "The default is another one.",
        BOTH,
        COMPATIBLE,
        "Whoever leaves the value out is served otherwise.",
    ),
    _widens("alternative-added", "An alternative was added to oneOf or anyOf."),
    _narrows("alternative-removed", "An alternative was removed from oneOf or anyOf."),
    _narrows("schema-added", "What could be anything has a schema."),
    _widens("schema-removed", "What had a schema can be anything."),
    _widens("value-allowed", "What could have no value at all can have one."),
    _narrows("value-forbidden", "What could have a value can have none (`false`)."),
    _same("discriminator-changed", "Alternatives are told apart in another way.", UNKNOWN),
    _same(
        "keyword-changed",
        "A keyword changed whose effect is not analysed.",
        UNKNOWN,
        "Such as `not`, `if`, `contains`, or `allowEmptyValue`.",
    ),
)
_WORDS = (
    _same("documentation-changed", "Titles, descriptions or links to documentation changed.", COMPATIBLE),
    _same("examples-changed", "Examples changed.", COMPATIBLE),
    _same("links-changed", "Links between operations changed.", COMPATIBLE),
    _same("tags-changed", "Tags changed.", COMPATIBLE),
    _same("extension-changed", "An extension (`x-…`) changed.", COMPATIBLE),
    _same("info-changed", "Title, version, contact or licence of the API changed.", COMPATIBLE),
    _same("component-added", "A component was added; what uses it is told where it is used.", COMPATIBLE),
    _same(
        "component-removed", "A component was removed; what used it is told where it was used.", COMPATIBLE
    ),
    _same("component-changed", "A component changed that no operation of both documents uses.", COMPATIBLE),
)

RULES: Mapping[str, Rule] = {
    rule.id: rule
    for rule in (
        *_OPERATIONS,
        *_SURROUNDINGS,
        *_REQUESTS,
        *_ANSWERS,
        *_MEDIA,
        *_OBJECTS,
        *_VALUES,
        *_WORDS,
    )
}
# Changes that no program sees; a reader wants their number, seldom each of them.
WORDS: frozenset[str] = frozenset(rule.id for rule in _WORDS)
