"""Prints how the mock compares with a bare uvicorn application, measured in turns in one run."""

import argparse
import contextlib
import itertools
import json
import platform
import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import fixtures
from benchmarks.load import requests_per_second
from benchmarks.processes import running

MOCK = ["-m", "factify_mock", "serve", "--port", "0", "--seed", "1", "--format", "json"]
PDF = b"%PDF-1.7\n% a document of the benchmark\n"


@dataclass(frozen=True, slots=True)
class Case:
    """One operation under load: its requests, and the answer that the rival gives to each of them."""

    name: str
    requests: Iterator[bytes]
    answer: bytes


def request(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {token}"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def prepare(ready: dict) -> list[Case]:
    """Fills the world with 200 documents and lifts its quota; returns the operations to measure."""
    world = ready["world"]
    token = world["owner"]["token"]
    with httpx.Client(base_url=ready["url"], headers={"Authorization": f"Bearer {token}"}) as client:
        quotas = client.put(
            f"{ready['control_url']}/worlds/{world['id']}/quotas", json={"requests_limit": 2_000_000_000}
        )
        quotas.raise_for_status()
        for number in range(200):
            created = client.post(
                "/v1beta/documents",
                data={"title": f"Document {number}"},
                files={"payload": ("document.pdf", PDF)},
            )
            created.raise_for_status()
        document = f"/v1beta/documents/{created.json()['document']['id']}"
        invites = f"/v1beta/organizations/{world['organization_id']}/invites"
        first_invite = client.post(invites, json={"email": "first@example.com"})
        first_invite.raise_for_status()
        one, fifty = client.get(document), client.get("/v1beta/documents?page_size=50")
    return [
        Case("GET document", itertools.repeat(request("GET", document, token)), one.content),
        Case(
            "list of 50 documents",
            itertools.repeat(request("GET", "/v1beta/documents?page_size=50", token)),
            fifty.content,
        ),
        Case(
            "POST invite",
            (
                request("POST", invites, token, b'{"email":"guest%09d@example.com"}' % number)
                for number in itertools.count()
            ),
            first_invite.content,
        ),
    ]


def row(name: str, mock: list[float], bare: list[float], unit: str) -> str:
    ours, theirs = statistics.median(mock), statistics.median(bare)
    return f"{name:<24}{ours:>12.2f}{theirs:>12.2f}  {unit:<10}{ours / theirs:>8.2f}"


def print_fixtures(rounds: int, bare_starts: list[float]) -> None:
    """The plugin and its fixtures, each figure beside that of something like it which does little."""

    def milliseconds(name: str, ours: list[float], theirs: list[float]) -> None:
        print(row(name, [1000 * each for each in ours], [1000 * each for each in theirs], "ms"), flush=True)

    print(f"{'':<24}{'fixtures':>12}{'rival':>12}  {'':<10}{'ratio':>8}")
    imports: dict[str, list[float]] = {"factify_fixtures.plugin": [], "xdist.plugin": []}
    for _ in range(rounds):
        for module, seconds in imports.items():
            seconds.append(fixtures.import_seconds(module))
    milliseconds("import of the plugin", *imports.values())
    milliseconds("first server, world", [fixtures.server_seconds() for _ in range(rounds)], bare_starts)
    ready = fixtures.fixture_seconds()
    milliseconds("ready, in process", ready["test_factify_in_process"], ready["test_canned"])
    milliseconds("ready, over a socket", ready["test_factify"], ready["test_canned_socket"])
    milliseconds("a call, in process", *fixtures.call_seconds(rounds))


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument(
        "--rounds", type=int, default=3, help="turns that each server gets; the median counts"
    )
    options.add_argument("--seconds", type=float, default=2.0, help="length of one turn under load")
    chosen = options.parse_args()

    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        small = folder / "small.json"
        small.write_bytes(b'{"status":"ok"}')
        starts: dict[str, list[float]] = {"mock": [], "bare": []}
        memory: dict[str, list[float]] = {"mock": [], "bare": []}
        for _ in range(chosen.rounds):
            for name, arguments, probe in (
                ("mock", MOCK, "/__mock__/health"),
                ("bare", ["-m", "benchmarks.bare", str(small)], "/"),
            ):
                with running(arguments, probe) as server:
                    starts[name].append(server.first_answer)
                    memory[name].append(server.resident_megabytes)

        print(f"Python {platform.python_version()}, medians of {chosen.rounds} turns")
        print(f"{'':<24}{'mock':>12}{'bare':>12}  {'':<10}{'ratio':>8}")
        print(row("start to first answer", starts["mock"], starts["bare"], "s"))
        print(row("idle memory", memory["mock"], memory["bare"], "MB"), flush=True)

        mock = stack.enter_context(running(MOCK, "/__mock__/health"))
        for number, case in enumerate(prepare(json.loads(mock.ready_line))):
            body = folder / f"{number}.json"
            body.write_bytes(case.answer)
            ours, theirs = [], []
            with running(["-m", "benchmarks.bare", str(body)], "/") as bare:
                for _ in range(chosen.rounds):
                    ours.append(requests_per_second(mock.port, case.requests, seconds=chosen.seconds))
                    theirs.append(requests_per_second(bare.port, case.requests, seconds=chosen.seconds))
            print(row(case.name, ours, theirs, "requests/s"), flush=True)
    print_fixtures(chosen.rounds, starts["bare"])


if __name__ == "__main__":
    main()
