"""Writes explanation/against-prism.md from a real run of the judge against the real, stateless Prism.

`python docs/against_prism.py` starts Prism with our document, judges it and writes the page;
with the path of a report.json it writes the page from that report.
"""

import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from factify_contract.clauses.loader import Catalogue, catalogue
from factify_contract.request import Request
from factify_contract.verification import run
from factify_mock import prism

DOCS = Path(__file__).parent
PAGE = DOCS / "explanation" / "against-prism.md"
DOCUMENT = DOCS.parent / "openapi-with-samples.json"

_PEOPLE = ("owner", "admin", "member", "outsider", "invitee")
# By what exercises a clause: every single answer is checked, generated requests ask about single requests,
# and stories are about what calls do to each other.
_KINDS = {
    "check": "the shape of answers",
    "property": "single requests: what is accepted and what refused",
    "scenario": "state: what calls do to later calls",
}
_SHOWN = 12


def profile() -> str:
    """A profile for a server that knows nobody: any token is as good as another, and nothing lasts.

    Since nothing lasts there is nothing to clean up, so that a sandbox is whatever is there already.
    """
    samples = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    ids = _sample_ids(samples)
    world = {
        "id": "stateless",
        "organization_id": ids["org"],
        "policy_ids": [ids["pol"]],
        **{
            name: {"user_id": ids["user"], "email": f"{name}@example.com", "token": f"token-of-{name}"}
            for name in _PEOPLE
        },
        "api_key": {"id": ids["key"], "secret": "token-of-a-key"},
    }
    lines = [
        'base_url = "http://127.0.0.1:1"',
        f'organization_id = "{ids["org"]}"',
        f'policy_ids = ["{ids["pol"]}"]',
    ]
    lines += [f'[identities.{name}]\ntoken = "token-of-{name}"' for name in _PEOPLE]
    lines += ['[identities.api_key]\ntoken = "token-of-a-key"']
    command = [sys.executable, "-c", f"print({json.dumps(json.dumps(world))})"]
    lines += ["[adapters.sandbox]", f"command = {json.dumps(command)}", 'pointer = ""']
    return "\n".join([*lines, ""])


def _sample_ids(document: Mapping[str, Any]) -> dict[str, str]:
    """An id of each kind from the document's samples, by its prefix."""
    found: dict[str, str] = {}

    def look(value: Any) -> None:
        if isinstance(value, Mapping):
            for item in value.values():
                look(item)
        elif isinstance(value, list):
            for item in value:
                look(item)
        elif isinstance(value, str):
            prefix, _, rest = value.partition("_")
            if len(rest) == 26 and prefix in ("org", "user", "key", "pol"):
                found.setdefault(prefix, value)

    look(document)
    return found


def judge(output: Path, **wishes: Any) -> dict[str, Any]:
    """The report of a run against Prism, which is started for it; `wishes` are fields of the request."""
    path = output / "profile.toml"
    path.write_text(profile(), encoding="utf-8")
    phases = ("preflight", "scenarios", "properties")
    with prism.mocking(DOCUMENT) as running:
        asked = {"phases": phases, "max_examples": 3, "color": False, **wishes}
        run(Request(url=running.url, profile=path, output=output, **asked))
    report: dict[str, Any] = json.loads((output / "report.json").read_text(encoding="utf-8"))
    return report


def tally(report: Mapping[str, Any], known: Catalogue) -> dict[str, Counter[str]]:
    """How many judged clauses of each kind ended how."""
    counted: dict[str, Counter[str]] = {kind: Counter() for kind in _KINDS.values()}
    for clause_id, status in report["clauses"].items():
        clause = known[clause_id]
        if clause.level != "choice" and clause.exercised != "not yet":
            counted[_KINDS[clause.exercised]][status] += 1
    return counted


def page(report: Mapping[str, Any]) -> str:
    """The page about the report."""
    known = catalogue()
    counted = tally(report, known)
    failed: dict[str, dict[str, Any]] = {}
    for finding in report["findings"]:
        if finding["level"] == "documented":
            failed.setdefault(finding["clause"], finding)
    by_topic: dict[str, list[str]] = {}
    for clause_id in sorted(failed):
        by_topic.setdefault(clause_id.partition(".")[0], []).append(clause_id)
    rows = []
    for topic, broken in sorted(by_topic.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:_SHOWN]:
        first = failed[broken[0]]
        actual = first["actual"].replace("|", "/").replace("\n", " ")[:110]
        expected = first["expected"].replace("|", "/")[:110]
        rows.append(
            f"| {topic} | {len(broken)} | {known[broken[0]].sentence} | {_code(expected)} | {_code(actual)} |"
        )
    kept = sorted(
        clause_id
        for clause_id, status in report["clauses"].items()
        if status == "pass" and known[clause_id].exercised in ("check", "property")
    )
    figures = [
        f"| {kind} | {statuses['pass']} | {statuses['fail']} | "
        f"{sum(statuses.values()) - statuses['pass'] - statuses['fail']} |"
        for kind, statuses in counted.items()
    ]
    return "\n".join(
        [
            "# What a stateless mock cannot do",
            "",
            "<!-- Written by docs/against_prism.py from a run; do not edit. -->",
            "",
            "[Prism](https://github.com/stoplightio/prism) serves the samples of an OpenAPI document.",
            "Its answers have the right shape, and nothing that is asked of it changes any later answer.",
            "The judge sees both: this is a real run of `factify-contract verify` against Prism, serving our",
            "document.",
            "",
            f"The verdict on {report['counts']['requests']} requests: **{report['verdict']}**, exit code 1.",
            "",
            "| clauses about | kept | broken | open or in doubt |",
            "|---|---|---|---|",
            *figures,
            "",
            "## What fails: state",
            "",
            f"{len(failed)} documented promises are broken; by topic, with the first of each:",
            "",
            "| topic | broken | for example | expected | what came |",
            "|---|---|---|---|---|",
            *rows,
            "",
            "## What passes: shape",
            "",
            "Whatever an answer says, it looks as it should, and requests that break the schema are refused:",
            "",
            *(f"- `{clause_id}`: {known[clause_id].sentence}" for clause_id in kept),
            "",
            "Some promises about state are kept by accident: who answers everything with the same sample",
            "keeps whatever that sample happens to show.",
            "",
        ]
    )


def _code(text: str) -> str:
    return f"`{text.replace('`', '')}`" if text else "-"


def main() -> None:
    """Writes the page."""
    if len(sys.argv) > 1:
        report = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    else:
        with tempfile.TemporaryDirectory() as folder:
            report = judge(Path(folder))
    PAGE.write_text(page(report), encoding="utf-8")
    sys.stdout.write(f"written: {PAGE.name}\n")


if __name__ == "__main__":
    main()
