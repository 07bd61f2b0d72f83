"""Deliberate defects: each a named switch that breaks one promise, so that a judge can be tested on it."""

from factify_mock.mutants import (
    access,
    answers,
    documents,
    invites,
    keys,
    leftovers,
    lists,
    meetings,
    neighbours,
    organizations,
    processing,
    quotas,
    sharing,
    spills,
    texts,
    trash,
    versions,
)
from factify_mock.mutants.mutant import Bend, Mutant

__all__ = ["MUTANTS", "Bend", "Mutant"]

_TOPICS = (
    documents,
    lists,
    trash,
    sharing,
    access,
    versions,
    processing,
    invites,
    organizations,
    keys,
    quotas,
    answers,
    meetings,
    leftovers,
    neighbours,
    texts,
    spills,
)

MUTANTS: dict[str, Mutant] = {mutant.name: mutant for topic in _TOPICS for mutant in topic.MUTANTS}
