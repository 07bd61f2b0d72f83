"""The kill table as one HTML page that needs nothing else: it is read from an archive, without a network."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Any

from jinja2 import Environment, StrictUndefined

from factify_contract.report.wording import one_line

_LABELS = {
    "killed": "killed under its name",
    "misnamed": "found under another name",
    "survived": "survived",
    "error": "not judged",
}


def page(data: Mapping[str, Any]) -> str:
    """The page of a table in its JSON form."""
    text = files("factify_contract.selftest").joinpath("kill-table.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_one_line)
    mutants = _mutants(data)
    verdicts = Counter(mutant["verdict"] for mutant in mutants)
    subjects = Counter(mutant["subject"] for mutant in mutants)
    return environment.from_string(text).render(
        data=data,
        tiles=_tiles(data),
        map=_map(mutants),
        verdicts=[(name, label, verdicts[name]) for name, label in _LABELS.items() if verdicts[name]],
        subjects=[(name, name, count) for name, count in sorted(subjects.items())],
        mutants=mutants,
        clauses=[{**clause, "subject": _subject(clause["id"])} for clause in data["clauses"]],
    )


def _one_line(value: object) -> object:
    """Text of a target on one line; markup, which is ours, as it is."""
    return one_line(value) if type(value) is str else value


def _subject(clause: str) -> str:
    return clause.partition(".")[0]


def _subjects(clauses: Iterable[str]) -> list[str]:
    return sorted({_subject(clause) for clause in clauses})


def _mutants(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    promises = {clause["id"]: clause["sentence"] for clause in data["clauses"]}
    return [
        {
            **mutant,
            "subject": _subject(mutant["breaks"]),
            "promise": promises.get(mutant["breaks"], ""),
            "where": mutant["clauses"].get(mutant["breaks"], []),
            "others": [clause for clause in mutant["clauses"] if clause != mutant["breaks"]],
            "seconds": data["timings"]["mutants"][mutant["name"]],
        }
        for mutant in data["mutants"]
    ]


def _tiles(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    counts = data["counts"]
    total, right = counts["mutants"], counts["killed"]
    documented = [each for each in data["clauses"] if each["level"] == "documented"]
    broken = sum(bool(each["broken_by"]) for each in documented)
    return [
        (f"{right + counts['misnamed']} of {total}", "mutants killed"),
        (f"{right} of {total}", "under the right clause"),
        (str(counts["survived"]), "survived"),
        (f"{broken} of {len(documented)}", "documented clauses broken"),
        (f"{data['timings']['seconds']:.0f} s", "on the clock"),
    ]


def _map(mutants: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Mutants by the subject that they break against the subjects in which something was found."""
    totals = Counter(mutant["subject"] for mutant in mutants)
    counts = Counter(
        (mutant["subject"], column) for mutant in mutants for column in _subjects(mutant["clauses"])
    )
    columns = sorted({column for _, column in counts} | set(totals))
    return {
        "columns": columns,
        "rows": [
            {"name": row, "cells": [_cell(row, each, counts[row, each], totals[row]) for each in columns]}
            for row in sorted(totals)
        ],
    }


def _cell(row: str, column: str, count: int, total: int) -> dict[str, Any]:
    return {
        "count": count,
        "own": row == column,
        "share": f"{count / total:.2f}",
        "title": f"{count} of {total} mutants of {row} showed in {column}",
    }
