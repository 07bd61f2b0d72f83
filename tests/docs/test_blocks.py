"""Every code block of the README and the pages runs, in the order of its page, against a mock."""

import os
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import pytest
from blocks import Block, blocks_of, commands_of
from desk import COMMANDS, LEAN, Desk
from java_libraries import NotInstalled

from factify_contract.launch import running_mock
from factify_fixtures import files

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
    folder = tmp_path / "project"
    folder.mkdir()
    (tmp_path / "factify-contract").symlink_to(ROOT)
    (folder / DOCUMENT.name).write_bytes(DOCUMENT.read_bytes())
    (folder / HARNESS.name).write_bytes(HARNESS.read_bytes())
    for name, words in (("agreement.pdf", "An agreement"), ("agreement-v2.pdf", "A better agreement")):
        (folder / name).write_bytes(files.pdf(words))
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTEST_", "GITHUB_", "COV_"))
    }
    kept["PATH"] = f"{COMMANDS}{os.pathsep}{kept['PATH']}"
    kept["PYTEST_ADDOPTS"] = LEAN
    # What the tests have, an environment that a page makes need not fetch again.
    kept["PYTHONPATH"] = sysconfig.get_path("purelib")
    desk = Desk(folder, kept, mock_url)
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
        except NotInstalled as missing:
            pytest.skip(str(missing))
        except AssertionError as error:
            pytest.fail(f"{page.relative_to(ROOT)}:{block.line} ({block.language}): {error}", pytrace=False)


def test_only_the_block_that_sets_up_the_repository_itself_is_not_run() -> None:
    not_run = [
        page.name
        for page in WITH_BLOCKS
        for block in blocks_of(page.read_text(encoding="utf-8"))
        if "not run" in block.notes
    ]
    assert not_run == ["CONTRIBUTING.md"]


def test_commands_run_abridged() -> None:
    block = Block(
        1, "sh", "judge verify URL \\\n  --output a\njudge lint\n", {"abridged": "judge verify --tier smoke"}
    )

    assert list(commands_of(block)) == ["judge verify --tier smoke URL \\\n  --output a", "judge lint"]
    with pytest.raises(AssertionError, match="nothing was abridged"):
        list(commands_of(Block(1, "sh", "judge lint\n", block.notes)))


def test_parts_of_a_page_are_told_apart() -> None:
    page = (
        "x\n<!-- file: a.toml -->\n<!-- exits: 1 -->\n```toml\na = 1\n```\n\n"
        "  ```sh\n  echo \\\n    1\n  ```\n````text\n```\n````\n"
    )

    assert blocks_of(page) == [
        Block(4, "toml", "a = 1\n", {"file": "a.toml", "exits": "1"}),
        Block(8, "sh", "echo \\\n  1\n", {}),
        Block(12, "text", "```\n", {}),
    ]
