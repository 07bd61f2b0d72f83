"""Where the code blocks of a page run, and how each kind of them is run."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import java_libraries
import yaml
from blocks import Block, commands_of

from factify_mock.surroundings import announced_at, variables

_READY = re.compile(r"http://127\.0\.0\.1:\d+")
# Addresses that pages name and that stand for the mock of the page.
_PLACES = (
    "https://api.example.com",
    "https://staging.example.com",
    "http://127.0.0.1:8600",
    "http://localhost:8600",
)
# Commands that run until they are stopped. They go on until the page is over.
_SERVERS = (("factify-mock", "serve"), ("factify-mock", "record"), ("factify-mock", "prism"))
COMMANDS = Path(sys.executable).parent
# Leaves out the plugins of our dependencies, which no page makes use of; they take pytest a second to load.
LEAN = "-p no:schemathesis -p no:hypothesispytest"


@dataclass
class Desk:
    """A folder, variables, and a mock, for the blocks of a page one after the other. Mutable."""

    folder: Path
    variables: dict[str, str]
    url: str
    servers: list[subprocess.Popen[str]] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.move_to(self.url)

    def move_to(self, url: str, *, mutants: tuple[str, ...] = ()) -> None:
        """Makes a fresh world of the mock at the address the one that the page is about."""
        self.url = url
        self.places |= dict.fromkeys(_PLACES, url)
        self.variables |= surroundings(url, mutants)

    def run(self, block: Block) -> None:
        """Runs the block; AssertionError tells what went wrong."""
        if {"not run", "command"} & block.notes.keys():
            return
        if name := block.notes.get("mutant"):
            self.move_to(self.url, mutants=() if name == "none" else (name,))
        if name := block.notes.get("file"):
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(self._placed(block.code), encoding="utf-8")
            if block.language in ("js", "python"):
                return
        if block.language not in _WAYS:
            raise AssertionError(f"no way to run a block of {block.language!r}; known are {', '.join(_WAYS)}")
        _WAYS[block.language](self, block)

    def close(self) -> None:
        """Stops the servers that blocks have started, as their pages say: by SIGTERM, which is no failure."""
        for server in self.servers:
            server.terminate()
        for server in self.servers:
            server.communicate(timeout=20)
        codes = {shlex.join(map(str, server.args)): server.returncode for server in self.servers}
        self.servers.clear()
        assert set(codes.values()) <= {0}, f"servers that were stopped ended with {codes}"

    def execute(self, words: list[str], block: Block) -> str:
        """Output of the command; it must end as the block's note says."""
        done = subprocess.run(
            words, cwd=self.folder, env=self.variables, capture_output=True, text=True, timeout=300,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
        wanted = int(block.notes.get("exits", 0))
        assert done.returncode == wanted, (
            f"ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}"
        )
        return done.stdout

    def _placed(self, code: str) -> str:
        for place, url in self.places.items():
            code = code.replace(place, url)
        return code

    def shell(self, block: Block) -> None:
        """Commands in one shell, whose exported variables stay; servers go on until the page is over."""
        script: list[str] = []
        for command in commands_of(block):
            words = shlex.split(command, comments=True)
            if tuple(words[:2]) in _SERVERS and not {"--help", "&"} & set(words):
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
        """Starts a server on a free port, whatever the page says; a mock becomes the page's."""
        words = [self._placed(word) for word in words]
        meant = ""
        if "--port" in words:
            at = words.index("--port")
            meant = f"http://127.0.0.1:{words[at + 1]}"
            words[at + 1] = "0"
        # None outlives tests that are killed.
        server = subprocess.Popen(
            [*words, "--until-stdin-ends"],
            stdin=subprocess.PIPE,
            cwd=self.folder,
            env=self.variables,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.servers.append(server)
        assert server.stdout is not None
        line = server.stdout.readline()
        found = _READY.search(line)
        assert found, f"{shlex.join(words)} did not get ready: {line!r}"
        if words[1] == "serve":
            self.move_to(found[0])
        elif meant:
            self.places[meant] = found[0]

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
        """A source file that Java runs as it is, or the tests of one class."""
        (self.folder / "Block.java").write_text(self._placed(block.code), encoding="utf-8")
        if "@Test" not in block.code:
            self.execute([_tool("java"), "Block.java"], block)
            return
        path = java_libraries.class_path()
        self.execute([_tool("javac"), "-cp", path, "-d", "classes", "Block.java"], block)
        console = "org.junit.platform.console.ConsoleLauncher"
        options = ["--scan-class-path=classes", "--fail-if-no-tests", "--disable-banner"]
        self.execute([_tool("java"), "-cp", f"classes{os.pathsep}{path}", console, *options], block)

    def go(self, block: Block) -> None:
        """A program, or tests, of one file; what is quick to compile will do, as nothing here takes long."""
        is_test = "func Test" in block.code
        name = "block_test.go" if is_test else "block.go"
        folder = self.folder / "go"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text(self._placed(block.code), encoding="utf-8")
        (folder / "go.mod").write_text("module example.test/block\n\ngo 1.21\n")
        words = ["test", "-vet=off", "./..."] if is_test else ["run", name]
        words[1:1] = ["-mod=mod", "-gcflags=all=-N -l"]
        self.execute(["env", "-C", str(folder), "GOTOOLCHAIN=local", _tool("go"), *words], block)

    def shown(self, block: Block) -> None:
        """What a command prints is for reading; it is compared where the page says `output of`."""
        command = block.notes.get("output of")
        if command is not None:
            printed = self.execute(["bash", "-euo", "pipefail", "-c", self._placed(command)], block)
            pattern = ".*".join(re.escape(part) for part in block.code.strip().split("…"))
            assert re.search(pattern, printed.strip(), re.DOTALL), f"{command} printed\n{printed}"


def surroundings(url: str, mutants: tuple[str, ...] = ()) -> dict[str, str]:
    """The variables that `factify-mock env` prints for a fresh world of the mock at the address."""
    made = httpx.post(f"{url}/__mock__/worlds", json={"mutants": mutants}).raise_for_status().json()
    return {
        name: str(value) for name, value in variables(announced_at(url, world_id=made["world"]["id"])).items()
    }


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
}
