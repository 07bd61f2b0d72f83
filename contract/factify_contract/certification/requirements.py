"""Which clauses a certificate has to show kept, from the document, the level and what is declared absent."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from factify_contract.canonical import canonical_json
from factify_contract.capabilities import CAPABILITIES, capability_of
from factify_contract.clauses import Clause, Level, catalogue
from factify_contract.preflight import DECLARATIONS
from factify_contract.scenarios import STORIES
from factify_contract.scenarios.naming import clauses_named
from factify_contract.scenarios.story import Story

NOT_YET = "not yet"
# Needs of stories that only a level beyond the core asks of a target: switches that no client ever has.
_BEYOND_CORE = frozenset(
    {
        "clock", "quota", "document_quota", "rate_limits", "processing", "demo_document", "mail_count",
        "sandbox",
    }
)  # fmt: skip


class CertificateLevel(StrEnum):
    """How much a certificate covers; docs/reference/certificate.md tells what and why."""

    CORE = "core"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a clause is exercised: by a story with the operations it calls, or by any answer."""

    story: Story | None
    operations: frozenset[str]

    @property
    def needs(self) -> tuple[str, ...]:
        """The identities and adapters that it depends on."""
        return self.story.needs if self.story else ()


def ways_of(clause_id: str) -> tuple[Way, ...]:
    """All ways in which the clause is exercised, stories first to last."""
    return _ways()[clause_id]


@cache
def _ways() -> Mapping[str, tuple[Way, ...]]:
    known = catalogue()
    operations = frozenset(name for clause in known.values() for name in clause.operations)
    found: dict[str, tuple[Way, ...]] = dict.fromkeys(known, ())
    for story in STORIES:
        way = Way(story, frozenset(clauses_named(story.tell, operations)))
        for clause_id in story.clauses(known):
            found[clause_id] = (*found[clause_id], way)
    # What no story names is seen in whatever is answered: by checks, and in generated requests.
    return {clause_id: ways or (Way(None, frozenset()),) for clause_id, ways in found.items()}


def required_clauses(
    operations: Collection[str], level: CertificateLevel, absent: Collection[str]
) -> tuple[str, ...]:
    """The clauses that have to be passed, in the order of the catalogue.

    `operations` are the document's, `absent` the capabilities that the profile declares absent. At the
    core level what belongs to an absent capability that is not essential is not asked for; at the full
    level nothing may be absent.
    """
    forgiven = set(absent) if level is CertificateLevel.CORE else set()
    there = {name for name in operations if not _is_forgiven(name, forgiven)}
    return tuple(
        clause.id
        for clause in catalogue().values()
        if _is_owed(clause, there) and any(_is_open(way, level, there) for way in ways_of(clause.id))
    )


def open_ways(clause_id: str, level: CertificateLevel) -> Iterator[Way]:
    """The ways in which the level expects the clause to be exercised."""
    return (way for way in ways_of(clause_id) if _fits(way, level))


def _is_owed(clause: Clause, there: Collection[str]) -> bool:
    if clause.level is not Level.DOCUMENTED or clause.exercised == NOT_YET or clause.conditional:
        return False
    return "*" in clause.operations or any(name in there for name in clause.operations)


def _is_open(way: Way, level: CertificateLevel, there: Collection[str]) -> bool:
    return _fits(way, level) and all(name in there for name in way.operations)


def _fits(way: Way, level: CertificateLevel) -> bool:
    if any(need in DECLARATIONS for need in way.needs):
        return False
    return level is CertificateLevel.FULL or not _BEYOND_CORE.intersection(way.needs)


def _is_forgiven(operation: str, forgiven: Collection[str]) -> bool:
    name = capability_of(operation)
    return name is not None and name in forgiven and not CAPABILITIES[name].essential


@cache
def rules_digest() -> str:
    """The SHA-256, in hex, of all that decides which clauses are required.

    Two versions of the suite with the same digest require the same of every document and profile.
    """
    rows = [
        {
            "id": clause.id,
            "level": clause.level.value,
            "operations": list(clause.operations),
            "exercised": clause.exercised != NOT_YET,
            "conditional": bool(clause.conditional),
            "ways": [[sorted(way.needs), sorted(way.operations)] for way in ways_of(clause.id)],
        }
        for clause in catalogue().values()
    ]
    capabilities = {
        one.name: {"operations": list(one.operations), "essential": one.essential}
        for one in CAPABILITIES.values()
    }
    beyond = sorted(_BEYOND_CORE)
    rules = {"clauses": rows, "capabilities": capabilities, "beyond_core": beyond}
    return hashlib.sha256(canonical_json(rules)).hexdigest()
