"""The reference of profiles, the profile that `init` writes, and what `doctor` reads are of one mind."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from factify_contract.profile import ADAPTERS, IDENTITIES, Profile
from factify_contract.profile.adapters import CommandAdapter, HttpAdapter, PromptAdapter, PythonAdapter
from factify_contract.profile.schema import PLACEHOLDERS, SECTIONS

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/profile.md").read_text(encoding="utf-8")
EXAMPLE = files("factify_contract").joinpath("example-profile.toml").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
KEYS = sorted({key.name for keys in SECTIONS.values() for key in keys})


@pytest.mark.parametrize("key", KEYS)
def test_the_example_has_every_key(key):
    tables = {"identities", "adapters", "budget", "capabilities"}
    pattern = rf"\[{key}[.\]]" if key in tables else rf"^(# *)?(# )?{key} *="

    assert re.search(pattern, EXAMPLE, re.MULTILINE)


def test_the_example_names_everybody_and_every_adapter():
    named = set(re.findall(r"\[(identities|adapters)\.(\w+)\]", EXAMPLE))

    assert named == {("identities", one) for one in IDENTITIES} | {("adapters", one) for one in ADAPTERS}


def test_the_example_says_nothing_that_the_reader_does_not_know():
    written = set(re.findall(r"^#? ?(\w+) = ", EXAMPLE, re.MULTILINE))

    assert written <= set(KEYS)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_profile_on_the_page_can_be_read(block):
    assert Profile.parse(block).base_url == "https://api.example.com"


def test_the_page_shows_every_kind_of_adapter():
    shown = {type(adapter) for block in BLOCKS for adapter in Profile.parse(block).adapters.values()}

    assert shown == {HttpAdapter, CommandAdapter, PythonAdapter, PromptAdapter}


def test_every_adapter_has_its_placeholders():
    assert set(PLACEHOLDERS) == set(ADAPTERS)
