"""What is found between two documents is what was written down beforehand: in pairs, and seeded in ours."""

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from factify_contract.spec import Document
from factify_contract.spec.diff import Change, compare

HERE = Path(__file__).parent
PAIRS = sorted((HERE / "pairs").glob("*.yaml"))
SEEDS = yaml.safe_load((HERE / "seeded.yaml").read_text(encoding="utf-8"))


def read(written: dict[str, Any]) -> Document:
    return Document.from_dict({"openapi": "3.1.0", "info": {"title": "Things", "version": "1"}, **written})


def found(change: Change) -> tuple[str, str, str]:
    return (change.rule.id, change.place, str(change.verdict))


def users(change: Change) -> str:
    """`request: a, b; response: c`, or just the names where there is no direction."""
    by_direction: dict[str, list[str]] = {}
    for use in change.uses:
        by_direction.setdefault(str(use.direction or ""), []).append(use.operation)
    return "; ".join(
        f"{direction}: {', '.join(names)}" if direction else ", ".join(names)
        for direction, names in by_direction.items()
    )


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_pair_differs_as_written_down(path):
    pair = yaml.safe_load(path.read_text(encoding="utf-8"))

    changes = compare(read(pair["old"]), read(pair["new"]))

    assert Counter(map(found, changes)) == Counter(tuple(wanted[:3]) for wanted in pair["expected"])
    wanted_users = {tuple(wanted[:3]): wanted[3] for wanted in pair["expected"] if len(wanted) > 3}
    assert {found(one): users(one) for one in changes if found(one) in wanted_users} == wanted_users


def test_there_are_ten_pairs_and_twenty_seeds():
    assert (len(PAIRS), len(SEEDS)) == (10, 20)


@pytest.mark.parametrize("source", ["document", "reference"])
def test_twenty_seeded_changes_are_found_and_nothing_else(source, request):
    raw = request.getfixturevalue(source)
    seeded = copy.deepcopy(raw)
    for seed in SEEDS:
        for edit in seed["edits"]:
            apply(edit, seeded)

    changes = compare(Document.from_dict(raw), Document.from_dict(seeded))

    assert sorted((*found(one), users(one)) for one in changes) == sorted(
        tuple(seed["change"]) for seed in SEEDS
    )


def apply(edit: dict[str, Any], raw: dict[str, Any]) -> None:
    (action, place) = next((name, edit[name]) for name in ("set", "append", "delete") if name in edit)
    *way, last = place
    node: Any = raw
    for step in way:
        node = node[position(node, step)]
    if action == "append":
        node.setdefault(last, []).append(edit["value"])
    elif action == "set":
        node[position(node, last)] = edit["value"]
    else:
        del node[position(node, last)]


def position(node: Any, step: Any) -> Any:
    if isinstance(node, list) and isinstance(step, str):
        return next(at for at, item in enumerate(node) if f"name={item['name']}" == step)
    return step
