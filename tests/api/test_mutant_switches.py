"""Deliberate defects are switched by names that are listed, and listed names switch something."""

import re
from pathlib import Path

import factify_mock
from factify_contract.clauses.loader import catalogue
from factify_mock.mutants import MUTANTS

SWITCH = re.compile(r'"([a-z-]+\.[a-z-]+)"\s+(?:not\s+)?in\s+[\w.]*mutants\b')

SOURCES = "\n".join(
    path.read_text() for path in Path(factify_mock.__file__).parent.rglob("*.py") if path.name != "mutants.py"
)


def test_every_switch_in_the_rules_is_a_listed_mutant():
    assert set(SWITCH.findall(SOURCES)) <= set(MUTANTS)


def test_every_listed_mutant_is_switched_in_the_rules():
    assert [name for name in MUTANTS if f'"{name}"' not in SOURCES] == []


def test_a_mutant_breaks_a_clause_of_the_catalogue():
    assert {each.breaks for each in MUTANTS.values()} <= set(catalogue())
