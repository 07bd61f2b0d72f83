"""The code blocks of a page of Markdown, and how each kind of them is run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

# What stands before a block, as a comment that readers don't see, says what to do with it:
#   file: NAME      keep it as a file for the blocks that follow, which run it if it is code
#   exits: N        it ends with this code
#   not run: WHY    it is only for reading
#   command: NAME   what checks the repository runs it as it stands, in a clean clone
_BLOCK = re.compile(
    r"(?:^[ ]*<!-- (?P<note>[^\n]*?) -->\n)?^(?P<indent>[ ]*)(?P<fence>`{3,})(?P<language>[\w-]*)[^\n]*\n"
    r"(?P<code>.*?)^(?P=indent)(?P=fence)[ ]*$",
    re.DOTALL | re.MULTILINE,
)
_READY = re.compile(r"http://127\.0\.0\.1:\d+")
# Addresses that pages name and that stand for the mock of the page.
_PLACES = (
    "https://api.example.com",
    "https://staging.example.com",
    "http://127.0.0.1:8600",
    "http://localhost:8600",
)
COMMANDS = Path(sys.executable).parent


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is where its fence stands, `note` the comment above it."""

    line: int
    language: str
    code: str
    note: str

    def noted(self, key: str) -> str | None:
        """What the comment above says under the key."""
        name, colon, value = self.note.partition(": ")
        return value if colon and name == key else None


def blocks_of(text: str) -> list[Block]:
    """All blocks of the text in order, their indentation taken away."""
    found = []
    for match in _BLOCK.finditer(text):
        indent = len(match["indent"])
        code = "".join(
            line[indent:] if line.strip() else line for line in match["code"].splitlines(keepends=True)
        )
        line = text.count("\n", 0, match.start("fence")) + 1
        found.append(Block(line, match["language"], code, (match["note"] or "").strip()))
    return found


@dataclass
class Desk:
    """Where the blocks of a page run, one after the other: a folder, variables, and a mock. Mutable."""

    folder: Path
    variables: dict[str, str]
    url: str
    servers: list[subprocess.Popen[str]] = field(default_factory=list)

    def run(self, block: Block) -> None:
        """Runs the block; AssertionError tells what went wrong."""
        if block.noted("not run") is not None or block.noted("command") is not None:
            return
        if (name := block.noted("file")) is not None:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(self._placed(block.code), encoding="utf-8")
            if block.language in ("js", "python"):
                return
        if block.language not in _WAYS:
            raise AssertionError(f"no way to run a block of {block.language!r}; known are {', '.join(_WAYS)}")
        _WAYS[block.language](self, block)

    def close(self) -> None:
        """Stops the servers that blocks have started."""
        for server in self.servers:
            server.terminate()
            server.communicate(timeout=20)
        self.servers.clear()

    def execute(self, words: list[str], block: Block) -> str:
        """Output of the command; it must end as the block's note says."""
        done = subprocess.run(
            words, cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=300,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        wanted = int(block.noted("exits") or 0)
        assert done.returncode == wanted, (
            f"ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
        return done.stdout

    def _placed(self, code: str) -> str:
        for place in _PLACES:
            code = code.replace(place, self.url)
        return code

    def shell(self, block: Block) -> None:
        """Commands in one shell, whose exported variables stay; servers go on until the page is over."""
        script: list[str] = []
        for command in commands_of(block.code):
            words = shlex.split(command, comments=True)
            if words[:2] == ["factify-mock", "serve"] and not {"--help", "&"} & set(words):
                self._finish(script, block)
                self._serve(words)
            else:
                script.append(self._placed(command))
        self._finish(script, block)

    def _finish(self, script: list[str], block: Block) -> None:
        if not script:
            return
        exported = self.folder.parent / f"{self.folder.name}.exported"
        keeping = f"trap 'env -0 > {shlex.quote(str(exported))}' EXIT"
        self.execute(["bash", "-euo", "pipefail", "-c", "\n".join([keeping, *script])], block)
        pairs = (entry.partition("=") for entry in exported.read_text(encoding="utf-8").split("\0") if entry)
        self.variables = {name: value for name, _, value in pairs}
        script.clear()

    def _serve(self, words: list[str]) -> None:
        """Starts a server on a free port, whatever the page says, and makes it the page's mock."""
        if "--port" in words:
            at = words.index("--port")
            del words[at : at + 2]
        words = [self._placed(word) for word in words]
        server = subprocess.Popen(
            [*words, "--port", "0"], cwd=self.folder, env=self.variables, stdout=subprocess.PIPE, text=True
        )
        self.servers.append(server)
        assert server.stdout is not None
        line = server.stdout.readline()
        found = _READY.search(line)
        assert found, f"{shlex.join(words)} did not get ready: {line!r}"
        self.url = found[0]
        self.variables |= surroundings(self.url)

    def python(self, block: Block) -> None:
        """Tests run under pytest, everything else as a script."""
        (self.folder / "test_block.py").write_text(self._placed(block.code), encoding="utf-8")
        if "def test_" not in block.code:
            self.execute([sys.executable, "test_block.py"], block)
            return
        options = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        self.execute([sys.executable, "-m", "pytest", *options, "test_block.py"], block)

    def javascript(self, block: Block) -> None:
        """A module for Node."""
        (self.folder / "block.mjs").write_text(self._placed(block.code), encoding="utf-8")
        self.execute([_tool("node"), "block.mjs"], block)

    def java(self, block: Block) -> None:
        """A source file that Java runs as it is."""
        (self.folder / "Block.java").write_text(self._placed(block.code), encoding="utf-8")
        self.execute([_tool("java"), "Block.java"], block)

    def go(self, block: Block) -> None:
        """A program, or tests, of one file."""
        is_test = "func Test" in block.code
        name = "block_test.go" if is_test else "block.go"
        folder = self.folder / "go"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(self._placed(block.code), encoding="utf-8")
        (folder / "go.mod").write_text("module example.test/block\n\ngo 1.21\n")
        words = [_tool("go"), "test", "./..."] if is_test else [_tool("go"), "run", name]
        self.execute(["env", "-C", str(folder), "GOFLAGS=-mod=mod", "GOTOOLCHAIN=local", *words], block)

    def shown(self, block: Block) -> None:
        """What a command prints is for reading; it is compared where the page says `output of`."""
        command = block.noted("output of")
        if command is not None:
            printed = self.execute(["bash", "-euo", "pipefail", "-c", self._placed(command)], block)
            pattern = ".*".join(re.escape(part) for part in block.code.strip().split("…"))
            assert re.search(pattern, printed.strip(), re.DOTALL), f"{command} printed\n{printed}"


def commands_of(code: str) -> Iterator[str]:
    """The commands of a shell block; what spans lines, by a backslash, quotes or a here-document, is one."""
    gathered = ""
    for line in code.splitlines():
        gathered += line + "\n"
        if _is_whole(gathered):
            if gathered.strip() and not gathered.lstrip().startswith("#"):
                yield gathered.rstrip("\n")
            gathered = ""
    assert not gathered.strip(), f"a command does not end: {gathered!r}"


def _is_whole(command: str) -> bool:
    checked = subprocess.run(["bash", "-n"], input=command, capture_output=True, text=True)
    return checked.returncode == 0 and not checked.stderr and not command.rstrip("\n").endswith("\\")


def surroundings(url: str) -> dict[str, str]:
    """The variables that `factify-mock env` prints for a fresh world of the mock at the address."""
    words = [str(COMMANDS / "factify-mock"), "env", "--url", url, "--new-world", "--format", "json"]
    printed = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    return {name: str(value) for name, value in json.loads(printed).items()}


def _tool(name: str) -> str:
    found = shutil.which(name, path=f"{COMMANDS}{os.pathsep}{os.environ['PATH']}")
    assert found, f"{name} is not installed, so blocks of its language cannot be run"
    return found


_WAYS: dict[str, Callable[[Desk, Block], object]] = {
    "sh": Desk.shell,
    "python": Desk.python,
    "js": Desk.javascript,
    "java": Desk.java,
    "go": Desk.go,
    "text": Desk.shown,
    "json": lambda desk, block: json.loads(block.code),
    "toml": lambda desk, block: tomllib.loads(block.code),
    "yaml": lambda desk, block: list(yaml.safe_load_all(block.code)),
    "dockerfile": lambda desk, block: None,
}
