"""Reads the clause catalogue from the TOML files beside this module."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Level(StrEnum):
    """How binding a clause is; only a broken documented one fails an implementation."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Clause:
    """One promise of the API, in one sentence.

    `operations` are operation ids, or `*` for a promise about every answer. `exercised` names what
    can judge the clause: `scenario`, `check`, `property`, or `not yet`. `reason` says why a choice was
    made, or what keeps a clause from being judged; empty when there is nothing to say. `conditional`
    says why an implementation that keeps all promises may leave the clause unexercised; empty where
    only a gap in the profile can.
    """

    id: str
    sentence: str
    level: Level
    source: str
    operations: tuple[str, ...]
    exercised: str
    reason: str = ""
    conditional: str = ""


_FIELDS = {"id", "sentence", "level", "source", "operations", "exercised"}
_OPTIONAL = {"reason", "conditional"}
_EXERCISED = {"scenario", "check", "property", "not yet"}


class Catalogue(Mapping[str, Clause]):
    """All clauses by id, in the order of the files. An unknown id is a mistake of ours: KeyError."""

    def __init__(self, clauses: Iterable[Clause]) -> None:
        self._by_id: dict[str, Clause] = {}
        for clause in clauses:
            if clause.id in self._by_id:
                raise ValueError(f"clause {clause.id!r} is in the catalogue twice")
            self._by_id[clause.id] = clause

    def __getitem__(self, clause_id: str) -> Clause:
        return self._by_id[clause_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_id)

    def __len__(self) -> int:
        return len(self._by_id)


def parse_clauses(text: str, *, origin: str = "clauses") -> list[Clause]:
    """The clauses of one TOML file; ValueError names the file and the clause that is not well formed."""
    entries = tomllib.loads(text).get("clause", [])
    return [_clause(entry, origin) for entry in entries]


def _clause(entry: dict[str, Any], origin: str) -> Clause:
    where = f"{origin}: clause {entry.get('id', '?')!r}"
    if set(entry) - _OPTIONAL != _FIELDS:
        odd = sorted((set(entry) - _OPTIONAL) ^ _FIELDS)
        raise ValueError(f"{where}: missing or unknown fields {', '.join(odd)}")
    if entry["exercised"] not in _EXERCISED:
        raise ValueError(f"{where}: exercised is {entry['exercised']!r}, not one of {sorted(_EXERCISED)}")
    return Clause(
        id=entry["id"],
        sentence=entry["sentence"],
        level=Level(entry["level"]),
        source=entry["source"],
        operations=tuple(entry["operations"]),
        exercised=entry["exercised"],
        reason=entry.get("reason", ""),
        conditional=entry.get("conditional", ""),
    )


@cache
def catalogue() -> Catalogue:
    """The shipped catalogue, read once."""
    folder = files("factify_contract.clauses")
    paths = sorted(
        (path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name
    )
    clauses: list[Clause] = []
    for path in paths:
        clauses += parse_clauses(path.read_text(encoding="utf-8"), origin=path.name)
    return Catalogue(clauses)
