"""The code blocks of a page of Markdown, and what is noted above each of them."""

import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

# What stands before a block, as comments that readers don't see, says what to do with it:
#   file: NAME                  keep it as a file for the blocks that follow, which run it if it is code
#   exits: N                    it ends with this code
#   abridged: COMMAND OPTIONS   its commands that begin so run with these options too; all of it takes minutes
#   mutant: NAME                from here on the page's implementation has this defect, or none
#   output of: COMMAND          the command prints this, where "…" stands for anything
#   not run: WHY                it is only for reading
#   command: NAME               what checks the repository runs it as it stands, in a clean clone
NOTES = ("file", "exits", "abridged", "mutant", "output of", "not run", "command")
_BLOCK = re.compile(
    r"(?P<notes>(?:^[ ]*<!-- [^\n]*? -->\n)*)^(?P<indent>[ ]*)(?P<fence>`{3,})(?P<language>[\w-]*)[^\n]*\n"
    r"(?P<code>.*?)^(?P=indent)(?P=fence)[ ]*$",
    re.DOTALL | re.MULTILINE,
)
_NOTE = re.compile(rf"<!-- ({'|'.join(NOTES)}): ?(.*?) -->")


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is where its fence stands, `notes` what the comments above it say, by name."""

    line: int
    language: str
    code: str
    notes: Mapping[str, str]


def blocks_of(text: str) -> list[Block]:
    """All blocks of the text in order, their indentation taken away."""
    found = []
    for match in _BLOCK.finditer(text):
        indent = len(match["indent"])
        code = "".join(
            line[indent:] if line.strip() else line for line in match["code"].splitlines(keepends=True)
        )
        line = text.count("\n", 0, match.start("fence")) + 1
        found.append(Block(line, match["language"], code, dict(_NOTE.findall(match["notes"]))))
    return found


def commands_of(block: Block) -> Iterator[str]:
    """The commands of a shell block, abridged where it says so.

    What spans lines, by a backslash, quotes or a here-document, is one.
    """
    begin, dash, options = block.notes.get("abridged", "").partition(" -")
    is_abridged = not dash
    gathered = ""
    for line in block.code.splitlines():
        gathered += line + "\n"
        if not _is_whole(gathered):
            continue
        command, gathered = gathered.rstrip("\n"), ""
        if dash and command.startswith(f"{begin} "):
            command = f"{begin}{dash}{options}{command.removeprefix(begin)}"
            is_abridged = True
        if command.strip() and not command.lstrip().startswith("#"):
            yield command
    assert not gathered.strip(), f"a command does not end: {gathered!r}"
    assert is_abridged, f"no command begins with {begin!r}, so nothing was abridged"


def _is_whole(command: str) -> bool:
    checked = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True)
    return checked.returncode == 0 and not checked.stderr and not command.rstrip("\n").endswith("\\")
