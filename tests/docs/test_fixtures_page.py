"""The page about fixtures names all that there is, and nothing else."""

import re
from pathlib import Path

import pytest

import factify_fixtures
from factify_fixtures import Factify, Key, MockServer, Person, files, plugin, received, sandbox

PAGE = Path(__file__).resolve().parents[2] / "docs/reference/fixtures.md"


def listed(heading):
    """The names in the first column of the table under the heading, without what follows them."""
    section = PAGE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [row for row in section.splitlines() if row.startswith("| `")]
    assert rows, f"no table under {heading!r}"
    cells = [re.split(r"(?<!\\) \| ", row[2:])[0] for row in rows]
    return [re.match(r"[\w-]+", name)[0] for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


def public(made, *, beside=()):
    """The public attributes of a class, with those that its instances are annotated or given."""
    return {name for name in {*dir(made), *getattr(made, "__annotations__", {}), *beside} if name[0] != "_"}


def test_fixtures():
    kind = type(plugin.factify)
    found = [name for name, value in vars(plugin).items() if type(value) is kind and name[0] != "_"]

    assert sorted(listed("Pytest fixtures")) == sorted(found)


def test_options(pytestconfig):
    (group,) = [each for each in pytestconfig._parser._groups if each.name == "factify"]
    found = [name for option in group.options for name in option.names()]

    assert sorted(listed("Options")) == sorted(found)


@pytest.mark.parametrize(
    ("heading", "made"),
    [
        ("Person", Person),
        ("Key", Key),
        ("clock", sandbox.WorldClock),
        ("outbox", sandbox.Outbox),
        ("quota", sandbox.Quotas),
        ("requests", received.Received),
    ],
)
def test_attributes(heading, made):
    assert sorted(listed(heading)) == sorted(public(made))


def test_attributes_of_objects(factify_in_process, in_process):
    assert sorted(listed("Factify")) == sorted(public(Factify, beside=vars(factify_in_process)))
    assert sorted(listed("MockServer")) == sorted(public(MockServer, beside=vars(in_process)))


@pytest.fixture
def in_process():
    with factify_fixtures.running_in_process() as server:
        yield server


def test_names_of_the_package():
    assert sorted(listed("factify_fixtures")) == sorted(factify_fixtures.__all__)
    for name in ("pdf", "docx", "xlsx", "csv", "markdown", "broken_pdf"):
        assert hasattr(files, name)
