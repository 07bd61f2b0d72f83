"""Every code block of the README and the pages runs, in the order of its page, against a mock."""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from blocks import COMMANDS, Block, Desk, blocks_of, commands_of, surroundings

from factify_contract.cli import cli as judge_cli
from factify_contract.launch import running_mock
from factify_fixtures import files
from factify_mock.cli import commands as mock_cli

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "openapi-with-samples.json"
HARNESS = ROOT / "tests" / "node" / "factify-mock.mjs"
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
WITH_BLOCKS = [page for page in PAGES if blocks_of(page.read_text(encoding="utf-8"))]

# What a reader has filled in by then, where a page does not make the file itself.
PROFILE = """
base_url = "{url}"
[identities]
owner.token_env = "FACTIFY_OWNER_TOKEN"
member.token_env = "FACTIFY_MEMBER_TOKEN"
outsider.token_env = "FACTIFY_OUTSIDER_TOKEN"
"""


@pytest.fixture(scope="session")
def mock_url() -> Iterator[str]:
    with running_mock() as ready:
        yield ready["url"]


@pytest.fixture
def desk(mock_url: str, tmp_path: Path) -> Iterator[Desk]:
    """A folder with a few files to upload, and a world of its own on a mock."""
    (tmp_path / DOCUMENT.name).write_bytes(DOCUMENT.read_bytes())
    (tmp_path / HARNESS.name).write_bytes(HARNESS.read_bytes())
    for name, words in (("agreement.pdf", "An agreement"), ("agreement-v2.pdf", "A better agreement")):
        (tmp_path / name).write_bytes(files.pdf(words))
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "GITHUB_", "COV_"))
    }
    kept["PATH"] = f"{COMMANDS}{os.pathsep}{kept['PATH']}"
    desk = Desk(tmp_path, kept | surroundings(mock_url), mock_url)
    yield desk
    desk.close()


@pytest.mark.parametrize("page", WITH_BLOCKS, ids=lambda page: str(page.relative_to(ROOT)))
def test_blocks_of_the_page_run(page: Path, desk: Desk) -> None:
    blocks = blocks_of(page.read_text(encoding="utf-8"))
    if not any("init profile.toml" in block.code for block in blocks):
        (desk.folder / "profile.toml").write_text(PROFILE.replace("{url}", desk.url), encoding="utf-8")
    if any("> $name.pdf" in block.code for block in blocks):
        for made in desk.folder.glob("*.pdf"):
            made.unlink()  # the page makes its own
    for block in blocks:
        try:
            desk.run(block)
        except AssertionError as error:
            pytest.fail(f"{page.relative_to(ROOT)}:{block.line} ({block.language}): {error}", pytrace=False)


def test_commands_that_are_only_for_reading_are_understood() -> None:
    programs = {"factify-contract": judge_cli, "factify-mock": mock_cli}
    parsed = 0
    for page in WITH_BLOCKS:
        for block in blocks_of(page.read_text(encoding="utf-8")):
            if block.language != "sh" or block.noted("not run") is None:
                continue
            for command in commands_of(block.code):
                program, *words = shlex.split(command.replace("\\\n", " "), comments=True)
                if (group := programs.get(Path(program).name)) is not None:
                    # Options and arguments are read as for a run, which then does not happen.
                    chosen = group.get_command(click.Context(group), words[0])
                    assert chosen is not None, f"{page.name}:{block.line}: {command}"
                    chosen.make_context(words[0], words[1:])
                    parsed += 1
    assert parsed > 5


def test_blocks_that_are_not_run_say_why() -> None:
    unexplained = [
        f"{page.name}:{block.line}"
        for page in WITH_BLOCKS
        for block in blocks_of(page.read_text(encoding="utf-8"))
        if block.noted("not run") == "" or (block.language == "dockerfile" and not block.noted("not run"))
    ]
    assert unexplained == []


def test_parts_of_a_page_are_told_apart() -> None:
    page = (
        "x\n<!-- file: a.toml -->\n```toml\na = 1\n```\n\n"
        "  ```sh\n  echo \\\n    1\n  ```\n````text\n```\n````\n"
    )

    assert blocks_of(page) == [
        Block(3, "toml", "a = 1\n", "file: a.toml"),
        Block(7, "sh", "echo \\\n  1\n", ""),
        Block(11, "text", "```\n", ""),
    ]
