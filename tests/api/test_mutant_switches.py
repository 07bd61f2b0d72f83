"""Deliberate defects are switched by names that are listed, and listed names switch something."""

import re
from pathlib import Path

import factify_mock
from factify_mock.mutants import MUTANTS

ROOT = Path(factify_mock.__file__).parent
SWITCH = re.compile(r'"([a-z-]+\.[a-z-]+)"\s+(?:not\s+)?in\s+[\w.]*mutants\b')

RULES = "\n".join(path.read_text() for path in ROOT.rglob("*.py") if ROOT / "mutants" not in path.parents)


def test_every_switch_in_the_rules_is_a_listed_mutant():
    assert set(SWITCH.findall(RULES)) <= set(MUTANTS)


def test_a_mutant_either_bends_calls_or_is_switched_in_the_rules():
    switched = {name for name in MUTANTS if f'"{name}"' in RULES}
    bending = {mutant.name for mutant in MUTANTS.values() if mutant.bend is not None}

    assert switched | bending == set(MUTANTS)


def test_no_two_mutants_have_one_name():
    tables = (path.read_text() for path in (ROOT / "mutants").glob("*.py"))
    names = [name for text in tables for name in re.findall(r'Mutant\(\s*"([^"]+)"', text)]

    assert sorted(names) == sorted(MUTANTS)
